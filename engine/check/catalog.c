/* The catalog: its file, what it states about the collection, and its rows. */
#include "engine/catalog/header.h"
#include "engine/check/parts.h"

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
        checking->catalog = opened;
        checking->videos = catalog_check_amount(opened, CATALOG_AMOUNT_VIDEOS);
        checking->queries = catalog_check_amount(opened, CATALOG_AMOUNT_QUERIES);
    }
    snprintf(check->what, sizeof check->what, "schema version %d%s", CATALOG_VERSION,
             checking->options->cheap ? "" : ", every page and index is sound");
    return checking->options->cheap ? 0 : catalog_check_pages(checking->catalog, &check->findings, error);
}

const struct check_part check_part_catalog = {.name = "catalog", .cheap = true, .run = check_pages};

/* Compares a count that the catalog states with its rows. */
static void check_count(struct checking *checking, struct check *check, const char *key, size_t rows)
{
    double stated;

    if (!catalog_check_number(checking->catalog, key, &stated))
        findings_fault(&check->findings, checking->catalog_path, NULL, "%s: does not state how many %s there are",
                       checking->catalog_path, key);
    else if (stated != (double)rows)
        findings_fault(&check->findings, checking->catalog_path, NULL, "%s: states %.0f %s and has %zu",
                       checking->catalog_path, stated, key, rows);
}

static int check_meta(struct checking *checking, struct check *check, struct error *error)
{
    struct findings *findings = &check->findings;
    const char *path = checking->catalog_path;
    double dimension, scale;
    char text[64];

    (void)error;
    check_count(checking, check, "videos", checking->videos);
    check_count(checking, check, "queries", checking->queries);
    checking->stored =
        catalog_check_meta(checking->catalog, "source", text, sizeof text) && strcmp(text, "similarities") == 0;
    if (checking->stored)
        checking->dimension = checking->videos;
    else if (!catalog_check_number(checking->catalog, "dimension", &dimension) ||
             !(dimension >= 1 && dimension < 1e9) || dimension != floor(dimension))
        findings_fault(findings, path, NULL, "%s: does not state the dimension of its vectors", path);
    else
        checking->dimension = (size_t)dimension;
    if (catalog_check_meta(checking->catalog, "logit_scale", text, sizeof text) &&
        (!catalog_check_number(checking->catalog, "logit_scale", &scale) || !isfinite(scale) || scale <= 0))
        findings_fault(findings, path, NULL, "%s: the logit scale is \"%s\"; it must be a positive number", path, text);
    catalog_check_meta(checking->catalog, "digest", checking->digest, sizeof checking->digest);
    if (!check_is_digest(checking->digest)) {
        findings_fault(findings, path, NULL, "%s: has no digest of its matrices", path);
        checking->digest[0] = 0;
    }
    catalog_check_meta(checking->catalog, "encoder", checking->encoder, sizeof checking->encoder);
    if (checking->stored)
        snprintf(check->what, sizeof check->what, "%zu videos, %zu queries, stored similarities", checking->videos,
                 checking->queries);
    else
        snprintf(check->what, sizeof check->what, "%zu videos, %zu queries, %zu dimensions", checking->videos,
                 checking->queries, checking->dimension);
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
    snprintf(check->what, sizeof check->what, "the full-text indexes hold every caption and video");
    return catalog_check_part(checking->catalog, CATALOG_WORDS, &check->findings, error);
}

const struct check_part check_part_words = {.name = "words", .needs_catalog = true, .run = check_words};

static int check_banks(struct checking *checking, struct check *check, struct error *error)
{
    snprintf(check->what, sizeof check->what, "%zu of queries, %zu of videos",
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
    size_t fits = catalog_check_amount(checking->catalog, CATALOG_AMOUNT_FITS);
    size_t ours = *checking->digest ? catalog_check_fits_of(checking->catalog, checking->digest) : 0;

    (void)error;
    snprintf(check->what, sizeof check->what, "%zu kept", ours);
    if (fits > ours)
        findings_remark(&check->findings, "%zu cached fits belong to other matrices and are never used", fits - ours);
    return 0;
}

const struct check_part check_part_fits = {.name = "fits", .needs_catalog = true, .run = check_fits};
