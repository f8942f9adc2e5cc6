#include "ui/model/query.h"

#include "engine/base/clock.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/evaluation/shortlist.h"
#include "ui/model/caption_finder.h"
#include "ui/model/filter.h"
#include "ui/model/pulls.h"
#include "ui/model/shared_task.h"
#include "ui/model/texts.h"
#include "ui/model/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BRIEF_RULES = 3 }; /* most columns side by side */

void model_set_text(struct model *model, const char *text)
{
    char clean[MODEL_TEXT];

    text_clean(clean, sizeof(clean), text);
    if (model->query == NO_QUERY && strcmp(clean, model->text) == 0)
        return;
    memcpy(model->text, clean, sizeof(clean));
    model->opening = false;
    model->query = NO_QUERY;
    model->follow = true;
    model_ask_search(model);
}

void model_set_query(struct model *model, size_t query)
{
    if (query >= model->collection->queries)
        return;
    model->opening = false;
    model->query = query;
    model_caption(model, query, model->text, sizeof(model->text));
    model->follow = true;
    model_ask_search(model);
}

void model_set_video(struct model *model, uint32_t video)
{
    model->follow = false;
    if (model->video == video || (video != NO_VIDEO && video >= model->collection->videos))
        return;
    model->video = video;
    model->opening = false;
    model_ask_pulls(model);
    model_touch(model);
}

bool model_can_type(const struct model *model)
{
    return model_reader(model)->model->encoder;
}

const char *model_cannot_type(const struct model *model)
{
    return model_source(model, model->current)->model->stored ? "stored similarities take no typed query"
                                                              : "no text encoder in this collection";
}

/* What one model makes of the query.  Where an index allows, the lists of the rules on the screen come first, at once,
 * and what needs all similarities (probabilities, all ranks, other rules) next. */
struct answer {
    size_t model;
    struct shared_task *task;
    struct encoder *encoder;
    struct fit *fit[RULES_MAX];
    size_t rule[RULES_MAX], rules;
    struct search *search;
    float *vector; /* of typed text, once encoded */
    struct typed typed;
    char note[sizeof(((struct source *)0)->search_note)];
};

struct answer_work {
    struct work work;
    unsigned long generation;
    size_t query; /* or NO_QUERY: `text` is encoded, by each model */
    char text[MODEL_TEXT];
    struct lexicon *lexicon;
    struct answer answer[MODEL_SHOWN];
    size_t answers;
    bool brief;                                  /* of rules that are shown */
    size_t brief_rule[BRIEF_RULES], brief_rules; /* which of the only answer's */
    double ms;
};

/* False with a note if the text gives no vector. */
static bool encode(struct answer_work *a, struct answer *answer)
{
    struct error error = {0};

    if (a->query != NO_QUERY || answer->vector)
        return true;
    if (!(answer->vector = memory_floats(encoder_dimension(answer->encoder)))) {
        snprintf(answer->note, sizeof(answer->note), "out of memory");
        return false;
    }
    int status =
        typed_encode(a->lexicon, answer->encoder, a->text, true, answer->vector, &answer->typed, &a->work.job, &error);
    if (status != 0)
        snprintf(answer->note, sizeof(answer->note), "%.*s", (int)sizeof(answer->note) - 1,
                 status > 0 ? "no word is known" : error.text);
    return status == 0;
}

/* Only the lists of the rules that are shown; null if that is of no use. */
static struct search *search_briefly(const struct answer_work *a, const struct answer *answer)
{
    struct fit *fit[BRIEF_RULES];

    for (size_t i = 0; i < a->brief_rules; i++)
        fit[i] = answer->fit[a->brief_rule[i]];
    return shortlist_search(&answer->task->task, answer->vector, a->query, fit, a->brief_rules, MODEL_TOP, NULL);
}

static void answer_by(struct answer_work *a, struct answer *answer)
{
    struct error error = {0};

    if (!encode(a, answer))
        return;
    if (a->brief && (answer->search = search_briefly(a, answer)))
        return;
    a->brief = false;
    answer->search = search_run_job(&answer->task->task, answer->vector, a->query, answer->fit, answer->rules,
                                    MODEL_TOP, &a->work.job, &error);
    if (!answer->search)
        snprintf(answer->note, sizeof(answer->note), "%.*s", (int)sizeof(answer->note) - 1, error.text);
}

static void answer_run(struct work *work)
{
    struct answer_work *a = (struct answer_work *)work;
    double start = clock_seconds();

    for (size_t i = 0; i < a->answers; i++)
        answer_by(a, &a->answer[i]);
    a->ms += (clock_seconds() - start) * 1e3;
}

