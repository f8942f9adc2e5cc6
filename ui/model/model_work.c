/* Searches, pulls, fits and analyses: what the model asks of the worker's threads and what it does
 * with the results. */
#include "engine/base/memory.h"
#include "engine/study/study.h"
#include "ui/model/model_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct search_work {
    struct work work;
    unsigned long generation;
    struct shared_task *task;
    struct encoder *encoder;
    size_t query; /* or NO_QUERY: `text` is encoded */
    char text[MODEL_TEXT];
    struct fit *fit[RULES_MAX];
    size_t rule[RULES_MAX], rules;
    struct search *search;
    struct encoding encoding;
    char note[sizeof(((struct model *)0)->search_note)];
    double ms;
};

static double now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void search_work_run(struct work *work)
{
    struct search_work *s = (struct search_work *)work;
    struct error error = {0};
    double start = now_ms();
    float *vector = NULL;

    if (s->query == NO_QUERY) {
        if (!(vector = memory_floats(encoder_dimension(s->encoder)))) {
            snprintf(s->note, sizeof(s->note), "out of memory");
            return;
        }
        int status = encoder_encode_job(s->encoder, s->text, vector, &s->encoding, &work->job, &error);
        if (status != 0) {
            snprintf(s->note, sizeof(s->note), "%.*s", (int)sizeof(s->note) - 1,
                     status > 0 ? "no word is known" : error.text);
            free(vector);
            return;
        }
    }
    s->search = search_run(&s->task->task, vector, s->query, s->fit, s->rules, MODEL_TOP, &error);
    if (!s->search)
        snprintf(s->note, sizeof(s->note), "%.*s", (int)sizeof(s->note) - 1, error.text);
    s->ms = now_ms() - start;
    free(vector);
}

static void search_work_land(struct work *work, struct model *model)
{
    struct search_work *s = (struct search_work *)work;

    if (s->generation != model->search_wanted)
        return;
    model->waits_since = 0;
    search_free(model->search);
    model->search = s->search;
    s->search = NULL;
    for (size_t r = 0; r < RULES_MAX; r++)
        model->search_rule[r] = SIZE_MAX;
    for (size_t i = 0; i < s->rules; i++)
        model->search_rule[s->rule[i]] = i;
    model->encoding = s->encoding;
    memcpy(model->search_note, s->note, sizeof(s->note));
    model->search_ms = model->scripted ? 0 : s->ms;
    model->answers++;
    const struct search_list *list = model_list(model, model->rule);
    if (model->follow && list && model->search->k) {
        bool opening = model->opening;
        model_set_video(model, list->item[0]);
        model->opening = opening; /* this was nobody's choice */
        struct model_side *side = &model->side[T2V];
        /* an answer from before a change of parameter is not the last word */
        model->follow = memcmp(list->fit->spec.value, model->spec[model->rule].value,
                               sizeof(list->fit->spec.value)) ||
                        side->fit[model->rule] != list->fit;
    }
    model_touch(model);
}

static void search_work_free(struct work *work)
{
    struct search_work *s = (struct search_work *)work;

    for (size_t i = 0; i < s->rules; i++)
        fit_release(s->fit[i]);
    shared_task_release(&s->task->task);
    search_free(s->search);
    free(s);
}

static void no_answer(struct model *model, const char *note)
{
    search_free(model->search);
    model->search = NULL;
    model->encoding = (struct encoding){0};
    model->search_ms = 0;
    model->answers++;
    model->waits_since = 0;
    snprintf(model->search_note, sizeof(model->search_note), "%s", note);
    model_touch(model);
}

void model_ask_search(struct model *model)
{
    struct model_side *side = &model->side[T2V];
    struct search_work *s;

    model->search_wanted++;
    model_touch(model);
    worker_drop(model->worker, LANE_QUICK, URGENCY_SEARCH);
    worker_cancel(model->worker, LANE_ENCODER);
    if (model->query == NO_QUERY && !model->text[strspn(model->text, " ")]) {
        no_answer(model, "");
        return;
    }
    if (model->query == NO_QUERY && !model->collection->encoder) {
        no_answer(model, model->collection->wordless ? MODEL_WORDLESS
                         : model->collection->stored
                             ? "stored similarities take no typed query: f finds a stored caption"
                             : "no text encoder here: f finds a stored caption");
        return;
    }
    if (!(s = memory_array(1, sizeof(*s)))) {
        no_answer(model, "out of memory");
        return;
    }
    s->work = (struct work){search_work_run, search_work_land, search_work_free,
                            .urgency = URGENCY_SEARCH};
    s->generation = model->search_wanted;
    s->task = shared_task_keep(side->task);
    s->encoder = model->collection->encoder;
    s->query = model->query;
    memcpy(s->text, model->text, sizeof(s->text));
    for (size_t r = 0; r < rules_count; r++) {
        if (side->fit[r]) {
            s->fit[s->rules] = fit_keep(side->fit[r]);
            s->rule[s->rules++] = r;
        }
    }
    if (!s->rules) { /* asked again when the first fit arrives */
        search_work_free(&s->work);
        return;
    }
    bool waits = s->query == NO_QUERY && encoder_waits(s->encoder);
    model->waits_since = !waits ? 0 : model->waits_since > 0 ? model->waits_since : now_ms();
    worker_post(model->worker, waits ? LANE_ENCODER : LANE_QUICK, &s->work);
}

