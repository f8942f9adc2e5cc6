#include "app/where_options.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/collection/where.h"
#include <stdlib.h>

static const struct option_entry entries[] = {
    {"where", OPTION_LIST, offsetof(struct where_options, where), "COLUMN=VALUE",
     .help = "measures of these videos alone, ranked in the whole gallery; several: all must hold"},
    {0},
};

const struct option_group where_group = {
    .entries = entries,
    .details =
        "--where chooses videos by a column of the imported table (key, title, tags, ...) that has the words of\n"
        "VALUE; == has nothing else, != has them not.  Hubness and mass are then those of these videos, with\n"
        "the fair share of the whole gallery; ranks those of queries with a target among them.\n",
};

int where_options_check(const struct where_options *options, const struct bootstrap_options *bootstrap,
                        struct error *error)
{
    if (options->where.count && bootstrap->mass)
        return usage_error(error, "--bootstrap-mass is of all videos: omit it, or --where");
    return 0;
}

int where_options_apply(const struct where_options *options, struct workspace *workspace, struct error *error)
{
    const struct study *study = &workspace->study;
    char conditions[SUBSET_NAME * 4] = "";
    if (!options->where.count)
        return 0;
    for (size_t i = 0; i < options->where.count; i++)
        text_append(conditions, sizeof conditions, " and ", options->where.item[i]);
    bool *inside = memory_array(workspace->collection->videos, sizeof *inside);
    if (!inside)
        return error_memory(error);
    subset_close(&workspace->subset);
    int failed = where_choose(workspace->collection, conditions, inside, error);
    if (!failed && subset_open(&workspace->subset, study_task(study), inside, conditions))
        failed = error_memory(error);
    free(inside);
    workspace->study.subset = failed ? NULL : &workspace->subset;
    return failed;
}
