/* The command line, read once into struct options from one table of options. */
#ifndef HUBSCOPE_APP_OPTIONS_H
#define HUBSCOPE_APP_OPTIONS_H

#include "engine/results/format.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct command;

enum option_group {
    OPTIONS_FORMAT = 1 << 0,
    OPTIONS_TOP = 1 << 1,
    OPTIONS_REPORT = OPTIONS_FORMAT | OPTIONS_TOP,
    OPTIONS_RULES = 1 << 2,
    OPTIONS_DIRECTION = 1 << 3,
    OPTIONS_MATRICES = 1 << 4,
    OPTIONS_SEARCH = 1 << 5,
    OPTIONS_EVAL = 1 << 6,
    OPTIONS_HUBS = 1 << 7,
    OPTIONS_REVERSE = 1 << 8,
    OPTIONS_IMPORT = 1 << 9,
    OPTIONS_EXPLORE = 1 << 10,
    OPTIONS_BANK = 1 << 14,
    OPTIONS_BOOTSTRAP = 1 << 12,
    OPTIONS_SWEEP = 1 << 13,
    OPTIONS_MEASURES = 1 << 15,
    OPTIONS_ENCODER = 1 << 16,
    OPTIONS_PAGE = 1 << 20,
    OPTIONS_LISTS = 1 << 17,
    OPTIONS_FIT_ENCODER = 1 << 21,
};

enum directions { DIRECTIONS_T2V, DIRECTIONS_V2T, DIRECTIONS_BOTH };
enum page_directions { PAGE_BOTH, PAGE_T2V, PAGE_V2T };
enum { LIST_MOST = 64 };
#define TOP_DEFAULT SIZE_MAX

struct text_list {
    const char *item[LIST_MOST];
    size_t count;
};

struct options { /* texts are borrowed from argv */
    const struct command *command;
    char *const *operand; /* what is no option: the collection first */
    size_t operands;

    const struct format *format; /* null: not given, until output_begin */
    int direction;               /* enum directions */
    const char *output;
    size_t depth; /* SIZE_MAX: not given */
    size_t top;            /* rows shown: 0 all, TOP_DEFAULT what suits the command */
    size_t k, threads;
    size_t memory;         /* bytes; 0: not given */
    size_t bootstrap, seed; /* samples, SIZE_MAX: not given */
    size_t bank_size, bank_seed, bank_adversarial; /* SIZE_MAX: not given */
    size_t caption;        /* row, SIZE_MAX: not given */
    bool reverse, measures;
    struct text_list over; /* of a sweep */
    const char *tune, *on, *bank_targets;
    struct text_list rule, bank, video_bank;
    const char *queries, *videos, *sims, *bank_sims, *targets, *query_mask, *dump, *gallery_bank;
    double logit_scale; /* 0: not given */

    const char *videos_table, *texts_table, *thumbnails, *video_files, *encoder, *name, *model, *licence, *provenance;
    const char *layout; /* of the tables of an import */
    const char *query_split;
    struct text_list column, bank_texts, sims_bank, add_bank, add_video_bank;
    const char *add_encoder, *replace_thumbnails, *add_video_files;
    size_t strip_frames;
    bool replace, dry_run, no_encoder;

    const char *fitted_output, *fitted_vectors;
    double ridge; /* 0: not given */

    const char *encoder_command;
    int encoder_output;     /* enum encoder_output */
    int directions; /* of a page: enum page_directions */
    double encoder_timeout, encoder_start; /* seconds; 0: not given */

    const char *query, *view, *script;
    int colour, images, background; /* the enums of ui/terminal/terminal.h */
    bool ascii, no_mouse, no_display;
};

/* Fills `options` from argv[1..]; argv is reordered.  Returns -1 to go on, else the exit status: help was printed or
 * the usage was wrong. */
int options_parse(struct options *options, const struct command *command, int argc, char **argv);

/* The format that a command writes where nobody says: text, or the first it has. */
const struct format *options_default_format(const struct command *command);

/* Rows to show: --top, or `otherwise` where it was not given; SIZE_MAX for all. */
size_t options_shown(const struct options *options, size_t otherwise);

/* Last of a repeatable option, null if not given. */
const char *list_last(const struct text_list *list);

/* "  --name ARGUMENT   help" for every option of the command. */
void options_help(FILE *out, const struct command *command);

#endif
