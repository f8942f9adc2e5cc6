#include "ui/model/thumbnails.h"

#include "engine/base/lru.h"
#include "engine/base/memory.h"
#include "engine/catalog/catalog.h"
#include "ui/model/worker.h"

#include <stdlib.h>

enum { KEPT = 256, WAITING = 64 };

struct slot {
    enum { SLOT_ASKED, SLOT_READY, SLOT_NONE } state;
    uint32_t video;
    struct picture picture;
};

struct thumbnails {
    struct lru *kept; /* struct slot */
    size_t asked;
};

struct thumbnail_work {
    struct work work;
    struct catalog *catalog;
    uint32_t video;
    bool found, unread; /* unread: ask again */
    struct picture picture;
};

static void thumbnail_run(struct work *work)
{
    struct thumbnail_work *p = (struct thumbnail_work *)work;
    struct error error = {0};
    size_t size = 0;
    int frames = 0;
    void *bytes = catalog_thumbnail(p->catalog, p->video, &size, &frames, &error);

    if (bytes)
        p->found = picture_decode(bytes, size, frames > 0 ? frames : 1, &p->picture, &error) == 0;
    p->unread = error.kind == ERROR_SYSTEM || error.kind == ERROR_MEMORY;
    free(bytes);
}

static bool is_of(const void *slot, const void *video)
{
    return ((const struct slot *)slot)->video == *(const uint32_t *)video;
}

static bool is_asked(const void *slot, const void *unused)
{
    (void)unused;
    return ((const struct slot *)slot)->state == SLOT_ASKED;
}

static void close_slot(void *slot)
{
    picture_close(&((struct slot *)slot)->picture);
}

static void thumbnail_land(struct work *work, struct model *model)
{
    struct thumbnail_work *p = (struct thumbnail_work *)work;
    struct thumbnails *cache = model->thumbnails;
    struct slot *slot = lru_find(cache->kept, is_of, &p->video);

    cache->asked -= cache->asked > 0;
    if (!slot || slot->state != SLOT_ASKED)
        return;
    model_touch(model);
    if (p->unread) {
        lru_drop(cache->kept, slot);
        return;
    }
    slot->state = p->found ? SLOT_READY : SLOT_NONE;
    slot->picture = p->picture;
    p->picture = (struct picture){0};
}

static void thumbnail_free(struct work *work)
{
    struct thumbnail_work *p = (struct thumbnail_work *)work;

    picture_close(&p->picture);
    free(p);
}

static const struct errand thumbnail_errand = {
    .run = thumbnail_run, .land = thumbnail_land, .free = thumbnail_free, .urgency = URGENCY_PICTURE};

/* Drops pending requests: scrolling asks for pictures faster than they come, and they may no longer be in sight. */
static void forget_waiting(struct model *model)
{
    struct thumbnails *cache = model->thumbnails;

    worker_drop(model->worker, LANE_QUICK, URGENCY_PICTURE);
    for (struct slot *slot; (slot = lru_find(cache->kept, is_asked, NULL));)
        lru_drop(cache->kept, slot);
    cache->asked = 0;
}

const struct picture *model_thumbnail(struct model *model, uint32_t video, bool *none)
{
    struct thumbnails *cache = model->thumbnails;
    struct slot *slot;
    struct thumbnail_work *p;

    *none = !model->collection->catalog || video >= model->collection->videos;
    if (*none)
        return NULL;
    if ((slot = lru_find(cache->kept, is_of, &video))) {
        *none = slot->state == SLOT_NONE;
        return slot->state == SLOT_READY ? &slot->picture : NULL;
    }
    if (cache->asked >= WAITING)
        forget_waiting(model);
    if (!(p = memory_array(1, sizeof(*p))))
        return NULL;
    p->work.errand = &thumbnail_errand;
    p->catalog = model->collection->catalog;
    p->video = video;
    slot = lru_take(cache->kept);
    *slot = (struct slot){.state = SLOT_ASKED, .video = video};
    cache->asked++;
    worker_post(model->worker, LANE_QUICK, &p->work);
    return NULL;
}

struct thumbnails *thumbnails_new(void)
{
    struct thumbnails *thumbnails = memory_array(1, sizeof *thumbnails);

    if (thumbnails && (thumbnails->kept = lru_new(KEPT, sizeof(struct slot), close_slot)))
        return thumbnails;
    free(thumbnails);
    return NULL;
}

void thumbnails_free(struct thumbnails *thumbnails)
{
    if (thumbnails)
        lru_free(thumbnails->kept);
    free(thumbnails);
}
