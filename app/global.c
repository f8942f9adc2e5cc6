#include "app/global.h"

#define FIELD(name) offsetof(struct global_options, name)

static const struct option_entry entries[] = {
    {"memory", OPTION_SIZE, FIELD(memory), "SIZE",
     .help = "memory to keep similarities in: 2G, 512M, bytes (a quarter of RAM)"},
    {"threads", OPTION_COUNT, FIELD(threads), "N", .help = "worker threads (all cores)", .least = 1},
    {"help", OPTION_FLAG, FIELD(help), .help = "this help", .letter = 'h'},
    {"version", OPTION_FLAG, FIELD(version), .help = "the version"},
    {0},
};

const struct option_group global_group = {.entries = entries};