bool model_waits(const struct model *model, double *seconds)
{
    static const double SOON_MS = 150;
    double ms = model->waits_since > 0 && !model->scripted ? now_ms() - model->waits_since : 0;

    *seconds = ms / 1000;
    return ms >= SOON_MS;
}

void model_stop_waiting(struct model *model)
{
    model->search_wanted++;
    worker_cancel(model->worker, LANE_ENCODER);
    no_answer(model, "cancelled: typing on asks again");
}

struct pull_work {
    struct work work;
    unsigned long generation;
    struct shared_task *task;
    struct fit *fit;
    uint32_t video;
    size_t rule, count;
    struct pull pulls[MODEL_PULLS];
};

static void pull_work_run(struct work *work)
{
    struct pull_work *p = (struct pull_work *)work;

    p->count = search_pulls(&p->task->task, p->fit, p->video, p->pulls, MODEL_PULLS, NULL);
    if (p->count == SIZE_MAX)
        p->count = 0;
}

static void pull_work_land(struct work *work, struct model *model)
{
    struct pull_work *p = (struct pull_work *)work;

    if (p->generation != model->pulls_wanted)
        return;
    model->pulls_video = p->video;
    model->pulls_rule = p->rule;
    memcpy(model->pulls, p->pulls, sizeof(p->pulls));
    model->pull_count = p->count;
    model_touch(model);
}

static void pull_work_free(struct work *work)
{
    struct pull_work *p = (struct pull_work *)work;

    fit_release(p->fit);
    shared_task_release(&p->task->task);
    free(p);
}

void model_ask_pulls(struct model *model)
{
    struct model_side *side = &model->side[T2V];
    struct pull_work *p;

    model->pulls_wanted++;
    worker_drop(model->worker, LANE_QUICK, URGENCY_PULLS);
    if (model->video == NO_VIDEO || !side->fit[model->rule] || !(p = memory_array(1, sizeof(*p)))) {
        model->pulls_video = NO_VIDEO;
        model->pull_count = 0;
        return;
    }
    p->work =
        (struct work){pull_work_run, pull_work_land, pull_work_free, .urgency = URGENCY_PULLS};
    p->generation = model->pulls_wanted;
    p->task = shared_task_keep(side->task);
    p->fit = fit_keep(side->fit[model->rule]);
    p->video = model->video;
    p->rule = model->rule;
    worker_post(model->worker, LANE_QUICK, &p->work);
}

struct heavy_work { /* a fit of some rules, or an analysis of fits */
    struct work work;
    enum direction direction;
    struct shared_task *task;
    struct study study; /* over the task; its entries are those rules */
    size_t rule[RULES_MAX];
    bool analyse;
    int status;
    struct error error;
};

static void heavy_work_run(struct work *work)
{
    struct heavy_work *h = (struct heavy_work *)work;

    h->status = h->analyse ? study_analyse(&h->study, ANALYSIS_TOP, &h->work.job, &h->error)
                           : study_fit(&h->study, &h->work.job, &h->error);
}

static void heavy_failed(struct model *model, const struct heavy_work *h)
{
    struct model_side *side = &model->side[h->direction];

    if (h->error.kind == ERROR_CANCELLED)
        return;
    if (h->study.entries > 1) { /* perhaps only one of them is to blame */
        side->alone = true;
        return;
    }
    snprintf(side->failed[h->rule[0]], sizeof(side->failed[0]), "%.*s",
             (int)sizeof(side->failed[0]) - 1, h->error.text);
    model_say(model, true, "%s: %s", rules[h->rule[0]]->title, h->error.text);
}

static void fits_landed(struct model *model, struct heavy_work *h)
{
    struct model_side *side = &model->side[h->direction];

    for (size_t i = 0; i < h->study.entries; i++) {
        fit_release(side->fit[h->rule[i]]);
        side->fit[h->rule[i]] = fit_keep(h->study.fit[i]);
    }
    if (h->direction == T2V) {
        model_ask_search(model);
        model_ask_pulls(model);
    }
}

/* The query to begin with: the one that the rule brings into first place from farthest down, as it shows at a glance what
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
    const struct analysis *before = model_analysis(model, model->versus), *after = model_analysis(model, model->rule);

    if (!model->opening || !before || !after)
        return;
    model_set_query(model, telling_query(before, after));
}

static void analyses_landed(struct model *model, struct heavy_work *h)
{
    struct model_side *side = &model->side[h->direction];

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

static void heavy_work_land(struct work *work, struct model *model)
{
    struct heavy_work *h = (struct heavy_work *)work;

    if (&h->task->task != model->side[h->direction].task) /* the bank was changed since */
        return;
    if (h->status != 0)
        heavy_failed(model, h);
    else if (h->analyse)
        analyses_landed(model, h);
    else
        fits_landed(model, h);
    model_touch_results(model);
}

