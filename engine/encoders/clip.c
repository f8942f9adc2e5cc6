/* CLIP's text tower: bytes to tokens, tokens through a transformer, L2-normalised. */
#include "engine/base/memory.h"
#include "engine/encoders/bpe.h"
#include "engine/encoders/clip_text.h"
#include "engine/encoders/kind.h"

#include <stdlib.h>
#include <string.h>

struct state {
    struct bpe *bpe;
    struct clip_text *text;
};

static void clip_close(void *pointer)
{
    struct state *state = pointer;

    bpe_close(state->bpe);
    clip_text_close(state->text);
    free(state);
}

static void *clip_open(const char *dir, const json_t *config, size_t *dimension, struct error *error)
{
    struct state *state = memory_array(1, sizeof *state);

    if (!state) {
        error_memory(error);
        return NULL;
    }
    if (!(state->bpe = bpe_open(dir, error)) || !(state->text = clip_text_open(dir, config, error)))
        goto fail;
    if (bpe_size(state->bpe) > clip_text_vocabulary(state->text)) {
        error_set(error, ERROR_INPUT, "%s/vocab.json: has tokens up to %zu, the model has vectors for %zu", dir,
                  bpe_size(state->bpe) - 1, clip_text_vocabulary(state->text));
        goto fail;
    }
    *dimension = clip_text_dimension(state->text);
    return state;
fail:
    clip_close(state);
    return NULL;
}

static int clip_encode(const void *pointer, const char *text, float *vector, struct encoding *encoding,
                       struct error *error)
{
    const struct state *state = pointer;
    size_t dimension = clip_text_dimension(state->text), most = clip_text_positions(state->text);
    uint32_t *token = memory_array(most, sizeof *token);
    int failed = -1;

    memset(vector, 0, dimension * sizeof *vector);
    size_t count = token ? bpe_encode(state->bpe, text, token, most, encoding) : SIZE_MAX;
    if (count == SIZE_MAX) {
        error_memory(error);
        goto done;
    }
    if (count == 2) { /* nothing between the marks */
        failed = 1;
        goto done;
    }
    count = clip_text_pool(state->text, token, count, bpe_end(state->bpe)) + 1;
    if (!clip_text_run(state->text, token, count, vector, NULL, NULL, error))
        failed = encoder_unit(vector, dimension, error);
done:
    free(token);
    return failed;
}

static const char *const *clip_weights(const void *state)
{
    return clip_text_files(((const struct state *)state)->text);
}

static const char *const files[] = {"vocab.json", "merges.txt", NULL};

const struct encoder_kind encoder_clip = {.type = "clip",
                                          .also = "clip_text_model",
                                          .files = files,
                                          .weights = "the weights",
                                          .more = clip_weights,
                                          .open = clip_open,
                                          .close = clip_close,
                                          .encode = clip_encode};
