#include "ui/model/model.h"

#include "engine/base/text.h"
#include "engine/evaluation/hub_queries.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

void model_touch(struct model *model)
{
    model->changes++;
}

void model_touch_results(struct model *model)
{
    model->changes++;
    model->results++;
}

size_t model_notices(const struct model *model, struct notice notice[NOTICES])
{
    const struct model_side *side = &model->side[T2V];
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

bool model_can_use(const struct model *model, size_t rule)
{
    return rule < rules_count && !model->side[T2V].unavailable[rule];
}

size_t model_rules(const struct model *model, size_t *indexes)
{
    size_t count = 0;

    for (size_t r = 0; r < rules_count; r++)
        if (model_can_use(model, r))
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

double model_probability(const struct model *model, size_t rule, uint32_t video)
{
    if (!model_list(model, rule) || video >= model->search->m)
        return NAN;
    return search_probability(model->search, model->search_rule[rule], video);
}

uint32_t model_target(const struct model *model)
{
    const struct collection *collection = model->collection;

    return model->query < collection->queries && collection->target ? collection->target[model->query] : NO_VIDEO;
}
