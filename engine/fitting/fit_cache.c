#include "engine/fitting/fit_cache.h"
#include "engine/base/crew.h"
#include "engine/base/memory.h"
#include "engine/collection/collection.h"
#include "engine/fitting/fit_blob.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORMAT = 3, KEY_SIZE = 1024 };

static bool make_key(const struct task *task, const struct fit *fit, char *key)
{
    char rule[256];
    const char *digest = task->model->digest;
    const struct rule *what = fit->spec.rule;
    bool second = what->needs & (RULE_NEEDS_GALLERY_BANK | RULE_NEEDS_BANK_GALLERY);
    bool other_queries = rule_transductive(what) && task->direction == V2T && /* than the digest covers */
                         (task->conventions.keep_masked || task->collection->judged);
    if (!task->collection->catalog || !*digest || other_queries ||
        (second && task->gallery_bank_name == task->model->second.name)) /* it is a file, which may change */
        return false;
    rule_print(&fit->spec, rule, sizeof rule);
    const struct bank_subset *subset = &task->bank_subset;
    char rows[80] = ""; /* the selected rows; no other word of the key begins with a slash */
    if (*fit->bank && (subset->size || subset->adversarial))
        snprintf(rows, sizeof rows, "/%zu/%" PRIu64 "/%zu", subset->size, subset->size ? subset->seed : 0,
                 subset->adversarial);
    int length = snprintf(key, KEY_SIZE, "%d.%u %s %s%s %s %s%s%s", FORMAT, what->version, rule,
                          task->direction == T2V ? "t2v" : "v2t", rows, digest, *fit->bank ? task->bank_name : "",
                          second ? "+" : "", second ? task->gallery_bank_name : "");
    return length > 0 && length < KEY_SIZE;
}

/* The entry that the leader has, so that all processes go on alike; null: none, or out of memory. */
static void *load_blob(const struct task *task, const char *key, size_t *size)
{
    void *blob = crew_leads() ? catalog_fit_load(task->collection->catalog, key, size) : NULL;

    *size = blob ? *size : 0;
    if (crew_tell(size, sizeof *size, NULL) == 0 && *size && (blob || (blob = memory_array(*size, 1))) &&
        crew_tell(blob, *size, NULL) == 0)
        return blob;
    free(blob);
    return NULL;
}

bool fit_cache_load(const struct task *task, struct fit *fit)
{
    char key[KEY_SIZE];
    size_t size = 0;

    if (!make_key(task, fit, key))
        return false;
    void *blob = load_blob(task, key, &size);
    bool sound = blob && fit_blob_read(blob, size, fit, NULL);
    free(blob);
    return sound;
}

void fit_cache_store(const struct task *task, const struct fit *fit)
{
    char key[KEY_SIZE];
    size_t size;

    if (!crew_leads() || !make_key(task, fit, key))
        return;
    char *blob = fit_blob_make(fit, &size);
    if (!blob)
        return; /* no harm: the next run fits again */
    catalog_fit_store(task->collection->catalog, key, blob, size);
    free(blob);
}
