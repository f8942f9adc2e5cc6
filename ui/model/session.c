#include "ui/model/session.h"

#include "engine/typing/lexicon.h"
#include "ui/model/bank_reports.h"
#include "ui/model/curves.h"
#include "ui/model/differences.h"
#include "ui/model/filter.h"
#include "ui/model/learned.h"
#include "ui/model/learning.h"
#include "ui/model/marks.h"
#include "ui/model/narrowing.h"
#include "ui/model/page_job.h"
#include "ui/model/query.h"
#include "ui/model/ranks.h"
#include "ui/model/schedule.h"
#include "ui/model/selection.h"
#include "ui/model/sources.h"
#include "ui/model/texts.h"
#include "ui/model/thumbnails.h"
#include "ui/model/work.h"
#include "ui/model/worker.h"

#include <string.h>

enum { WORK_PATIENCE_MS = 500 }; /* answers to the query line may wait behind what waits for a locked catalog */

static int open_caches(struct model *model, struct error *error)
{
    model->texts = texts_new(model->collection, error);
    if (!model->texts)
        return -1;
    model->thumbnails = thumbnails_new();
    model->ranks = ranks_new();
    model->filter = filter_new();
    model->narrowing = narrowing_new();
    model->marks = marks_new(model->collection->videos);
    model->differences = differences_new();
    model->curves = curves_new();
    model->bank_reports = bank_reports_new();
    model->learning = learning_new();
    model->learned = learned_new();
    model->lexicon = lexicon_new(model->collection->catalog);
    return model->thumbnails && model->ranks && model->filter && model->marks && model->narrowing &&
                   model->differences && model->curves && model->bank_reports && model->learning && model->learned &&
                   model->lexicon
               ? 0
               : error_memory(error);
}

static int refuse_all(const struct model *model, struct error *error)
{
    const struct source *source = model_source(model, model->current);
    size_t r = 0;

    while (r + 1 < rules_count && source->left_out[r])
        r++;
    return error_set(error, ERROR_INPUT, "no rule can be used here: %s %s", rules[r]->name,
                     source->side[T2V].unavailable[r]);
}

/* Finds the bank of that name, without one the first that the first model has. */
static int find_bank(struct model *model, const char *name, struct error *error)
{
    const struct collection_model *first = model->collection->model[0];
    bool named = name && *name;
    struct task task;

    for (model->bank = 0; model->bank < first->banks; model->bank++) {
        const struct bank *bank = &first->bank[model->bank];
        if (named ? strcmp(bank->name, name) == 0 : bank->matrix.rows > 0)
            return 0;
    }
    model->bank = 0;
    return named ? task_open(&task, model->collection, NULL, T2V, name, error) : 0; /* for its error */
}

/* Begins with the first model that has a rule to use: --rule may name rules of another model alone. */
static int open_first(struct model *model, struct error *error)
{
    size_t list[RULES_MAX];

    for (size_t m = 0; m < model->collection->models; m++) {
        if (sources_open(model, m, error))
            return -1;
        model->current.model = model->versus.model = m;
        sources_close_hidden(model);
        if (model_rules(model, m, list))
            return 0;
    }
    model->current.model = model->versus.model = 0;
    return sources_open(model, 0, error) ? -1 : refuse_all(model, error);
}

int model_open(struct model *model, struct collection *collection, const struct model_options *options,
               struct error *error)
{
    static const struct model_options defaults = {0};

    options = options ? options : &defaults;
    *model = (struct model){
        .collection = collection,
        .video = NO_VIDEO,
        .query = NO_QUERY,
        .pulls_video = NO_VIDEO,
        .pictures = true,
        .offered = options->rule,
        .offered_count = options->rules,
        .gallery_bank = options->gallery_bank,
        .conventions = options->conventions,
        .qrels = options->qrels,
        .read_only = options->read_only,
        .limits = options->limits ? *options->limits : look_limits,
    };
    if (open_caches(model, error))
        goto fail;
    if (collection->catalog)
        catalog_set_patience(collection->catalog, WORK_PATIENCE_MS);
    if (!(model->worker = worker_new(error)) || find_bank(model, options->bank, error) || open_first(model, error))
        goto fail;
    selection_begin(model);
    model_advance(model);
    if (collection->queries)
        model_set_query(model, 0);
    model->opening = true;
    return 0;
fail:
    model_close(model);
    return -1;
}

void model_close(struct model *model)
{
    if (model->collection && model->collection->catalog)
        catalog_set_patience(model->collection->catalog, 0); /* what the worker does is not worth waiting for */
    worker_free(model->worker);
    sources_free(model);
    thumbnails_free(model->thumbnails);
    texts_free(model->texts);
    ranks_free(model->ranks);
    filter_free(model->filter);
    marks_free(model->marks);
    narrowing_free(model->narrowing);
    differences_free(model->differences);
    curves_free(model->curves);
    bank_reports_free(model->bank_reports);
    learning_free(model->learning);
    learned_free(model->learned);
    lexicon_free(model->lexicon);
    page_job_forget(model);
    *model = (struct model){0};
}
