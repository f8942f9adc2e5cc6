/* The catalog: its file, what it states about the collection, and its rows. */
#include "engine/catalog/catalog.h"
#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/check/parts.h"
#include "engine/collection/collection_model.h"
#include "engine/formats/file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static int check_pages(struct checking *checking, struct check *check, struct error *error)
{
    struct error reason = {0};

    if (!checking->catalog) {
        struct catalog_check *opened = catalog_check_open(checking->catalog_path, checking->job, &reason);
        if (!opened)
            return findings_take(&check->findings, checking->catalog_path, NULL, &reason, error);
        char words[ITEM_WORDS];
        struct item_words item;
        bool known = catalog_check_meta(opened, "item", words, sizeof words) && item_read(words, &item, NULL) == 0;
        checking->catalog = opened;
        if (item_choose(known ? &item : NULL, error))
            return -1;
        checking->videos = catalog_check_amount(opened, CATALOG_AMOUNT_VIDEOS);
        checking->queries = catalog_check_amount(opened, CATALOG_AMOUNT_QUERIES);
    }
    snprintf(check->what, sizeof check->what, "schema version %d%s", catalog_check_version(checking->catalog),
             checking->options->cheap ? "" : ", every page and index is sound");
    return checking->options->cheap ? 0 : catalog_check_pages(checking->catalog, &check->findings, error);
}

const struct check_part check_part_catalog = {.name = "catalog", .cheap = true, .run = check_pages};

/* Compares a count of what is called `name`, which the catalog states under `key`, with its rows. */
static void check_count(struct checking *checking, struct check *check, const char *key, const char *name, size_t rows)
{
    double stated;

    if (!catalog_check_number(checking->catalog, key, &stated))
        findings_fault(&check->findings, checking->catalog_path, NULL, "%s: does not state how many %s there are",
                       checking->catalog_path, name);
    else if (stated != (double)rows)
        findings_fault(&check->findings, checking->catalog_path, NULL, "%s: states %.0f %s and has %zu",
                       checking->catalog_path, stated, name, rows);
}

static void check_model(struct checking *checking, struct check_model *model, struct findings *findings)
{
    const char *path = checking->catalog_path;
    char text[64], key[CATALOG_KEY], of[80] = "";
    double dimension, scale;

    if (checking->models > 1)
        snprintf(of, sizeof of, " of model %s", model->name);
    model->stored = check_model_meta(checking, model, "source", text, sizeof text) && strcmp(text, "similarities") == 0;
    catalog_model_key(model->folder, "dimension", key);
    if (model->stored)
        model->dimension = checking->videos;
    else if (!catalog_check_number(checking->catalog, key, &dimension) || !(dimension >= 1 && dimension < 1e9) ||
             dimension != floor(dimension))
        findings_fault(findings, path, NULL, "%s: does not state the dimension of the vectors%s", path, of);
    else
        model->dimension = (size_t)dimension;
    catalog_model_key(model->folder, "logit_scale", key);
    if (check_model_meta(checking, model, "logit_scale", text, sizeof text) &&
        (!catalog_check_number(checking->catalog, key, &scale) || !isfinite(scale) || scale <= 0))
        findings_fault(findings, path, NULL, "%s: the logit scale%s is \"%s\"; it must be a positive number", path, of,
                       text);
    check_model_meta(checking, model, "digest", model->digest, sizeof model->digest);
    if (!check_is_digest(model->digest)) {
        findings_fault(findings, path, NULL, "%s: has no digest of the matrices%s", path, of);
        model->digest[0] = 0;
    }
    check_model_meta(checking, model, "encoder", model->encoder, sizeof model->encoder);
}

/* A folder is "" or models/NAME. */
static bool is_folder(const char *folder)
{
    const size_t prefix = sizeof COLLECTION_MODELS - 1;

    return !*folder || (strncmp(folder, COLLECTION_MODELS, prefix) == 0 && collection_model_names(folder + prefix));
}

static int list_models(struct checking *checking, struct findings *findings, struct error *error)
{
    struct check_model model = {0};

    for (size_t i = 0;
         catalog_check_model(checking->catalog, i, model.name, sizeof model.name, model.folder, sizeof model.folder);
         i++) {
        if (!collection_model_names(model.name) || !is_folder(model.folder)) {
            findings_fault(findings, checking->catalog_path, NULL, "%s: names a model \"%s\" in folder \"%s\"",
                           checking->catalog_path, model.name, model.folder);
            continue;
        }
        if (!*model.folder)
            snprintf(model.path, sizeof model.path, "%s", checking->path);
        else if (file_join(model.path, sizeof model.path, checking->path, model.folder, error))
            return -1;
        struct check_model *grown = memory_grow(checking->model, checking->models + 1, sizeof *grown);
        if (!grown)
            return error_memory(error);
        checking->model = grown;
        grown[checking->models++] = model;
    }
    return 0;
}

