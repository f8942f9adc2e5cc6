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
    if (side_open(&source->side[V2T], collection, source->model, V2T, &choice[V2T], left_out, &unused))
        for (size_t r = 0; r < rules_count; r++)
            source->side[V2T].unavailable[r] = "there are no captions to search";
    return 0;
}

void source_close(struct source *source)
{
    for (int d = T2V; d <= V2T; d++)
        side_close(&source->side[d]);
    source_drop_answer(source);
}

void source_drop_answer(struct source *source)
{
    search_free(source->search);
    source->search = NULL;
    source->encoding = (struct encoding){0};
    source->search_note[0] = 0;
}
