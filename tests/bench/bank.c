#include "tests/bench/workload.h"

#include <stdio.h>

struct pass {
    struct load load; /* first: the reference's context */
    struct bank_plan plan;
};

static int measure_bank(void *context, struct error *error)
{
    struct pass *pass = context;
    struct bank_stats stats;

    if (bank_measure(&pass->load.task.b, &pass->plan, &stats, NULL, error))
        return -1;
    bank_stats_close(&stats);
    return 0;
}

/* Times the pass with the statistics that are already in the plan. */
static int run_pass(struct pass *pass, const char *what, const struct workload *workload,
                    const struct bench_options *options, struct bench_result *result, struct error *error)
{
    struct load *load = &pass->load;
    struct timing timing = {.work = measure_bank,
                            .reference = load_bank_product,
                            .context = pass,
                            .runs = workload_runs(workload, options),
                            .twin = workload->twin};
    int status = -1;

    if (workload_open(workload, options, 1, workload_rows(workload, workload->bank, options), load, error) ||
        load_product_room(load, error))
        goto done;
    snprintf(result->what, sizeof result->what, "fit %s: %zu bank x %zu gallery x %d", what, load->task.b.rows,
             load->task.b.cols, LOAD_DIMENSION);
    if ((status = timing_run(&timing, result, error)) == 0)
        workload_count(result, &load->task.b);
done:
    load_close(load);
    return status;
}

int workload_bank(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                  struct error *error)
{
    struct pass pass = {0};

    bank_want_lse(&pass.plan, 20);
    bank_want_active(&pass.plan, 1);
    bank_want_column_top(&pass.plan, 128);
    return run_pass(&pass, "is + qbnorm + csls + nnn", workload, options, result, error);
}

int workload_moments(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                     struct error *error)
{
    struct pass pass = {0};

    bank_want_moments(&pass.plan);
    bank_want_column_top(&pass.plan, 10);
    return run_pass(&pass, "mp + nicdm", workload, options, result, error);
}

/* What all rules together need. */
int workload_every(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                   struct error *error)
{
    struct pass pass = {0};

    bank_want_lse(&pass.plan, 20);
    bank_want_lse(&pass.plan, 100);
    bank_want_active(&pass.plan, 1);
    bank_want_column_top(&pass.plan, 128);
    bank_want_moments(&pass.plan);
    return run_pass(&pass, "every rule", workload, options, result, error);
}