static void install(struct model *model, const struct answer_work *a, struct answer *answer)
{
    struct source *source = model->source[answer->model];
    size_t rule[RULES_MAX];

    if (source->side[T2V].task != &answer->task->task) /* the model has left the screen */
        return;
    source->typed = answer->typed;
    memcpy(source->search_note, answer->note, sizeof(answer->note));
    if (!answer->search)
        return;
    for (size_t r = 0; r < RULES_MAX; r++)
        rule[r] = SIZE_MAX;
    for (size_t i = 0; i < answer->search->rules; i++)
        rule[answer->rule[a->brief ? a->brief_rule[i] : i]] = i;
    source_take_answer(source, answer->search, rule);
    answer->search = NULL;
}

/* What is shown stays, as the answer to an earlier query, until another one takes its place. */
static void outdate_answers(struct model *model)
{
    for (size_t m = 0; m < model->sources; m++) {
        struct source *source = model->source[m];
        source->stale = source->search != NULL;
        source->typed = (struct typed){0};
        source->search_note[0] = 0;
    }
    model->search_note[0] = 0;
}

/* Says which model on the screen cannot answer typed text, beside another that can. */
static void note_deaf_models(struct model *model)
{
    size_t shown[MODEL_SHOWN], models = model_shown(model, shown);

    for (size_t m = 0; m < models && models > 1 && model->query == NO_QUERY; m++) {
        struct source *source = model->source[shown[m]];
        if (source->model->encoder)
            continue;
        source_drop_answer(source); /* no successor will come */
        snprintf(source->search_note, sizeof source->search_note,
                 "model %s has no text encoder: every model knows the stored captions (f)", source->model->name);
        model_say(model, false, "%s", source->search_note);
    }
}

/* Selects the first video of the current list, or of the compared one if that is alone. */
static void follow_answer(struct model *model)
{
    const struct model_found current = model_found(model, model->current);
    struct pick pick = current.search && !current.old ? model->current : model->versus;
    const struct model_found found = model_found(model, pick);

    if (!model->follow || !found.search || found.old || !found.search->k)
        return;
    const struct search_list *list = &found.search->list[found.list];
    bool opening = model->opening;
    model_set_video(model, list->item[0]);
    model->opening = opening; /* this was not the user's choice */
    /* an answer from before a change of parameter is not final */
    model->follow = !rule_same(&list->fit->spec, model_spec(model, pick)) ||
                    model_side(model, T2V, pick)->fit[pick.rule] != list->fit;
}

static const struct errand answer_errand;

/* Sends for the rest of a brief answer. */
static void ask_rest(struct answer_work *a, struct model *model)
{
    struct answer_work *rest = memory_array(1, sizeof(*rest));

    if (!rest)
        return;
    *rest = *a;
    a->answers = 0; /* the new one has what it holds */
    for (size_t i = 0; i < rest->answers; i++) {
        search_free(rest->answer[i].search);
        rest->answer[i].search = NULL;
    }
    rest->brief = false;
    rest->work = (struct work){.errand = &answer_errand};
    worker_post(model->worker, LANE_QUICK, &rest->work);
}

static void answer_land(struct work *work, struct model *model)
{
    struct answer_work *a = (struct answer_work *)work;
    bool any = false;

    if (a->generation != model->search_wanted)
        return;
    model->waits_since = 0;
    outdate_answers(model);
    for (size_t i = 0; i < a->answers; i++) {
        any = any || a->answer[i].search;
        install(model, a, &a->answer[i]);
    }
    if (!any)
        memcpy(model->search_note, a->answer[0].note, sizeof(model->search_note));
    if (!any && a->answer[0].typed.encoding.words)
        model_find_captions(model, a->text);
    note_deaf_models(model);
    model->search_ms = model->scripted ? 0 : a->ms;
    if (!a->brief)
        model->search_answered = a->generation;
    model->answers++;
    follow_answer(model);
    model_touch(model);
    if (a->brief)
        ask_rest(a, model);
}

static void answer_free(struct work *work)
{
    struct answer_work *a = (struct answer_work *)work;

    for (size_t i = 0; i < a->answers; i++) {
        struct answer *answer = &a->answer[i];
        for (size_t r = 0; r < answer->rules; r++)
            fit_release(answer->fit[r]);
        shared_task_release(&answer->task->task);
        search_free(answer->search);
        free(answer->vector);
    }
    free(a);
}

static const struct errand answer_errand = {
    .run = answer_run, .land = answer_land, .free = answer_free, .urgency = URGENCY_SEARCH};

static void no_answer(struct model *model, const char *note)
{
    outdate_answers(model);
    model->search_ms = 0;
    model->answers++;
    model->waits_since = 0;
    snprintf(model->search_note, sizeof(model->search_note), "%s", note);
    model_touch(model);
}

