#include "ui/model/query.h"

#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "ui/model/pulls.h"
#include "ui/model/shared_task.h"
#include "ui/model/texts.h"
#include "ui/model/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

struct answer_work {
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

static void answer_run(struct work *work)
{
    struct answer_work *a = (struct answer_work *)work;
    struct error error = {0};
    double start = now_ms();
    float *vector = NULL;

    if (a->query == NO_QUERY) {
        if (!(vector = memory_floats(encoder_dimension(a->encoder)))) {
            snprintf(a->note, sizeof(a->note), "out of memory");
            return;
        }
        int status = encoder_encode_job(a->encoder, a->text, vector, &a->encoding, &work->job, &error);
        if (status != 0) {
            snprintf(a->note, sizeof(a->note), "%.*s", (int)sizeof(a->note) - 1,
                     status > 0 ? "no word is known" : error.text);
            free(vector);
            return;
        }
    }
    a->search = search_run(&a->task->task, vector, a->query, a->fit, a->rules, MODEL_TOP, &error);
    if (!a->search)
        snprintf(a->note, sizeof(a->note), "%.*s", (int)sizeof(a->note) - 1, error.text);
    a->ms = now_ms() - start;
    free(vector);
}

static void answer_land(struct work *work, struct model *model)
{
    struct answer_work *a = (struct answer_work *)work;

    if (a->generation != model->search_wanted)
        return;
    model->waits_since = 0;
    search_free(model->search);
    model->search = a->search;
    a->search = NULL;
    for (size_t r = 0; r < RULES_MAX; r++)
        model->search_rule[r] = SIZE_MAX;
    for (size_t i = 0; i < a->rules; i++)
        model->search_rule[a->rule[i]] = i;
    model->encoding = a->encoding;
    memcpy(model->search_note, a->note, sizeof(a->note));
    model->search_ms = model->scripted ? 0 : a->ms;
    model->answers++;
    const struct search_list *list = model_list(model, model->rule);
    if (model->follow && list && model->search->k) {
        bool opening = model->opening;
        model_set_video(model, list->item[0]);
        model->opening = opening; /* this was not the user's choice */
        /* an answer from before a change of parameter is not final */
        model->follow =
            !rule_same(&list->fit->spec, &model->spec[model->rule]) || model->side[T2V].fit[model->rule] != list->fit;
    }
    model_touch(model);
}

static void answer_free(struct work *work)
{
    struct answer_work *a = (struct answer_work *)work;

    for (size_t i = 0; i < a->rules; i++)
        fit_release(a->fit[i]);
    shared_task_release(&a->task->task);
    search_free(a->search);
    free(a);
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
    struct answer_work *a;

    model->search_wanted++;
    model_touch(model);
    worker_drop(model->worker, LANE_QUICK, URGENCY_SEARCH);
    worker_cancel(model->worker, LANE_ENCODER);
    if (model->query == NO_QUERY && !model->text[strspn(model->text, " ")]) {
        no_answer(model, "");
        return;
    }
    if (model->query == NO_QUERY && !model->collection->model[0]->encoder) {
        no_answer(model, model->collection->wordless ? MODEL_WORDLESS
                         : model->collection->model[0]->stored
                             ? "stored similarities take no typed query: f finds a stored caption"
                             : "no text encoder here: f finds a stored caption");
        return;
    }
    if (!(a = memory_array(1, sizeof(*a)))) {
        no_answer(model, "out of memory");
        return;
    }
    a->work = (struct work){answer_run, answer_land, answer_free, .urgency = URGENCY_SEARCH};
    a->generation = model->search_wanted;
    a->task = shared_task_keep(side->task);
    a->encoder = model->collection->model[0]->encoder;
    a->query = model->query;
    memcpy(a->text, model->text, sizeof(a->text));
    for (size_t r = 0; r < rules_count; r++) {
        if (side->fit[r]) {
            a->fit[a->rules] = fit_keep(side->fit[r]);
            a->rule[a->rules++] = r;
        }
    }
    if (!a->rules) { /* asked again when the first fit arrives */
        answer_free(&a->work);
        return;
    }
    bool waits = a->query == NO_QUERY && encoder_waits(a->encoder);
    model->waits_since = !waits ? 0 : model->waits_since > 0 ? model->waits_since : now_ms();
    worker_post(model->worker, waits ? LANE_ENCODER : LANE_QUICK, &a->work);
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
    no_answer(model, "cancelled: keep typing to ask again");
}
