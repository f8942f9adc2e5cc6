#include "engine/encoders/encoder.h"

#include "engine/base/memory.h"
#include "engine/encoders/clip_config.h"
#include "engine/encoders/command.h"
#include "engine/formats/file.h"
#include "engine/heads/head_file.h"
#include "engine/matrices/gemm.h"
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CONFIG_BYTES_MAX = 1 << 20, COMPLETIONS = 64, TYPED_BYTES = 1024 };

struct encoder {
    const struct encoder_kind *kind;
    void *state;
    size_t dimension;
    struct head head; /* applied after the kind; zeroed: none */
    const char **file;
};

/* Reads the object in `path`; the caller releases it. */
static json_t *read_config(const char *path, struct error *error)
{
    json_error_t failure;
    size_t size;
    char *text = file_read_regular(path, CONFIG_BYTES_MAX, &size, error);

    if (!text)
        return NULL;
    json_t *config = json_loadb(text, size, JSON_REJECT_DUPLICATES, &failure);
    free(text);
    if (!config)
        error_set(error, ERROR_INPUT, "%s:%d: %s", path, failure.line, failure.text);
    else if (!json_is_object(config)) {
        error_set(error, ERROR_INPUT, "%s: is not a JSON object", path);
        json_decref(config);
        config = NULL;
    }
    return config;
}

static size_t count_names(const char *const *name)
{
    size_t count = 0;

    while (name[count])
        count++;
    return count;
}

/* Names of its files: its settings, those of the kind, those of the folder, then the head's. */
static int list_files(struct encoder *encoder, const char *config, struct error *error)
{
    static const char *const none[] = {NULL};
    const struct encoder_kind *kind = encoder->kind;
    const char *const *more = kind->more ? kind->more(encoder->state) : none;
    size_t own = count_names(kind->files), others = count_names(more);

    encoder->file = memory_array(own + others + 3, sizeof *encoder->file);
    if (!encoder->file)
        return error_memory(error);
    encoder->file[0] = config;
    memcpy(encoder->file + 1, kind->files, own * sizeof *encoder->file);
    memcpy(encoder->file + 1 + own, more, others * sizeof *encoder->file);
    if (encoder_has_head(encoder))
        encoder->file[1 + own + others] = ENCODER_HEAD;
    return 0;
}

/* open_clip's settings carry no type: its text models are CLIP's, or refused by its encoder. */
static const char *type_of(const json_t *config)
{
    const char *type = json_string_value(json_object_get(config, "type"));

    if (!type)
        type = json_string_value(json_object_get(config, "model_type"));
    return type ? type : clip_config_is_open(config) ? "clip" : NULL;
}

/* Reads the folder's settings, from *name at `path`.  open_clip's count where there are no others, and beside those of
 * timm, which say nothing of the text model. */
static json_t *read_settings(const char *dir, char path[PATH_MAX], const char **name, struct error *error)
{
    char other[PATH_MAX];
    json_t *config = NULL;

    *name = ENCODER_CONFIG;
    if (file_join(path, PATH_MAX, dir, *name, error) || file_join(other, PATH_MAX, dir, CLIP_OPEN_CONFIG, error))
        return NULL;
    bool open_clip = access(other, F_OK) == 0;
    if ((!open_clip || access(path, F_OK) == 0) && !(config = read_config(path, error)))
        return NULL;
    if (!open_clip || (config && type_of(config)))
        return config;
    json_decref(config);
    *name = CLIP_OPEN_CONFIG;
    memcpy(path, other, PATH_MAX);
    return read_config(path, error);
}

struct encoder *encoder_open(const char *dir, struct error *error)
{
    char path[PATH_MAX];
    const char *name;
    struct encoder *encoder = memory_array(1, sizeof *encoder);
    if (!encoder) {
        error_memory(error);
        return NULL;
    }
    json_t *config = read_settings(dir, path, &name, error);
    if (!config)
        goto fail;
    const char *type = type_of(config);
    encoder->kind = type ? encoder_kind_find(type) : NULL;
    if (!encoder->kind) {
        char types[128];
        encoder_kind_list(types, sizeof types);
        error_set(error, ERROR_INPUT, "%s: the encoder's \"type\" is %s; supported are %s", path,
                  type ? type : "missing", types);
        goto fail;
    }
    encoder->state = encoder->kind->open(dir, config, &encoder->dimension, error);
    if (!encoder->state || encoder_add_head(encoder, dir, error) || list_files(encoder, name, error))
        goto fail;
    json_decref(config);
    return encoder;
fail:
    json_decref(config);
    encoder_close(encoder);
    return NULL;
}

struct encoder *encoder_open_command(const struct encoder_command *command, size_t dimension, struct error *error)
{
    struct encoder *encoder = memory_array(1, sizeof *encoder);

    if (!encoder) {
        error_memory(error);
        return NULL;
    }
    *encoder = (struct encoder){.kind = &encoder_command_kind, .dimension = dimension};
    encoder->state = encoder_command_open(command, dimension, error);
    if (!encoder->state) {
        free(encoder);
        return NULL;
    }
    return encoder;
}

void encoder_close(struct encoder *encoder)
{
    if (!encoder)
        return;
    if (encoder->state)
        encoder->kind->close(encoder->state);
    head_close(&encoder->head);
    free(encoder->file);
    free(encoder);
}