static void heavy_work_free(struct work *work)
{
    struct heavy_work *h = (struct heavy_work *)work;

    study_close(&h->study);
    shared_task_release(&h->task->task);
    free(h);
}

static bool needs_fit(const struct model *model, const struct model_side *side, size_t r)
{
    return !side->unavailable[r] && !side->failed[r][0] &&
           (!side->fit[r] || !model_same_values(&side->fit[r]->spec, &model->spec[r]));
}

static bool needs_analysis(const struct model_side *side, size_t r)
{
    return side->fit[r] && !side->failed[r][0] &&
           (!side->analysis[r] || side->analysis[r]->fit != side->fit[r]);
}

bool model_current(const struct model *model, enum direction direction, size_t rule)
{
    const struct model_side *side = &model->side[direction];

    return side->analysis[rule] && !needs_fit(model, side, rule) && !needs_analysis(side, rule);
}

/* Whether an analysis of the rule takes many times as long as one of all others. */
static bool is_slow(size_t rule)
{
    return rules[rule]->count != NULL;
}

/* The rules that one piece of work takes together.  What can be had soon comes first: fits without a bank, so that
 * searching begins at once; analyses of the two rules that are looked at; slow ones only when asked for. */
static size_t choose(const struct model *model, enum direction direction, bool analyse, bool slow, size_t *chosen)
{
    const struct model_side *side = &model->side[direction];
    size_t count = 0, first = 0;

    for (size_t r = 0; r < rules_count; r++)
        if (analyse ? needs_analysis(side, r) && is_slow(r) == slow : needs_fit(model, side, r))
            chosen[count++] = r;
    for (size_t i = 0; i < count; i++) {
        bool looked_at = chosen[i] == model->rule || chosen[i] == model->versus;
        bool simple = direction == T2V && rules[chosen[i]]->needs == RULE_NEEDS_NOTHING;
        if (analyse ? looked_at : simple)
            chosen[first++] = chosen[i];
    }
    if (first)
        count = first;
    return side->alone && count ? 1 : count;
}

static void describe(struct heavy_work *h)
{
    char *what = h->work.what;
    size_t size = WORK_WHAT, used;

    used = (size_t)snprintf(what, size, "%s", h->analyse ? "analysing" : "fitting");
    for (size_t i = 0; i < h->study.entries && used < size; i++)
        used += (size_t)snprintf(what + used, size - used, "%s %s", i ? "," : "",
                                 rules[h->rule[i]]->title);
    if (h->direction == V2T && used < size)
        snprintf(what + used, size - used, ", video to text");
}

/* What fits or analyses the chosen rules; null with the error. */
static struct heavy_work *heavy_work_new(const struct model *model, enum direction direction, bool analyse,
                                         const size_t *chosen, size_t count, struct error *error)
{
    const struct model_side *side = &model->side[direction];
    struct heavy_work *h = memory_array(1, sizeof(*h));

    if (!h) {
        error_memory(error);
        return NULL;
    }
    h->work = (struct work){.run = heavy_work_run, .land = heavy_work_land, .free = heavy_work_free};
    h->direction = direction;
    h->analyse = analyse;
    h->task = shared_task_keep(side->task);
    study_over(&h->study, side->task);
    for (size_t i = 0; i < count; i++) {
        const struct study_key key = {.spec = model->spec[chosen[i]]};
        h->rule[i] = chosen[i];
        if (analyse ? study_add_fit(&h->study, side->fit[chosen[i]], error) : study_add(&h->study, &key, NULL, error)) {
            heavy_work_free(&h->work);
            return NULL;
        }
    }
    return h;
}

/* Posts the next fit or analysis of a direction that is missing; false when there is none. */
static bool advance_rules(struct model *model, enum direction direction, bool slow)
{
    const struct model_side *side = &model->side[direction];
    size_t chosen[RULES_MAX], count;
    bool analyse = false;
    struct error error;

    if (!side->task)
        return false;
    if (!(count = choose(model, direction, false, slow, chosen))) {
        analyse = true;
        count = choose(model, direction, true, slow, chosen);
    }
    if (!count)
        return false;
    struct heavy_work *h = heavy_work_new(model, direction, analyse, chosen, count, &error);
    if (!h) {
        model_say(model, true, "%s", error.text);
        model->paused = true;
        return true;
    }
    describe(h);
    worker_post(model->worker, LANE_HEAVY, &h->work);
    return true;
}

/* A page was asked for by name; else what the current view shows comes before the other direction, and slow rules last. */
void model_advance(struct model *model)
{
    if (model->paused || !worker_lane_idle(model->worker, LANE_HEAVY))
        return;
    if (!model_advance_page(model) && !advance_rules(model, T2V, false) && !model_advance_curve(model) &&
        !model_advance_difference(model) && !model_advance_bank(model) && !advance_rules(model, V2T, false) &&
        !advance_rules(model, T2V, true))
        advance_rules(model, V2T, true);
}

void model_restart(struct model *model)
{
    worker_cancel(model->worker, LANE_HEAVY);
    model_advance(model); /* when something is still under way, model_collect does it */
}
