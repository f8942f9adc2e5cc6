#include "app/row_options.h"

#define FIELD(name) offsetof(struct row_options, name)

static const struct option_entry row_entries[] = {
    {"top", OPTION_COUNT, FIELD(top), "N", .help = "rows to show; 0 for all", .unset = NOT_GIVEN},
    {0},
};

const struct option_group row_group = {.entries = row_entries};

static const struct option_entry item_entries[] = {
    {"measures", OPTION_FLAG, FIELD(measures), .help = "only the measures and their readings, no items"},
    {.name = "rows", .kind = OPTION_GROUP, .group = &row_group},
    {"reverse", OPTION_FLAG, FIELD(reverse), .help = "least first"},
    {0},
};

const struct option_group item_group = {.entries = item_entries};

size_t row_options_shown(const struct row_options *options, size_t otherwise)
{
    return options->top == NOT_GIVEN ? otherwise : options->top == 0 ? SIZE_MAX : options->top;
}
