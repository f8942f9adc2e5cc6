#include "ui/model/source.h"

#include "engine/base/memory.h"
#include "engine/study/study.h"

#include <stdlib.h>
#include <string.h>

struct source *source_new(const struct collection_model *model)
{
    struct source *source = memory_array(1, sizeof *source);

    if (!source)
        return NULL;
    source->model = model;
    source->stand_in = NO_STAND_IN;
    for (size_t r = 0; r < rules_count; r++)
        source->spec[r] = rule_default(rules[r], model->logit_scale);
    return source;
}

void source_free(struct source *source)
{
    if (source)
        source_close(source);
    free(source);
}

static int offer(struct source *source, const struct collection *collection, const char *text, struct error *error)
{
    const char *name = source->model->name;
    struct study_key key;

    if (study_key_parse(text, collection, source->model, &key, error))
        return -1;
    if (key.banked)
        return error_set(error, ERROR_INPUT, "%s: all rules here are fitted to one bank: --bank names it", text);
    for (size_t r = 0; r < rules_count; r++) {
        if ((key.spec.rule && rules[r] != key.spec.rule) || (*key.model && strcmp(key.model, name) != 0))
            continue;
        source->left_out[r] = false;
        if (key.spec.rule)
            source->spec[r] = key.spec;
    }
    return 0;
}

int source_offer(struct source *source, const struct collection *collection, const char *const *rule, size_t count,
                 struct error *error)
{
    for (size_t r = 0; r < rules_count; r++)
        source->left_out[r] = count > 0;
    for (size_t i = 0; i < count; i++)
        if (offer(source, collection, rule[i], error))
            return -1;
    return 0;
}

int source_open(struct source *source, const struct collection *collection, const struct task_choice choice[2],
                struct error *error)
{
    const bool *left_out = source->left_out;
    struct error unused;

    if (side_open(&source->side[T2V], collection, source->model, T2V, &choice[T2V], left_out, error))
        return -1;
    if (!source->side[V2T].task &&
        side_open(&source->side[V2T], collection, source->model, V2T, &choice[V2T], left_out, &unused))
        for (size_t r = 0; r < rules_count; r++)
            source->side[V2T].unavailable[r] = "there are no captions to search";
    return 0;
}

void source_close(struct source *source)
{
    for (int d = T2V; d <= V2T; d++)
        side_close(&source->side[d]);
    source_drop_answer(source);
    source->stand_in = NO_STAND_IN;
}

void source_drop_answer(struct source *source)
{
    search_free(source->search);
    search_free(source->earlier);
    source->search = source->earlier = NULL;
    source->stale = false;
    source->typed = (struct typed){0};
    source->search_note[0] = 0;
}

/* How many rules an answer has of those that the other lacks. */
static size_t rules_beyond(const struct search *search, const size_t rule[RULES_MAX], const size_t other[RULES_MAX])
{
    size_t count = 0;

    for (size_t r = 0; search && r < rules_count; r++)
        count += rule[r] != SIZE_MAX && other[r] == SIZE_MAX;
    return count;
}

void source_take_answer(struct source *source, struct search *search, const size_t rule[RULES_MAX])
{
    size_t last = rules_beyond(source->search, source->search_rule, rule);
    size_t earlier = rules_beyond(source->earlier, source->earlier_rule, rule);

    if (last && last >= earlier) {
        search_free(source->earlier);
        source->earlier = source->search;
        memcpy(source->earlier_rule, source->search_rule, sizeof source->earlier_rule);
    } else {
        search_free(source->search);
        if (!earlier) {
            search_free(source->earlier);
            source->earlier = NULL;
        }
    }
    source->search = search;
    memcpy(source->search_rule, rule, sizeof source->search_rule);
    source->stale = false;
}