static int check_meta(struct checking *checking, struct check *check, struct error *error)
{
    size_t used;

    check_count(checking, check, "videos", item_text("videos"), checking->videos);
    check_count(checking, check, "queries", "queries", checking->queries);
    if (list_models(checking, &check->findings, error) ||
        catalog_check_part(checking->catalog, CATALOG_MODELS, &check->findings, error))
        return -1;
    used = (size_t)snprintf(check->what, sizeof check->what, item_text("%zu videos, %zu queries"), checking->videos,
                            checking->queries);
    for (size_t i = 0; i < checking->models; i++) {
        struct check_model *model = &checking->model[i];
        const char *name = checking->models > 1 ? model->name : "";
        check_model(checking, model, &check->findings);
        if (used < sizeof check->what && model->stored)
            used += (size_t)snprintf(check->what + used, sizeof check->what - used, ", %s%sstored similarities", name,
                                     *name ? " " : "");
        else if (used < sizeof check->what)
            used += (size_t)snprintf(check->what + used, sizeof check->what - used, ", %s%s%zu dimensions", name,
                                     *name ? " " : "", model->dimension);
    }
    return 0;
}

const struct check_part check_part_meta = {.name = "counts", .cheap = true, .needs_catalog = true, .run = check_meta};

static int check_videos(struct checking *checking, struct check *check, struct error *error)
{
    snprintf(check->what, sizeof check->what, "%zu keys", checking->videos);
    return catalog_check_part(checking->catalog, CATALOG_VIDEOS, &check->findings, error);
}

const struct check_part check_part_videos = {.name = "videos", .needs_catalog = true, .run = check_videos};

static int check_texts(struct checking *checking, struct check *check, struct error *error)
{
    snprintf(check->what, sizeof check->what, "%zu captions of queries and banks",
             catalog_check_amount(checking->catalog, CATALOG_AMOUNT_TEXTS));
    return catalog_check_part(checking->catalog, CATALOG_TEXTS, &check->findings, error);
}

const struct check_part check_part_texts = {.name = "texts", .needs_catalog = true, .run = check_texts};

static int check_words(struct checking *checking, struct check *check, struct error *error)
{
    snprintf(check->what, sizeof check->what, item_text("the full-text indexes hold every caption and video"));
    return catalog_check_part(checking->catalog, CATALOG_WORDS, &check->findings, error);
}

const struct check_part check_part_words = {.name = "words", .needs_catalog = true, .run = check_words};

static int check_banks(struct checking *checking, struct check *check, struct error *error)
{
    snprintf(check->what, sizeof check->what, item_text("%zu of queries, %zu of videos"),
             catalog_check_amount(checking->catalog, CATALOG_AMOUNT_BANKS),
             catalog_check_amount(checking->catalog, CATALOG_AMOUNT_VIDEO_BANKS));
    return catalog_check_part(checking->catalog, CATALOG_BANKS, &check->findings, error);
}

const struct check_part check_part_banks = {.name = "banks", .needs_catalog = true, .run = check_banks};

static int check_pictures(struct checking *checking, struct check *check, struct error *error)
{
    size_t pictures;

    if (catalog_check_part(checking->catalog, CATALOG_THUMBNAILS, &check->findings, error) ||
        catalog_check_pictures(checking->catalog, &pictures, &check->findings, error))
        return -1;
    snprintf(check->what, sizeof check->what, "%zu decoded", pictures);
    return 0;
}

const struct check_part check_part_pictures = {.name = "pictures", .needs_catalog = true, .run = check_pictures};

/* Fits of other matrices waste space and are never used: worth a remark, not a fault. */
static int check_fits(struct checking *checking, struct check *check, struct error *error)
{
    size_t fits = catalog_check_amount(checking->catalog, CATALOG_AMOUNT_FITS), ours = 0;

    (void)error;
    for (size_t i = 0; i < checking->models; i++)
        ours += *checking->model[i].digest ? catalog_check_fits_of(checking->catalog, checking->model[i].digest) : 0;
    snprintf(check->what, sizeof check->what, "%zu kept", ours);
    if (fits > ours)
        findings_remark(&check->findings, "%zu cached fits belong to other matrices and are never used", fits - ours);
    return 0;
}

const struct check_part check_part_fits = {.name = "fits", .needs_catalog = true, .run = check_fits};
