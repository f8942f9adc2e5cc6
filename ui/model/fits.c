#include "ui/model/fits.h"

#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/study/study.h"
#include "ui/model/pulls.h"
#include "ui/model/query.h"
#include "ui/model/shared_task.h"
#include "ui/model/sources.h"
#include "ui/model/worker.h"

#include <stdio.h>
#include <stdlib.h>

struct fits_work { /* a fit of some rules, or an analysis of fits */
    struct work work;
    enum direction direction;
    size_t model; /* whose */
    struct shared_task *task;
    struct study study; /* over the task; its entries are those rules */
    size_t rule[RULES_MAX];
    bool analyse;
    int status;
    struct error error;
};

static void fits_run(struct work *work)
{
    struct fits_work *h = (struct fits_work *)work;

    h->status = h->analyse ? study_analyse(&h->study, ANALYSIS_TOP, &h->work.job, &h->error)
                           : study_fit(&h->study, &h->work.job, &h->error);
}

static struct model_side *side_of(struct model *model, const struct fits_work *h)
{
    return &model->source[h->model]->side[h->direction];
}

static void fits_failed(struct model *model, const struct fits_work *h)
{
    struct model_side *side = side_of(model, h);

    if (h->error.kind == ERROR_CANCELLED)
        return;
    if (h->study.entries > 1) { /* perhaps only one of them fails */
        side->alone = true;
        return;
    }
    if (!side->fit[h->rule[0]]) /* what is shown is of another bank, and will have no successor */
        side_drop_analysis(side, h->rule[0]);
    snprintf(side->failed[h->rule[0]], sizeof(side->failed[0]), "%.*s", (int)sizeof(side->failed[0]) - 1,
             h->error.text);
    model_say(model, true, "%s: %s", pick_name(model, (struct pick){h->model, h->rule[0]}).text, h->error.text);
    if (h->error.kind == ERROR_MEMORY)
        model->failure = h->error;
}

static void fits_landed(struct model *model, struct fits_work *h)
{
    struct model_side *side = side_of(model, h);

    for (size_t i = 0; i < h->study.entries; i++) {
        fit_release(side->fit[h->rule[i]]);
        side->fit[h->rule[i]] = fit_keep(h->study.fit[i]);
    }
    if (h->direction == T2V) {
        model_ask_search(model);
        model_ask_pulls(model);
    }
}

/* The query shown first: the one that the rule lifts to first place from farthest down, as it shows at a glance what
 * the program is for. */
static size_t telling_query(const struct analysis *before, const struct analysis *after)
{
    size_t best = 0;
    double most = 1;

    for (size_t q = 0; q < after->queries; q++)
        if (after->rank[q] == 1 && before->rank[q] > most) {
            most = before->rank[q];
            best = q;
        }
    return best;
}

static void begin_with_telling_query(struct model *model)
{
    const struct analysis *before = model_analysis(model, model->versus),
                          *after = model_analysis(model, model->current);

    if (!model->opening || !before || !after)
        return;
    model_set_query(model, telling_query(before, after));
}

static void analyses_landed(struct model *model, struct fits_work *h)
{
    struct model_side *side = side_of(model, h);

    for (size_t i = 0; i < h->study.entries; i++) {
        struct analysis **place = &side->analysis[h->rule[i]];
        if (*place)
            analysis_close(*place);
        else if (!(*place = memory_array(1, sizeof(**place)))) {
            snprintf(side->failed[h->rule[i]], sizeof(side->failed[0]), "out of memory");
            continue;
        }
        **place = h->study.analysis[i];
        h->study.analysis[i] = (struct analysis){0};
    }
    begin_with_telling_query(model);
}

static void fits_land(struct work *work, struct model *model)
{
    struct fits_work *h = (struct fits_work *)work;

    if (&h->task->task != side_of(model, h)->task) /* the bank has changed since, or the model has left the screen */
        return;
    if (h->status != 0)
        fits_failed(model, h);
    else if (h->analyse)
        analyses_landed(model, h);
    else
        fits_landed(model, h);
    sources_settle(model);
    model_touch_results(model);
}

static void fits_free(struct work *work)
{
    struct fits_work *h = (struct fits_work *)work;

    study_close(&h->study);
    shared_task_release(&h->task->task);
    free(h);
}

static bool needs_fit(const struct source *source, enum direction direction, size_t r)
{
    const struct model_side *side = &source->side[direction];

    return !side->unavailable[r] && !side->failed[r][0] &&
           (!side->fit[r] || !rule_same(&side->fit[r]->spec, &source->spec[r]));
}

static bool needs_analysis(const struct model_side *side, size_t r)
{
    return side->fit[r] && !side->failed[r][0] && (!side->analysis[r] || side->analysis[r]->fit != side->fit[r]);
}

