/* The arrays in what came out of a pickle, by name: keys of dicts and indices of lists, joined by '/'; "" if it is an
 * array alone. */
#ifndef HUBSCOPE_ENGINE_FORMATS_PICKLE_TREE_H
#define HUBSCOPE_ENGINE_FORMATS_PICKLE_TREE_H

#include "engine/formats/pickle_machine.h"

/* `numbered`: the last part of the name is an index of a list.  A positive result ends the walk. */
typedef int pickle_visitor(struct machine *machine, const char *name, bool numbered, const struct pickle_array *array,
                           void *context);

/* Visits all in order.  Returns the visitor's last result, or -1 if they cannot be named. */
int pickle_walk(struct machine *machine, pickle_visitor *visit, void *context);

#endif
