#include "app/options.h"
#include "app/command.h"
#include "app/fail.h"
#include "app/help.h"
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum option_kind { KIND_HELP, KIND_VERSION, KIND_FLAG, KIND_TEXT, KIND_LIST, KIND_COUNT, KIND_SIZE, KIND_REAL, KIND_CHOICE, KIND_FORMAT };

struct option_entry {
    const char *name;
    unsigned groups;
    enum option_kind kind;
    size_t offset;        /* of the field in struct options */
    const char *argument; /* as help shows it; the choices of KIND_CHOICE, in the order of its enum */
    const char *help;
    size_t least;         /* of a KIND_COUNT */
};

#define FIELD(name) offsetof(struct options, name)
#define EVERY (~0u)

static const struct option_entry table[] = {
    {"query", OPTIONS_EXPLORE, KIND_TEXT, FIELD(query), "TEXT", "begin with this query", 0},
    {"bank", OPTIONS_EXPLORE, KIND_LIST, FIELD(bank), "NAME", "begin with this query bank", 0},
    {"rule", OPTIONS_EXPLORE, KIND_LIST, FIELD(rule), "NAME[:p=v,...]", "offer only this rule; repeatable", 0},
    {"view", OPTIONS_EXPLORE, KIND_TEXT, FIELD(view), "NAME",
     "begin with this view, such as hubs (search)", 0},
    {"color", OPTIONS_EXPLORE, KIND_CHOICE, FIELD(colour), "auto|never|8|256|direct", "colours", 0},
    {"images", OPTIONS_EXPLORE, KIND_CHOICE, FIELD(images), "auto|blocks|ascii|off", "pictures", 0},
    {"background", OPTIONS_EXPLORE, KIND_CHOICE, FIELD(background), "auto|dark|light",
     "the terminal's background", 0},
    {"ascii", OPTIONS_EXPLORE, KIND_FLAG, FIELD(ascii), NULL, "no characters beyond ASCII", 0},
    {"no-mouse", OPTIONS_EXPLORE, KIND_FLAG, FIELD(no_mouse), NULL, "leave the mouse to the terminal", 0},
    {"script", OPTIONS_EXPLORE, KIND_TEXT, FIELD(script), "FILE", "keys and commands to run, for tests and pictures", 0},
    {"no-display", OPTIONS_EXPLORE, KIND_FLAG, FIELD(no_display), NULL, "draw to nowhere, for tests", 0},

    {"encoder-command", OPTIONS_ENCODER, KIND_TEXT, FIELD(encoder_command), "COMMAND",
     "encode texts by a program: a line in, a vector out", 0},
    {"encoder-output", OPTIONS_ENCODER, KIND_CHOICE, FIELD(encoder_output), "text|float32",
     "what the program prints for each line: numbers, or little-endian bytes (text)", 0},
    {"encoder-timeout", OPTIONS_ENCODER, KIND_REAL, FIELD(encoder_timeout), "SECONDS",
     "how long an answer may take (10)", 0},
    {"encoder-start", OPTIONS_ENCODER, KIND_REAL, FIELD(encoder_start), "SECONDS",
     "how long the first one may take, as models are loaded (60)", 0},

    {"caption", OPTIONS_SEARCH, KIND_COUNT, FIELD(caption), "ROW",
     "search with a stored evaluation caption (rows count from 0)", 0},
    {"bank", OPTIONS_SEARCH, KIND_LIST, FIELD(bank), "NAME", "the query bank (the collection's first)", 0},

    {"rule", OPTIONS_RULES, KIND_LIST, FIELD(rule), "NAME[:p=v,...][@BANK]",
     "a rule, and the bank it is fitted on; all: every rule; repeatable (raw, qbnorm and ncl)", 0},
    {"direction", OPTIONS_DIRECTION, KIND_CHOICE, FIELD(direction), "t2v|v2t",
     "text to video, or video to text (t2v)", 0},
    {"direction", OPTIONS_EVAL, KIND_CHOICE, FIELD(direction), "t2v|v2t|both",
     "text to video, or video to text (t2v)", 0},
    {"direction", OPTIONS_PAGE, KIND_CHOICE, FIELD(directions), "both|t2v|v2t",
     "text to video with the measures of the other direction (both), or one alone", 0},
    {"output", OPTIONS_PAGE, KIND_TEXT, FIELD(output), "FILE", "the page to write", 0},
    {"k", OPTIONS_HUBS, KIND_COUNT, FIELD(k), "K", "length of the lists counted, 1 to 100 (10)", 1},
    {"measures", OPTIONS_MEASURES, KIND_FLAG, FIELD(measures), NULL, "only the measures and their readings, no items", 0},
    {"top", OPTIONS_TOP, KIND_COUNT, FIELD(top), "N", "rows to show; 0 for all", 0},
    {"reverse", OPTIONS_REVERSE, KIND_FLAG, FIELD(reverse), NULL, "least first", 0},
    {"dump", OPTIONS_EVAL, KIND_TEXT, FIELD(dump), "DIR",
     "write bias, mass, n10, rank and gate of every rule as .npy", 0},

    {"over", OPTIONS_SWEEP, KIND_LIST, FIELD(over), "P=A:B:[log]N|P=V,...", "values of a parameter; repeatable", 0},
    {"tune", OPTIONS_SWEEP, KIND_TEXT, FIELD(tune), "MEASURE", "choose the point that is best by R@1, MnR, geom, ...", 0},
    {"on", OPTIONS_SWEEP, KIND_TEXT, FIELD(on), "bank", "with --tune: on a held-out part of the bank", 0},
    {"bank-targets", OPTIONS_SWEEP, KIND_TEXT, FIELD(bank_targets), "FILE|order",
     "with --tune: row of each bank caption's video in the video bank", 0},
    {"bootstrap", OPTIONS_BOOTSTRAP, KIND_COUNT, FIELD(bootstrap), "N",
     "samples for 95 % intervals of differences; 0 for none", 0},
    {"seed", OPTIONS_BOOTSTRAP | OPTIONS_SWEEP, KIND_COUNT, FIELD(seed), "N", "of what is drawn at random (0)", 0},

    {"bank", OPTIONS_MATRICES, KIND_LIST, FIELD(bank), "NAME|FILE",
     "the bank's name (the first); a file with matrices", 0},
    {"video-bank", OPTIONS_MATRICES, KIND_LIST, FIELD(video_bank), "NAME|FILE",
     "the same for v2t (with a collection: --bank)", 0},
    {"bank-gallery", OPTIONS_MATRICES | OPTIONS_SEARCH, KIND_TEXT, FIELD(gallery_bank), "NAME",
     "second bank, of the gallery's own kind, for dualis and dualdis (the first)", 0},
    {"bank-size", OPTIONS_BANK, KIND_COUNT, FIELD(bank_size), "N", "a random subset of so many bank queries", 1},
    {"bank-seed", OPTIONS_BANK, KIND_COUNT, FIELD(bank_seed), "N", "the seed of that subset (0)", 0},
    {"bank-adversarial", OPTIONS_BANK, KIND_COUNT, FIELD(bank_adversarial), "N",
     "so many bank queries of the items that the bank retrieves most", 1},
    {"queries", OPTIONS_MATRICES, KIND_TEXT, FIELD(queries), "FILE", "matrices: embeddings of the queries", 0},
    {"videos", OPTIONS_MATRICES, KIND_TEXT, FIELD(videos), "FILE", "matrices: embeddings of the videos", 0},
    {"sims", OPTIONS_MATRICES, KIND_TEXT, FIELD(sims), "FILE",
     "matrices: similarities, queries x videos, instead of both", 0},
    {"bank-sims", OPTIONS_MATRICES, KIND_TEXT, FIELD(bank_sims), "FILE",
     "matrices: similarities, bank x videos", 0},
    {"targets", OPTIONS_MATRICES, KIND_TEXT, FIELD(targets), "FILE",
     "matrices: row of each query's video (i / (Q / M))", 0},
    {"query-mask", OPTIONS_MATRICES, KIND_TEXT, FIELD(query_mask), "FILE",
     "matrices: 1 for queries that are there; others are dropped, rows counted anew", 0},
    {"logit-scale", OPTIONS_MATRICES, KIND_REAL, FIELD(logit_scale), "X", "matrices: the model's logit scale (100)",
     0},

    {"videos-table", OPTIONS_IMPORT, KIND_TEXT, FIELD(videos_table), "FILE",
     "the videos (those of the texts, in order of first appearance)", 0},
    {"texts-table", OPTIONS_IMPORT, KIND_TEXT, FIELD(texts_table), "FILE", "captions of queries and banks", 0},
    {"bank-texts", OPTIONS_IMPORT, KIND_LIST, FIELD(bank_texts), "NAME=FILE",
     "captions of one bank, in the order of its rows; repeatable", 0},
    {"query-split", OPTIONS_IMPORT, KIND_TEXT, FIELD(query_split), "NAME",
     "the split whose texts are the queries (query); those of no bank are left out", 0},
    {"column", OPTIONS_IMPORT, KIND_LIST, FIELD(column), "OURS=THEIRS",
     "a column's name in the tables, as caption=sentence; repeatable", 0},
    {"format", OPTIONS_IMPORT, KIND_TEXT, FIELD(layout), "NAME", "layout of the tables (hubscope)", 0},
    {"videos", OPTIONS_IMPORT, KIND_TEXT, FIELD(videos), "FILE", "embeddings of the videos", 0},
    {"queries", OPTIONS_IMPORT, KIND_TEXT, FIELD(queries), "FILE", "embeddings of the evaluation queries", 0},
    {"bank", OPTIONS_IMPORT, KIND_LIST, FIELD(bank), "NAME=FILE", "a query bank; repeatable", 0},
    {"video-bank", OPTIONS_IMPORT, KIND_LIST, FIELD(video_bank), "NAME=FILE", "a bank of videos; repeatable",
     0},
    {"sims-test", OPTIONS_IMPORT, KIND_TEXT, FIELD(sims), "FILE",
     "stored similarities, queries x videos, instead of both; tables may be absent", 0},
    {"sims-bank", OPTIONS_IMPORT, KIND_LIST, FIELD(sims_bank), "[NAME=]FILE",
     "with --sims-test: similarities of a query bank, bank x videos; repeatable", 0},
    {"query-masks", OPTIONS_IMPORT, KIND_TEXT, FIELD(query_mask), "FILE",
     "with --sims-test: 0 for queries that are missing, 1 for the others", 0},
    {"targets", OPTIONS_IMPORT, KIND_TEXT, FIELD(targets), "FILE",
     "with --sims-test: row of each query's video (i / (Q / M), or as the texts tell)", 0},
    {"thumbnails", OPTIONS_IMPORT, KIND_TEXT, FIELD(thumbnails), "DIR",
     "pictures: files that the videos table names, or KEY.jpg (.png, ...)", 0},
    {"video-files", OPTIONS_IMPORT, KIND_TEXT, FIELD(video_files), "DIR",
     "the videos: KEY.mp4 (.webm, ...), or the column `file`; gives strips", 0},
    {"strip-frames", OPTIONS_IMPORT, KIND_COUNT, FIELD(strip_frames), "N",
     "frames side by side in a strip (width / height)", 1},
    {"no-encoder", OPTIONS_IMPORT, KIND_FLAG, FIELD(no_encoder), NULL,
     "do not fit a text encoder to the captions", 0},
    {"encoder", OPTIONS_IMPORT, KIND_TEXT, FIELD(encoder), "DIR",
     "a text encoder to copy in, such as a CLIP model's folder", 0},
    {"name", OPTIONS_IMPORT, KIND_TEXT, FIELD(name), "TEXT", "the collection's name (last part of DIR)", 0},
    {"model", OPTIONS_IMPORT, KIND_TEXT, FIELD(model), "TEXT", "the embedding model's name", 0},
    {"logit-scale", OPTIONS_IMPORT, KIND_REAL, FIELD(logit_scale), "X", "the model's logit scale (100)", 0},
    {"licence", OPTIONS_IMPORT, KIND_TEXT, FIELD(licence), "TEXT", "licence of the data", 0},
    {"provenance", OPTIONS_IMPORT, KIND_TEXT, FIELD(provenance), "TEXT", "where the data come from", 0},
    {"replace", OPTIONS_IMPORT, KIND_FLAG, FIELD(replace), NULL, "replace a collection that is there already", 0},
    {"replace", OPTIONS_PAGE, KIND_FLAG, FIELD(replace), NULL, "write over a file that is there already", 0},
    {"add-bank", OPTIONS_IMPORT, KIND_LIST, FIELD(add_bank), "NAME=FILE",
     "give a collection one more query bank; repeatable", 0},
    {"add-video-bank", OPTIONS_IMPORT, KIND_LIST, FIELD(add_video_bank), "NAME=FILE",
     "give it one more bank of videos; repeatable", 0},
    {"add-encoder", OPTIONS_IMPORT, KIND_TEXT, FIELD(add_encoder), "DIR", "give it this text encoder", 0},
    {"replace-thumbnails", OPTIONS_IMPORT, KIND_TEXT, FIELD(replace_thumbnails), "DIR",
     "give it these pictures, named as for --thumbnails", 0},
    {"add-video-files", OPTIONS_IMPORT, KIND_TEXT, FIELD(add_video_files), "DIR",
     "give it the strips of these videos, named as for --video-files", 0},
    {"dry-run", OPTIONS_IMPORT, KIND_FLAG, FIELD(dry_run), NULL, "check everything, list all that is wrong, write nothing",
     0},

    {"replace", OPTIONS_FIT_ENCODER, KIND_FLAG, FIELD(replace), NULL, "replace the encoder that is there already", 0},
    {"output", OPTIONS_FIT_ENCODER, KIND_TEXT, FIELD(fitted_output), "DIR",
     "write the encoder's folder there and leave the collection as it is", 0},
    {"ridge", OPTIONS_FIT_ENCODER, KIND_REAL, FIELD(ridge), "X", "strength of the ridge (chosen on held-out captions)",
     0},
    {"vectors", OPTIONS_FIT_ENCODER, KIND_TEXT, FIELD(fitted_vectors), "FILE",
     "write the vectors that were measured, one row an evaluation caption, .npy", 0},

    {"format", OPTIONS_FORMAT | OPTIONS_LISTS | OPTIONS_PAGE, KIND_FORMAT, FIELD(format), "NAME",
     NULL, 0},
    {"output", OPTIONS_FORMAT | OPTIONS_LISTS, KIND_TEXT, FIELD(output), "FILE", "write to a file instead of the terminal",
     0},
    {"replace", OPTIONS_FORMAT | OPTIONS_LISTS, KIND_FLAG, FIELD(replace), NULL, "replace that file if it exists", 0},
    {"depth", OPTIONS_LISTS, KIND_COUNT, FIELD(depth), "K", "places a list; 0 for all (10; of a TREC run 1000)", 0},
    {"memory", OPTIONS_RULES | OPTIONS_EXPLORE, KIND_SIZE, FIELD(memory), "SIZE",
     "memory to keep similarities in: 2G, 512M, bytes (a quarter of RAM)", 0},
    {"threads", EVERY, KIND_COUNT, FIELD(threads), "N", "worker threads (all cores)", 1},
    {"help", EVERY, KIND_HELP, 0, NULL, "this help", 0},
    {"version", EVERY, KIND_VERSION, 0, NULL, "the version", 0},
};

