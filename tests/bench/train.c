#include "engine/learning/train.h"
#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/matrices/gemm.h"
#include "tests/bench/workload.h"

#include <stdio.h>
#include <stdlib.h>

enum { BATCH = 512, D = LOAD_DIMENSION };

/* An epoch of linear heads by NCL, everything around it included: what is held out is measured before and after. */
struct epoch {
    struct load load;
    struct pairs pairs;
    size_t batches;
    float *room[3]; /* of the reference: rows (BATCH, D), weights (D, D), similarities (BATCH, BATCH) */
    float *out;     /* (the largest of them) */
};

static int train_epoch(void *context, struct error *error)
{
    struct epoch *epoch = context;
    struct train_options options = train_defaults(20);
    struct train_result result;

    options.rates = options.seeds = options.epochs = 1;
    options.batch = BATCH;
    if (train_heads(&epoch->pairs, &options, &result, NULL, error))
        return -1;
    epoch->batches = (result.clips + BATCH - 1) / BATCH;
    train_close(&result);
    return 0;
}

/* One worker's share of the seven products of a batch. */
static void product_chunk(void *context, size_t chunk, size_t worker)
{
    const struct epoch *epoch = context;
    const float *x = epoch->room[0], *w = epoch->room[1], *s = epoch->room[2];
    size_t share = (BATCH + pool_workers() - 1) / pool_workers(), product = chunk / pool_workers();
    size_t first = chunk % pool_workers() * share, rows = first >= BATCH ? 0 : BATCH - first;

    (void)worker;
    rows = rows < share ? rows : share;
    float *out = epoch->out + first * D;
    if (product < 2) /* both heads */
        gemm(rows, D, D, x + first * D, D, w, D, out, D);
    else if (product < 3) /* similarities */
        gemm(rows, BATCH, D, x + first * D, D, x, D, out, BATCH);
    else if (product < 4) /* back to texts and to videos */
        gemm_plain(rows, D, BATCH, s + first * BATCH, BATCH, x, D, out, D);
    else if (product < 5)
        gemm_left(rows, D, BATCH, s + first, BATCH, x, D, out, D);
    else /* weights */
        gemm_left(rows, D, BATCH, x + first, D, x, D, out, D);
}

static void epoch_products(void *context)
{
    enum { PRODUCTS = 7 };
    struct epoch *epoch = context;

    for (size_t batch = 0; batch < epoch->batches; batch++)
        pool_run(PRODUCTS * pool_workers(), product_chunk, epoch);
}

int workload_train(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                   struct error *error)
{
    struct epoch epoch = {0};
    struct load *load = &epoch.load;
    struct timing timing = {.work = train_epoch,
                            .reference = epoch_products,
                            .context = &epoch,
                            .runs = workload_runs(workload, options),
                            .twin = workload->twin};
    int status = -1;

    if (load_open(load, options, workload_size(workload->queries, options), workload_size(workload->gallery, options),
                  0, error))
        goto done;
    epoch.out = memory_floats(BATCH * D);
    for (size_t i = 0; i < 3; i++) {
        epoch.room[i] = memory_floats(BATCH * D);
        for (size_t at = 0; epoch.room[i] && at < BATCH * D; at++)
            epoch.room[i][at] = (float)(at % 97) * 0.01f;
    }
    if (!epoch.out || !epoch.room[0] || !epoch.room[1] || !epoch.room[2]) {
        error_memory(error);
        goto done;
    }
    epoch.pairs = (struct pairs){&load->query, &load->gallery, load->task.target};
    snprintf(result->what, sizeof result->what, "an epoch of heads by ncl, 4 iterations: %zu pairs x %d, batch %d",
             load->query.rows, D, BATCH);
    if ((status = timing_run(&timing, result, error)) == 0) {
        result->cells = (double)epoch.batches * BATCH * BATCH;
        result->gflops = 7 * 2e-9 * result->cells * D / result->seconds;
        result->reference = "sgemm";
    }
done:
    free(epoch.out);
    for (size_t i = 0; i < 3; i++)
        free(epoch.room[i]);
    load_close(load);
    return status;
}
