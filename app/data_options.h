/* What a command works on: a collection or bare matrices, with rules and banks. */
#ifndef HUBSCOPE_APP_DATA_OPTIONS_H
#define HUBSCOPE_APP_DATA_OPTIONS_H

#include "app/bank_options.h"
#include "app/matrix_options.h"
#include "app/rule_options.h"
#include "engine/collection/collection.h"

struct data_options {
    const char *collection; /* null: matrices */
    struct rule_options rules;
    struct bank_options banks;
    struct matrix_options matrices;
};

extern const struct option_group data_group;

/* Opens the collection or the matrices; null on failure. */
struct collection *data_options_open(const struct data_options *options, struct error *error);

#endif
