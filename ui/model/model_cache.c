/* What the model remembers of the catalog: thumbnails, titles, captions, details. */
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "ui/model/model_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PICTURES_WAITING = 64 };

struct picture_work {
    struct work work;
    struct catalog *catalog;
    uint32_t video;
    bool found;
    struct picture picture;
};

static void picture_work_run(struct work *work)
{
    struct picture_work *p = (struct picture_work *)work;
    struct error error = {0};
    size_t size = 0;
    int frames = 0;
    void *bytes = catalog_thumbnail(p->catalog, p->video, &size, &frames, &error);

    if (!bytes)
        return;
    p->found = picture_decode(bytes, size, frames > 0 ? frames : 1, &p->picture, &error) == 0;
    free(bytes);
}

static struct picture_slot *find_slot(struct model_cache *cache, uint32_t video)
{
    for (size_t i = 0; i < CACHE_PICTURES; i++)
        if (cache->picture[i].state != SLOT_FREE && cache->picture[i].video == video)
            return &cache->picture[i];
    return NULL;
}

static void free_slot(struct picture_slot *slot)
{
    if (slot->state == SLOT_READY)
        picture_close(&slot->picture);
    *slot = (struct picture_slot){0};
}

/* An empty slot, made so by forgetting the picture that was not asked for longest. */
static struct picture_slot *take_slot(struct model_cache *cache, uint32_t video)
{
    struct picture_slot *slot = &cache->picture[0];

    for (size_t i = 0; i < CACHE_PICTURES && slot->state != SLOT_FREE; i++)
        if (cache->picture[i].state == SLOT_FREE || cache->picture[i].used < slot->used)
            slot = &cache->picture[i];
    free_slot(slot);
    slot->video = video;
    slot->used = ++cache->clock;
    return slot;
}

static void picture_work_land(struct work *work, struct model *model)
{
    struct picture_work *p = (struct picture_work *)work;
    struct picture_slot *slot = find_slot(model->cache, p->video);

    model->cache->pictures_asked -= model->cache->pictures_asked > 0;
    if (!slot || slot->state != SLOT_ASKED)
        return;
    slot->state = p->found ? SLOT_READY : SLOT_NONE;
    slot->picture = p->picture;
    p->picture = (struct picture){0};
    model_touch(model);
}

static void picture_work_free(struct work *work)
{
    struct picture_work *p = (struct picture_work *)work;

    picture_close(&p->picture);
    free(p);
}

/* Scrolling asks for pictures faster than they come: those no longer in sight are not waited for.
 */
static void forget_waiting(struct model *model)
{
    worker_drop(model->worker, LANE_QUICK, URGENCY_PICTURE);
    for (size_t i = 0; i < CACHE_PICTURES; i++)
        if (model->cache->picture[i].state == SLOT_ASKED)
            free_slot(&model->cache->picture[i]);
    model->cache->pictures_asked = 0;
}

const struct picture *model_picture(struct model *model, uint32_t video, bool *none)
{
    struct model_cache *cache = model->cache;
    struct picture_slot *slot;
    struct picture_work *p;

    *none = !model->collection->catalog || video >= model->collection->videos;
    if (*none)
        return NULL;
    if ((slot = find_slot(cache, video))) {
        slot->used = ++cache->clock;
        *none = slot->state == SLOT_NONE;
        return slot->state == SLOT_READY ? &slot->picture : NULL;
    }
    if (cache->pictures_asked >= PICTURES_WAITING)
        forget_waiting(model);
    if (!(p = memory_array(1, sizeof(*p))))
        return NULL;
    p->work = (struct work){picture_work_run, picture_work_land, picture_work_free,
                            .urgency = URGENCY_PICTURE};
    p->catalog = model->collection->catalog;
    p->video = video;
    take_slot(cache, video)->state = SLOT_ASKED;
    cache->pictures_asked++;
    worker_post(model->worker, LANE_QUICK, &p->work);
    return NULL;
}

