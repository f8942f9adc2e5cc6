#include "engine/base/mapping.h"
#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/encoders/encoder.h"
#include "engine/formats/file.h"
#include "tests/bench/clip_files.h"
#include "tests/bench/workload.h"

#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define GOAL_SECONDS 0.025

/* Ten words, twelve tokens. */
enum { ALTERNATELY = 2 };
static const char *const other_texts[ALTERNATELY] = {"the big red dog ran and the old man sat",
                                                     "one big red dog ran and the old man sat"};
static const char *const typed_texts[ALTERNATELY] = {"the big red dog ran and the old man sat",
                                                     "the big red dog ran and the old man ran"};

struct tower {
    struct encoder *encoder;
    float *vector;
    const char *const *text;
    size_t encoded;
    unsigned char *file; /* a second mapping of the model */
    size_t file_size;
    const uint64_t *weights; /* (count) weights of the layers, at the end of the file */
    size_t count;
    uint64_t *sum; /* (workers) */
};

static int encode_text(void *context, struct error *error)
{
    struct tower *tower = context;
    struct encoding encoding;

    return encoder_encode(tower->encoder, tower->text[tower->encoded++ % ALTERNATELY], tower->vector, &encoding, error);
}

static void read_chunk(void *context, size_t chunk, size_t worker)
{
    struct tower *tower = context;
    const size_t share = tower->count / pool_workers();
    const uint64_t *data = tower->weights + chunk * share;
    uint64_t lane[16] = {0}, total = 0;

    for (size_t i = 0; i + 16 <= share; i += 16)
        for (size_t l = 0; l < 16; l++)
            lane[l] += data[i + l];
    for (size_t l = 0; l < 16; l++)
        total += lane[l];
    tower->sum[worker] = total;
}

static void read_once(void *context)
{
    pool_run(pool_workers(), read_chunk, context);
}

static size_t layer_weights(const struct clip_size *size)
{
    return size->layers * (4 * size->width * size->width + 2 * size->width * size->inner);
}

static int open_tower(struct tower *tower, const char *folder, const struct clip_size *size, struct error *error)
{
    size_t bytes = layer_weights(size) * sizeof(float);
    char path[PATH_MAX];

    if (clip_files_make(folder, size, error) || !(tower->encoder = encoder_open(folder, error)) ||
        file_join(path, sizeof path, folder, "model.safetensors", error) ||
        !(tower->file = file_map(path, &tower->file_size, error)))
        return -1;
    tower->count = bytes / sizeof *tower->weights;
    tower->weights = (const uint64_t *)(const void *)(tower->file + (tower->file_size - bytes) / 8 * 8);
    tower->vector = memory_floats(size->dimension);
    tower->sum = memory_array(pool_workers(), sizeof *tower->sum);
    if (!tower->vector || !tower->sum)
        return error_memory(error);
    return encode_text(tower, error); /* pages the weights in, so that they do not count as memory of the work */
}

static void close_tower(struct tower *tower)
{
    encoder_close(tower->encoder);
    if (tower->file)
        mapping_close(tower->file, tower->file_size);
    free(tower->vector);
    free(tower->sum);
}

static int run_clip(const char *const *text, const char *what, const struct workload *workload,
                    const struct bench_options *options, struct bench_result *result, struct error *error)
{
    const char *temporary = getenv("TMPDIR");
    struct clip_size size = clip_vit_b32;
    struct tower tower = {.text = text};
    struct timing timing = {.work = encode_text,
                            .reference = read_once,
                            .context = &tower,
                            .runs = workload->runs,
                            .twin = workload->twin,
                            .mapped = true};
    char folder[PATH_MAX];
    struct statvfs room;

    size.layers = workload_size(size.layers, options);
    size.vocabulary = workload_size(size.vocabulary, options);
    size_t weights = layer_weights(&size) + (size.vocabulary + size.dimension) * size.width;
    temporary = temporary && *temporary ? temporary : "/tmp";
    snprintf(folder, sizeof folder, "%s/hubscope-bench-XXXXXX", temporary);
    if (statvfs(temporary, &room) || (double)room.f_bavail * (double)room.f_frsize < 8.0 * (double)weights ||
        !mkdtemp(folder)) {
        snprintf(result->skipped, sizeof result->skipped, "needs %.1f GB of disk in %.60s", 8e-9 * (double)weights,
                 temporary);
        return 0;
    }
    int status = open_tower(&tower, folder, &size, error);
    if (status == 0) {
        snprintf(result->what, sizeof result->what,
                 "%s by a CLIP text transformer: %zu wide, %zu layers, float32, mapped", what, size.width, size.layers);
        if (!options->quick)
            result->goal_seconds = GOAL_SECONDS;
        status = timing_run(&timing, result, error);
        result->reference = "read";
    }
    close_tower(&tower);
    clip_files_remove(folder);
    return status;
}

int workload_clip(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                  struct error *error)
{
    return run_clip(other_texts, "ten words", workload, options, result, error);
}

int workload_clip_typed(const struct workload *workload, const struct bench_options *options,
                        struct bench_result *result, struct error *error)
{
    return run_clip(typed_texts, "another last word of ten", workload, options, result, error);
}
