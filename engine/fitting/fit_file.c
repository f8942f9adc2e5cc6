#include "engine/fitting/fit_file.h"

#include "engine/base/text.h"
#include "engine/collection/collection.h"
#include "engine/collection/fingerprint.h"
#include "engine/fitting/fit_blob.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 512 };

struct summary {
    uint64_t fingerprint;
    uint32_t direction, count;
};

/* What distinguishes a fit within its collection and direction, as texts that are compared. */
struct key {
    char rule[NAME], model[64], bank[128], second[NAME];
};

static void make_key(const struct task *task, const struct rule_spec *spec, struct key *key)
{
    const struct rule *rule = spec->rule;
    size_t length;

    *key = (struct key){0};
    rule_print(spec, key->rule, sizeof key->rule);
    length = strlen(key->rule);
    snprintf(key->rule + length, sizeof key->rule - length, " %u", rule->version);
    snprintf(key->model, sizeof key->model, "%s", task->model->name);
    if (rule->needs & RULE_NEEDS_BANK) {
        struct bank_subset subset = task->bank_subset;
        snprintf(subset.name, sizeof subset.name, "%s", task->bank_name);
        bank_name_print(&subset, key->bank, sizeof key->bank);
    }
    if (rule->needs & (RULE_NEEDS_GALLERY_BANK | RULE_NEEDS_BANK_GALLERY))
        snprintf(key->second, sizeof key->second, "bank %s", task->gallery_bank_name);
    if (rule_transductive(rule) && task->conventions.keep_masked)
        text_append(key->second, sizeof key->second, ", ", "videos without captions kept");
}

int fit_file_write(const char *path, bool replace, const struct fit_file_entry *entries, size_t count,
                   struct error *error)
{
    struct record_writer writer;
    struct summary summary = {.count = (uint32_t)count};

    if (record_begin(&writer, path, "fit", replace, error))
        return -1;
    summary.fingerprint = collection_fingerprint(entries[0].task->collection);
    summary.direction = entries[0].task->direction;
    record_put(&writer, &summary, sizeof summary, "fits");
    for (size_t i = 0; i < count; i++) {
        struct key key;
        size_t size;
        char *blob = fit_blob_make(entries[i].fit, &size);
        if (!blob) {
            record_abandon(&writer);
            return error_memory(error);
        }
        make_key(entries[i].task, &entries[i].fit->spec, &key);
        record_put_text(&writer, key.rule, "rule.%zu", i);
        record_put_text(&writer, key.model, "model.%zu", i);
        record_put_text(&writer, key.bank, "bank.%zu", i);
        record_put_text(&writer, key.second, "second.%zu", i);
        record_put(&writer, blob, size, "fit.%zu", i);
        free(blob);
    }
    return record_end(&writer, error);
}

int fit_file_open(struct fit_file *file, const char *path, const struct collection *collection,
                  enum direction direction, struct error *error)
{
    *file = (struct fit_file){.count = 0};
    if (record_open(&file->records, path, "fit", "a file of fits", error))
        return -1;
    const struct summary *summary = record_find(&file->records, sizeof *summary, "fits");
    int status = -1;
    if (!summary || !summary->count || summary->count > FIT_FILE_MOST || summary->direction > V2T)
        error_set(error, ERROR_INPUT, "%s: is damaged", path);
    else if (summary->fingerprint != collection_fingerprint(collection))
        error_set(error, ERROR_INPUT, "%s: has fits of other data than %s", path, collection->name);
    else if (summary->direction != (uint32_t)direction)
        error_set(error, ERROR_INPUT, "%s: has fits for %s, not %s", path, summary->direction == T2V ? "t2v" : "v2t",
                  direction == T2V ? "t2v" : "v2t");
    else
        status = 0;
    file->count = status ? 0 : summary->count;
    if (status)
        fit_file_close(file);
    return status;
}

void fit_file_close(struct fit_file *file)
{
    record_close(&file->records);
    *file = (struct fit_file){.count = 0};
}

/* A fit's text of one kind; null, with the error filled, if it is missing. */
static const char *text_of(const struct fit_file *file, const char *kind, size_t index, struct error *error)
{
    const char *text = record_find_text(&file->records, NAME, "%s.%zu", kind, index);

    if (!text)
        error_set(error, ERROR_INPUT, "%s: is damaged", file->records.path);
    return text;
}

int fit_file_rule(const struct fit_file *file, size_t index, char *buffer, size_t size, struct error *error)
{
    const char *rule = text_of(file, "rule", index, error), *model = text_of(file, "model", index, error);
    const char *bank = text_of(file, "bank", index, error);

    if (!rule || !model || !bank)
        return -1;
    snprintf(buffer, size, "%s/%.*s%s%s", model, (int)strcspn(rule, " "), rule, *bank ? "@" : "", bank);
    return 0;
}

static bool is_fit_of(const struct fit_file *file, size_t index, const struct key *key)
{
    const char *rule = text_of(file, "rule", index, NULL), *model = text_of(file, "model", index, NULL);
    const char *bank = text_of(file, "bank", index, NULL), *second = text_of(file, "second", index, NULL);

    return rule && model && bank && second && strcmp(rule, key->rule) == 0 && strcmp(model, key->model) == 0 &&
           strcmp(bank, key->bank) == 0 && strcmp(second, key->second) == 0;
}

/* Says which fits there are. */
static void refuse(const struct fit_file *file, const struct key *key, struct error *error)
{
    char list[300] = "", name[2 * NAME];

    for (size_t i = 0; i < file->count; i++)
        if (fit_file_rule(file, i, name, sizeof name, NULL) == 0)
            text_append(list, sizeof list, ", ", name);
    error_set(error, ERROR_INPUT, "%s: has no fit of %s/%.*s%s%s; it has %s", file->records.path, key->model,
              (int)strcspn(key->rule, " "), key->rule, *key->bank ? "@" : "", key->bank, list);
}

struct fit *fit_file_take(const struct fit_file *file, const struct task *task, const struct rule_spec *spec,
                          struct error *error)
{
    struct key key;

    make_key(task, spec, &key);
    for (size_t i = 0; i < file->count; i++) {
        size_t size;
        const void *blob = record_find_any(&file->records, &size, "fit.%zu", i);
        if (!blob || !is_fit_of(file, i, &key))
            continue;
        struct error why = {0};
        struct fit *fit = fit_restore(task, spec, blob, size, &why);
        if (!fit)
            error_set(error, why.kind, "%s: %s", file->records.path, why.text);
        return fit;
    }
    refuse(file, &key, error);
    return NULL;
}
