/* Which items a column of the Search view lists: the best, or wherever they rank those that the filter leaves. */
#include "engine/base/memory.h"
#include "ui/model/filter.h"
#include "ui/model/ranks.h"
#include "ui/views/search.h"

#include <stdlib.h>

struct placed {
    size_t rank;
    uint32_t item;
};

static int by_rank(const void *a, const void *b)
{
    size_t left = ((const struct placed *)a)->rank, right = ((const struct placed *)b)->rank;

    return (left > right) - (left < right);
}

static void add(struct search_column *column, uint32_t item, size_t rank)
{
    if (column->count == MODEL_TOP)
        return;
    column->item[column->count] = item;
    column->rank[column->count++] = rank;
}

/* All items that are listed, wherever they rank; false if they are too many. */
static bool list_all(struct search_column *column, const struct model *model, size_t gallery)
{
    struct placed placed[MODEL_TOP];
    size_t count = 0;

    for (size_t j = 0; j < gallery; j++) {
        if (!model_lists_video(model, (uint32_t)j))
            continue;
        if (count == MODEL_TOP)
            return false;
        placed[count++].item = (uint32_t)j;
    }
    for (size_t i = 0; i < count; i++)
        placed[i].rank = model_rank(model, column->of, placed[i].item);
    qsort(placed, count, sizeof *placed, by_rank);
    for (size_t i = 0; i < count; i++)
        add(column, placed[i].item, placed[i].rank);
    return true;
}

static size_t place_of(const struct search_column *column, const struct model *model, uint32_t video, size_t rank)
{
    if (!rank || !model_lists_video(model, video))
        return 0;
    for (size_t i = 0; i < column->count; i++)
        if (column->item[i] == video)
            return i + 1;
    return rank > column->count ? rank : column->count + 1;
}

void search_list_items(struct search_column *column, const struct model *model)
{
    const struct search *search = model_search(model, column->of);
    uint32_t target = model_target(model);

    column->count = 0;
    if (!model_narrows(model) || !list_all(column, model, search->m))
        for (size_t i = 0; i < search->k; i++)
            if (model_lists_video(model, column->list->item[i]))
                add(column, column->list->item[i], i + 1);
    column->selected_place = place_of(column, model, model->video, column->selected_rank);
    column->target_place = place_of(column, model, target, column->target_rank);
}