void model_title(const struct model *model, uint32_t video, char *buffer, size_t size)
{
    struct model_cache *cache = model->cache;
    size_t slot = video % CACHE_TITLES;
    char raw[CACHE_TITLE];

    if (video >= model->collection->videos) {
        snprintf(buffer, size, "%s", "");
        return;
    }
    if (!cache->title[slot].filled || cache->title[slot].video != video) {
        if (model->collection->catalog)
            catalog_title(model->collection->catalog, video, raw, sizeof(raw));
        else
            snprintf(raw, sizeof(raw), "video %lu", (unsigned long)video);
        text_clean(cache->title[slot].text, CACHE_TITLE, raw);
        cache->title[slot].video = video;
        cache->title[slot].filled = true;
    }
    text_clean(buffer, size, cache->title[slot].text);
}

static void text_of(const struct model *model, const char *split, size_t row, char *buffer,
                    size_t size)
{
    struct catalog_text text;

    if (!model->collection->catalog ||
        catalog_text(model->collection->catalog, split, row, &text, NULL) != 0) {
        snprintf(buffer, size, "%s %zu", split, row + 1); /* counted as the query line does */
        return;
    }
    text_clean(buffer, size, text.caption ? text.caption : "");
    if (!*buffer)
        snprintf(buffer, size, "%s %zu", split, row + 1);
    catalog_text_close(&text);
}

void model_caption(const struct model *model, size_t query, char *buffer, size_t size)
{
    text_of(model, "query", query, buffer, size);
}

void model_bank_caption(const struct model *model, size_t row, char *buffer, size_t size)
{
    const struct collection *collection = model->collection;

    text_of(model, model->bank < collection->banks ? collection->bank[model->bank].name : "bank",
            row, buffer, size);
}

size_t model_captions_of(const struct model *model, uint32_t video, uint32_t *rows, size_t most)
{
    const struct collection *collection = model->collection;
    size_t count = 0;

    if (collection->catalog)
        return catalog_captions_of(collection->catalog, video, rows, most);
    for (size_t q = 0; collection->target && q < collection->queries; q++) {
        if (collection->target[q] != video)
            continue;
        if (count < most)
            rows[count] = (uint32_t)q;
        count++;
    }
    return count;
}

const struct catalog_video *model_details(struct model *model, uint32_t video)
{
    struct model_cache *cache = model->cache;

    if (!model->collection->catalog || video >= model->collection->videos)
        return NULL;
    if (cache->details_video != video) {
        if (cache->details_video != NO_VIDEO)
            catalog_video_close(&cache->details);
        cache->details_video = NO_VIDEO;
        if (catalog_video(model->collection->catalog, video, &cache->details, NULL) != 0)
            return NULL;
        cache->details_video = video;
    }
    return &cache->details;
}

struct find_work {
    struct work work;
    unsigned long generation;
    struct catalog *catalog;
    char words[MODEL_TEXT];
    uint32_t found[MODEL_FOUND];
    size_t count;
    struct error error;
};

static void find_work_run(struct work *work)
{
    struct find_work *f = (struct find_work *)work;

    f->count = catalog_find_captions(f->catalog, f->words, f->found, MODEL_FOUND, &f->error);
}

static void find_work_land(struct work *work, struct model *model)
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

static void find_work_free(struct work *work)
{
    free(work);
}

void model_find_captions(struct model *model, const char *words)
{
    struct find_work *f;

    model->found_wanted++;
    model_touch(model);
    worker_drop(model->worker, LANE_QUICK, URGENCY_FIND);
    if (!words[strspn(words, " ")] ||
        !model->collection->catalog) { /* nothing asked: the first ones */
        size_t count =
            model->collection->queries < MODEL_FOUND ? model->collection->queries : MODEL_FOUND;
        for (size_t i = 0; i < count; i++)
            model->found[i] = (uint32_t)i;
        model->found_count = count;
        snprintf(model->found_words, sizeof(model->found_words), "%s", words);
        return;
    }
    if (!(f = memory_array(1, sizeof(*f))))
        return;
    f->work = (struct work){find_work_run, find_work_land, find_work_free, .urgency = URGENCY_FIND};
    f->generation = model->found_wanted;
    f->catalog = model->collection->catalog;
    snprintf(f->words, sizeof(f->words), "%s", words);
    worker_post(model->worker, LANE_QUICK, &f->work);
}

void model_cache_close(struct model_cache *cache)
{
    for (size_t i = 0; i < CACHE_PICTURES; i++)
        free_slot(&cache->picture[i]);
    if (cache->details_video != NO_VIDEO)
        catalog_video_close(&cache->details);
    model_banks_close(cache);
    free(cache);
}
