#include "app/global.h"

#define FIELD(name) offsetof(struct global_options, name)

static const struct option_entry entries[] = {
    {"memory", OPTION_SIZE, FIELD(memory), "SIZE",
     .help = "memory to keep similarities in: 2G, 512M, bytes (a quarter of RAM)"},
    {"threads", OPTION_COUNT, FIELD(threads), "N", .help = "worker threads (all cores)", .least = 1},
    {"help", OPTION_FLAG, FIELD(help), .help = "this help", .letter = 'h'},
    {"version", OPTION_FLAG, FIELD(version), .help = "the version"},
    {"verbose", OPTION_FLAG, FIELD(verbose),
     .help = "with --version: libraries, processor and terminal, for bug reports"},
    {0},
};

static int settle(void *values, struct error *error)
{
    const struct global_options *options = values;
    return options->verbose && !options->version ? usage_error(error, "--verbose goes with --version") : 0;
}

const struct option_group global_group = {.entries = entries, .settle = settle};
