#include "engine/evaluation/tuning.h"
#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/base/random.h"
#include "engine/collection/collection.h"
#include "engine/evaluation/bank_subset.h"

#include <stdlib.h>
#include <string.h>

/* Finds the video of every row of the bank (UINT32_MAX if unknown) and the matrix that these are rows of. */
static int find_videos(const struct task *task, const int64_t *targets, size_t count, bool in_order, uint32_t *video,
                       const struct matrix **videos, struct error *error)
{
    const struct bank *bank = task_bank_entry(task), *clips = collection_model_bank(task->model, true, task->bank_name);
    size_t n = bank->matrix.rows;

    if (!targets && !in_order) {
        size_t known = bank_targets(task->collection, bank, video, error);
        *videos = &task->model->video;
        if (known == SIZE_MAX)
            return -1;
        if (known < 2)
            return error_set(error, ERROR_INPUT,
                             item_text("bank %s: tuning needs a bank whose captions belong to videos of the gallery "
                                       "or, with --bank-targets, "
                                       "of a video bank of the same name"),
                             bank->name);
        return 0;
    }
    if (!clips || !clips->matrix.rows)
        return error_set(error, ERROR_INPUT, item_text("bank %s: no video bank of that name for its captions"),
                         bank->name);
    size_t m = clips->matrix.rows;
    *videos = &clips->matrix;
    if (in_order && n % m)
        return error_set(error, ERROR_INPUT,
                         item_text("bank %s: its %zu captions are not a multiple of its %zu videos"), bank->name, n, m);
    if (!in_order && count != n)
        return error_set(error, ERROR_INPUT, "bank %s: %zu targets are given, but it has %zu captions", bank->name,
                         count, n);
    for (size_t i = 0; i < n; i++) {
        if (!in_order && (targets[i] < -1 || targets[i] >= (int64_t)m))
            return error_set(error, ERROR_INPUT,
                             item_text("bank %s: target %zu is %lld, but videos are 0 to %zu (-1: none)"), bank->name,
                             i, (long long)targets[i], m - 1);
        video[i] = in_order ? (uint32_t)(i / (n / m)) : targets[i] < 0 ? UINT32_MAX : (uint32_t)targets[i];
    }
    return 0;
}

/* Holds out a random half of the videos that have captions: place[v] is the gallery row of video v, UINT32_MAX for
 * the rest.  Returns how many are held out. */
static size_t hold_out(const struct task *task, const uint32_t *video, size_t videos, uint64_t seed, uint32_t *place,
                       uint32_t *order, size_t *used)
{
    struct random_state random = random_start(seed, 1);
    size_t held;

    *used = 0;
    memset(place, 0xff, videos * sizeof *place);
    for (size_t i = 0; i < task_bank(task); i++) {
        uint32_t v = video[task_bank_row(task, i)];
        if (v == UINT32_MAX || place[v] != UINT32_MAX)
            continue;
        place[v] = 0;
        order[(*used)++] = v;
    }
    for (size_t i = *used; i > 1; i--) {
        size_t other = random_below(&random, i);
        uint32_t kept = order[i - 1];
        order[i - 1] = order[other];
        order[other] = kept;
    }
    held = *used / 2;
    for (size_t i = 0; i < *used; i++)
        place[order[i]] = i < held ? (uint32_t)i : UINT32_MAX;
    return held;
}

/* Copies some rows into a float32 matrix.  -1 when out of memory. */
static int copy_rows(const struct matrix *videos, const uint32_t *row, size_t count, struct matrix *copy)
{
    float *rows = count > SIZE_MAX / videos->cols ? NULL : memory_floats(count * videos->cols);

    if (!rows)
        return -1;
    for (size_t i = 0; i < count; i++) {
        float *to = rows + i * videos->cols;
        const float *from = matrix_rows(videos, row[i], 1, to);
        if (from != to)
            memcpy(to, from, videos->cols * sizeof *to);
    }
    *copy = matrix_view(rows, count, videos->cols);
    copy->owned = rows;
    return 0;
}

