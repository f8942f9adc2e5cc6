#include "ui/model/model.h"
#include "engine/evaluation/hub_queries.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "ui/draw/label.h"
#include "ui/model/model_private.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void model_touch(struct model *model)
{
    model->changes++;
}

void model_touch_results(struct model *model)
{
    model->changes++;
    model->results++;
}

void model_say(struct model *model, bool error, const char *format, ...)
{
    char text[sizeof(model->message)];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    text_clean(model->message, sizeof(model->message), text);
    model->message_is_error = error;
    model_touch(model);
}

void model_side_clear(struct model_side *side)
{
    for (size_t r = 0; r < rules_count; r++) {
        fit_release(side->fit[r]);
        if (side->analysis[r])
            analysis_close(side->analysis[r]);
        free(side->analysis[r]);
        side->fit[r] = NULL;
        side->analysis[r] = NULL;
        side->failed[r][0] = 0;
    }
}

static int open_side(struct model *model, enum direction direction, const char *bank,
                     struct error *error)
{
    struct model_side *side = &model->side[direction];
    struct shared_task *shared = shared_task_open(model->collection, direction, bank, error);

    if (!shared)
        return -1;
    model_forget_asked(model); /* it was asked of the old task */
    model_side_clear(side);
    shared_task_release(side->task);
    side->task = &shared->task;
    for (size_t r = 0; r < rules_count; r++)
        side->unavailable[r] = model->left_out[r] ? "left out by --rule" : rule_unavailable(rules[r], side->task);
    return 0;
}

static bool available(const struct model *model, size_t rule)
{
    return rule < rules_count && !model->side[T2V].unavailable[rule];
}

/* The named rule if it can be used, else the first that can. */
static size_t rule_or_first(const struct model *model, const char *name)
{
    size_t list[RULES_MAX], count = model_rules(model, list);

    for (size_t i = 0; i < count; i++)
        if (strcmp(rules[list[i]]->name, name) == 0)
            return list[i];
    return count ? list[0] : 0;
}

/* The third column never repeats one of the others while there is another rule. */
static void choose_third(struct model *model)
{
    size_t list[RULES_MAX], count = model_rules(model, list);

    if (available(model, model->third) && model->third != model->rule &&
        model->third != model->versus)
        return;
    for (size_t i = count; i-- > 0;)
        if (list[i] != model->rule && list[i] != model->versus)
            model->third = list[i];
}

static void choose_rules(struct model *model)
{
    model->versus = rule_or_first(model, "raw");
    model->rule = rule_or_first(model, "ncl");
    model->third = rule_or_first(model, "qbnorm");
    choose_third(model);
    model->columns = model->rule == model->versus ? 1 : 2;
}

static void leave_unavailable_rules(struct model *model)
{
    if (available(model, model->rule) && available(model, model->versus))
        choose_third(model);
    else
        choose_rules(model);
}

