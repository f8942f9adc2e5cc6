/* Reports on what banks are good for: made on the heavy lane for every bank, or subset of one, that a view asks about,
 * and kept while there is room. */
#include "ui/model/bank_reports.h"

#include "engine/base/memory.h"
#include "engine/study/study.h"
#include "ui/model/shared_task.h"
#include "ui/model/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT = 32, WANTED = 16 };

struct bank_slot {
    unsigned long used; /* time of the last use; 0: empty */
    size_t model;
    struct bank_subset choice;
    struct rule_spec spec[RULES_MAX];
    size_t specs;
    struct bank_report report; /* rows 0: none */
    char failed[160];
};

struct bank_reports {
    struct bank_slot slot[KEPT];
    struct bank_subset wanted[WANTED]; /* requested but not known, oldest first */
    size_t wanted_count;
    unsigned long clock;
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

static bool same_specs(const struct bank_slot *slot, const struct rule_spec *spec, size_t count)
{
    bool same = slot->specs == count;

    for (size_t i = 0; same && i < count; i++)
        same = rule_same(&slot->spec[i], &spec[i]);
    return same;
}

static void close_slot(struct bank_slot *slot)
{
    if (slot->report.rows)
        bank_report_close(&slot->report);
    *slot = (struct bank_slot){0};
}

struct bank_reports *bank_reports_new(void)
{
    return memory_array(1, sizeof(struct bank_reports));
}

void bank_reports_free(struct bank_reports *reports)
{
    for (size_t i = 0; reports && i < KEPT; i++)
        close_slot(&reports->slot[i]);
    free(reports);
}

void bank_reports_forget_asked(struct bank_reports *reports)
{
    reports->wanted_count = 0;
}

static void want(struct bank_reports *cache, const struct bank_subset *choice)
{
    for (size_t i = 0; i < cache->wanted_count; i++)
        if (same_choice(&cache->wanted[i], choice))
            return;
    if (cache->wanted_count < WANTED)
        cache->wanted[cache->wanted_count++] = *choice;
}

const struct bank_report *model_bank_report(struct model *model, const struct bank_subset *choice, const char **why)
{
    struct bank_reports *cache = model->bank_reports;
    struct rule_spec spec[RULES_MAX];
    size_t specs = bank_reports_specs(model, spec);
    struct bank_slot *found = NULL;

    *why = NULL;
    for (size_t i = 0; i < KEPT; i++) {
        struct bank_slot *slot = &cache->slot[i];
        if (!slot->used || slot->model != model->current.model || !same_choice(&slot->choice, choice))
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
    *why = model->paused ? "cancelled: [ or ] resumes" : "being measured ...";
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
    struct bank_reports *cache = model->bank_reports;
    struct bank_slot *slot = &cache->slot[0];

    model_touch(model);
    if (b->status && b->error.kind == ERROR_CANCELLED)
        return;
    for (size_t i = 0; i < KEPT; i++)
        if (cache->slot[i].used < slot->used)
            slot = &cache->slot[i];
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

bool bank_reports_advance(struct model *model)
{
    struct bank_reports *cache = model->bank_reports;

    if (!cache->wanted_count)
        return false;
    struct bank_subset choice = cache->wanted[0];
    memmove(cache->wanted, cache->wanted + 1, --cache->wanted_count * sizeof choice);
    struct bank_work *b = memory_array(1, sizeof *b);
    if (!b)
        return false;
    b->work = (struct work){.run = bank_run, .land = bank_land, .free = bank_free};
    b->task = shared_task_keep(model_side(model, T2V, model->current)->task);
    b->slot.model = model->current.model;
    b->slot.choice = choice;
    b->slot.specs = bank_reports_specs(model, b->slot.spec);
    if (choice.size)
        snprintf(b->work.what, WORK_WHAT, "measuring %zu of bank %.40s", choice.size, choice.name);
    else
        snprintf(b->work.what, WORK_WHAT, "measuring bank %.40s", choice.name);
    worker_post(model->worker, LANE_HEAVY, &b->work);
    return true;
}
