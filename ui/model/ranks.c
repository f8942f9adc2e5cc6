#include "ui/model/ranks.h"

#include "engine/base/memory.h"

#include <stdlib.h>

enum { RANKS = 4096 };

struct ranks {
    struct rank_slot {
        unsigned long answer; /* model->answers at the time; 0: empty */
        struct pick pick;
        size_t rank;
        uint32_t video;
    } slot[RANKS];
};

struct ranks *ranks_new(void)
{
    return memory_array(1, sizeof(struct ranks));
}

void ranks_free(struct ranks *ranks)
{
    free(ranks);
}

size_t model_rank(const struct model *model, struct pick pick, uint32_t video)
{
    const struct model_found found = model_found(model, pick);

    if (!found.search || video >= found.search->m)
        return 0;
    struct rank_slot *slot = &model->ranks->slot[(video * 31u + pick.rule + pick.model * RULES_MAX) % RANKS];
    if (slot->answer != model->answers || !pick_same(slot->pick, pick) || slot->video != video) {
        size_t rank = search_rank(found.search, found.list, video);
        *slot = (struct rank_slot){.answer = model->answers, .pick = pick, .video = video, .rank = rank};
    }
    return slot->rank;
}