/* Splits the bank's captions into queries and bank.  -1 when out of memory. */
static int split(const struct task *task, const uint32_t *video, const uint32_t *place, struct tuning *tuning)
{
    size_t n = task_bank(task), queries = 0, rest = 0;
    struct task *made = &tuning->task;

    tuning->query_row = memory_array(n, sizeof *tuning->query_row);
    tuning->bank_row = memory_array(n, sizeof *tuning->bank_row);
    made->target_start = memory_array(n + 1, sizeof *made->target_start);
    made->target = memory_array(n, sizeof *made->target);
    if (!tuning->query_row || !tuning->bank_row || !made->target_start || !made->target)
        return -1;
    for (size_t i = 0; i < n; i++) {
        uint32_t row = (uint32_t)task_bank_row(task, i), v = video[row];
        if (v != UINT32_MAX && place[v] != UINT32_MAX) {
            made->target[queries] = place[v];
            tuning->query_row[queries++] = row;
            made->target_start[queries] = (uint32_t)queries;
        } else {
            tuning->bank_row[rest++] = row;
        }
    }
    made->s = (struct sims){.rows = queries,
                            .cols = tuning->gallery.rows,
                            .left = task->b.left,
                            .right = &tuning->gallery,
                            .row_map = tuning->query_row};
    made->b = made->s;
    made->b.rows = rest;
    made->b.row_map = tuning->bank_row;
    return 0;
}

/* Adds the second bank, without the held-out videos if they are its own. */
static int add_second_bank(const struct task *task, const struct matrix *videos, const uint32_t *place,
                           struct tuning *tuning)
{
    struct sims *g = &tuning->task.g;

    if (!task->g.left)
        return 0;
    *g = (struct sims){
        .rows = task->g.rows, .cols = tuning->gallery.rows, .left = task->g.left, .right = &tuning->gallery};
    if (task->g.left != videos)
        return 0;
    uint32_t *row = memory_array(g->rows, sizeof *row);
    size_t rows = 0;
    for (size_t v = 0; row && v < task->g.rows; v++)
        if (place[v] == UINT32_MAX)
            row[rows++] = (uint32_t)v;
    int status = row ? copy_rows(videos, row, rows, &tuning->gallery_bank) : -1;
    g->rows = rows;
    g->left = &tuning->gallery_bank;
    free(row);
    return status;
}

int tuning_open(const struct task *task, const int64_t *targets, size_t count, bool in_order, uint64_t seed,
                struct tuning *tuning, struct error *error)
{
    uint32_t *video = NULL, *place = NULL, *order = NULL;
    const struct matrix *videos = NULL;
    size_t held, used;
    int status = -1;

    *tuning = (struct tuning){0};
    if (task->direction != T2V)
        return error_set(error, ERROR_INPUT, item_text("tuning is for text to video"));
    if (task->s.stored)
        return error_set(error, ERROR_INPUT, "tuning needs embeddings, not stored similarities");
    if (!task_bank(task))
        return error_set(error, ERROR_INPUT, "tuning needs a bank; this task has none");
    tuning->task = (struct task){.collection = task->collection,
                                 .model = task->model,
                                 .direction = T2V,
                                 .bank_name = task->bank_name,
                                 .bank_subset = task->bank_subset,
                                 .gallery_bank_name = task->gallery_bank_name,
                                 .logit_scale = task->logit_scale};
    video = memory_array(task_bank_entry(task)->matrix.rows, sizeof *video);
    if (!video) {
        error_memory(error);
        goto done;
    }
    if (find_videos(task, targets, count, in_order, video, &videos, error))
        goto done;
    tuning->source = videos == &task->model->video ? "gallery" : "video bank";
    place = memory_array(videos->rows, sizeof *place);
    order = memory_array(videos->rows, sizeof *order);
    if (!place || !order) {
        error_memory(error);
        goto done;
    }
    held = hold_out(task, video, videos->rows, seed, place, order, &used);
    tuning->videos = used;
    if (held < 1) {
        error_set(error, ERROR_INPUT, item_text("bank %s: captions of %zu videos are too few to hold some out"),
                  task->bank_name, used);
        goto done;
    }
    if (copy_rows(videos, order, held, &tuning->gallery) || split(task, video, place, tuning) ||
        add_second_bank(task, videos, place, tuning)) {
        error_memory(error);
        goto done;
    }
    status = 0;
done:
    free(video);
    free(place);
    free(order);
    if (status)
        tuning_close(tuning);
    return status;
}

void tuning_close(struct tuning *tuning)
{
    free(tuning->task.target_start);
    free(tuning->task.target);
    free(tuning->query_row);
    free(tuning->bank_row);
    matrix_close(&tuning->gallery);
    matrix_close(&tuning->gallery_bank);
    *tuning = (struct tuning){0};
}
