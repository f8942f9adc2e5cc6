/* The encoder of a collection: it opens, its dimension fits the vectors, and its vectors of stored captions are close
 * to the stored ones. */
#include "engine/encoders/encoder.h"
#include "engine/base/memory.h"
#include "engine/check/parts.h"
#include "engine/formats/file.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { CAPTION_BYTES = 4096 };

static struct encoder *open_encoder(const struct checking *checking, char *path, size_t size, struct error *error)
{
    const struct encoder_command *command = checking->options->command;

    if (command) {
        snprintf(path, size, "the encoder command");
        return encoder_open_command(command, checking->dimension, error);
    }
    return file_join(path, size, checking->path, "encoder", error) ? NULL : encoder_open(path, error);
}

/* Cosine between a caption's stored vector and the encoder's; NAN if the encoder yields none. */
static int caption_cosine(struct checking *checking, struct encoder *encoder, size_t row, float *vectors,
                          double *cosine, struct error *error)
{
    const struct matrix *queries = &checking->matrix[1].matrix;
    float *vector = vectors, *buffer = vectors + queries->cols;
    char caption[CAPTION_BYTES];
    struct encoding encoding;

    *cosine = NAN;
    if (!catalog_check_caption(checking->catalog, row, caption, sizeof caption))
        return 0;
    int status = encoder_encode_job(encoder, caption, vector, &encoding, checking->job, error);
    if (status)
        return status < 0 ? -1 : 0;
    const float *stored = matrix_rows(queries, row, 1, buffer);
    double dot = 0, squares = 0;
    for (size_t i = 0; i < queries->cols; i++) {
        dot += (double)vector[i] * (double)stored[i];
        squares += (double)stored[i] * (double)stored[i];
    }
    *cosine = dot / sqrt(squares);
    return 0;
}

/* Measures evenly spaced captions.  A low mean is worth a remark, not a fault: the encoder may be meant for something
 * else. */
static int measure(struct checking *checking, struct encoder *encoder, struct check *check, const char *path,
                   struct error *error)
{
    size_t count = checking->queries < CHECK_CAPTIONS ? checking->queries : CHECK_CAPTIONS, used = 0;
    float *vectors = memory_floats(2 * checking->dimension);
    double sum = 0, least = 1, cosine;
    int failed = 0;

    if (!vectors)
        return error_memory(error);
    job_expect(checking->job, count);
    for (size_t i = 0; i < count && !failed; i++) {
        struct error reason = {0};
        size_t row = i * checking->queries / count;
        if ((failed = check_cancelled(checking, error)))
            break;
        if (caption_cosine(checking, encoder, row, vectors, &cosine, &reason)) {
            failed = findings_take(&check->findings, path, "captions that cannot be encoded", &reason, error);
            if (encoder_waits(encoder)) /* the next would fail the same way */
                break;
        } else if (isfinite(cosine)) {
            sum += cosine;
            least = cosine < least ? cosine : least;
            used++;
        }
        job_step(checking->job);
    }
    free(vectors);
    if (used)
        snprintf(check->what, sizeof check->what,
                 "%s; mean cosine to the stored vectors of %zu captions %.4f, least %.4f", encoder_type(encoder), used,
                 sum / (double)used, least);
    return failed;
}

static int check_encoder(struct checking *checking, struct check *check, struct error *error)
{
    char path[PATH_MAX];
    struct error reason = {0};
    int failed = 0;

    if (checking->stored || (!*checking->encoder && !checking->options->command)) {
        snprintf(check->what, sizeof check->what, "none: %s",
                 checking->stored ? "stored similarities take none" : "typed words find stored captions");
        return 0;
    }
    if (!checking->dimension && checking->options->command) {
        check->skipped = true;
        snprintf(check->what, sizeof check->what, "the dimension is not known");
        return 0;
    }
    struct encoder *encoder = open_encoder(checking, path, sizeof path, &reason);
    if (!encoder)
        return findings_take(&check->findings, path, NULL, &reason, error);
    snprintf(check->what, sizeof check->what, "%s, %zu dimensions", encoder_type(encoder), encoder_dimension(encoder));
    if (checking->dimension && encoder_dimension(encoder) != checking->dimension)
        findings_fault(&check->findings, path, NULL, "%s: encodes to %zu dimensions, the collection has %zu", path,
                       encoder_dimension(encoder), checking->dimension);
    else if (checking->shapes)
        failed = measure(checking, encoder, check, path, error);
    encoder_close(encoder);
    return failed;
}

const struct check_part check_part_encoder = {.name = "encoder", .needs_catalog = true, .run = check_encoder};
