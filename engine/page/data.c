#include "engine/page/data.h"
#include "engine/base/memory.h"
#include "engine/collection/collection.h"
#include "engine/evaluation/bank_subset.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_raw(const struct rule_spec *spec)
{
    return strcmp(spec->rule->name, "raw") == 0;
}

/* Adds every rule but raw that can be used, and notes why the others cannot. */
static int add_all(struct page_side *side, struct job *job, struct error *error)
{
    const struct task *task = page_task(side);

    for (size_t i = 0; i < rules_count; i++) {
        const struct study_key key = {.spec = rule_default(rules[i], task->logit_scale)};
        side->missing[i] = rule_unavailable(rules[i], task);
        if (!side->missing[i] && !is_raw(&key.spec) && study_add(&side->study, &key, job, error))
            return -1;
    }
    return 0;
}

/* Adds raw, then the requested rules; in the other direction those that can be used there, on that side's bank. */
static int add_rules(struct page_side *side, const struct page_request *request, struct job *job, struct error *error)
{
    const struct task *task = page_task(side);
    bool other = task->direction != request->direction;
    struct study_key raw = {.spec = rule_default(rule_find("raw"), task->logit_scale)};
    size_t first = 0;

    while (first < request->rules && !is_raw(&request->rule[first].spec))
        first++;
    if (first < request->rules)
        raw = request->rule[first];
    if (study_add(&side->study, &raw, job, error))
        return -1;
    if (!request->rules)
        return add_all(side, job, error);
    for (size_t i = 0; i < request->rules; i++) {
        struct study_key key = request->rule[i];
        bool left_out = i == first || (other && rule_unavailable(key.spec.rule, task));
        key.banked = key.banked && !other;
        struct error why = {0};
        size_t entry = side->study.entries;
        left_out = left_out || study_add(&side->study, &key, job, &why);
        if (i == request->focus)
            side->focus = left_out ? 0 : entry;
        if (!why.kind)
            continue;
        if (!other || why.kind != ERROR_INPUT) { /* the other direction has what it can have */
            *error = why;
            return -1;
        }
    }
    return 0;
}

/* ncl, else the first rule that is neither raw, transductive nor a baseline. */
static size_t usual_focus(const struct study *study)
{
    size_t focus = 0;

    for (size_t i = 1; i < study->entries; i++) {
        const struct rule *rule = study->key[i].spec.rule;
        if (strcmp(rule->name, "ncl") == 0)
            return i;
        if (!focus && !rule->label)
            focus = i;
    }
    return focus;
}

static void close_side(struct page_side *side)
{
    if (side)
        study_close(&side->study);
    free(side);
}

static int open_study(struct study *study, const struct page_request *request, enum direction direction,
                      struct job *job, struct error *error)
{
    struct study_options options = {.direction = direction, .conventions = request->conventions};

    if (direction != request->direction)
        return study_open(study, request->collection, &options, job, error);
    if (request->study) {
        study_share(study, request->study);
        return 0;
    }
    options.bank = request->bank;
    options.gallery_bank = request->gallery_bank;
    return study_open(study, request->collection, &options, job, error);
}

/* Null on failure. */
static struct page_side *make_side(const struct page_request *request, enum direction direction, struct job *job,
                                   struct error *error)
{
    struct page_side *side = memory_array(1, sizeof *side);

    if (!side) {
        error_memory(error);
        return NULL;
    }
    struct study *study = &side->study;
    if (open_study(study, request, direction, job, error))
        goto fail;
    if (!task_queries(study_task(study)) || !task_gallery(study_task(study))) {
        error_set(error, ERROR_INPUT, "%s has no evaluation queries to report on", request->collection->name);
        goto fail;
    }
    if (add_rules(side, request, job, error) || study_fit(study, job, error) ||
        study_analyse(study, ANALYSIS_TOP, job, error))
        goto fail;
    if (request->focus == SIZE_MAX)
        side->focus = usual_focus(study);
    if (request->mass && study->entries > 1 &&
        study_sample_mass(study, NULL, 0, request->samples, request->seed, job, error))
        goto fail;
    for (size_t i = 1; i < study->entries; i++)
        if (study_difference(study, 0, i, request->samples, request->seed, &side->difference[i], job, error))
            goto fail;
    return side;
fail:
    close_side(side);
    return NULL;
}

