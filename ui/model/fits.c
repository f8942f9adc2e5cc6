#include "ui/model/fits.h"

#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/evaluation/bank_report.h"
#include "engine/study/study.h"
#include "ui/model/pulls.h"
#include "ui/model/query.h"
#include "ui/model/schedule.h"
#include "ui/model/shared_task.h"
#include "ui/model/sources.h"
#include "ui/model/worker.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct fits_work { /* a fit of some rules, an analysis of fits, or a first look with both */
    struct work work;
    struct piece piece;
    struct shared_task *task; /* the side's */
    struct shared_task *part; /* of a look: what it is on; else null */
    struct study study;       /* over the task or the part; its entries are those rules */
    struct fit *before[RULES_MAX];
    double r1_before[RULES_MAX]; /* NAN if unknown */
    struct refinement refinement[RULES_MAX];
    int status;
    struct error error;
};

/* What a look at more rows changed. */
static void compare_with_before(struct fits_work *h, size_t i)
{
    const struct fit *before = h->before[i], *now = h->study.fit[i];
    struct refinement *refinement = &h->refinement[i];

    *refinement = (struct refinement){.rows = now->n, .r1 = NAN, .agreement = NAN};
    if (!before || before->n >= now->n || !rule_same(&before->spec, &now->spec))
        return;
    refinement->from = before->n;
    if (h->study.analysis[i].fit)
        refinement->r1 = h->study.analysis[i].metrics.r1 - h->r1_before[i];
    if (before->bias && now->bias)
        refinement->agreement = bias_agreement(before->bias, now->bias, now->m);
}

static int look(struct fits_work *h)
{
    h->study.no_cache = h->piece.rows > 0;
    for (size_t i = 0; i < h->study.entries && h->piece.rows; i++) /* an exact one that is known needs no steps */
        h->study.fit[i] = fit_known(&h->task->task, &h->study.key[i].spec);
    if (study_fit(&h->study, &h->work.job, &h->error))
        return -1;
    return study_analyse(&h->study, ANALYSIS_TOP, &h->work.job, &h->error);
}

static void fits_run(struct work *work)
{
    struct fits_work *h = (struct fits_work *)work;

    if (h->piece.kind == PIECE_LOOK)
        h->status = look(h);
    else
        h->status = h->piece.kind == PIECE_ANALYSE ? study_analyse(&h->study, ANALYSIS_TOP, &h->work.job, &h->error)
                                                   : study_fit(&h->study, &h->work.job, &h->error);
    for (size_t i = 0; i < h->study.entries && h->status == 0 && h->piece.kind != PIECE_ANALYSE; i++)
        compare_with_before(h, i);
}

static struct model_side *side_of(struct model *model, const struct fits_work *h)
{
    return &model->source[h->piece.model]->side[h->piece.direction];
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
    if (!side->fit[h->piece.rule[0]]) /* what is shown is of another bank, and will have no successor */
        side_drop_analysis(side, h->piece.rule[0]);
    snprintf(side->failed[h->piece.rule[0]], sizeof(side->failed[0]), "%.*s", (int)sizeof(side->failed[0]) - 1,
             h->error.text);
    model_say(model, true, "%s: %s", pick_name(model, (struct pick){h->piece.model, h->piece.rule[0]}).text,
              h->error.text);
    if (h->error.kind == ERROR_MEMORY)
        model->failure = h->error;
}

