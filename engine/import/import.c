#include "engine/import/import.h"

#include "engine/base/item.h"
#include "engine/formats/file.h"
#include "engine/import/existing.h"
#include "engine/import/making.h"
#include "engine/import/parts.h"

#include <ctype.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Checked and written in this order. */
static const struct import_part *const parts[] = {
    &import_part_tables,      &import_part_stored,  &import_part_matrices, &import_part_thumbnails,
    &import_part_video_files, &import_part_encoder, &import_part_index,
};

enum { PARTS = sizeof parts / sizeof *parts };

static bool same_model(const struct import_bank *a, const struct import_bank *b)
{
    return a->model == b->model || (a->model && b->model && strcmp(a->model, b->model) == 0);
}

static void check_banks(struct findings *findings, const struct import_bank *banks, size_t count, const char *what)
{
    if (count > IMPORT_BANKS_MAX)
        findings_fault(findings, "", NULL, "there are more than %d %ss", IMPORT_BANKS_MAX, what);
    for (size_t i = 0; i < count; i++) {
        const char *name = banks[i].name;
        size_t length = 0;
        while (name[length] && (isalnum((unsigned char)name[length]) || strchr("_.-", name[length])))
            length++;
        if (name[length] || length == 0 || length > 63 || strcmp(name, "query") == 0)
            findings_fault(findings, "", NULL,
                           "\"%.80s\" cannot name a %s: 1 to 63 letters, digits, '_', '.' or "
                           "'-', and not \"query\"",
                           name, what);
        for (size_t j = 0; j < i; j++)
            if (strcmp(name, banks[j].name) == 0 && same_model(&banks[i], &banks[j])) {
                findings_fault(findings, "", NULL, "two %ss are named \"%.80s\"", what, name);
                break;
            }
    }
}

static void check_options(struct making *making)
{
    const struct import *import = making->import;

    check_banks(making->findings, import->banks, import->bank_count, "query bank");
    check_banks(making->findings, import->video_banks, import->video_bank_count, item_text("video bank"));
    if (import->model_name && !collection_model_names(import->model_name))
        findings_fault(
            making->findings, "", NULL,
            "\"%.80s\" cannot name a model: 1 to 63 letters, digits, '_', '.' or '-', not beginning with '.'",
            import->model_name);
    if (!isfinite(import->logit_scale) || import->logit_scale < 0)
        findings_fault(making->findings, "", NULL, "the logit scale must be a positive number");
    if (import->strip_frames < 0)
        findings_fault(making->findings, "", NULL, "the frames of a strip cannot be less than 1");
}

static int check_destination(struct making *making, struct error *error)
{
    struct error reason = {0};
    const char *written = import_written(making);

    return staging_check(written, import_replaces(making), &making->report->replaces, &reason)
               ? findings_take(making->findings, written, NULL, &reason, error)
               : 0;
}

static int check(struct making *making, struct error *error)
{
    check_options(making);
    if (check_destination(making, error))
        return -1;
    if (making->import->change) {
        if (import_existing_open(making, error))
            return -1;
        if (!making->existing.catalog)
            return findings_verdict(making->findings, "--dry-run", error);
    } else if (!import_add_model(making, making->import->model_name ? making->import->model_name : "base", ""))
        return error_memory(error);
    for (size_t i = 0; i < PARTS; i++)
        if (parts[i]->check(making, error))
            return -1;
    return findings_verdict(making->findings, "--dry-run", error);
}

/* What is said of a new model, under its folder. */
static int write_model_meta(struct making *making, const struct import_model *model, struct error *error)
{
    const struct import *import = making->import;
    char full[CATALOG_KEY];
    const struct {
        const char *key, *value;
    } texts[] = {
        {"model", import->model},
        {"provenance", import->provenance},
        {"encoder", *making->report->encoder ? making->report->encoder : NULL},
        {"source", model->stored ? "similarities" : NULL},
    };
    const struct {
        const char *key;
        double value;
    } numbers[] = {
        {"dimension", model->stored ? 0 : (double)model->dimension},
        {"logit_scale", import->logit_scale},
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        catalog_model_key(model->folder, texts[i].key, full);
        if (texts[i].value && catalog_put_meta(making->writer, full, texts[i].value, error))
            return -1;
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        catalog_model_key(model->folder, numbers[i].key, full);
        if (numbers[i].value > 0 && catalog_put_number(making->writer, full, numbers[i].value, error))
            return -1;
    }
    return 0;
}

