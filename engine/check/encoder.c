/* The encoder of a collection: it opens, its dimension fits the vectors, and its vectors of stored captions are close
 * to the stored ones. */
#include "engine/encoders/encoder.h"
#include "engine/base/memory.h"
#include "engine/check/parts.h"
#include "engine/formats/file.h"
#include "engine/heads/head_file.h"

#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CAPTION_BYTES = 4096 };

/* Adds to check->what, after the model's name where there are several. */
__attribute__((format(printf, 4, 5))) static void say(struct check *check, const struct checking *checking,
                                                      const struct check_model *model, const char *format, ...)
{
    size_t used = strlen(check->what), size = sizeof check->what;
    va_list arguments;

    if (checking->models > 1)
        used += (size_t)snprintf(check->what + used, size - used, "%s%s: ", used ? "; " : "", model->name);
    va_start(arguments, format);
    if (used < size)
        vsnprintf(check->what + used, size - used, format, arguments);
    va_end(arguments);
}

/* Whether the model has only a head, to be applied to an encoder command. */
static bool is_head_alone(const struct check_model *model)
{
    return strcmp(model->encoder, ENCODER_COMMAND) == 0;
}

/* A command stands in for the first model's encoder, and is what heads alone are applied to. */
static const struct encoder_command *command_of(const struct checking *checking, const struct check_model *model)
{
    return model == checking->model || is_head_alone(model) ? checking->options->command : NULL;
}

static struct encoder *open_encoder(const struct checking *checking, const struct check_model *model, char *path,
                                    size_t size, struct error *error)
{
    const struct encoder_command *command = command_of(checking, model);

    if (file_join(path, size, model->path, "encoder", error))
        return NULL;
    if (!command)
        return encoder_open(path, error);
    struct encoder *encoder = encoder_open_command(command, model->dimension, error);
    if (encoder && encoder_add_head(encoder, path, error)) {
        encoder_close(encoder);
        encoder = NULL;
    }
    snprintf(path, size, "the encoder command");
    return encoder;
}

static int check_head_alone(const struct checking *checking, const struct check_model *model, struct check *check,
                            struct error *error)
{
    char path[PATH_MAX];
    struct head head;
    struct error reason = {0};

    if (file_join(path, sizeof path, model->path, "encoder/" ENCODER_HEAD, error))
        return -1;
    if (head_read(&head, path, &reason))
        return findings_take(&check->findings, path, NULL, &reason, error);
    if (model->dimension && head.dimension != model->dimension)
        findings_fault(&check->findings, path, NULL, "%s: is for %zu dimensions, the model has %zu", path,
                       head.dimension, model->dimension);
    say(check, checking, model, "a head for an encoder command, %zu dimensions", head.dimension);
    head_close(&head);
    return 0;
}

/* Cosine between a caption's stored vector and the encoder's; NAN if the encoder yields none. */
static int caption_cosine(struct checking *checking, const struct matrix *queries, struct encoder *encoder, size_t row,
                          float *vectors, double *cosine, struct error *error)
{
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
static int measure(struct checking *checking, const struct check_model *model, struct encoder *encoder,
                   struct check *check, const char *path, struct error *error)
{
    size_t count = checking->queries < CHECK_CAPTIONS ? checking->queries : CHECK_CAPTIONS, used = 0;
    float *vectors = memory_floats(2 * model->dimension);
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
        if (caption_cosine(checking, &checking->matrix[model->first + 1].matrix, encoder, row, vectors, &cosine,
                           &reason)) {
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
        say(check, checking, model, "%s%s; mean cosine to the stored vectors of %zu captions %.4f, least %.4f",
            encoder_type(encoder), encoder_has_head(encoder) ? " and head" : "", used, sum / (double)used, least);
    return failed;
}

static int check_model_encoder(struct checking *checking, const struct check_model *model, struct check *check,
                               struct error *error)
{
    const struct encoder_command *command = command_of(checking, model);
    char path[PATH_MAX];
    struct error reason = {0};
    int failed = 0;

    if (model->stored || (!*model->encoder && !command)) {
        say(check, checking, model, "none: %s",
            model->stored ? "stored similarities take none" : "typed words find stored captions");
        return 0;
    }
    if (is_head_alone(model) && !command)
        return check_head_alone(checking, model, check, error);
    if (!model->dimension && command) {
        check->skipped = true;
        say(check, checking, model, "the dimension is not known");
        return 0;
    }
    struct encoder *encoder = open_encoder(checking, model, path, sizeof path, &reason);
    if (!encoder)
        return findings_take(&check->findings, path, NULL, &reason, error);
    if (model->dimension && encoder_dimension(encoder) != model->dimension)
        findings_fault(&check->findings, path, NULL, "%s: encodes to %zu dimensions, the %s has %zu", path,
                       encoder_dimension(encoder), checking->models > 1 ? "model" : "collection", model->dimension);
    else if (model->shapes)
        failed = measure(checking, model, encoder, check, path, error);
    else
        say(check, checking, model, "%s, %zu dimensions", encoder_type(encoder), encoder_dimension(encoder));
    encoder_close(encoder);
    return failed;
}

static int check_encoder(struct checking *checking, struct check *check, struct error *error)
{
    for (size_t i = 0; i < checking->models; i++)
        if (check_model_encoder(checking, &checking->model[i], check, error))
            return -1;
    return 0;
}

const struct check_part check_part_encoder = {.name = "encoder", .needs_catalog = true, .run = check_encoder};
