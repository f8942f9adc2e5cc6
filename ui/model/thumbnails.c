#include "ui/model/thumbnails.h"

#include "engine/base/memory.h"
#include "engine/catalog/catalog.h"
#include "ui/model/worker.h"

#include <stdlib.h>

enum { KEPT = 256, WAITING = 64 };

struct thumbnails {
    struct slot {
        enum { SLOT_FREE, SLOT_ASKED, SLOT_READY, SLOT_NONE } state;
        uint32_t video;
        unsigned long used; /* time of the last use */
        struct picture picture;
    } slot[KEPT];
    size_t asked;
    unsigned long clock;
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

    p->unread = !bytes && error.kind == ERROR_SYSTEM;
    if (!bytes)
        return;
    p->found = picture_decode(bytes, size, frames > 0 ? frames : 1, &p->picture, &error) == 0;
    free(bytes);
}

static struct slot *find_slot(struct thumbnails *cache, uint32_t video)
{
    for (size_t i = 0; i < KEPT; i++)
        if (cache->slot[i].state != SLOT_FREE && cache->slot[i].video == video)
            return &cache->slot[i];
    return NULL;
}

static void free_slot(struct slot *slot)
{
    if (slot->state == SLOT_READY)
        picture_close(&slot->picture);
    *slot = (struct slot){0};
}

/* An empty slot, freed of the least recently used picture if need be. */
static struct slot *take_slot(struct thumbnails *cache, uint32_t video)
{
    struct slot *slot = &cache->slot[0];

    for (size_t i = 0; i < KEPT && slot->state != SLOT_FREE; i++)
        if (cache->slot[i].state == SLOT_FREE || cache->slot[i].used < slot->used)
            slot = &cache->slot[i];
    free_slot(slot);
    slot->video = video;
    slot->used = ++cache->clock;
    return slot;
}

static void thumbnail_land(struct work *work, struct model *model)
{
    struct thumbnail_work *p = (struct thumbnail_work *)work;
    struct thumbnails *cache = model->thumbnails;
    struct slot *slot = find_slot(cache, p->video);

    cache->asked -= cache->asked > 0;
    if (!slot || slot->state != SLOT_ASKED)
        return;
    if (p->unread) {
        free_slot(slot);
        model_touch(model);
        return;
    }
    slot->state = p->found ? SLOT_READY : SLOT_NONE;
    slot->picture = p->picture;
    p->picture = (struct picture){0};
    model_touch(model);
}

static void thumbnail_free(struct work *work)
{
    struct thumbnail_work *p = (struct thumbnail_work *)work;

    picture_close(&p->picture);
    free(p);
}

/* Drops pending requests: scrolling asks for pictures faster than they come, and they may no longer be in sight. */
static void forget_waiting(struct model *model)
{
    struct thumbnails *cache = model->thumbnails;

    worker_drop(model->worker, LANE_QUICK, URGENCY_PICTURE);
    for (size_t i = 0; i < KEPT; i++)
        if (cache->slot[i].state == SLOT_ASKED)
            free_slot(&cache->slot[i]);
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
    if ((slot = find_slot(cache, video))) {
        slot->used = ++cache->clock;
        *none = slot->state == SLOT_NONE;
        return slot->state == SLOT_READY ? &slot->picture : NULL;
    }
    if (cache->asked >= WAITING)
        forget_waiting(model);
    if (!(p = memory_array(1, sizeof(*p))))
        return NULL;
    p->work = (struct work){thumbnail_run, thumbnail_land, thumbnail_free, .urgency = URGENCY_PICTURE};
    p->catalog = model->collection->catalog;
    p->video = video;
    take_slot(cache, video)->state = SLOT_ASKED;
    cache->asked++;
    worker_post(model->worker, LANE_QUICK, &p->work);
    return NULL;
}

struct thumbnails *thumbnails_new(void)
{
    return memory_array(1, sizeof(struct thumbnails));
}

void thumbnails_free(struct thumbnails *thumbnails)
{
    for (size_t i = 0; thumbnails && i < KEPT; i++)
        free_slot(&thumbnails->slot[i]);
    free(thumbnails);
}
