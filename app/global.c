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

const struct option_group global_group = {
    .entries = entries,
    .details =
        "Half of --memory at most holds the similarities that an analysis works on.  Less of it makes commands\n"
        "slower and changes no result but NCL's on a bank of more than 8 million similarities: what does not fit\n"
        "at 4 bytes each is kept at 2 bytes as far as it fits, which moves a bias by at most 0.006 an iteration\n"
        "at scale 100, and the rest is computed again in every iteration.  Four iterations take about 1.5 times as\n"
        "long as the matrix product where all fits (400 MB for a bank of 20,000 and 10,000 videos), 4 times where\n"
        "half does, and 6 times where nothing does.\n",
    .settle = settle,
};
