#include "ui/model/ranks.h"

#include "engine/base/memory.h"

#include <stdlib.h>

enum { RANKS = 4096 };

struct ranks {
    struct rank_slot {
        unsigned long answer; /* model->answers at the time; 0: empty */
        size_t rule, rank;
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

size_t model_rank(const struct model *model, size_t rule, uint32_t video)
{
    if (!model_list(model, rule) || video >= model->search->m)
        return 0;
    struct rank_slot *slot = &model->ranks->slot[(video * 31u + rule) % RANKS];
    if (slot->answer != model->answers || slot->rule != rule || slot->video != video) {
        size_t rank = search_rank(model->search, model->search_rule[rule], video);
        *slot = (struct rank_slot){.answer = model->answers, .rule = rule, .video = video, .rank = rank};
    }
    return slot->rank;
}
