/* --direction: text to video or video to text. */
#ifndef HUBSCOPE_APP_DIRECTION_OPTIONS_H
#define HUBSCOPE_APP_DIRECTION_OPTIONS_H

#include "app/options.h"

struct direction_options {
    int direction; /* enum direction */
};

extern const struct option_group direction_group;

#endif
