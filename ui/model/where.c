#include "ui/model/where.h"

#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/collection/where.h"
#include "ui/model/marks.h"
#include "ui/model/narrowing.h"
#include "ui/model/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct where_work {
    struct work work;
    const struct collection *collection;
    char conditions[SUBSET_NAME];
    bool *inside;
    int status;
    struct error error;
};

const char *model_where(const struct model *model)
{
    return model->where;
}

unsigned long model_where_number(const struct model *model)
{
    return narrowing_number(model->narrowing);
}

/* Takes `inside` over. */
static void narrow(struct model *model, const char *name, bool *inside)
{
    const struct task *const task[2] = {model_side(model, T2V, model->current)->task,
                                        model_side(model, V2T, model->current)->task};

    snprintf(model->where, sizeof model->where, "%s", name);
    if (narrowing_set(model->narrowing, name, inside, task))
        model_say(model, true, item_text("out of memory: measures are of all videos"));
    else if (inside)
        model_say(model, false, item_text("measures of %s alone: %zu of %zu videos; W returns to all"), name,
                  narrowing_subset(model->narrowing, T2V)->items, model->collection->videos);
    else
        model_say(model, false, item_text("measures of all videos"));
    model_touch_results(model);
}

static void where_run(struct work *work)
{
    struct where_work *w = (struct where_work *)work;

    w->status = where_choose(w->collection, w->conditions, w->inside, &w->error);
}

static void where_land(struct work *work, struct model *model)
{
    struct where_work *w = (struct where_work *)work;

    if (strcmp(w->conditions, model->where) != 0) /* others are wanted by now */
        return;
    if (w->status) {
        snprintf(model->where, sizeof model->where, "%s", narrowing_name(model->narrowing));
        model_say(model, true, "%s", w->error.text);
        return;
    }
    narrow(model, w->conditions, w->inside);
    w->inside = NULL;
}

static void where_free(struct work *work)
{
    free(((struct where_work *)work)->inside);
    free(work);
}

static const struct errand where_errand = {
    .run = where_run, .land = where_land, .free = where_free, .urgency = URGENCY_INDEX};

static void narrow_to_marked(struct model *model)
{
    bool *inside = memory_array(model->collection->videos, sizeof *inside);

    if (!inside)
        return;
    for (size_t v = 0; v < model->collection->videos; v++)
        inside[v] = model_is_marked(model, (uint32_t)v);
    narrow(model, WHERE_MARKED, inside);
}

void model_set_where(struct model *model, const char *conditions)
{
    if (!*conditions) {
        if (*model_where(model))
            narrow(model, "", NULL);
        return;
    }
    if (strcmp(conditions, WHERE_MARKED) == 0) {
        if (model_marks(model))
            narrow_to_marked(model);
        else
            model_say(model, true, item_text("no video is marked: Space marks the row's"));
        return;
    }
    if (strlen(conditions) >= SUBSET_NAME) {
        model_say(model, true, "these conditions are too long");
        return;
    }
    struct where_work *w = memory_array(1, sizeof *w);
    if (w && !(w->inside = memory_array(model->collection->videos, sizeof *w->inside))) {
        free(w);
        w = NULL;
    }
    if (!w)
        return;
    w->work.errand = &where_errand;
    w->collection = model->collection;
    snprintf(w->conditions, sizeof w->conditions, "%s", conditions);
    snprintf(model->where, sizeof model->where, "%s", conditions);
    worker_post(model->worker, LANE_QUICK, &w->work);
}
