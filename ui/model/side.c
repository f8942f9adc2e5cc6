#include "ui/model/side.h"

#include "engine/base/item.h"
#include "engine/collection/collection.h"

#include <stdio.h>
#include <stdlib.h>

static void drop(struct analysis **analysis)
{
    if (*analysis)
        analysis_close(*analysis);
    free(*analysis);
    *analysis = NULL;
}

void side_drop_analysis(struct model_side *side, size_t rule)
{
    drop(&side->analysis[rule]);
    drop(&side->look[rule]);
}

bool side_is_partial(const struct model_side *side, size_t rule)
{
    const struct fit *fit = side->fit[rule];

    return fit && side->task && rules[rule]->needs & RULE_NEEDS_BANK && fit->n != task_bank(side->task);
}

const struct task *side_task_of(const struct model_side *side, size_t rule)
{
    if (!side_is_partial(side, rule))
        return side->task;
    return side->part && task_bank(side->part) == side->fit[rule]->n ? side->part : NULL;
}

static void drop_fit(struct model_side *side, size_t rule)
{
    fit_release(side->fit[rule]);
    side->fit[rule] = NULL;
}

/* Drops the task, the fits to its bank, and what cannot have a successor. */
static void leave_task(struct model_side *side)
{
    shared_task_release(side->task);
    side->task = NULL;
    shared_task_release(side->part);
    side->part = NULL;
    side->lacks[0] = 0;
    for (size_t r = 0; r < rules_count; r++) {
        side->refinement[r] = (struct refinement){0};
        side->failed[r][0] = 0;
        if (rules[r]->needs != RULE_NEEDS_NOTHING)
            drop_fit(side, r);
    }
}

/* Whether the model lists the bank, as another model has it, but has no rows of it. */
static bool lacks(const struct collection_model *model, bool videos, const char *name)
{
    const struct bank *bank = name ? collection_model_bank(model, videos, name) : NULL;

    return bank && !bank->matrix.rows;
}

static const char *why_unavailable(const struct model_side *side, const struct rule *rule)
{
    const char *why = rule_unavailable(rule, side->task);
    unsigned on_banks = RULE_NEEDS_BANK | RULE_NEEDS_GALLERY_BANK | RULE_NEEDS_BANK_GALLERY;

    return why && side->lacks[0] && rule->needs & on_banks ? side->lacks : why;
}

int side_open(struct model_side *side, const struct collection *collection, const struct collection_model *model,
              enum direction direction, const struct task_choice *choice, const bool *left_out, struct error *error)
{
    bool no_bank = lacks(model, direction == V2T, choice->bank);
    bool no_gallery_bank = lacks(model, direction == T2V, choice->gallery_bank);
    struct task_choice found = {no_bank ? NULL : choice->bank, no_gallery_bank ? NULL : choice->gallery_bank,
                                choice->conventions};
    struct shared_task *shared = shared_task_open(collection, model, direction, &found, error);

    if (!shared)
        return -1;
    leave_task(side);
    side->task = &shared->task;
    if (no_bank || no_gallery_bank)
        snprintf(side->lacks, sizeof side->lacks, "model %s has no %sbank %s", model->name,
                 no_bank == (direction == V2T) ? item_text("video ") : "",
                 no_bank ? choice->bank : choice->gallery_bank);
    if (no_bank)
        task_without_bank(&shared->task);
    if (no_gallery_bank)
        task_without_gallery_bank(&shared->task);
    for (size_t r = 0; r < rules_count; r++) {
        side->unavailable[r] = left_out[r] ? "left out by --rule" : why_unavailable(side, rules[r]);
        if (side->unavailable[r])
            side_drop_analysis(side, r);
    }
    return 0;
}

void side_close(struct model_side *side)
{
    leave_task(side);
    for (size_t r = 0; r < rules_count; r++) {
        drop_fit(side, r);
        side_drop_analysis(side, r);
    }
}
