#include "engine/evaluation/bank_subset.h"
#include "engine/base/memory.h"
#include "engine/base/random.h"
#include "engine/collection/collection.h"
#include "engine/evaluation/analysis.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct bank *task_bank_entry(const struct task *task)
{
    return collection_model_bank(task->model, task->direction == V2T, task->bank_name);
}

size_t bank_targets(const struct collection *collection, const struct bank *bank, uint32_t *target, struct error *error)
{
    size_t known = 0;

    for (size_t i = 0; i < bank->matrix.rows; i++) {
        struct catalog_text text;
        target[i] = UINT32_MAX;
        if (!collection->catalog || !bank->first_text)
            continue;
        if (catalog_text(collection->catalog, bank->name, i, &text, error))
            return SIZE_MAX;
        if (text.video >= 0 && (size_t)text.video < collection->videos) {
            target[i] = (uint32_t)text.video;
            known++;
        }
        catalog_text_close(&text);
    }
    return known;
}

int task_of_bank(const struct task *task, struct task *bank, struct error *error)
{
    *bank = (struct task){.collection = task->collection,
                          .model = task->model,
                          .direction = task->direction,
                          .s = task->b,
                          .bank_name = "",
                          .gallery_bank_name = "",
                          .logit_scale = task->logit_scale};
    bank->target_start = memory_array(task_bank(task) + 1, sizeof *bank->target_start);
    return bank->target_start ? 0 : error_memory(error);
}

struct owner {
    uint32_t item, row;
    uint32_t count; /* bank queries that retrieve the item first */
};

static int most_retrieved(const void *a, const void *b)
{
    const struct owner *x = a, *y = b;

    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    if (x->item != y->item)
        return x->item < y->item ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static int by_row(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

/* `whole` is a task with all rows of the bank. */
static int choose_worst(const struct task *whole, size_t size, uint32_t *row, struct job *job, struct error *error)
{
    struct task bank = {0};
    struct rule_spec raw = rule_default(rule_find("raw"), whole->logit_scale);
    struct fit *fit = NULL;
    struct analysis retrieved = {0};
    size_t rows = task_bank(whole);
    struct owner *owner = memory_array(rows, sizeof *owner);
    uint32_t *own = memory_array(rows, sizeof *own);
    int status = -1;

    if (!owner || !own) {
        error_memory(error);
        goto done;
    }
    if (whole->direction == V2T)
        memset(own, 0xff, rows * sizeof *own);
    else if (bank_targets(whole->collection, task_bank_entry(whole), own, error) == SIZE_MAX)
        goto done;
    if (task_of_bank(whole, &bank, error) ||
        fit_rules(&bank, &raw, 1, &(struct fit_options){.no_cache = true}, &fit, job, error) ||
        analysis_run(&bank, &fit, 1, &retrieved, job, error))
        goto done;
    for (size_t i = 0; i < rows; i++) {
        uint32_t item = own[i] != UINT32_MAX ? own[i] : retrieved.top[i * retrieved.top_k];
        owner[i] = (struct owner){item, (uint32_t)i, retrieved.occurrence[0][item]};
    }
    qsort(owner, rows, sizeof *owner, most_retrieved);
    for (size_t i = 0; i < size; i++)
        row[i] = owner[i].row;
    qsort(row, size, sizeof *row, by_row);
    status = 0;
done:
    analysis_close(&retrieved);
    fit_release(fit);
    task_close(&bank);
    free(owner);
    free(own);
    return status;
}

int task_choose_bank(struct task *task, const struct bank_subset *subset, struct job *job, struct error *error)
{
    struct task other;
    size_t want = subset->adversarial ? subset->adversarial : subset->size;
    uint32_t *row = NULL;

    if (task_open(&other, task->collection, task->model, task->direction, subset->name, error))
        return -1;
    size_t rows = task_bank(&other);
    if (want && !rows) {
        error_set(error, ERROR_INPUT, "no bank to take %zu rows of", want);
        goto fail;
    }
    if (want > rows) {
        error_set(error, ERROR_INPUT, "bank %s has only %zu rows: %zu cannot be taken", other.bank_name, rows, want);
        goto fail;
    }
    if (want && !(row = memory_array(want, sizeof *row))) {
        error_memory(error);
        goto fail;
    }
    if (subset->adversarial && choose_worst(&other, want, row, job, error))
        goto fail;
    if (want && !subset->adversarial)
        random_rows(row, rows, want, subset->seed);
    free(task->bank_row);
    task->b = other.b;
    task->bank_name = other.bank_name;
    task->bank_subset = *subset;
    snprintf(task->bank_subset.name, sizeof task->bank_subset.name, "%s", other.bank_name);
    task->bank_row = row;
    task->b.row_map = row;
    if (want)
        task->b.rows = want;
    task_close(&other);
    return 0;
fail:
    free(row);
    task_close(&other);
    return -1;
}
