/* Options of the bootstrap that gives intervals of differences. */
#ifndef HUBSCOPE_APP_BOOTSTRAP_OPTIONS_H
#define HUBSCOPE_APP_BOOTSTRAP_OPTIONS_H

#include "app/options.h"

struct bootstrap_options {
    size_t samples; /* NOT_GIVEN; 0: none */
    size_t seed;
};

extern const struct option_group bootstrap_group;

#define SEED_OPTION(type, field)                                                                                       \
    {                                                                                                                  \
        "seed", OPTION_COUNT, offsetof(struct type, field), "N", .help = "random seed (0)"                             \
    }

#endif
