#include "engine/fitting/fit_blob.h"
#include "engine/base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HAS_BIAS = 1, HAS_ACTIVE = 2, HAS_ROW_BIAS = 4, HAS_GALLERY_BIAS = 8, HAS_GALLERY_ACTIVE = 16 };

static const char magic[8] = "hubfit\n";

struct header { /* followed, if flagged, by bias (m doubles), row bias (n doubles), the gallery bank's bias (m doubles),
                the activation set and the gallery bank's (m bytes each) */
    char magic[8];
    uint32_t order; /* 0x01020304 in this machine's byte order */
    uint32_t flags;
    uint64_t m, n, pull_top;
    double scale, pull_scale, residual;
};

static size_t blob_size(const struct header *header)
{
    return sizeof *header + (header->flags & HAS_BIAS ? header->m * sizeof(double) : 0) +
           (header->flags & HAS_ROW_BIAS ? header->n * sizeof(double) : 0) +
           (header->flags & HAS_GALLERY_BIAS ? header->m * sizeof(double) : 0) +
           (header->flags & HAS_ACTIVE ? header->m : 0) + (header->flags & HAS_GALLERY_ACTIVE ? header->m : 0);
}

/* A copy of the next `size` bytes if `there`, else null; null too when out of memory, with *sound set to false. */
static void *take(const char **at, size_t size, bool there, bool *sound)
{
    if (!there)
        return NULL;
    void *copy = memory_array(size, 1);
    if (!copy)
        *sound = false;
    else
        memcpy(copy, *at, size);
    *at += size;
    return copy;
}

static bool all_finite(const double *x, size_t n)
{
    for (size_t i = 0; x && i < n; i++)
        if (!isfinite(x[i]))
            return false;
    return true;
}

bool fit_blob_read(const char *blob, size_t size, struct fit *fit, struct error *error)
{
    struct header header;

    if (size < sizeof header)
        return false;
    memcpy(&header, blob, sizeof header);
    if (memcmp(header.magic, magic, sizeof magic) != 0 || header.order != 0x01020304 || header.m != fit->m ||
        header.n != fit->n || header.pull_top > fit->n || size != blob_size(&header) || !(header.scale > 0) ||
        !isfinite(header.scale))
        return false;
    const char *at = blob + sizeof header;
    bool sound = true;
    double *bias = take(&at, fit->m * sizeof *bias, header.flags & HAS_BIAS, &sound);
    double *row_bias = take(&at, fit->n * sizeof *row_bias, header.flags & HAS_ROW_BIAS, &sound);
    double *gallery_bias = take(&at, fit->m * sizeof *gallery_bias, header.flags & HAS_GALLERY_BIAS, &sound);
    uint8_t *active = take(&at, fit->m, header.flags & HAS_ACTIVE, &sound);
    uint8_t *gallery_active = take(&at, fit->m, header.flags & HAS_GALLERY_ACTIVE, &sound);
    if (!sound || !all_finite(bias, fit->m) || !all_finite(row_bias, fit->n) || !all_finite(gallery_bias, fit->m)) {
        free(bias);
        free(row_bias);
        free(gallery_bias);
        free(active);
        free(gallery_active);
        if (!sound)
            error_memory(error);
        return false;
    }
    fit->bias = bias;
    fit->row_bias = row_bias;
    fit->gallery_bias = gallery_bias;
    fit->active = active;
    fit->gallery_active = gallery_active;
    fit->scale = header.scale;
    fit->pull_scale = header.pull_scale;
    fit->pull_top = header.pull_top;
    fit->residual = header.residual;
    return true;
}

static char *put(char *at, const void *from, size_t size)
{
    return from ? (char *)memcpy(at, from, size) + size : at;
}

char *fit_blob_make(const struct fit *fit, size_t *size)
{
    struct header header = {.order = 0x01020304,
                            .m = fit->m,
                            .n = fit->n,
                            .scale = fit->scale,
                            .pull_scale = fit->pull_scale,
                            .pull_top = fit->pull_top,
                            .residual = fit->residual};

    memcpy(header.magic, magic, sizeof magic);
    header.flags = (fit->bias ? HAS_BIAS : 0) | (fit->row_bias ? HAS_ROW_BIAS : 0) | (fit->active ? HAS_ACTIVE : 0) |
                   (fit->gallery_bias ? HAS_GALLERY_BIAS : 0) | (fit->gallery_active ? HAS_GALLERY_ACTIVE : 0);
    *size = blob_size(&header);
    char *blob = memory_array(*size, 1);
    if (!blob)
        return NULL;
    char *at = put(blob, &header, sizeof header);
    at = put(at, fit->bias, fit->m * sizeof *fit->bias);
    at = put(at, fit->row_bias, fit->n * sizeof *fit->row_bias);
    at = put(at, fit->gallery_bias, fit->m * sizeof *fit->gallery_bias);
    at = put(at, fit->active, fit->m);
    put(at, fit->gallery_active, fit->m);
    return blob;
}
