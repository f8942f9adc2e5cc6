#include "ui/model/session.h"

#include "ui/model/bank_reports.h"
#include "ui/model/curves.h"
#include "ui/model/differences.h"
#include "ui/model/page_job.h"
#include "ui/model/query.h"
#include "ui/model/ranks.h"
#include "ui/model/selection.h"
#include "ui/model/texts.h"
#include "ui/model/thumbnails.h"
#include "ui/model/work.h"
#include "ui/model/worker.h"

#include <string.h>

static int open_caches(struct model *model)
{
    model->thumbnails = thumbnails_new();
    model->texts = texts_new();
    model->ranks = ranks_new();
    model->differences = differences_new();
    model->curves = curves_new();
    model->bank_reports = bank_reports_new();
    return model->thumbnails && model->texts && model->ranks && model->differences && model->curves &&
                   model->bank_reports
               ? 0
               : -1;
}

/* Leaves out all rules but those named, which take the parameters given with them. */
static int offer(struct model *model, const struct model_options *options, struct error *error)
{
    struct rule_spec spec;

    for (size_t r = 0; r < rules_count; r++)
        model->left_out[r] = options->rules > 0;
    for (size_t i = 0; i < options->rules; i++) {
        if (rule_parse(options->rule[i], model->collection->model[0]->logit_scale, &spec, error) != 0)
            return -1;
        for (size_t r = 0; r < rules_count; r++) {
            if (rules[r] == spec.rule) {
                model->left_out[r] = false;
                model->spec[r] = spec;
            }
        }
    }
    return 0;
}

static int refuse_all(const struct model *model, struct error *error)
{
    size_t r = 0;

    while (r + 1 < rules_count && model->left_out[r])
        r++;
    return error_set(error, ERROR_INPUT, "no rule can be used here: %s %s", rules[r]->name,
                     model->side[T2V].unavailable[r]);
}

int model_open(struct model *model, struct collection *collection, const struct model_options *options,
               struct error *error)
{
    static const struct model_options defaults = {0};
    size_t list[RULES_MAX];
    struct error unused;

    options = options ? options : &defaults;
    *model = (struct model){
        .collection = collection,
        .video = NO_VIDEO,
        .query = NO_QUERY,
        .pulls_video = NO_VIDEO,
        .pictures = true,
        .gallery_bank = options->gallery_bank,
        .conventions = options->conventions,
        .qrels = options->qrels,
    };
    const struct task_choice t2v = {options->bank, options->gallery_bank, options->conventions};
    const struct task_choice v2t = {.conventions = options->conventions};
    if (open_caches(model)) {
        error_memory(error);
        goto fail;
    }
    if (!(model->worker = worker_new(error)))
        goto fail;
    for (size_t r = 0; r < rules_count; r++)
        model->spec[r] = rule_default(rules[r], collection->model[0]->logit_scale);
    if (offer(model, options, error) != 0 ||
        side_open(&model->side[T2V], collection, T2V, &t2v, model->left_out, error) != 0)
        goto fail;
    if (model_rules(model, list) == 0) {
        refuse_all(model, error);
        goto fail;
    }
    for (size_t i = 0; options->bank && i < collection->model[0]->banks; i++)
        if (strcmp(collection->model[0]->bank[i].name, options->bank) == 0)
            model->bank = i;
    if (side_open(&model->side[V2T], collection, V2T, &v2t, model->left_out, &unused) != 0)
        for (size_t r = 0; r < rules_count; r++)
            model->side[V2T].unavailable[r] = "there are no captions to search";
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
    worker_free(model->worker);
    for (int d = 0; d < 2; d++)
        side_close(&model->side[d]);
    search_free(model->search);
    thumbnails_free(model->thumbnails);
    texts_free(model->texts);
    ranks_free(model->ranks);
    differences_free(model->differences);
    curves_free(model->curves);
    bank_reports_free(model->bank_reports);
    page_job_forget(model);
    *model = (struct model){0};
}
