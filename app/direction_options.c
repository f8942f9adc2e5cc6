#include "app/direction_options.h"

static const struct option_entry entries[] = {
    {"direction", OPTION_CHOICE, offsetof(struct direction_options, direction), "t2v|v2t",
     .help = "text to video, or video to text (t2v)"},
    {0},
};

const struct option_group direction_group = {.entries = entries};
