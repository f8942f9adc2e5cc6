#include "ui/model/narrowing.h"

#include "engine/base/memory.h"

#include <stdlib.h>

enum { KEPT = 128 };

struct narrowing {
    bool *video; /* null: all */
    unsigned long number;
    struct subset subset[2];
    struct narrowed {
        const struct analysis *whole; /* null: empty */
        unsigned long results;
        struct analysis part;
    } kept[KEPT];
};

struct narrowing *narrowing_new(void)
{
    return memory_array(1, sizeof(struct narrowing));
}

static void forget(struct narrowed *narrowed)
{
    if (narrowed->whole)
        analysis_close(&narrowed->part);
    *narrowed = (struct narrowed){0};
}

static void clear(struct narrowing *narrowing)
{
    for (size_t i = 0; i < KEPT; i++)
        forget(&narrowing->kept[i]);
    for (int d = T2V; d <= V2T; d++)
        subset_close(&narrowing->subset[d]);
    free(narrowing->video);
    narrowing->video = NULL;
}

void narrowing_free(struct narrowing *narrowing)
{
    if (narrowing)
        clear(narrowing);
    free(narrowing);
}

int narrowing_set(struct narrowing *narrowing, const char *name, bool *video, const struct task *const task[2])
{
    clear(narrowing);
    if (!video)
        return 0;
    narrowing->video = video;
    narrowing->number++;
    for (int d = T2V; d <= V2T; d++) {
        if (task[d] && subset_open(&narrowing->subset[d], task[d], video, name)) {
            clear(narrowing);
            return -1;
        }
    }
    return 0;
}

const char *narrowing_name(const struct narrowing *narrowing)
{
    return narrowing->video ? narrowing->subset[T2V].name : "";
}

unsigned long narrowing_number(const struct narrowing *narrowing)
{
    return narrowing->video ? narrowing->number : 0;
}

bool narrowing_has(const struct narrowing *narrowing, uint32_t video)
{
    return !narrowing->video || narrowing->video[video];
}

const struct subset *narrowing_subset(const struct narrowing *narrowing, enum direction direction)
{
    return narrowing->subset[direction].item ? &narrowing->subset[direction] : NULL;
}

const struct analysis *narrowing_of(struct narrowing *narrowing, enum direction direction, const struct analysis *whole,
                                    unsigned long results)
{
    const struct subset *subset = narrowing_subset(narrowing, direction);
    struct narrowed *free_slot = &narrowing->kept[0];

    if (!whole || !subset)
        return whole;
    for (size_t i = 0; i < KEPT; i++) {
        struct narrowed *kept = &narrowing->kept[i];
        if (kept->whole == whole && kept->results == results)
            return &kept->part;
        if (!kept->whole || kept->results != results)
            free_slot = kept;
    }
    forget(free_slot);
    if (analysis_copy(&free_slot->part, whole))
        return NULL;
    free_slot->whole = whole;
    free_slot->results = results;
    if (!analysis_narrow(&free_slot->part, subset))
        return &free_slot->part;
    forget(free_slot);
    return NULL;
}
