#include "engine/check/parts.h"
#include "engine/catalog/catalog.h"

#include <string.h>

const struct check_part *const check_parts[] = {
    &check_part_catalog,  &check_part_meta,     &check_part_videos,  &check_part_texts,  &check_part_words,
    &check_part_banks,    &check_part_matrices, &check_part_vectors, &check_part_digest, &check_part_index,
    &check_part_pictures, &check_part_encoder,  &check_part_fits,    &check_part_files,  &check_part_opening,
};
const size_t check_part_count = sizeof check_parts / sizeof *check_parts;

_Static_assert(sizeof check_parts / sizeof *check_parts <= CHECKS_MAX, "the report has room for every part");

int check_cancelled(const struct checking *checking, struct error *error)
{
    return job_cancelled(checking->job) ? error_set(error, ERROR_CANCELLED, "cancelled") : 0;
}

bool check_is_digest(const char *text)
{
    return strlen(text) == 16 && strspn(text, "0123456789abcdef") == 16;
}

bool check_model_meta(const struct checking *checking, const struct check_model *model, const char *key, char *buffer,
                      size_t size)
{
    char full[CATALOG_KEY];

    catalog_model_key(model->folder, key, full);
    return catalog_check_meta(checking->catalog, full, buffer, size);
}
