#include "app/given.h"
#include "engine/base/memory.h"
#include <stdbool.h>
#include <string.h>

static const char **given;
static size_t count;

void given_keep(int argc, char **argv)
{
    count = 0;
    given = memory_array((size_t)argc, sizeof *given);
    for (int i = 1; given && i < argc; i++)
        given[count++] = argv[i];
}

/* How many words an option to leave out takes, its value included; 0: it is kept.  Names may be shortened. */
static size_t left_out(const char *word)
{
    static const struct {
        const char *name;
        bool flag;
    } options[] = {{"shard", false},  {"partial", false}, {"fit", false},    {"threads", false}, {"memory", false},
                   {"format", false}, {"output", false},  {"replace", true}, {"csv-safe", true}, {"split", false}};
    size_t length = strcspn(word, "=");
    if (strncmp(word, "--", 2) != 0 || length < 3)
        return 0;
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (strncmp(word + 2, options[i].name, length - 2) == 0)
            return options[i].flag || word[length] == '=' ? 1 : 2;
    return 0;
}

size_t given_work(const char **word, size_t most)
{
    size_t kept = 0;
    for (size_t i = 0, skipped; i < count && kept < most; i += skipped ? skipped : 1)
        if (!(skipped = left_out(given[i])))
            word[kept++] = given[i];
    return kept;
}
