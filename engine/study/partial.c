#include "engine/study/partial.h"

#include "engine/base/crew.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/collection/collection.h"
#include "engine/collection/fingerprint.h"
#include "engine/evaluation/panel_cut.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char kind[] = "share", what[] = "a share";

struct summary {
    uint32_t index, of, words, zero;
};

/* What a study's shares must agree on. */
struct shape {
    uint64_t fingerprint, queries, gallery, top;
    uint32_t direction, entries;
};

struct entry {
    uint64_t residual; /* the bits of a double, which may be NAN */
    uint64_t fit;      /* a hash of what the rule was fitted to */
    uint8_t gated, gallery_gated, mass, judged;
    uint32_t zero;
};

/* ---- writing ---- */

int partial_begin(struct record_writer *writer, const char *path, bool replace, struct partial_share share,
                  const struct partial_work *work, struct error *error)
{
    const struct summary summary = {(uint32_t)share.index, (uint32_t)share.of, (uint32_t)work->words, 0};

    if (record_begin(writer, path, kind, replace, error))
        return -1;
    record_put(writer, &summary, sizeof summary, "share");
    record_put_text(writer, work->command, "command");
    for (size_t i = 0; i < work->words; i++)
        record_put_text(writer, work->word[i], "word.%zu", i);
    return 0;
}

static struct shape shape_of(const struct study *study, size_t top)
{
    const struct task *task = study_task(study);
    size_t items = task_items(task);

    return (struct shape){.fingerprint = collection_fingerprint(study->collection),
                          .queries = task_queries(task),
                          .gallery = items,
                          .top = items < top ? items : top,
                          .direction = task->direction,
                          .entries = (uint32_t)study->entries};
}

static uint64_t hash_fit(const struct fit *fit)
{
    uint64_t hash = record_hash(0, &fit->scale, sizeof fit->scale);

    if (fit->bias)
        hash = record_hash(hash, fit->bias, fit->m * sizeof *fit->bias);
    if (fit->gallery_bias)
        hash = record_hash(hash, fit->gallery_bias, fit->m * sizeof *fit->gallery_bias);
    if (fit->active)
        hash = record_hash(hash, fit->active, fit->m);
    return fit->gallery_active ? record_hash(hash, fit->gallery_active, fit->m) : hash;
}

/* How an entry is recognised: model, rule with its parameters and version, bank. */
static void name_entry(const struct study *study, size_t entry, char *buffer, size_t size)
{
    const struct study_key *key = &study->key[entry];
    char rule[256], bank[128];

    rule_print(&key->spec, rule, sizeof rule);
    bank_name_print(&key->bank, bank, sizeof bank);
    snprintf(buffer, size, "%s/%s@%s %u", key->model, rule, bank, key->spec.rule->version);
}

int partial_put(struct record_writer *writer, const struct study *study, size_t number, struct error *error)
{
    const struct shape shape = shape_of(study, study->entries ? study->analysis[0].top_k : 0);
    struct span share = panel_cut_share(shape.queries);

    record_put(writer, &shape, sizeof shape, "%zu", number);
    for (size_t e = 0; e < study->entries; e++) {
        const struct analysis *analysis = &study->analysis[e];
        struct entry entry = {.fit = hash_fit(analysis->fit),
                              .gated = analysis->gate != NULL,
                              .gallery_gated = analysis->gallery_gate != NULL,
                              .mass = analysis->mass != NULL,
                              .judged = analysis->precision != NULL};
        struct analysis_array arrays[ANALYSIS_ARRAYS];
        char name[512];
        memcpy(&entry.residual, &analysis->fit->residual, sizeof entry.residual);
        name_entry(study, e, name, sizeof name);
        record_put_text(writer, name, "%zu.%zu.name", number, e);
        record_put(writer, &entry, sizeof entry, "%zu.%zu.entry", number, e);
        analysis_arrays(analysis, arrays);
        for (size_t i = 0; i < ANALYSIS_ARRAYS; i++)
            if (arrays[i].array)
                record_put(writer, (const char *)arrays[i].array + share.start * arrays[i].bytes,
                           share.count * arrays[i].bytes, "%zu.%zu.%s", number, e, arrays[i].name);
        if (analysis->mass)
            record_put(writer, analysis->mass, shape.gallery * sizeof(double), "%zu.%zu.mass", number, e);
    }
    return writer->failed ? error_system(error, "%s", writer->output.path) : 0;
}

/* ---- reading ---- */

static int damaged(const struct record_file *file, struct error *error)
{
    return error_set(error, ERROR_INPUT, "%s: is damaged", file->path);
}

