#include "app/share_options.h"
#include "app/given.h"
#include "engine/base/crew.h"
#include <stdio.h>

static const struct option_entry entries[] = {
    {"shard", OPTION_TEXT, offsetof(struct share_options, shard), "I/N",
     .help = "do only share I of N of the work, for hubscope merge"},
    {"partial", OPTION_TEXT, offsetof(struct share_options, partial), "FILE", .help = "the file to write the share to"},
    {0},
};

/* Reads "2/8". */
static int settle(void *values, struct error *error)
{
    struct share_options *options = values;
    size_t index, of;
    int length = 0;
    if (!options->shard != !options->partial)
        return usage_error(error, "--shard and --partial go together");
    if (!options->shard)
        return 0;
    if (sscanf(options->shard, "%5zu/%5zu%n", &index, &of, &length) != 2 || options->shard[length] || !index ||
        index > of || of > PARTIALS_MOST)
        return usage_error(error, "--shard takes I/N, as 1/4: 1 <= I <= N <= %d", PARTIALS_MOST);
    if (crew_size() > 1)
        return usage_error(error, "--shard is for single processes: omit it under mpirun");
    options->share = (struct partial_share){index - 1, of};
    return 0;
}

const struct option_group share_group = {.entries = entries, .settle = settle};

int share_options_begin(const struct share_options *options, struct record_writer *writer, const char *command,
                        bool replace, struct error *error)
{
    const char *word[LIST_MOST * 4];
    if (!options->share.of)
        return 0;
    size_t words = given_work(word, sizeof word / sizeof *word);
    if (words == sizeof word / sizeof *word)
        return usage_error(error, "too many words for a share's file");
    const struct partial_work work = {command, word, words};
    return partial_begin(writer, options->partial, replace, options->share, &work, error);
}

int share_options_end(struct record_writer *writer, int failed, struct error *error)
{
    if (!failed)
        return record_end(writer, error);
    record_abandon(writer);
    return -1;
}

int share_options_refuse(const struct study *study, struct error *error)
{
    for (size_t i = 0; i < study->entries; i++)
        if (study->key[i].spec.rule->iterates)
            return error_set(error, ERROR_INPUT,
                             "%s walks the whole bank again and again, which shares cannot: use mpirun, or a fit made "
                             "elsewhere (hubscope fit) with --fit",
                             study->key[i].spec.rule->name);
    return 0;
}
