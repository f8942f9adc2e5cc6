/* How video to text is evaluated. */
#ifndef HUBSCOPE_APP_CONVENTION_OPTIONS_H
#define HUBSCOPE_APP_CONVENTION_OPTIONS_H

#include "app/options.h"
#include "engine/fitting/task.h"

struct convention_options {
    int v2t, masked; /* index of the name; 0: the default */
};

extern const struct option_group convention_group;

struct conventions convention_options_of(const struct convention_options *options);

#endif