/* Whether a share was made with the words of the first one. */
static bool same_words(const struct partials *partials, const struct record_file *file, size_t words)
{
    const char *command = record_find_text(file, SIZE_MAX, "command");
    bool same = words == partials->words && command && strcmp(command, partials->command) == 0;

    for (size_t i = 0; i < words && same; i++) {
        const char *word = record_find_text(file, SIZE_MAX, "word.%zu", i);
        same = word && strcmp(word, partials->word[i]) == 0;
    }
    return same;
}

/* Takes the words of the first share. */
static bool take_words(struct partials *partials, const struct record_file *file, size_t words)
{
    partials->command = record_find_text(file, SIZE_MAX, "command");
    for (partials->words = 0; partials->words < words; partials->words++)
        if (!(partials->word[partials->words] = record_find_text(file, SIZE_MAX, "word.%zu", partials->words)))
            return false;
    return partials->command;
}

static int open_one(struct partials *partials, const char *path, struct error *error)
{
    struct record_file *file = &partials->file[partials->files];

    if (record_open(file, path, kind, what, error))
        return -1;
    partials->files++;
    const struct summary *summary = record_find(file, sizeof *summary, "share");
    if (!summary || !summary->of || summary->of > PARTIALS_MOST || summary->index >= summary->of ||
        summary->words > sizeof partials->word / sizeof *partials->word)
        return damaged(file, error);
    partials->share[partials->files - 1] = (struct partial_share){summary->index, summary->of};
    if (partials->files == 1)
        return take_words(partials, file, summary->words) ? 0 : damaged(file, error);
    if (same_words(partials, file, summary->words))
        return 0;
    return error_set(error, ERROR_INPUT, "%s: was made with other options than %s", path, partials->file[0].path);
}

static bool same_bytes(const struct record_file *a, const struct record_file *b)
{
    return a->size == b->size && memcmp(a->map, b->map, a->size) == 0;
}

/* Refuses shares of another number, and the same share with another content. */
static int compare(const struct partials *partials, struct error *error)
{
    const struct record_file *file = partials->file;

    for (size_t i = 1; i < partials->files; i++) {
        if (partials->share[i].of != partials->share[0].of)
            return error_set(error, ERROR_INPUT, "%s: is one of %zu shares, %s one of %zu", file[i].path,
                             partials->share[i].of, file[0].path, partials->share[0].of);
        for (size_t j = 0; j < i; j++)
            if (partials->share[i].index == partials->share[j].index && !same_bytes(&file[i], &file[j]))
                return error_set(error, ERROR_INPUT, "%s: is share %zu with other results than %s", file[i].path,
                                 partials->share[i].index + 1, file[j].path);
    }
    return 0;
}

const struct record_file *partials_file(const struct partials *partials, size_t index)
{
    for (size_t i = 0; i < partials->files; i++)
        if (partials->share[i].index == index)
            return &partials->file[i];
    return NULL;
}

static int name_missing(const struct partials *partials, struct error *error)
{
    char list[200] = "", number[24];
    size_t missing = 0, of = partials->share[0].of;

    for (size_t index = 0; index < of; index++) {
        if (partials_file(partials, index))
            continue;
        snprintf(number, sizeof number, "%zu", index + 1);
        if (missing++ < 20)
            text_append(list, sizeof list, ", ", number);
    }
    return missing ? error_set(error, ERROR_INPUT, "of %zu shares %s%s %s missing", of, list,
                               missing > 20 ? " and more" : "", missing > 1 ? "are" : "is")
                   : 0;
}

int partials_open(struct partials *partials, const char *const *paths, size_t count, struct error *error)
{
    *partials = (struct partials){.file = memory_array(count, sizeof *partials->file),
                                  .share = memory_array(count, sizeof *partials->share)};
    int status = partials->file && partials->share ? 0 : error_memory(error);
    for (size_t i = 0; i < count && !status; i++)
        status = open_one(partials, paths[i], error);
    if (!status && (compare(partials, error) || name_missing(partials, error)))
        status = -1;
    if (status)
        partials_close(partials);
    return status;
}

void partials_close(struct partials *partials)
{
    for (size_t i = 0; i < partials->files; i++)
        record_close(&partials->file[i]);
    free(partials->file);
    free(partials->share);
    *partials = (struct partials){0};
}