/* Reports on the page's own bank, whose rules are already fitted and measured. */
static int add_own_bank(struct page *page, struct job *job, struct error *error)
{
    const struct page_side *side = page->side[0];
    const struct study_key *focus = &side->study.key[side->focus];
    bool measured = side->focus && !focus->banked && (focus->spec.rule->needs & RULE_NEEDS_BANK);

    if (bank_report_make(page_task(side), NULL, 0, &page->bank[0], job, error))
        return -1;
    const struct analysis *focused = &side->study.analysis[side->focus];
    page->bank_r1[page->banks] = measured ? focused->metrics.r1 : NAN;
    page->bank_skewness[page->banks++] = measured ? focused->hubness[ANALYSIS_KS - 1].skewness : NAN;
    return 0;
}

static int add_bank(struct page *page, const struct bank *bank, struct job *job, struct error *error)
{
    const struct page_side *side = page->side[0];
    const struct rule_spec *spec = &side->study.key[side->focus].spec;
    bool rule = side->focus && (spec->rule->needs & RULE_NEEDS_BANK);
    struct bank_report *report = &page->bank[page->banks];
    struct bank_subset whole = {0};
    struct error why = {0};

    memcpy(whole.name, bank->name, sizeof whole.name);
    int failed = study_report_bank(&side->study, &whole, spec, rule, report, job, &why);
    if (failed && rule && why.kind == ERROR_INPUT) /* a parameter too large for this bank */
        failed = study_report_bank(&side->study, &whole, spec, 0, report, job, &why);
    if (failed) {
        if (error)
            *error = why;
        return -1;
    }
    page->bank_r1[page->banks] = report->rules ? report->rule[0].metrics.r1 : NAN;
    page->bank_skewness[page->banks++] = report->rules ? report->rule[0].skewness : NAN;
    return 0;
}

static int gather_banks(struct page *page, struct job *job, struct error *error)
{
    const struct task *task = page_task(page->side[0]);
    size_t count;
    const struct bank *banks = collection_model_banks(task->model, task->direction == V2T, &count);

    if (!task_bank(task))
        return 0;
    if (add_own_bank(page, job, error))
        return -1;
    for (size_t i = 0; i < count; i++) {
        if (&banks[i] == task_bank_entry(task) || !banks[i].matrix.rows)
            continue;
        if (page->banks == PAGE_BANKS)
            page->banks_left++;
        else if (add_bank(page, &banks[i], job, error))
            return -1;
    }
    return 0;
}

int page_gather(struct page *page, const struct page_request *request, struct job *job, struct error *error)
{
    *page = (struct page){.request = request};
    page->side[0] = make_side(request, request->direction, job, error);
    if (!page->side[0])
        return -1;
    if (request->both) {
        struct error why = {0};
        page->side[1] = make_side(request, request->direction == T2V ? V2T : T2V, job, &why);
        if (!page->side[1] && why.kind != ERROR_INPUT) {
            if (error)
                *error = why;
            goto fail;
        }
        if (!page->side[1])
            memcpy(page->other_missing, why.text, sizeof page->other_missing);
    }
    if (gather_banks(page, job, error))
        goto fail;
    return 0;
fail:
    page_close(page);
    return -1;
}

void page_close(struct page *page)
{
    for (size_t i = 0; i < page->banks; i++)
        bank_report_close(&page->bank[i]);
    close_side(page->side[0]);
    close_side(page->side[1]);
    *page = (struct page){0};
}