enum { ENTRIES = sizeof table / sizeof *table, COUNT_MOST = 1000000000 };

/* Index of `text` among the choices "a|b|c", -1 if it is none. */
static int choice_index(const char *choices, const char *text)
{
    size_t length = strlen(text);
    int index = 0;
    for (const char *at = choices; at; index++) {
        const char *end = strchr(at, '|');
        size_t size = end ? (size_t)(end - at) : strlen(at);
        if (size == length && memcmp(at, text, size) == 0) {
            return index;
        }
        at = end ? end + 1 : NULL;
    }
    return -1;
}

/* Reads "1000000", "512M", "1.5G" (K, M, G, T: powers of 1024) as at least one byte. */
static bool parse_size(const char *text, size_t *bytes)
{
    static const char units[] = "KMGT";
    size_t digits = strspn(text, "0123456789.");
    char *end;
    double size = strtod(text, &end);
    const char *unit = *end ? strchr(units, toupper((unsigned char)*end)) : NULL;
    if (digits == 0 || end != text + digits || (*end && (!unit || end[1]))) {
        return false; /* no number, or one with a sign, an exponent or hexadecimal digits */
    }
    size = ldexp(size, unit ? 10 * (int)(unit - units + 1) : 0);
    if (!(size >= 1 && size < 0x1p62)) {
        return false;
    }
    *bytes = (size_t)size;
    return true;
}