/* Checks one entry of a file against the study's, and against the first file's. */
static const struct entry *check_entry(const struct partials *partials, const struct record_file *file,
                                       const struct study *study, size_t number, size_t e, struct error *error)
{
    const struct record_file *first = partials_file(partials, 0);
    const char *name = record_find_text(file, 512, "%zu.%zu.name", number, e);
    const struct entry *entry = record_find(file, sizeof *entry, "%zu.%zu.entry", number, e);
    const struct entry *wanted = record_find(first, sizeof *entry, "%zu.%zu.entry", number, e);
    char own[512];

    name_entry(study, e, own, sizeof own);
    if (!name || !entry || !wanted)
        damaged(file, error);
    else if (strcmp(name, own) != 0)
        error_set(error, ERROR_INPUT, "%s: has results of %s, not of %s", file->path, name, own);
    else if (memcmp(entry, wanted, sizeof *entry) != 0)
        error_set(error, ERROR_INPUT, "%s: was made with another fit of %s than %s", file->path, name, first->path);
    else
        return entry;
    return NULL;
}

/* Whether every item of the lists is one of the gallery's. */
static bool are_items(const uint32_t *item, size_t count, size_t gallery)
{
    for (size_t i = 0; i < count; i++)
        if (item[i] >= gallery)
            return false;
    return true;
}

/* Takes the share of a file for one entry; mass is added. */
static int take_share(const struct record_file *file, struct span share, size_t number, size_t e,
                      struct analysis *analysis, struct error *error)
{
    struct analysis_array arrays[ANALYSIS_ARRAYS];

    analysis_arrays(analysis, arrays);
    for (size_t i = 0; i < ANALYSIS_ARRAYS; i++) {
        size_t bytes = share.count * arrays[i].bytes;
        if (!arrays[i].array || !bytes)
            continue;
        const void *found = record_find(file, bytes, "%zu.%zu.%s", number, e, arrays[i].name);
        if (!found ||
            (arrays[i].array == analysis->top && !are_items(found, share.count * analysis->top_k, analysis->gallery)))
            return damaged(file, error);
        memcpy((char *)arrays[i].array + share.start * arrays[i].bytes, found, bytes);
    }
    if (!analysis->mass)
        return 0;
    const double *mass = record_find(file, analysis->gallery * sizeof *mass, "%zu.%zu.mass", number, e);
    for (size_t j = 0; mass && j < analysis->gallery; j++)
        analysis->mass[j] += mass[j];
    return mass ? 0 : damaged(file, error);
}

static int take_entry(const struct partials *partials, struct study *study, size_t number, size_t e, size_t top,
                      struct error *error)
{
    const struct task *task = study_task_of(study, e);
    const struct entry *entry = check_entry(partials, partials_file(partials, 0), study, number, e, error);
    struct analysis *analysis = &study->analysis[e];
    double residual;

    if (!entry)
        return -1;
    memcpy(&residual, &entry->residual, sizeof residual);
    struct fit *fit = fit_stand_in(task, &study->key[e].spec, residual, entry->gated == 1, entry->gallery_gated == 1);
    if (!fit || analysis_open(task, study->fit[e] = fit, top, analysis))
        return error_memory(error);
    if ((analysis->mass != NULL) != entry->mass || (analysis->precision != NULL) != entry->judged)
        return damaged(partials_file(partials, 0), error);
    for (size_t index = 0, of = partials->share[0].of; index < of; index++) {
        const struct record_file *file = partials_file(partials, index);
        crew_pretend(index, of);
        struct span share = panel_cut_share(task_queries(task));
        crew_pretend(0, 1);
        if (!check_entry(partials, file, study, number, e, error) ||
            take_share(file, share, number, e, analysis, error))
            return -1;
    }
    if (analysis_complete(task, analysis) || (study->subset && analysis_narrow(analysis, study->subset)))
        return error_memory(error);
    return 0;
}

int partials_take(const struct partials *partials, struct study *study, size_t number, size_t top, struct error *error)
{
    const struct shape own = shape_of(study, top);

    for (size_t i = 0; i < partials->files; i++) {
        const struct shape *shape = record_find(&partials->file[i], sizeof *shape, "%zu", number);
        if (!shape)
            return damaged(&partials->file[i], error);
        if (shape->fingerprint != own.fingerprint)
            return error_set(error, ERROR_INPUT, "%s: has results of other data than %s", partials->file[i].path,
                             study->collection->name);
        if (memcmp(shape, &own, sizeof own) != 0)
            return error_set(error, ERROR_INPUT, "%s: has results of other rules", partials->file[i].path);
    }
    for (size_t e = 0; e < study->entries; e++)
        if (take_entry(partials, study, number, e, top, error))
            return -1;
    return 0;
}