/* Leaves out all rules but those named, which take the parameters given with them. */
static int offer(struct model *model, const struct model_options *options, struct error *error)
{
    struct rule_spec spec;

    for (size_t r = 0; r < rules_count; r++)
        model->left_out[r] = options->rules > 0;
    for (size_t i = 0; i < options->rules; i++) {
        if (rule_parse(options->rule[i], model->collection->logit_scale, &spec, error) != 0)
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

    *model = (struct model){.collection = collection,
                            .video = NO_VIDEO,
                            .query = NO_QUERY,
                            .pulls_video = NO_VIDEO,
                            .pictures = true};
    if (!(model->cache = memory_array(1, sizeof(*model->cache))))
        return error_memory(error);
    model->cache->details_video = NO_VIDEO;
    if (!(model->worker = worker_new(error)))
        goto fail;
    for (size_t r = 0; r < rules_count; r++)
        model->spec[r] = rule_default(rules[r], collection->logit_scale);
    if (offer(model, options, error) != 0 || open_side(model, T2V, options->bank, error) != 0)
        goto fail;
    if (model_rules(model, list) == 0) {
        refuse_all(model, error);
        goto fail;
    }
    for (size_t i = 0; options->bank && i < collection->banks; i++)
        if (strcmp(collection->bank[i].name, options->bank) == 0)
            model->bank = i;
    if (open_side(model, V2T, NULL, &unused) != 0)
        for (size_t r = 0; r < rules_count; r++)
            model->side[V2T].unavailable[r] = "there are no captions to search";
    choose_rules(model);
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
    for (int d = 0; d < 2; d++) {
        model_side_clear(&model->side[d]);
        shared_task_release(model->side[d].task);
    }
    search_free(model->search);
    if (model->cache)
        model_cache_close(model->cache);
    *model = (struct model){0};
}

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

static bool refuse_rule(struct model *model, size_t rule)
{
    if (available(model, rule))
        return false;
    if (rule < rules_count)
        model_say(model, true, "%s cannot be used: %s", rules[rule]->title,
                  model->side[T2V].unavailable[rule]);
    return true;
}

static void rules_changed(struct model *model)
{
    model->opening = false;
    choose_third(model);
    model->parameter = 0;
    model->paused = false;
    model_ask_pulls(model);
    model_touch_results(model);
    model_advance(model);
}

void model_set_rule(struct model *model, size_t rule)
{
    if (refuse_rule(model, rule) || rule == model->rule)
        return;
    if (rule == model->versus)
        model->versus = model->rule;
    model->rule = rule;
    rules_changed(model);
}

void model_set_versus(struct model *model, size_t rule)
{
    if (refuse_rule(model, rule) || rule == model->versus)
        return;
    if (rule == model->rule)
        model->rule = model->versus;
    model->versus = rule;
    rules_changed(model);
}

void model_swap(struct model *model)
{
    model_set_rule(model, model->versus);
}

void model_set_columns(struct model *model, unsigned columns)
{
    size_t list[RULES_MAX], count = model_rules(model, list);

    if (columns < 1 || columns > MODEL_COLUMNS || columns > count) {
        model_say(model, true, "%u columns need as many rules, and there can be 1 to %zu", columns,
                  count < MODEL_COLUMNS ? count : (size_t)MODEL_COLUMNS);
        return;
    }
    model->columns = columns;
    model_touch(model);
}

void model_set_bank(struct model *model, size_t bank)
{
    struct error error;

    if (bank >= model->collection->banks) {
        model_say(model, true, "this collection has no query bank");
        return;
    }
    if (open_side(model, T2V, model->collection->bank[bank].name, &error) != 0) {
        model_say(model, true, "%s", error.text);
        return;
    }
    model->bank = bank;
    model->paused = false;
    model->pull_count = 0;
    model->pulls_video = NO_VIDEO;
    leave_unavailable_rules(model);
    model_touch_results(model);
    model_restart(model);
}

void model_set_spec(struct model *model, size_t rule, const struct rule_spec *spec)
{
    char text[128];

    model->spec[rule] = *spec;
    for (int d = 0; d < 2; d++)
        model->side[d].failed[rule][0] = 0;
    model->paused = false;
    label_parameters(spec, text, sizeof(text));
    model_say(model, false, "%s: %s", rules[rule]->title, *text ? text : "no parameters");
    model_restart(model);
}

void model_set_parameter(struct model *model, size_t rule, size_t parameter, double value)
{
    struct rule_spec spec = model->spec[rule];
    const struct rule_parameter *range = &rules[rule]->parameters[parameter];

    if (range->whole)
        value = round(value);
    spec.value[parameter] = fmin(fmax(value, range->least), range->most);
    if (spec.value[parameter] != model->spec[rule].value[parameter])
        model_set_spec(model, rule, &spec);
}

size_t model_rules(const struct model *model, size_t *indexes)
{
    size_t count = 0;

    for (size_t r = 0; r < rules_count; r++)
        if (available(model, r))
            indexes[count++] = r;
    return count;
}

size_t model_column_rule(const struct model *model, unsigned column)
{
    if (column + 1 >= model->columns)
        return model->rule;
    return column == 0 ? model->versus : model->third;
}

const struct analysis *model_analysis(const struct model *model, size_t rule)
{
    return model->side[T2V].analysis[rule];
}

bool model_is_hub(const struct model *model, uint32_t video, size_t rule)
{
    const struct analysis *analysis = model_analysis(model, rule);

    return analysis && video < analysis->gallery &&
           analysis->occurrence[ANALYSIS_KS - 1][video] >=
               hub_threshold(analysis_k[ANALYSIS_KS - 1], analysis->queries, analysis->gallery);
}

const struct search_list *model_list(const struct model *model, size_t rule)
{
    if (!model->search || model->search_rule[rule] == SIZE_MAX)
        return NULL;
    return &model->search->list[model->search_rule[rule]];
}

size_t model_rank(const struct model *model, size_t rule, uint32_t video)
{
    if (!model_list(model, rule) || video >= model->search->m)
        return 0;
    size_t slot = (video * 31u + rule) % CACHE_RANKS;
    if (model->cache->rank[slot].answer != model->answers ||
        model->cache->rank[slot].rule != rule || model->cache->rank[slot].video != video) {
        model->cache->rank[slot].answer = model->answers;
        model->cache->rank[slot].rule = rule;
        model->cache->rank[slot].video = video;
        model->cache->rank[slot].rank = search_rank(model->search, model->search_rule[rule], video);
    }
    return model->cache->rank[slot].rank;
}

double model_probability(const struct model *model, size_t rule, uint32_t video)
{
    if (!model_list(model, rule) || video >= model->search->m)
        return NAN;
    return search_probability(model->search, model->search_rule[rule], video);
}

uint32_t model_target(const struct model *model)
{
    const struct collection *collection = model->collection;

    return model->query < collection->queries && collection->target
               ? collection->target[model->query]
               : NO_VIDEO;
}

int model_wake_fd(const struct model *model)
{
    return worker_fd(model->worker);
}

bool model_idle(const struct model *model)
{
    for (int lane = 0; lane < LANES; lane++)
        if (!worker_lane_idle(model->worker, (enum lane)lane))
            return false;
    return true;
}

bool model_collect(struct model *model)
{
    struct work *work;
    bool any = false;

    while ((work = worker_take(model->worker))) {
        work->land(work, model);
        work->free(work);
        any = true;
    }
    if (any)
        model_advance(model);
    return any;
}

bool model_busy(const struct model *model, double *share, const char **what)
{
    if (!worker_lane_idle(model->worker, LANE_FILE)) {
        *share = worker_share(model->worker, LANE_FILE);
        *what = worker_what(model->worker, LANE_FILE);
        return true;
    }
    if (worker_lane_idle(model->worker, LANE_HEAVY))
        return false;
    *share = worker_share(model->worker, LANE_HEAVY);
    *what = worker_what(model->worker, LANE_HEAVY);
    return true;
}

void model_cancel(struct model *model)
{
    if (!worker_lane_idle(model->worker, LANE_FILE)) {
        worker_cancel(model->worker, LANE_FILE);
        return;
    }
    worker_cancel(model->worker, LANE_HEAVY);
    *model->cache->page_path = 0; /* asked for again with :report */
    model->paused = true;
    model_say(model, false,
              "cancelled; it goes on at the next change of a rule, parameter or bank");
}

void model_resume(struct model *model)
{
    model->paused = false;
    model_advance(model);
}

void model_forget_asked(struct model *model)
{
    memset(model->cache->differences_wanted, 0, sizeof(model->cache->differences_wanted));
    model->cache->curve_wanted = NULL;
    model->cache->banks_wanted = 0;
}