/* Stores one option's value; -1, or the exit status when the value is wrong. */
static int store(struct options *options, const struct option_entry *entry, const char *value)
{
    void *field = (char *)options + entry->offset;
    const char *command = options->command->name;
    char *end;
    switch (entry->kind) {
    case KIND_HELP:
        help_command(stdout, options->command);
        return STATUS_OK;
    case KIND_VERSION:
        help_version(stdout);
        return STATUS_OK;
    case KIND_FLAG:
        *(bool *)field = true;
        return -1;
    case KIND_TEXT:
        *(const char **)field = value;
        return -1;
    case KIND_LIST: {
        struct text_list *list = field;
        if (list->count == LIST_MOST) {
            return fail_usage(command, "more than %d of --%s", LIST_MOST, entry->name);
        }
        list->item[list->count++] = value;
        return -1;
    }
    case KIND_COUNT: {
        errno = 0;
        unsigned long number = value[0] >= '0' && value[0] <= '9' ? strtoul(value, &end, 10) : 0;
        if (value[0] < '0' || value[0] > '9' || *end || errno || number > COUNT_MOST || number < entry->least) {
            return fail_usage(command, "--%s takes a whole number from %zu, not '%s'", entry->name, entry->least,
                              value);
        }
        *(size_t *)field = number;
        return -1;
    }
    case KIND_SIZE:
        if (!parse_size(value, field)) {
            return fail_usage(command, "--%s takes a size such as 2G, 512M or 1000000 (bytes), not '%s'", entry->name,
                              value);
        }
        return -1;
    case KIND_REAL: {
        double number = strtod(value, &end);
        if (end == value || *end || !isfinite(number) || number <= 0) {
            return fail_usage(command, "--%s takes a number above 0, not '%s'", entry->name, value);
        }
        *(double *)field = number;
        return -1;
    }
    case KIND_FORMAT: {
        struct error error = {0};
        const struct format *format = format_choose(options->command->contents, command, value, &error);
        *(const struct format **)field = format;
        return format ? -1 : fail_usage(command, "%s", error.text);
    }
    case KIND_CHOICE: {
        int index = choice_index(entry->argument, value);
        if (index < 0) {
            return fail_usage(command, "--%s takes %s, not '%s'", entry->name, entry->argument, value);
        }
        *(int *)field = index;
        return -1;
    }
    }
    return -1;
}