bool fits_current(const struct model *model, enum direction direction, struct pick pick)
{
    const struct model_side *side = model_side(model, direction, pick);

    return side->analysis[pick.rule] && !needs_fit(model_source(model, pick), direction, pick.rule) &&
           !needs_analysis(side, pick.rule);
}

/* Whether analysing the rule takes many times as long as analysing all the others. */
static bool is_slow(size_t rule)
{
    return rules[rule]->count != NULL;
}

/* What is done first, for all models on the screen before the next begins: fits without a bank, so that searching works
 * at once, and analyses of the current and the compared rule. */
enum stage { STAGE_SIMPLE_FITS, STAGE_FITS, STAGE_VISIBLE_ANALYSES, STAGE_ANALYSES, STAGES };

/* Chooses the rules of a model that one piece of work takes together. */
static size_t choose(const struct model *model, size_t of, enum direction direction, enum stage stage, bool slow,
                     size_t *chosen)
{
    const struct source *source = model->source[of];
    const struct model_side *side = &source->side[direction];
    size_t count = 0;

    for (size_t r = 0; side->task && r < rules_count; r++) {
        struct pick pick = {of, r};
        bool visible = pick_same(pick, model->current) || pick_same(pick, model->versus);
        bool simple = direction == T2V && rules[r]->needs == RULE_NEEDS_NOTHING;
        if (stage <= STAGE_FITS)
            chosen[count] = needs_fit(source, direction, r) && (simple || stage == STAGE_FITS) ? r : SIZE_MAX;
        else
            chosen[count] =
                needs_analysis(side, r) && is_slow(r) == slow && (visible || stage == STAGE_ANALYSES) ? r : SIZE_MAX;
        count += chosen[count] != SIZE_MAX;
    }
    return side->alone && count ? 1 : count;
}

static void describe(const struct model *model, struct fits_work *h)
{
    char *what = h->work.what;
    size_t used = (size_t)snprintf(what, WORK_WHAT, "%s", h->analyse ? "analysing" : "fitting");

    for (size_t i = 0; i < h->study.entries && used < WORK_WHAT; i++)
        used += (size_t)snprintf(what + used, WORK_WHAT - used, "%s %s", i ? "," : "",
                                 pick_name(model, (struct pick){h->model, h->rule[i]}).text);
    if (h->direction == V2T && used < WORK_WHAT)
        snprintf(what + used, WORK_WHAT - used, item_text(", video to text"));
}

/* The work that fits or analyses the chosen rules; null with the error. */
static struct fits_work *fits_new(const struct model *model, size_t of, enum direction direction, bool analyse,
                                  const size_t *chosen, size_t count, struct error *error)
{
    const struct source *source = model->source[of];
    const struct model_side *side = &source->side[direction];
    struct fits_work *h = memory_array(1, sizeof(*h));

    if (!h) {
        error_memory(error);
        return NULL;
    }
    h->direction = direction;
    h->model = of;
    h->analyse = analyse;
    h->task = shared_task_keep(side->task);
    study_over(&h->study, side->task);
    for (size_t i = 0; i < count; i++) {
        const struct study_key key = {.spec = source->spec[chosen[i]]};
        h->rule[i] = chosen[i];
        if (analyse ? study_add_fit(&h->study, side->fit[chosen[i]], error) : study_add(&h->study, &key, NULL, error)) {
            fits_free(&h->work);
            return NULL;
        }
    }
    describe(model, h);
    return h;
}

/* The next missing fit or analysis of a direction under the models on the screen, slow ones only with `slow`; null if
 * there is none. */
static struct work *next_of(struct model *model, enum direction direction, bool slow)
{
    size_t shown[MODEL_SHOWN], models = model_shown(model, shown), chosen[RULES_MAX], count;
    struct error error;

    for (enum stage stage = 0; stage < STAGES; stage++)
        for (size_t m = 0; m < models; m++)
            if ((count = choose(model, shown[m], direction, stage, slow, chosen))) {
                struct fits_work *h = fits_new(model, shown[m], direction, stage > STAGE_FITS, chosen, count, &error);
                if (h)
                    return &h->work;
                model_say(model, true, "%s", error.text);
                model->paused = true;
                return NULL;
            }
    return NULL;
}

static struct work *fits_next(struct model *model)
{
    return next_of(model, T2V, false);
}

static struct work *other_fits_next(struct model *model)
{
    struct work *work = next_of(model, V2T, false);

    if (!work)
        work = next_of(model, T2V, true);
    return work ? work : next_of(model, V2T, true);
}

const struct errand fits_errand = {.next = fits_next, .run = fits_run, .land = fits_land, .free = fits_free};

const struct errand other_fits_errand = {
    .next = other_fits_next, .run = fits_run, .land = fits_land, .free = fits_free};
