#include "engine/page/data.h"
#include "engine/evaluation/bank_subset.h"
#include "engine/base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_raw(const struct rule_spec *spec)
{
    return strcmp(spec->rule->name, "raw") == 0;
}

/* Opens a task of the side with a bank (name "": the first). */
static int open_task(struct page_side *side, const struct page_request *request, enum direction direction,
                     const struct bank_subset *bank, const char *gallery_bank, struct job *job, struct error *error)
{
    struct task *task = &side->task[side->tasks];

    if (task_open(task, request->collection, direction, NULL, error))
        return -1;
    side->tasks++;
    if (gallery_bank && task_gallery_bank(task, gallery_bank, error))
        return -1;
    return bank && *bank->name ? task_choose_bank(task, bank, job, error) : 0;
}

static void add_rule(struct page_side *side, const struct rule_spec *spec, size_t task)
{
    side->task_of[side->rules] = task;
    side->spec[side->rules++] = *spec;
}

/* The task with a bank that a rule names; SIZE_MAX on failure. */
static size_t task_with(struct page_side *side, const struct page_request *request, enum direction direction,
                        const struct bank_subset *bank, struct job *job, struct error *error)
{
    char wanted[128], there[128];

    if (!*bank->name)
        return 0;
    bank_name_print(bank, wanted, sizeof wanted);
    for (size_t i = 0; i < side->tasks; i++) {
        bank_name_print(&side->task[i].bank_subset, there, sizeof there);
        if (strcmp(wanted, there) == 0)
            return i;
    }
    if (open_task(side, request, direction, bank, request->gallery_bank, job, error))
        return SIZE_MAX;
    return side->tasks - 1;
}

/* Raw first, then what was asked for; in the other direction what can be used of it, each rule on that side's bank. */
static int choose_rules(struct page_side *side, const struct page_request *request, enum direction direction,
                        struct job *job, struct error *error)
{
    bool other = direction != request->direction;
    size_t first = SIZE_MAX;

    for (size_t i = 0; i < request->rules && first == SIZE_MAX; i++)
        if (is_raw(&request->rule[i].spec))
            first = i;
    struct rule_spec raw = first < request->rules ? request->rule[first].spec
                                                  : rule_default(rule_find("raw"), side->task[0].logit_scale);
    add_rule(side, &raw, 0);
    for (size_t i = 0; i < rules_count && !request->rules; i++) {
        struct rule_spec spec = rule_default(rules[i], side->task[0].logit_scale);
        side->missing[i] = rule_unavailable(rules[i], &side->task[0]);
        if (!side->missing[i] && !is_raw(&spec))
            add_rule(side, &spec, 0);
    }
    for (size_t i = 0; i < request->rules; i++) {
        const struct page_rule *rule = &request->rule[i];
        size_t task = other || i == first ? 0 : task_with(side, request, direction, &rule->bank, job, error);
        if (task == SIZE_MAX)
            return -1;
        const char *missing = rule_unavailable(rule->spec.rule, &side->task[task]);
        if (missing && !other)
            return error_set(error, ERROR_INPUT, "rule %s cannot be used here: %s", rule->spec.rule->name, missing);
        if (i == request->focus)
            side->focus = i == first || missing ? 0 : side->rules;
        if (i != first && !missing)
            add_rule(side, &rule->spec, task);
    }
    return 0;
}

/* ncl, else the first that learns from a bank and is meant for use. */
static size_t usual_focus(const struct page_side *side)
{
    size_t focus = 0;

    for (size_t i = 1; i < side->rules; i++) {
        const struct rule *rule = side->spec[i].rule;
        if (strcmp(rule->name, "ncl") == 0)
            return i;
        if (!focus && !rule->label)
            focus = i;
    }
    return focus;
}

