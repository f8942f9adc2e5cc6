/* Options of the bootstrap that gives intervals of differences. */
#ifndef HUBSCOPE_APP_BOOTSTRAP_OPTIONS_H
#define HUBSCOPE_APP_BOOTSTRAP_OPTIONS_H

#include "app/options.h"

struct bootstrap_options {
    size_t samples; /* NOT_GIVEN; 0: none */
    size_t seed;
    bool mass;
};

/* The samples to draw; `usual` if none are given, but those that mass is tested with if that is asked for. */
size_t bootstrap_options_samples(const struct bootstrap_options *options, size_t usual);

extern const struct option_group bootstrap_group;

#define SEED_OPTION(type, field)                                                                                       \
    {                                                                                                                  \
        "seed", OPTION_COUNT, offsetof(struct type, field), "N", .help = "random seed (0)"                             \
    }

#endif