/* Adds a model on the screen, unless it has no fit yet (it is asked again when its first fit arrives) or, for typed
 * text, no encoder. */
static void add_answer(const struct model *model, size_t of, struct answer_work *a)
{
    const struct source *source = model->source[of];
    const struct model_side *side = &source->side[T2V];
    struct answer *answer = &a->answer[a->answers];

    if (a->query == NO_QUERY && !source->model->encoder)
        return;
    for (size_t r = 0; r < rules_count; r++)
        if (side->fit[r]) {
            answer->fit[answer->rules] = fit_keep(side->fit[r]);
            answer->rule[answer->rules++] = r;
        }
    if (!answer->rules)
        return;
    answer->model = of;
    answer->task = shared_task_keep(side->task);
    answer->encoder = source->model->encoder;
    a->answers++;
}

static size_t place_of(const struct answer *answer, size_t rule)
{
    size_t i = 0;

    while (i < answer->rules && answer->rule[i] != rule)
        i++;
    return i;
}

/* Whether it pays to answer a new query briefly first: by the rules that are shown, of which the one that the selection
 * follows must be served.  After a change of fits the complete answer to the same query is on the screen already. */
static void plan_brief(const struct model *model, struct answer_work *a)
{
    const struct pick shown[BRIEF_RULES] = {model->current, model->versus, model->third};
    struct answer *answer = &a->answer[0];
    const struct task *task = &answer->task->task;
    size_t rules_shown = model->columns == MODEL_COLUMNS ? BRIEF_RULES : BRIEF_RULES - 1;

    if (!model->follow || a->answers > 1 || model_narrows(model) || !task->s.right ||
        (double)task_gallery(task) * (double)task->s.right->cols <= model->limits.numbers)
        return;
    bool follows = false; /* whether a rule that it may follow is not served */
    for (size_t i = 0; i < rules_shown && !follows; i++) {
        size_t at = shown[i].model == answer->model ? place_of(answer, shown[i].rule) : answer->rules;
        if (at == answer->rules)
            continue;
        if (shortlist_serves(task, rules[shown[i].rule]))
            a->brief_rule[a->brief_rules++] = at;
        else
            follows = !a->brief_rules;
    }
    a->brief = a->brief_rules && !follows;
}

void model_ask_search(struct model *model)
{
    size_t shown[MODEL_SHOWN], models = model_shown(model, shown);
    struct answer_work *a;
    char note[160];

    model->search_wanted++;
    model_touch(model);
    worker_drop(model->worker, LANE_QUICK, URGENCY_SEARCH);
    worker_stop(model->worker, LANE_QUICK, URGENCY_SEARCH);
    worker_cancel(model->worker, LANE_ENCODER);
    if (model->query == NO_QUERY && !model->text[strspn(model->text, " ")]) {
        no_answer(model, "");
        return;
    }
    if (model->query == NO_QUERY && !model_can_type(model)) {
        snprintf(note, sizeof(note), "%s: f finds a stored caption", model_cannot_type(model));
        for (size_t m = 0; m < model->sources; m++)
            source_drop_answer(model->source[m]);
        no_answer(model, model->collection->wordless ? MODEL_WORDLESS : note);
        return;
    }
    if (!(a = memory_array(1, sizeof(*a)))) {
        no_answer(model, "out of memory");
        return;
    }
    a->generation = model->search_wanted;
    a->query = model->query;
    memcpy(a->text, model->text, sizeof(a->text));
    a->lexicon = model->lexicon;
    bool waits = false;
    for (size_t m = 0; m < models; m++)
        add_answer(model, shown[m], a);
    if (!a->answers) {
        answer_free(&a->work);
        return;
    }
    plan_brief(model, a);
    for (size_t i = 0; i < a->answers; i++)
        waits = waits || (a->query == NO_QUERY && encoder_waits(a->answer[i].encoder));
    model->waits_since = !waits ? 0 : model->waits_since > 0 ? model->waits_since : clock_seconds();
    a->work.errand = &answer_errand;
    worker_post(model->worker, waits ? LANE_ENCODER : LANE_QUICK, &a->work);
}

const char *model_suggestion(const struct model *model)
{
    return model->query == NO_QUERY ? model_reader(model)->typed.suggestion : "";
}

bool model_waits(const struct model *model, double *seconds)
{
    static const double SOON = 0.15;

    *seconds = model->waits_since > 0 && !model->scripted ? clock_seconds() - model->waits_since : 0;
    return *seconds >= SOON;
}

void model_stop_waiting(struct model *model)
{
    model->search_wanted++;
    worker_cancel(model->worker, LANE_ENCODER);
    no_answer(model, "cancelled: keep typing to ask again");
}