/* Fits and analyses every rule on its task. */
static int analyse(struct page_side *side, struct job *job, struct error *error)
{
    for (size_t t = 0; t < side->tasks; t++) {
        struct rule_spec spec[PAGE_RULES + 1];
        struct fit *fit[PAGE_RULES + 1];
        struct analysis analysis[PAGE_RULES + 1];
        size_t which[PAGE_RULES + 1], count = 0;
        for (size_t i = 0; i < side->rules; i++)
            if (side->task_of[i] == t) {
                which[count] = i;
                spec[count++] = side->spec[i];
            }
        if (!count)
            continue;
        if (fit_rules(&side->task[t], spec, count, NULL, fit, job, error))
            return -1;
        for (size_t i = 0; i < count; i++)
            side->fit[which[i]] = fit[i];
        if (analysis_run(&side->task[t], fit, count, analysis, job, error))
            return -1;
        for (size_t i = 0; i < count; i++)
            side->analysis[which[i]] = analysis[i];
    }
    return 0;
}

static void close_side(struct page_side *side)
{
    if (!side)
        return;
    for (size_t i = 0; i < side->rules; i++) {
        analysis_close(&side->analysis[i]);
        fit_release(side->fit[i]);
    }
    for (size_t t = 0; t < side->tasks; t++)
        task_close(&side->task[t]);
    free(side);
}

/* Null on failure. */
static struct page_side *make_side(const struct page_request *request, enum direction direction, struct job *job,
                                   struct error *error)
{
    bool main = direction == request->direction;
    struct page_side *side = memory_array(1, sizeof *side);

    if (!side) {
        error_memory(error);
        return NULL;
    }
    if (open_task(side, request, direction, main ? &request->bank : NULL, main ? request->gallery_bank : NULL, job,
                  error))
        goto fail;
    if (!task_queries(&side->task[0]) || !task_gallery(&side->task[0])) {
        error_set(error, ERROR_INPUT, "%s has no evaluation queries to report on", request->collection->name);
        goto fail;
    }
    if (choose_rules(side, request, direction, job, error) || analyse(side, job, error))
        goto fail;
    if (request->focus == SIZE_MAX)
        side->focus = usual_focus(side);
    for (size_t i = 1; i < side->rules; i++)
        if (bootstrap_paired(side->analysis[0].rank, side->analysis[i].rank, side->analysis[0].queries,
                             request->samples, request->seed, &side->difference[i], job, error))
            goto fail;
    return side;
fail:
    close_side(side);
    return NULL;
}

/* Reports on a bank of the page's direction; `bank` null: the page's own. */
static int add_bank(struct page *page, const struct bank *bank, struct job *job, struct error *error)
{
    const struct page_request *request = page->request;
    const struct page_side *side = page->side[0];
    const struct rule_spec *spec = &side->spec[side->focus];
    struct task task;
    bool rule = side->focus && (spec->rule->needs & RULE_NEEDS_BANK);
    struct bank_report *report = &page->bank[page->banks];
    struct error why = {0};
    double *r1 = &page->bank_r1[page->banks];

    *r1 = NAN;
    if (!bank) { /* its rules are fitted and measured already */
        if (bank_report_make(&side->task[0], NULL, 0, report, job, error))
            return -1;
        if (rule && side->task_of[side->focus] == 0)
            *r1 = side->analysis[side->focus].metrics.r1;
        page->banks++;
        return 0;
    }
    if (task_open(&task, request->collection, request->direction, bank->name, error))
        return -1;
    int failed = request->gallery_bank ? task_gallery_bank(&task, request->gallery_bank, &why) : 0;
    failed = failed || bank_report_make(&task, spec, rule, report, job, &why);
    if (failed && rule && why.kind == ERROR_INPUT) /* a parameter that is too much for this bank */
        failed = bank_report_make(&task, spec, 0, report, job, &why);
    task_close(&task);
    if (failed) {
        if (error)
            *error = why;
        return -1;
    }
    if (report->rules)
        *r1 = report->rule[0].metrics.r1;
    page->banks++;
    return 0;
}

static int gather_banks(struct page *page, struct job *job, struct error *error)
{
    const struct task *task = &page->side[0]->task[0];
    const struct collection *collection = page->request->collection;
    bool t2v = task->direction == T2V;
    const struct bank *banks = t2v ? collection->bank : collection->video_bank;
    size_t count = t2v ? collection->banks : collection->video_banks;

    if (!task_bank(task))
        return 0;
    if (add_bank(page, NULL, job, error))
        return -1;
    for (size_t i = 0; i < count; i++) {
        if (&banks[i] == task_bank_entry(task))
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
