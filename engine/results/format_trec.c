/* TREC runs: the lists of one rule, for trec_eval and similar tools. */
#include "engine/base/memory.h"
#include "engine/results/format.h"
#include "engine/results/lists_write.h"
#include "engine/results/trec.h"
#include <stdlib.h>

struct run {
    struct trec trec;
    char (*tag)[TREC_NAME]; /* (rules) */
};

static int begin_lists(struct lists_output *output, struct error *error)
{
    struct run *run = output->own = memory_array(1, sizeof *run);
    if (!run || !(run->tag = memory_array(output->count, sizeof *run->tag)))
        return error_memory(error);
    for (size_t r = 0; r < output->count; r++)
        trec_tag(&output->rules[r], output->task, run->tag[r], sizeof run->tag[r]);
    return trec_open(&run->trec, output->task, error);
}

static int put_lists(struct lists_output *output, size_t query, const struct list *lists, struct error *error)
{
    struct run *run = output->own;
    char name[TREC_NAME] = "typed";
    if (query != LISTS_TYPED && trec_query(&run->trec, query, name, sizeof name, error))
        return -1;
    for (size_t r = 0; r < output->count; r++) {
        if (trec_put_list(output->out[r], &run->trec, name, &lists[r], run->tag[r], error))
            return -1;
        output->rows += lists[r].count;
    }
    return 0;
}

static void end_lists(struct lists_output *output, bool whole)
{
    struct run *run = output->own;
    (void)whole;
    if (!run)
        return;
    trec_close(&run->trec);
    free(run->tag);
    free(run);
}

static const struct lists_writer lists = {
    .one_rule = true, .depth = LISTS_DEPTH_TREC, .begin = begin_lists, .query = put_lists, .end = end_lists};

const struct format format_trec = {
    .name = "trec",
    .endings = "run trec",
    .help = "TREC run of the current rule",
    .lists = &lists,
};
