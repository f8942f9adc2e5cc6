/* TREC relevance judgements: which items belong to which query. */
#include "engine/base/memory.h"
#include "engine/results/format.h"
#include "engine/results/lists_write.h"
#include "engine/results/trec.h"
#include <stdlib.h>

static int begin_lists(struct lists_output *output, struct error *error)
{
    struct trec *trec = output->own = memory_array(1, sizeof *trec);
    return trec ? trec_open(trec, output->task, error) : error_memory(error);
}

static int put_targets(struct lists_output *output, size_t query, const struct list *lists, struct error *error)
{
    (void)lists;
    return trec_put_targets(output->out[0], output->own, query, &output->rows, error);
}

static void end_lists(struct lists_output *output, bool whole)
{
    (void)whole;
    if (output->own)
        trec_close(output->own);
    free(output->own);
}

static const struct lists_writer lists = {
    .no_rules = true, .begin = begin_lists, .query = put_targets, .end = end_lists};

const struct format format_qrels = {
    .name = "qrels",
    .endings = "qrels",
    .help = "TREC judgements",
    .lists = &lists,
};
