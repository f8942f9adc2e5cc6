/* Reports on what banks are good for: made on the heavy lane for every bank, or subset of one, that a view asks about,
 * and kept while there is room. */
#include "ui/model/bank_reports.h"

#include "engine/base/lru.h"
#include "engine/base/memory.h"
#include "engine/study/study.h"
#include "ui/model/shared_task.h"
#include "ui/model/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT = 32, WANTED = 16 };

struct bank_slot {
    size_t model;
    struct bank_subset choice;
    struct rule_spec spec[RULES_MAX];
    size_t specs;
    struct bank_report report; /* rows 0: none */
    char failed[160];
};

struct bank_reports {
    struct lru *kept;                  /* struct bank_slot */
    struct bank_subset wanted[WANTED]; /* requested but not known, oldest first */
    size_t wanted_count;
};

struct bank_work {
    struct work work;
    struct bank_slot slot;    /* choice and specs, then the report */
    struct shared_task *task; /* for its direction and second bank */
    int status;
    struct error error;
};

/* Rules that need only a bank, with the parameters in force; slow ones are left to `hubscope bank`. */
size_t bank_reports_specs(const struct model *model, struct rule_spec *spec)
{
    const struct source *source = model_source(model, model->current);
    size_t count = 0;

    for (size_t r = 0; r < rules_count; r++)
        if (rules[r]->needs == RULE_NEEDS_BANK && !rules[r]->count && !source->left_out[r])
            spec[count++] = source->spec[r];
    return count;
}

static bool same_choice(const struct bank_subset *a, const struct bank_subset *b)
{
    return strcmp(a->name, b->name) == 0 && a->size == b->size && a->seed == b->seed &&
           a->adversarial == b->adversarial;
}

/* Of the same choice, at least. */
static bool is_of(const void *kept, const void *key)
{
    const struct bank_slot *slot = kept, *asked = key;

    return slot->model == asked->model && same_choice(&slot->choice, &asked->choice);
}

static bool is_current(const void *kept, const void *key)
{
    const struct bank_slot *slot = kept, *asked = key;
    bool same = is_of(slot, asked) && slot->specs == asked->specs;

    for (size_t i = 0; same && i < slot->specs; i++)
        same = rule_same(&slot->spec[i], &asked->spec[i]);
    return same;
}

static bool is_earlier(const void *kept, const void *key)
{
    return is_of(kept, key) && !((const struct bank_slot *)kept)->failed[0];
}

static void close_slot(void *slot)
{
    bank_report_close(&((struct bank_slot *)slot)->report);
}

struct bank_reports *bank_reports_new(void)
{
    struct bank_reports *reports = memory_array(1, sizeof *reports);

    if (reports && (reports->kept = lru_new(KEPT, sizeof(struct bank_slot), close_slot)))
        return reports;
    free(reports);
    return NULL;
}

void bank_reports_free(struct bank_reports *reports)
{
    if (reports)
        lru_free(reports->kept);
    free(reports);
}

static void bank_reports_forget(struct model *model)
{
    model->bank_reports->wanted_count = 0;
}

static void want(struct bank_reports *cache, const struct bank_subset *choice)
{
    for (size_t i = 0; i < cache->wanted_count; i++)
        if (same_choice(&cache->wanted[i], choice))
            return;
    if (cache->wanted_count < WANTED)
        cache->wanted[cache->wanted_count++] = *choice;
}

/* The key of a report under the rules' parameters in force. */
static struct bank_slot slot_for(const struct model *model, const struct bank_subset *choice)
{
    struct bank_slot slot = {.model = model->current.model, .choice = *choice};

    slot.specs = bank_reports_specs(model, slot.spec);
    return slot;
}

const struct bank_report *model_bank_report(struct model *model, const struct bank_subset *choice, const char **why)
{
    struct bank_reports *cache = model->bank_reports;
    const struct bank_slot asked = slot_for(model, choice);
    const struct bank_slot *slot = lru_find(cache->kept, is_current, &asked);

    *why = slot && slot->failed[0] ? slot->failed : NULL;
    if (slot)
        return *why ? NULL : &slot->report;
    want(cache, choice);
    *why = model->paused ? "cancelled: [ or ] resumes" : "being measured ...";
    slot = lru_find(cache->kept, is_earlier, &asked);
    return slot ? &slot->report : NULL;
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

    model_touch(model);
    if (b->status && b->error.kind == ERROR_CANCELLED)
        return;
    if (b->status)
        snprintf(b->slot.failed, sizeof b->slot.failed, "%.*s", (int)sizeof b->slot.failed - 1, b->error.text);
    struct bank_slot *slot = lru_take(model->bank_reports->kept);
    *slot = b->slot;
    b->slot.report = (struct bank_report){0};
}

static void bank_free(struct work *work)
{
    struct bank_work *b = (struct bank_work *)work;

    close_slot(&b->slot);
    shared_task_release(&b->task->task);
    free(b);
}

static struct work *bank_next(struct model *model)
{
    struct bank_reports *cache = model->bank_reports;

    if (!cache->wanted_count)
        return NULL;
    struct bank_subset choice = cache->wanted[0];
    memmove(cache->wanted, cache->wanted + 1, --cache->wanted_count * sizeof choice);
    struct bank_work *b = memory_array(1, sizeof *b);
    if (!b)
        return NULL;
    b->task = shared_task_keep(model_side(model, T2V, model->current)->task);
    b->slot = slot_for(model, &choice);
    if (choice.size)
        snprintf(b->work.what, WORK_WHAT, "measuring %zu of bank %.40s", choice.size, choice.name);
    else
        snprintf(b->work.what, WORK_WHAT, "measuring bank %.40s", choice.name);
    return &b->work;
}

const struct errand bank_errand = {
    .next = bank_next, .forget = bank_reports_forget, .run = bank_run, .land = bank_land, .free = bank_free};
