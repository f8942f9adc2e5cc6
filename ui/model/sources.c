#include "ui/model/sources.h"

#include "engine/base/memory.h"

#include <stdlib.h>

int sources_catch_up(struct model *model, struct error *error)
{
    const struct collection *collection = model->collection;

    if (model->sources == collection->models)
        return 0;
    struct source **grown = memory_grow(model->source, collection->models, sizeof *grown);
    if (!grown)
        return error_memory(error);
    model->source = grown;
    while (model->sources < collection->models) {
        struct source *source = source_new(collection->model[model->sources]);
        if (!source)
            return error_memory(error);
        if (source_offer(source, collection, model->offered, model->offered_count, error)) {
            source_free(source);
            return -1;
        }
        model->source[model->sources++] = source;
    }
    return 0;
}

/* The first video bank that the collection's first model has, for every model; null without any. */
static const char *first_video_bank(const struct collection *collection)
{
    const struct collection_model *first = collection->model[0];

    for (size_t i = 0; i < first->video_banks; i++)
        if (first->video_bank[i].matrix.rows)
            return first->video_bank[i].name;
    return NULL;
}

static int open_source(struct model *model, size_t of, struct error *error)
{
    const struct collection *collection = model->collection;
    const struct task_choice choice[2] = {
        [T2V] = {model->bank < model_banks(model) ? model_bank_name(model, model->bank) : NULL, model->gallery_bank,
                 model->conventions},
        [V2T] = {first_video_bank(collection), NULL, model->conventions},
    };

    return source_open(model->source[of], collection, choice, error);
}

int sources_open(struct model *model, size_t of, struct error *error)
{
    if (sources_catch_up(model, error))
        return -1;
    return model->source[of]->side[T2V].task ? 0 : open_source(model, of, error);
}

int sources_reopen(struct model *model, struct error *error)
{
    size_t shown[MODEL_SHOWN], models = model_shown(model, shown);

    for (size_t m = 0; m < models; m++)
        if (open_source(model, shown[m], error))
            return -1;
    return 0;
}

/* Whether nothing is still to come for a side. */
static bool is_complete(const struct model_side *side)
{
    for (size_t r = 0; side->task && r < rules_count; r++)
        if (!side->unavailable[r] && !side->analysis[r] && !side->failed[r][0])
            return false;
    return true;
}

static bool is_whole(const struct source *source)
{
    return source->side[T2V].task && is_complete(&source->side[T2V]) && is_complete(&source->side[V2T]);
}

void sources_stand_in(struct model *model, size_t of, size_t by)
{
    struct source *source = model->source[of];
    size_t stand_in = is_whole(model->source[by]) ? by : model->source[by]->stand_in;

    if (of != by && of != stand_in && !is_whole(source) && source->stand_in == NO_STAND_IN)
        source->stand_in = stand_in;
}

void sources_settle(struct model *model)
{
    bool ended = false;

    for (size_t m = 0; m < model->sources; m++) {
        struct source *source = model->source[m];
        if (source->stand_in == NO_STAND_IN || !is_whole(source))
            continue;
        source->stand_in = NO_STAND_IN;
        ended = true;
    }
    if (ended)
        sources_close_hidden(model);
}

static bool is_needed(const struct model *model, size_t m)
{
    size_t shown[MODEL_SHOWN], models = model_shown(model, shown);

    for (size_t i = 0; i < models; i++)
        if (m == shown[i] || m == model->source[shown[i]]->stand_in)
            return true;
    return false;
}

void sources_close_hidden(struct model *model)
{
    for (size_t m = 0; m < model->sources; m++)
        if (!is_needed(model, m))
            source_close(model->source[m]);
}

void sources_free(struct model *model)
{
    for (size_t m = 0; m < model->sources; m++)
        source_free(model->source[m]);
    free(model->source);
    model->source = NULL;
    model->sources = 0;
}
