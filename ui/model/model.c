#include "ui/model/model.h"

#include "engine/base/text.h"
#include "engine/evaluation/hub_queries.h"
#include "ui/model/narrowing.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void model_touch(struct model *model)
{
    model->changes++;
}

void model_touch_results(struct model *model)
{
    model_touch(model);
    model->results++;
}

size_t model_notices(const struct model *model, struct notice notice[NOTICES])
{
    const struct model_side *side = model_side(model, T2V, model->current);
    const struct analysis *first = NULL;

    for (size_t r = 0; r < rules_count && !first; r++)
        first = side->analysis[r];
    return side->task ? notices_of(side->task, first, first != NULL, notice) : 0;
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

void model_fail(struct model *model, const struct error *error)
{
    if (error->kind != ERROR_INPUT)
        model->failure = *error;
    model_say(model, true, "%s", error->text);
}

size_t model_banks(const struct model *model)
{
    return model->collection->model[0]->banks;
}

const char *model_bank_name(const struct model *model, size_t bank)
{
    return model->collection->model[0]->bank[bank].name;
}

size_t model_shown(const struct model *model, size_t shown[MODEL_SHOWN])
{
    shown[0] = model->current.model;
    shown[1] = model->versus.model;
    return shown[0] == shown[1] ? 1 : 2;
}

bool model_compares_models(const struct model *model)
{
    return model->current.model != model->versus.model;
}

struct pick_name model_name(const struct model *model, size_t of)
{
    enum { MOST = 18, HALF = 8 };
    const char *name = model->collection->model[of]->name;
    size_t length = strlen(name);
    struct pick_name shown;

    if (length <= MOST)
        snprintf(shown.text, sizeof shown.text, "%s", name);
    else
        snprintf(shown.text, sizeof shown.text, "%.*s..%s", HALF, name, name + length - HALF);
    return shown;
}

struct pick_name pick_name(const struct model *model, struct pick pick)
{
    struct pick_name name = {""};

    if (model_compares_models(model))
        snprintf(name.text, sizeof name.text, "%.20s/", model_name(model, pick.model).text);
    text_append(name.text, sizeof name.text, "", rules[pick.rule]->title);
    return name;
}

struct pick_name pick_title(const struct model *model, struct pick pick)
{
    struct pick_name title = pick_name(model, pick);
    const char *label = rules[pick.rule]->label;

    if (label)
        text_append(title.text, sizeof title.text, ", ", label);
    return title;
}

struct pick_name pick_short_name(const struct model *model, struct pick pick)
{
    struct pick_name name;

    if (model_compares_models(model))
        return model_name(model, pick.model);
    snprintf(name.text, sizeof name.text, "%s", rules[pick.rule]->title);
    return name;
}

bool model_can_use(const struct model *model, struct pick pick)
{
    if (pick.model >= model->sources || pick.rule >= rules_count)
        return false;
    const struct model_side *side = model_side(model, T2V, pick);
    return side->task && !side->unavailable[pick.rule];
}

size_t model_rules(const struct model *model, size_t of, size_t *indexes)
{
    size_t count = 0;

    for (size_t r = 0; r < rules_count; r++)
        if (model_can_use(model, (struct pick){of, r}))
            indexes[count++] = r;
    return count;
}

size_t model_picks(const struct model *model, struct pick picks[PICKS_MAX])
{
    size_t shown[MODEL_SHOWN], models = model_shown(model, shown), list[RULES_MAX], count = 0;

    for (size_t m = 0; m < models; m++) {
        size_t usable = model_rules(model, shown[m], list);
        for (size_t i = 0; i < usable; i++)
            picks[count++] = (struct pick){shown[m], list[i]};
    }
    return count;
}

struct pick model_column(const struct model *model, unsigned column)
{
    if (column + 1 >= model->columns)
        return model->current;
    return column == 0 ? model->versus : model->third;
}

const struct analysis *model_analysis(const struct model *model, struct pick pick)
{
    return model_analysis_of(model, T2V, pick);
}

/* Whether a look at some queries says more than the analysis of all. */
static bool is_look_newer(const struct model *model, enum direction direction, struct pick pick)
{
    const struct model_side *side = model_side(model, direction, pick);
    const struct analysis *look = side->look[pick.rule], *whole = side->analysis[pick.rule];

    return look && (!whole || (look->fit == side->fit[pick.rule] && whole->fit != look->fit));
}

const struct analysis *model_own_analysis(const struct model *model, enum direction direction, struct pick pick)
{
    const struct model_side *side = model_side(model, direction, pick);
    struct analysis *const look = side->look[pick.rule], *const whole = side->analysis[pick.rule];
    bool compared = pick_same(pick, model->current) || pick_same(pick, model->versus);
    bool looks = compared ? is_look_newer(model, direction, model->current) || /* both of the same queries */
                                is_look_newer(model, direction, model->versus)
                          : is_look_newer(model, direction, pick);

    return look && (looks || !whole) ? look : whole;
}

static const struct analysis *whole_analysis(const struct model *model, enum direction direction, struct pick pick)
{
    const struct model_side *side = model_side(model, direction, pick);
    const struct analysis *own = model_own_analysis(model, direction, pick);
    size_t stand_in = model_source(model, pick)->stand_in;

    if (own || stand_in == NO_STAND_IN || side->unavailable[pick.rule] || side->failed[pick.rule][0])
        return own;
    const struct pick other = {stand_in, pick.rule};
    if (pick_same(other, model->current) || pick_same(other, model->versus)) /* would be compared with itself */
        return NULL;
    return model->source[stand_in]->side[direction].analysis[pick.rule];
}

const struct analysis *model_analysis_of(const struct model *model, enum direction direction, struct pick pick)
{
    return narrowing_of(model->narrowing, direction, whole_analysis(model, direction, pick), model->results);
}

const struct analysis *model_whole_analysis(const struct model *model, struct pick pick)
{
    return whole_analysis(model, T2V, pick);
}

/* Whether a fit is that of the parameters and the bank in force. */
static bool is_current_fit(const struct model *model, enum direction direction, struct pick pick, const struct fit *fit)
{
    return fit == model_side(model, direction, pick)->fit[pick.rule] && rule_same(&fit->spec, model_spec(model, pick));
}

bool model_analysis_current(const struct model *model, enum direction direction, struct pick pick)
{
    const struct analysis *analysis = model_analysis_of(model, direction, pick);

    return analysis && is_current_fit(model, direction, pick, analysis->fit);
}

bool model_analysis_lags(const struct model *model, enum direction direction, struct pick pick)
{
    const struct analysis *analysis = model_analysis_of(model, direction, pick);

    return analysis && !model->settling && !is_current_fit(model, direction, pick, analysis->fit);
}

bool model_is_hub(const struct model *model, uint32_t video, struct pick pick)
{
    const struct analysis *analysis = model_analysis(model, pick);

    return analysis && video < analysis->gallery &&
           analysis->occurrence[ANALYSIS_KS - 1][video] >=
               hub_threshold(analysis_k[ANALYSIS_KS - 1], analysis->queries, analysis->gallery);
}

bool model_answered(const struct model *model)
{
    return model_search(model, model->current) || model_search(model, model->versus);
}

static struct model_found found_in(const struct source *source, size_t rule)
{
    if (source->search && source->search_rule[rule] != SIZE_MAX)
        return (struct model_found){source->search, source->search_rule[rule], source->stale};
    if (source->earlier && source->earlier_rule[rule] != SIZE_MAX)
        return (struct model_found){source->earlier, source->earlier_rule[rule], true};
    return (struct model_found){.search = NULL};
}

struct model_found model_found(const struct model *model, struct pick pick)
{
    const struct source *source = model_source(model, pick);
    const struct model_side *side = model_side(model, T2V, pick);
    struct model_found found = {.search = NULL};

    if (side->unavailable[pick.rule])
        return found;
    found = found_in(source, pick.rule);
    if (found.search || source->stand_in == NO_STAND_IN || source->search_note[0] || side->failed[pick.rule][0])
        return found;
    found = found_in(model->source[source->stand_in], pick.rule);
    found.old = true;
    return found;
}

const struct search *model_search(const struct model *model, struct pick pick)
{
    const struct search *search = model_found(model, pick).search;

    return search ? search : model_source(model, pick)->search;
}

const struct search_list *model_list(const struct model *model, struct pick pick)
{
    const struct model_found found = model_found(model, pick);

    return found.search ? &found.search->list[found.list] : NULL;
}

bool model_list_current(const struct model *model, struct pick pick)
{
    const struct model_found found = model_found(model, pick);

    return found.search && !found.old && model->search_answered == model->search_wanted &&
           is_current_fit(model, T2V, pick, found.search->list[found.list].fit);
}

bool model_list_lags(const struct model *model, struct pick pick)
{
    const struct model_found found = model_found(model, pick);

    if (!found.search)
        return false;
    if (found.old)
        return !model->settling || model_source(model, pick)->stale;
    if (model->waiting)
        return true;
    return !model->settling && !is_current_fit(model, T2V, pick, found.search->list[found.list].fit);
}

double model_probability(const struct model *model, struct pick pick, uint32_t video)
{
    const struct model_found found = model_found(model, pick);

    if (!found.search || video >= found.search->m)
        return NAN;
    return search_probability(found.search, found.list, video);
}

const struct source *model_reader(const struct model *model)
{
    const struct source *current = model_source(model, model->current);
    const struct source *versus = model_source(model, model->versus);

    return !current->model->encoder && versus->model->encoder ? versus : current;
}

uint32_t model_target(const struct model *model)
{
    const struct collection *collection = model->collection;

    return model->query < collection->queries && collection->target ? collection->target[model->query] : NO_VIDEO;
}