static void fits_landed(struct model *model, struct fits_work *h)
{
    struct model_side *side = side_of(model, h);

    for (size_t i = 0; i < h->study.entries; i++) {
        size_t r = h->piece.rule[i];
        fit_release(side->fit[r]);
        side->fit[r] = fit_keep(h->study.fit[i]);
        if (h->refinement[i].from)
            side->refinement[r] = h->refinement[i];
        else if (h->refinement[i].rows < task_bank(side->task))
            side->refinement[r] = (struct refinement){0};
    }
    if (h->piece.rows) {
        shared_task_release(side->part);
        side->part = &shared_task_keep(&h->part->task)->task;
    }
    if (h->piece.direction == T2V) {
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
    return analysis_query(after, best);
}

static void begin_with_telling_query(struct model *model)
{
    const struct analysis *before = model_analysis(model, model->versus),
                          *after = model_analysis(model, model->current);

    if (!model->opening || !before || !after || before->queries != after->queries)
        return;
    model_set_query(model, telling_query(before, after));
}

static void analyses_landed(struct model *model, struct fits_work *h)
{
    struct model_side *side = side_of(model, h);
    struct analysis **places = h->piece.kind == PIECE_LOOK ? side->look : side->analysis;

    for (size_t i = 0; i < h->study.entries; i++) {
        struct analysis **place = &places[h->piece.rule[i]];
        if (*place)
            analysis_close(*place);
        else if (!(*place = memory_array(1, sizeof(**place)))) {
            snprintf(side->failed[h->piece.rule[i]], sizeof(side->failed[0]), "out of memory");
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
    else {
        if (h->piece.kind == PIECE_FIT || h->piece.rows)
            fits_landed(model, h);
        if (h->piece.kind != PIECE_FIT)
            analyses_landed(model, h);
    }
    sources_settle(model);
    model_touch_results(model);
}

static void fits_free(struct work *work)
{
    struct fits_work *h = (struct fits_work *)work;

    study_close(&h->study);
    for (size_t i = 0; i < h->piece.rules; i++)
        fit_release(h->before[i]);
    shared_task_release(h->part ? &h->part->task : NULL);
    shared_task_release(&h->task->task);
    free(h);
}

bool fits_current(const struct model *model, enum direction direction, struct pick pick)
{
    const struct model_side *side = model_side(model, direction, pick);

    return side->analysis[pick.rule] && !schedule_needs_fit(model, direction, pick) &&
           !schedule_needs_analysis(model, direction, pick);
}

void model_want_rules(struct model *model)
{
    model->wants_rules = true;
}

/* What is shown as progress: " on 10,000 of 50,000 captions (R@1 +0.3, rho 0.981)", with what the last step changed. */
static void describe_step(const struct model *model, const struct fits_work *h, char *what, size_t size)
{
    const struct model_side *side = &model->source[h->piece.model]->side[h->piece.direction];
    const struct refinement *last = &side->refinement[h->piece.rule[0]];
    size_t all = task_bank(side->task), used = 0;

    if (h->piece.rows)
        used += (size_t)snprintf(what, size, " on %zu of %zu captions", h->piece.rows, all);
    else if (h->piece.queries && h->piece.kind == PIECE_LOOK)
        used += (size_t)snprintf(what, size, " for %zu of %zu queries", h->piece.queries, task_queries(side->task));
    if (h->piece.rules == 1 && last->from && h->piece.kind != PIECE_ANALYSE && used < size)
        used += (size_t)snprintf(what + used, size - used, " (R@1 %+.1f", last->r1);
    else
        return;
    if (!isnan(last->agreement) && used < size)
        used += (size_t)snprintf(what + used, size - used, ", rho %.3f", last->agreement);
    if (used < size)
        snprintf(what + used, size - used, ")");
}

static void describe(const struct model *model, struct fits_work *h)
{
    char *what = h->work.what;
    bool analyses = h->piece.kind == PIECE_ANALYSE || (h->piece.kind == PIECE_LOOK && !h->piece.rows);
    size_t used = (size_t)snprintf(what, WORK_WHAT, "%s", analyses ? "analysing" : "fitting");

    for (size_t i = 0; i < h->study.entries && used < WORK_WHAT; i++)
        used += (size_t)snprintf(what + used, WORK_WHAT - used, "%s %s", i ? "," : "",
                                 pick_name(model, (struct pick){h->piece.model, h->piece.rule[i]}).text);
    if (h->piece.direction == V2T && used < WORK_WHAT)
        snprintf(what + used, WORK_WHAT - used, item_text(", video to text"));
    else if (used < WORK_WHAT)
        describe_step(model, h, what + used, WORK_WHAT - used);
}

/* Keeps what a step is compared with. */
static void keep_before(struct fits_work *h, const struct model_side *side)
{
    for (size_t i = 0; i < h->piece.rules; i++) {
        size_t r = h->piece.rule[i];
        h->before[i] = side->fit[r] ? fit_keep(side->fit[r]) : NULL;
        h->r1_before[i] = side->look[r] && side->look[r]->fit == side->fit[r] ? side->look[r]->metrics.r1 : NAN;
    }
}

static int add_entries(const struct source *source, const struct model_side *side, struct fits_work *h,
                       struct error *error)
{
    bool fitted = h->piece.kind == PIECE_ANALYSE || (h->piece.kind == PIECE_LOOK && !h->piece.rows);

    for (size_t i = 0; i < h->piece.rules; i++) {
        size_t r = h->piece.rule[i];
        const struct study_key key = {.spec = source->spec[r]};
        if (fitted ? study_add_fit(&h->study, side->fit[r], error) : study_add(&h->study, &key, NULL, error))
            return -1;
    }
    return 0;
}

/* The work that does a piece; null with the error. */
static struct fits_work *fits_new(const struct model *model, const struct piece *piece, struct error *error)
{
    const struct source *source = model->source[piece->model];
    const struct model_side *side = &source->side[piece->direction];
    struct fits_work *h = memory_array(1, sizeof(*h));

    if (!h) {
        error_memory(error);
        return NULL;
    }
    h->piece = *piece;
    h->task = shared_task_keep(side->task);
    if (piece->kind == PIECE_LOOK && !(h->part = shared_task_part(side->task, piece->rows, piece->queries, error))) {
        fits_free(&h->work);
        return NULL;
    }
    study_over(&h->study, h->part ? &h->part->task : side->task);
    keep_before(h, side);
    if (add_entries(source, side, h, error)) {
        fits_free(&h->work);
        return NULL;
    }
    describe(model, h);
    return h;
}

/* The next missing fit or analysis of a direction under the models on the screen, slow ones only with `slow`; null if
 * there is none. */
static struct work *next_of(struct model *model, enum direction direction, enum due due, bool slow)
{
    struct piece piece;
    struct error error;

    if (!schedule_next(model, direction, due, slow, &piece))
        return NULL;
    struct fits_work *h = fits_new(model, &piece, &error);
    if (h)
        return &h->work;
    model_say(model, true, "%s", error.text);
    model->paused = true;
    return NULL;
}

static struct work *fits_next(struct model *model)
{
    return next_of(model, T2V, DUE_NOW, false);
}

static struct work *next_other(struct model *model, enum due due)
{
    struct work *work = next_of(model, V2T, due, false);

    if (!work)
        work = next_of(model, T2V, due, true);
    return work ? work : next_of(model, V2T, due, true);
}

static struct work *other_fits_next(struct model *model)
{
    return next_other(model, DUE_NOW);
}

static struct work *later_fits_next(struct model *model)
{
    struct work *work = next_of(model, T2V, DUE_LATER, false);

    return work ? work : next_other(model, DUE_LATER);
}

static void forget_rules(struct model *model)
{
    model->wants_rules = false;
}

const struct errand fits_errand = {
    .next = fits_next, .forget = forget_rules, .run = fits_run, .land = fits_land, .free = fits_free};

const struct errand other_fits_errand = {
    .next = other_fits_next, .run = fits_run, .land = fits_land, .free = fits_free};

const struct errand later_fits_errand = {
    .next = later_fits_next, .run = fits_run, .land = fits_land, .free = fits_free};
