#include "ui/model/caption_finder.h"

#include "engine/base/memory.h"
#include "engine/catalog/catalog.h"
#include "ui/model/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct find_work {
    struct work work;
    unsigned long generation;
    struct catalog *catalog;
    char words[MODEL_TEXT];
    uint32_t found[MODEL_FOUND];
    size_t count;
    struct error error;
};

static void find_run(struct work *work)
{
    struct find_work *f = (struct find_work *)work;

    f->count = catalog_find_captions(f->catalog, f->words, f->found, MODEL_FOUND, &f->error);
}

static void find_land(struct work *work, struct model *model)
{
    struct find_work *f = (struct find_work *)work;

    if (f->generation != model->found_wanted)
        return;
    if (f->count == SIZE_MAX) {
        model_say(model, true, "%s", f->error.text);
        f->count = 0;
    }
    memcpy(model->found_words, f->words, sizeof(f->words));
    memcpy(model->found, f->found, sizeof(f->found));
    model->found_count = f->count < MODEL_FOUND ? f->count : MODEL_FOUND;
    model_touch(model);
}

static const struct errand find_errand = {.run = find_run, .land = find_land, .urgency = URGENCY_FIND};

void model_find_captions(struct model *model, const char *words)
{
    struct find_work *f;

    model->found_wanted++;
    model_touch(model);
    worker_drop(model->worker, LANE_QUICK, URGENCY_FIND);
    if (!words[strspn(words, " ")] || !model->collection->catalog) { /* no words: the first captions */
        size_t count = model->collection->queries < MODEL_FOUND ? model->collection->queries : MODEL_FOUND;
        for (size_t i = 0; i < count; i++)
            model->found[i] = (uint32_t)i;
        model->found_count = count;
        snprintf(model->found_words, sizeof(model->found_words), "%s", words);
        return;
    }
    if (!(f = memory_array(1, sizeof(*f))))
        return;
    f->work.errand = &find_errand;
    f->generation = model->found_wanted;
    f->catalog = model->collection->catalog;
    snprintf(f->words, sizeof(f->words), "%s", words);
    worker_post(model->worker, LANE_QUICK, &f->work);
}
