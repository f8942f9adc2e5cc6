#include "engine/fitting/fit_blob.h"
#include "engine/study/partial.h"
#include "tests/fuzz/input.h"

#include <string.h>

enum { FINISH = 32 }; /* an empty name and the hash of all before */

/* Makes the hash right, which would refuse every mutation. */
static void mend_hash(uint8_t *data, size_t size)
{
    uint64_t hash = record_hash(0, data, size - FINISH);

    memset(data + size - FINISH, 0, FINISH);
    memcpy(data + size - sizeof hash, &hash, sizeof hash);
}

static void read_blob(const char *blob, size_t size)
{
    struct fit fit = {.m = 2, .n = 3};

    fit_blob_read(blob, size, &fit, NULL);
    free(fit.bias);
    free(fit.row_bias);
    free(fit.gallery_bias);
    free(fit.active);
    free(fit.gallery_active);
}

/* Shares and fits are files of records; what only the records decide is checked when they are taken. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct record_file file;
    struct partials partials;
    uint8_t *copy = malloc(size + 1);
    size_t found;

    memcpy(copy, data, size);
    if (size >= FINISH)
        mend_hash(copy, size);
    const char *path = input_path(copy, size);
    if (record_open(&file, path, "fit", "a file of fits", NULL) == 0) {
        const char *blob = record_find_any(&file, &found, "fit.0");
        if (blob)
            read_blob(blob, found);
        record_find_text(&file, 64, "rule.0");
        record_close(&file);
    }
    if (partials_open(&partials, &path, 1, NULL) == 0)
        partials_close(&partials);
    free(copy);
    return 0;
}
