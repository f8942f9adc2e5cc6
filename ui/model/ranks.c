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
    const struct source *source = model_source(model, pick);

    if (!model_list(model, pick) || video >= source->search->m)
        return 0;
    struct rank_slot *slot = &model->ranks->slot[(video * 31u + pick.rule + pick.model * RULES_MAX) % RANKS];
    if (slot->answer != model->answers || !pick_same(slot->pick, pick) || slot->video != video) {
        size_t rank = search_rank(source->search, source->search_rule[pick.rule], video);
        *slot = (struct rank_slot){.answer = model->answers, .pick = pick, .video = video, .rank = rank};
    }
    return slot->rank;
}
