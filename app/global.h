/* The options that every command takes. */
#ifndef HUBSCOPE_APP_GLOBAL_H
#define HUBSCOPE_APP_GLOBAL_H

#include "app/options.h"

struct global_options {
    size_t memory, threads; /* 0: not given */
    bool help, version, verbose;
};

extern const struct option_group global_group;

#endif
