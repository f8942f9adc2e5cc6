#include "app/command.h"
#include "app/merged.h"
#include "app/output.h"
#include "engine/base/memory.h"
#include "engine/results/format.h"
#include <stdlib.h>
#include <string.h>

struct merge_options {
    struct words files;
    int format; /* index among those of reports, or -1 */
    const char *output;
    bool replace, csv_safe;
};

#define FIELD(name) offsetof(struct merge_options, name)

static const char *format_name(size_t index)
{
    const struct format *format = format_at(FORMAT_REPORT, index);
    return format ? format->name : NULL;
}

static const struct option_entry entries[] = {
    {"FILE", OPTION_WORDS, FIELD(files), .help = "the shares"},
    {"format", OPTION_CHOICE, FIELD(format), .help = "output format (text, or by the ending of --output)",
     .unset = NOT_GIVEN, .name_at = format_name},
    {"output", OPTION_TEXT, FIELD(output), "FILE", .help = "write to a file instead of the terminal"},
    {"replace", OPTION_FLAG, FIELD(replace), .help = "replace that file if it exists"},
    CSV_SAFE_OPTION(merge_options, csv_safe),
    {0},
};

static int settle(void *values, struct error *error)
{
    const struct merge_options *options = values;
    return options->files.count ? 0 : usage_error(error, "name the files of the shares");
}

/* Puts the words of the command together: those that the shares were made with, and where the result goes. */
static char **command_words(const struct partials *partials, const struct merge_options *options, int *count)
{
    char **word = memory_array(partials->words + 8, sizeof *word);
    int words = 0;
    if (!word)
        return NULL;
    word[words++] = (char *)partials->command;
    if (options->format >= 0) {
        word[words++] = (char *)"--format";
        word[words++] = (char *)format_name((size_t)options->format);
    }
    if (options->output) {
        word[words++] = (char *)"--output";
        word[words++] = (char *)options->output;
    }
    if (options->replace)
        word[words++] = (char *)"--replace";
    if (options->csv_safe)
        word[words++] = (char *)"--csv-safe";
    for (size_t i = 0; i < partials->words; i++)
        word[words++] = (char *)partials->word[i];
    *count = words;
    return word;
}

static int run_command(int count, char **word, const struct partials *partials, struct error *error)
{
    return strcmp(word[0], "fit") == 0 ? fit_merged(count, word, partials, error)
                                       : eval_merged(count, word, partials, error);
}

static int run(const void *given, struct error *error)
{
    const struct merge_options *options = given;
    struct partials partials;
    int count;
    if (partials_open(&partials, (const char *const *)options->files.word, options->files.count, error))
        return -1;
    char **word = command_words(&partials, options, &count);
    int failed = word ? run_command(count, word, &partials, error) : error_memory(error);
    free(word);
    partials_close(&partials);
    return failed;
}

const struct command command_merge = {
    .name = "merge",
    .usage = "FILE... [--format NAME] [--output FILE]",
    .help = "put shares of an evaluation, or of fits, together",
    .options =
        {
            .entries = entries,
            .details =
                "The files are those of eval --shard I/N --partial FILE, one for each I.  The result is what one\n"
                "eval over all queries prints, to the last digit.  Shares of `hubscope fit` make its file of fits,\n"
                "named by --output.  The collection is looked for where the shares found it, and must be the same.\n",
            .settle = settle,
        },
    .size = sizeof(struct merge_options),
    .run = run,
};
