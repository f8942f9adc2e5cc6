/* Opening the collection as every command does, and searching its words: what passes the check opens. */
#include "engine/check/parts.h"
#include "engine/collection/collection.h"

#include <stdio.h>

static int search_words(struct catalog *catalog, struct error *error)
{
    uint32_t row;
    struct error none = {0};

    catalog_find_captions(catalog, "a", &row, 1, &none);
    if (!none.kind)
        catalog_find_videos(catalog, "a", &row, 1, &none);
    if (none.kind && error)
        *error = none;
    return none.kind ? -1 : 0;
}

static int check_opening(struct checking *checking, struct check *check, struct error *error)
{
    struct error reason = {0};
    struct collection *collection = NULL;

    snprintf(check->what, sizeof check->what, "the collection opens, and its words can be searched");
    if (!(collection = collection_open(checking->path, &reason)) || search_words(collection->catalog, &reason)) {
        collection_close(collection);
        return findings_take(&check->findings, checking->path, NULL, &reason, error);
    }
    collection_close(collection);
    return 0;
}

const struct check_part check_part_opening = {
    .name = "opening", .needs_catalog = true, .needs_soundness = true, .run = check_opening};