int options_parse(struct options *options, const struct command *command, int argc, char **argv)
{
    struct option known[ENTRIES + 1] = {0};
    const struct option_entry *entry_of[ENTRIES];
    size_t count = 0;
    unsigned groups = command->options;
    for (size_t i = 0; i < ENTRIES; i++) {
        if (table[i].groups & groups) {
            entry_of[count] = &table[i];
            known[count].name = table[i].name;
            known[count].has_arg = table[i].argument ? required_argument : no_argument;
            count++;
        }
    }
    *options = (struct options){.command = command, .top = TOP_DEFAULT, .depth = SIZE_MAX, .caption = SIZE_MAX, .k = 10,
                                .bootstrap = SIZE_MAX, .bank_size = SIZE_MAX, .bank_seed = SIZE_MAX, .bank_adversarial = SIZE_MAX};

    opterr = 0;
    optind = 1;
    for (;;) {
        int index = -1;
        int before = optind;
        int found = getopt_long(argc, argv, ":h", known, &index);
        if (found == -1) {
            break;
        }
        int status = -1;
        const char *word = argv[before < optind ? optind - 1 : before];
        if (found == 'h') {
            help_command(stdout, command);
            status = STATUS_OK;
        } else if (found == ':') {
            status = fail_usage(command->name, "%s needs a value", word);
        } else if (found != 0) {
            status = fail_usage(command->name, "unknown option '%s'", word);
        } else {
            status = store(options, entry_of[index], optarg);
        }
        if (status >= 0) {
            return status;
        }
    }
    options->operand = argv + optind;
    options->operands = (size_t)(argc - optind);
    if (options->operands > command->operands) {
        if (command == command_default) {
            return fail_usage(NULL, "unknown command '%s'", options->operand[0]);
        }
        return fail_usage(command->name, "unexpected argument '%s'", options->operand[command->operands]);
    }
    return -1;
}

