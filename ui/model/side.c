#include "ui/model/side.h"

#include <stdlib.h>

/* Frees fits and analyses, not the task. */
static void clear(struct model_side *side)
{
    for (size_t r = 0; r < rules_count; r++) {
        fit_release(side->fit[r]);
        if (side->analysis[r])
            analysis_close(side->analysis[r]);
        free(side->analysis[r]);
        side->fit[r] = NULL;
        side->analysis[r] = NULL;
        side->failed[r][0] = 0;
    }
}

int side_open(struct model_side *side, const struct collection *collection, enum direction direction,
              const struct task_choice *choice, const bool *left_out, struct error *error)
{
    struct shared_task *shared = shared_task_open(collection, direction, choice, error);

    if (!shared)
        return -1;
    side_close(side);
    side->task = &shared->task;
    for (size_t r = 0; r < rules_count; r++)
        side->unavailable[r] = left_out[r] ? "left out by --rule" : rule_unavailable(rules[r], side->task);
    return 0;
}

void side_close(struct model_side *side)
{
    clear(side);
    shared_task_release(side->task);
    side->task = NULL;
}
