/* Random input for monkey tests, reproducible by its seed. */
#ifndef HUBSCOPE_UI_KEYS_MONKEY_H
#define HUBSCOPE_UI_KEYS_MONKEY_H

#include "engine/base/random.h"
#include "ui/terminal/event.h"

/* A random key, click, wheel turn or resize (to mouse.y rows and mouse.x columns) on a screen of that size. */
struct event monkey_event(struct random_state *state, int rows, int columns);

#endif
