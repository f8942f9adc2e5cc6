/* What banks are good for: a report on the heavy lane for every bank, or part of one, that a view asks about, remembered
 * for as long as there is room. */
#include "engine/base/memory.h"
#include "engine/study/study.h"
#include "ui/model/model_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bank_work {
    struct work work;
    struct bank_slot slot; /* choice and specs; what is found */
    struct shared_task *task; /* whose direction and second bank it is */
    int status;
    struct error error;
};

/* Rules that need a bank and nothing else, with the parameters in force: slow ones are left to `hubscope bank`. */
size_t model_bank_specs(const struct model *model, struct rule_spec *spec)
{
    size_t count = 0;

    for (size_t r = 0; r < rules_count; r++)
        if (rules[r]->needs == RULE_NEEDS_BANK && !rules[r]->count && !model->side[T2V].unavailable[r])
            spec[count++] = model->spec[r];
    return count;
}

static bool same_choice(const struct bank_subset *a, const struct bank_subset *b)
{
    return strcmp(a->name, b->name) == 0 && a->size == b->size && a->seed == b->seed &&
           a->adversarial == b->adversarial;
}

static bool same_specs(const struct bank_slot *slot, const struct rule_spec *spec, size_t count)
{
    bool same = slot->specs == count;

    for (size_t i = 0; same && i < count; i++)
        same = model_same_values(&slot->spec[i], &spec[i]);
    return same;
}

static void close_slot(struct bank_slot *slot)
{
    if (slot->report.rows)
        bank_report_close(&slot->report);
    *slot = (struct bank_slot){0};
}

void model_banks_close(struct model_cache *cache)
{
    for (size_t i = 0; i < CACHE_BANKS; i++)
        close_slot(&cache->bank[i]);
}

static void want(struct model_cache *cache, const struct bank_subset *choice)
{
    for (size_t i = 0; i < cache->banks_wanted; i++)
        if (same_choice(&cache->bank_wanted[i], choice))
            return;
    if (cache->banks_wanted < CACHE_BANKS_WANTED)
        cache->bank_wanted[cache->banks_wanted++] = *choice;
}

const struct bank_report *model_bank_report(struct model *model, const struct bank_subset *choice, const char **why)
{
    struct model_cache *cache = model->cache;
    struct rule_spec spec[RULES_MAX];
    size_t specs = model_bank_specs(model, spec);
    struct bank_slot *found = NULL;

    *why = NULL;
    for (size_t i = 0; i < CACHE_BANKS; i++) {
        struct bank_slot *slot = &cache->bank[i];
        if (!slot->used || !same_choice(&slot->choice, choice))
            continue;
        if (same_specs(slot, spec, specs)) {
            slot->used = ++cache->clock;
            *why = slot->failed[0] ? slot->failed : NULL;
            return slot->failed[0] ? NULL : &slot->report;
        }
        if (!slot->failed[0] && (!found || slot->used > found->used))
            found = slot;
    }
    want(cache, choice);
    model_advance(model);
    *why = model->paused ? "cancelled: [ or ] goes on" : "being measured ...";
    return found ? &found->report : NULL;
}

static void bank_run(struct work *work)
{
    struct bank_work *b = (struct bank_work *)work;
    struct study study;

    study_over(&study, &b->task->task);
    b->status = study_report_bank(&study, &b->slot.choice, b->slot.spec, b->slot.specs, &b->slot.report, &b->work.job,
                                  &b->error);
    study_close(&study);
}

static void bank_land(struct work *work, struct model *model)
{
    struct bank_work *b = (struct bank_work *)work;
    struct model_cache *cache = model->cache;
    struct bank_slot *slot = &cache->bank[0];

    model_touch(model);
    if (b->status && b->error.kind == ERROR_CANCELLED)
        return;
    for (size_t i = 0; i < CACHE_BANKS; i++)
        if (cache->bank[i].used < slot->used)
            slot = &cache->bank[i];
    if (b->status)
        snprintf(b->slot.failed, sizeof b->slot.failed, "%.*s", (int)sizeof b->slot.failed - 1, b->error.text);
    close_slot(slot);
    *slot = b->slot;
    slot->used = ++cache->clock;
    b->slot.report = (struct bank_report){0};
}

static void bank_free(struct work *work)
{
    struct bank_work *b = (struct bank_work *)work;

    close_slot(&b->slot);
    shared_task_release(&b->task->task);
    free(b);
}

bool model_advance_bank(struct model *model)
{
    struct model_cache *cache = model->cache;

    if (!cache->banks_wanted)
        return false;
    struct bank_subset choice = cache->bank_wanted[0];
    memmove(cache->bank_wanted, cache->bank_wanted + 1, --cache->banks_wanted * sizeof choice);
    struct bank_work *b = memory_array(1, sizeof *b);
    if (!b)
        return false;
    b->work = (struct work){.run = bank_run, .land = bank_land, .free = bank_free};
    b->task = shared_task_keep(model->side[T2V].task);
    b->slot.choice = choice;
    b->slot.specs = model_bank_specs(model, b->slot.spec);
    if (choice.size)
        snprintf(b->work.what, WORK_WHAT, "measuring %zu of bank %.40s", choice.size, choice.name);
    else
        snprintf(b->work.what, WORK_WHAT, "measuring bank %.40s", choice.name);
    worker_post(model->worker, LANE_HEAVY, &b->work);
    return true;
}