int encoder_add_head(struct encoder *encoder, const char *dir, struct error *error)
{
    char path[PATH_MAX];

    if (file_join(path, sizeof path, dir, ENCODER_HEAD, error))
        return -1;
    if (access(path, F_OK))
        return 0;
    if (head_read(&encoder->head, path, error))
        return -1;
    if (encoder->head.dimension == encoder->dimension)
        return 0;
    error_set(error, ERROR_INPUT, "%s: is for %zu dimensions, but the encoder has %zu", path, encoder->head.dimension,
              encoder->dimension);
    head_close(&encoder->head);
    return -1;
}

int encoder_put_head(struct encoder *encoder, const struct head *head, struct error *error)
{
    if (head_make(&encoder->head, head->kind, head->dimension, head->hidden, error))
        return -1;
    encoder->head.ratio = head->ratio;
    head_assign(&encoder->head, head);
    return 0;
}

size_t encoder_dimension(const struct encoder *encoder)
{
    return encoder->dimension;
}

const char *encoder_type(const struct encoder *encoder)
{
    return encoder->kind->type;
}

const char *const *encoder_files(const struct encoder *encoder)
{
    return encoder->file;
}

bool encoder_has_head(const struct encoder *encoder)
{
    return encoder->head.weight;
}

bool encoder_waits(const struct encoder *encoder)
{
    return encoder->kind->ask;
}

/* The vector becomes the unit vector that the head makes of it. */
static int pass_head(const struct head *head, float *vector, struct error *error)
{
    size_t d = head->dimension;

    if (gemm_open(error))
        return -1;
    float *made = memory_floats(d + head->hidden);
    if (!made)
        return error_memory(error);
    head_forward(head, vector, 1, made + d, made);
    memcpy(vector, made, d * sizeof *vector);
    free(made);
    return encoder_unit(vector, d, error);
}

int encoder_encode_job(struct encoder *encoder, const char *text, float *vector, struct encoding *encoding,
                       struct job *job, struct error *error)
{
    encoding->words = encoding->known = encoding->guessed = encoding->completions = 0;
    encoding->cut = false;
    int status = encoder->kind->ask ? encoder->kind->ask(encoder->state, text, vector, job, error)
                                    : encoder->kind->encode(encoder->state, text, vector, encoding, error);
    return status == 0 && encoder_has_head(encoder) ? pass_head(&encoder->head, vector, error) : status;
}

bool encoder_quality(const struct encoder *encoder, struct encoder_quality *quality)
{
    return !encoder_has_head(encoder) && encoder->kind->quality && encoder->kind->quality(encoder->state, quality);
}

double encoder_quality_kept(const struct encoder_quality *quality)
{
    return quality->recall_of_true > 0 ? quality->recall / quality->recall_of_true : NAN;
}

int encoder_encode(struct encoder *encoder, const char *text, float *vector, struct encoding *encoding,
                   struct error *error)
{
    return encoder_encode_job(encoder, text, vector, encoding, NULL, error);
}

/* The last word if it is unknown and the text ends with it, or null. */
static struct encoding_word *word_begun(const char *text, struct encoding *encoding)
{
    if (!encoding->words || encoding->words == ENCODING_WORDS || encoding->cut)
        return NULL;
    struct encoding_word *last = &encoding->word[encoding->words - 1];
    return last->known || text[last->start + last->length] ? NULL : last;
}

/* Sums the vectors of the text up to the word begun with each of its completions; returns how many gave one. */
static size_t sum_completed(struct encoder *encoder, const char *text, size_t start, const char *const *word,
                            size_t words, float *vector, float *sum)
{
    char completed[TYPED_BYTES];
    struct encoding unused;
    struct error error;
    size_t count = 0;

    for (size_t i = 0; i < words; i++) {
        int length = snprintf(completed, sizeof completed, "%.*s%s", (int)start, text, word[i]);
        if (length < 0 || (size_t)length >= sizeof completed ||
            encoder_encode_job(encoder, completed, vector, &unused, NULL, &error))
            continue;
        for (size_t d = 0; d < encoder->dimension; d++)
            sum[d] += vector[d];
        count++;
    }
    return count;
}

int encoder_encode_typed(struct encoder *encoder, const char *text, float *vector, struct encoding *encoding,
                         struct job *job, struct error *error)
{
    const char *word[COMPLETIONS];
    int status = encoder_encode_job(encoder, text, vector, encoding, job, error);
    struct encoding_word *begun = status < 0 || !encoder->kind->complete ? NULL : word_begun(text, encoding);
    size_t words =
        begun ? encoder->kind->complete(encoder->state, text + begun->start, begun->length, word, COMPLETIONS) : 0;

    if (!words)
        return status;
    float *sum = memory_array(2 * encoder->dimension, sizeof *sum);
    if (!sum)
        return error_memory(error);
    encoding->completions = sum_completed(encoder, text, begun->start, word, words, sum + encoder->dimension, sum);
    if (encoding->completions) {
        memcpy(vector, sum, encoder->dimension * sizeof *vector);
        encoding->guessed -= begun->guessed;
        begun->guessed = false;
        begun->begun = true;
        status = encoder_unit(vector, encoder->dimension, error);
    }
    free(sum);
    return status;
}

bool encoder_has_words(const struct encoder *encoder)
{
    return encoder->kind->offer;
}

void encoder_offer_words(const struct encoder *encoder, struct nearest *nearest)
{
    if (encoder->kind->offer)
        encoder->kind->offer(encoder->state, nearest);
}
