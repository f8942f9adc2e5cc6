/* What a command works on: a collection or bare matrices, with rules and banks. */
#ifndef HUBSCOPE_APP_DATA_OPTIONS_H
#define HUBSCOPE_APP_DATA_OPTIONS_H

#include "app/bank_options.h"
#include "app/convention_options.h"
#include "app/matrix_options.h"
#include "app/rule_options.h"
#include "engine/collection/collection.h"
#include "engine/fitting/task.h"

struct data_options {
    const char *collection; /* null: matrices */
    struct rule_options rules;
    struct bank_options banks;
    struct matrix_options matrices;
    const char *qrels; /* or null */
    const char *fit;   /* a file of fits, of commands that take FIT_OPTION, or null */
    struct convention_options conventions;
    int split; /* 0: the gallery; -1: nothing */
};

#define QRELS_OPTION(type, field)                                                                                      \
    {                                                                                                                  \
        "qrels", OPTION_TEXT, offsetof(struct type, field), "FILE",                                                    \
            .help = "TREC judgements instead of the targets: several items per query, with grades"                     \
    }

/* For the table of `struct TYPE` with a struct data_options `field`. */
#define FIT_OPTION(type, field)                                                                                        \
    {                                                                                                                  \
        "fit", OPTION_TEXT, offsetof(struct type, field) + offsetof(struct data_options, fit), "FILE",                 \
            .help = "take fits from this file, made by `hubscope fit`; without --rule all of them"                     \
    }

#define SPLIT_OPTION(type, field)                                                                                      \
    {                                                                                                                  \
        "split", OPTION_CHOICE, offsetof(struct type, field), "gallery",                                               \
            .help = "under mpirun: each process reads only its block of the gallery", .unset = NOT_GIVEN               \
    }

extern const struct option_group data_group;

/* Opens the collection or the matrices, with the second bank and the judgements if they are files; lines of judgements
 * begin with a query of `direction`.  Null on failure. */
struct collection *data_options_open(const struct data_options *options, enum direction direction, struct error *error);
/* The second bank that --gallery-bank takes from the collection; null: none, or a file. */
const char *data_options_gallery_bank(const struct data_options *options, const struct collection *collection);

#endif