size_t options_shown(const struct options *options, size_t otherwise)
{
    size_t top = options->top;
    return top == TOP_DEFAULT ? otherwise : top == 0 ? SIZE_MAX : top;
}

const char *list_last(const struct text_list *list)
{
    return list->count ? list->item[list->count - 1] : NULL;
}

const struct format *options_default_format(const struct command *command)
{
    const struct format *text = format_named(command->contents, "text");
    return text ? text : format_at(command->contents, 0);
}

static void put_option(FILE *out, const struct option_entry *entry, const struct command *command)
{
    char left[FORMAT_LIST + 32], names[FORMAT_LIST];
    const char *argument = entry->argument ? entry->argument : "";
    if (entry->kind == KIND_FORMAT)
        argument = format_names(command->contents, "|", names);
    snprintf(left, sizeof left, "--%s%s%s", entry->name, *argument ? " " : "", argument);
    fprintf(out, "  %-32s  ", left);
    if (entry->kind == KIND_FORMAT)
        fprintf(out, "how to write it (as --output ends, or %s)\n", options_default_format(command)->name);
    else
        fprintf(out, "%s\n", entry->help);
}

void options_help(FILE *out, const struct command *command)
{
    for (size_t i = 0; i < ENTRIES; i++)
        if (table[i].groups & command->options)
            put_option(out, &table[i], command);
}