/* The gallery is said to hold what it holds without a word about it. */
static bool holds_videos(const struct making *making)
{
    char words[ITEM_WORDS];

    item_write(&making->item, words);
    return !*making->item.one || strcmp(words, "video,videos") == 0;
}

static int write_meta(struct making *making, struct error *error)
{
    const struct import *import = making->import;
    const struct import_report *report = making->report;
    const char *slash = strrchr(making->staging.destination, '/');
    const char *name = import->name ? import->name : slash ? slash + 1 : making->staging.destination;
    char digest[17];

    snprintf(digest, sizeof digest, "%016" PRIx64, making->digest);
    return catalog_put_meta(making->writer, "name", name, error) ||
           (!holds_videos(making) && import_write_item(making, error)) ||
           (import->licence && catalog_put_meta(making->writer, "licence", import->licence, error)) ||
           catalog_put_meta(making->writer, "digest", digest, error) ||
           catalog_put_number(making->writer, "videos", (double)report->videos, error) ||
           catalog_put_number(making->writer, "queries", (double)report->queries, error) ||
           write_model_meta(making, making->model, error);
}

static int create_catalog(struct making *making, struct error *error)
{
    char path[PATH_MAX];

    making->tables.first_text = 1;
    if (file_join(path, sizeof path, making->staging.path, "catalog.db", error))
        return -1;
    making->writer = catalog_create(path, error);
    return making->writer ? catalog_put_model(making->writer, making->model->name, "", error) : -1;
}

/* Lets the caller add an encoder to the staged collection. */
static int complete(struct making *making, struct error *error)
{
    const struct import *import = making->import;
    char *encoder = making->report->encoder, key[CATALOG_KEY], path[PATH_MAX];

    if (!import->complete || import->complete(making->staging.path, encoder, import->context, error))
        return import->complete ? -1 : 0;
    if (!*encoder)
        return 0;
    catalog_model_key(making->model[making->own].folder, "encoder", key);
    return file_join(path, sizeof path, making->staging.path, "catalog.db", error) ||
                   catalog_amend(path, key, encoder, error)
               ? -1
               : 0;
}

static int write_parts(struct making *making, struct error *error)
{
    const struct import *import = making->import;

    if (staging_open(&making->staging, import_written(making), import_replaces(making), error) ||
        (import->change ? import_existing_stage(making, error) : create_catalog(making, error)))
        return -1;
    for (size_t i = 0; i < PARTS; i++)
        if (parts[i]->write && parts[i]->write(making, error))
            return -1;
    if (import->add_model && write_model_meta(making, &making->model[making->own], error))
        return -1;
    if (import->change ? import_existing_finish(making, error) : write_meta(making, error))
        return -1;
    struct catalog_writer *writer = making->writer;
    making->writer = NULL;
    if (catalog_finish(writer, making->job, error))
        return -1;
    if (job_cancelled(making->job))
        return error_set(error, ERROR_CANCELLED, "cancelled");
    return complete(making, error) || staging_commit(&making->staging, error) ? -1 : 0;
}

int collection_import(const struct import *import, struct import_report *report, struct findings *findings,
                      struct job *job, struct error *error)
{
    struct import_report ignored;
    struct findings dropped = {0};
    struct making making = {
        .import = import, .report = report ? report : &ignored, .findings = findings ? findings : &dropped, .job = job};

    *making.report = (struct import_report){0};
    int failed = check(&making, error);
    if (!failed && !import->dry_run)
        failed = write_parts(&making, error);
    catalog_abandon(making.writer);
    staging_abandon(&making.staging);
    for (size_t i = PARTS; i > 0; i--)
        if (parts[i - 1]->close)
            parts[i - 1]->close(&making);
    import_existing_close(&making);
    free(making.model);
    findings_close(&dropped);
    return failed;
}
