#include "engine/evaluation/bank_report.h"
#include "engine/base/memory.h"
#include "engine/evaluation/bank_subset.h"
#include "engine/evaluation/hub_queries.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct counted {
    uint32_t count, item;
};

static int by_count(const void *a, const void *b)
{
    uint32_t x = ((const struct counted *)a)->count, y = ((const struct counted *)b)->count;

    return (x > y) - (x < y);
}

/* Ranks from 1, ties averaged; `sorted` has room for `count`. */
static void rank_counts(const uint32_t *x, size_t count, struct counted *sorted, double *rank)
{
    for (size_t i = 0; i < count; i++)
        sorted[i] = (struct counted){x[i], (uint32_t)i};
    qsort(sorted, count, sizeof *sorted, by_count);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && sorted[end].count == sorted[i].count;)
            end++;
        for (size_t t = i; t < end; t++)
            rank[sorted[t].item] = (double)(i + 1 + end) / 2;
    }
}

double rank_correlation(const uint32_t *x, const uint32_t *y, size_t count, bool *failed)
{
    struct counted *sorted = memory_array(count, sizeof *sorted);
    double *rank = memory_array(count, 2 * sizeof *rank), *other = rank ? rank + count : NULL;
    double mean = ((double)count + 1) / 2, xx = 0, yy = 0, xy = 0;

    *failed = !sorted || !rank;
    if (!*failed) {
        rank_counts(x, count, sorted, rank);
        rank_counts(y, count, sorted, other);
        for (size_t i = 0; i < count; i++) {
            xx += (rank[i] - mean) * (rank[i] - mean);
            yy += (other[i] - mean) * (other[i] - mean);
            xy += (rank[i] - mean) * (other[i] - mean);
        }
    }
    free(sorted);
    free(rank);
    return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : NAN;
}

/* Numbers in the order of the values, as floats, that they stand for. */
static void order_keys(const double *x, size_t count, uint32_t *key)
{
    for (size_t i = 0; i < count; i++) {
        float value = (float)x[i] + 0.0f; /* no negative zero */
        uint32_t bits;
        memcpy(&bits, &value, sizeof bits);
        key[i] = bits & 0x80000000u ? ~bits : bits | 0x80000000u;
    }
}

double bias_agreement(const double *x, const double *y, size_t count)
{
    uint32_t *key = memory_array(count, 2 * sizeof *key);
    bool failed = true;
    double agreement = NAN;

    if (key) {
        order_keys(x, count, key);
        order_keys(y, count, key + count);
        agreement = rank_correlation(key, key + count, count, &failed);
    }
    free(key);
    return failed ? NAN : agreement;
}

/* Adds the mean of the rows, times `sign`, to `sum` (d). */
static int add_mean(const struct sims *sims, double sign, double *sum)
{
    size_t d = sims->left->cols;
    float *buffer = memory_floats(d);

    if (!buffer)
        return -1;
    for (size_t i = 0; i < sims->rows; i++) {
        const float *x = matrix_rows(sims->left, sims->row_map ? sims->row_map[i] : i, 1, buffer);
        for (size_t c = 0; c < d; c++)
            sum[c] += sign * (double)x[c] / (double)sims->rows;
    }
    free(buffer);
    return 0;
}

/* Distance between the mean embeddings; -1 when out of memory. */
static int mean_distance(const struct task *task, double *distance)
{
    if (task->s.stored) {
        *distance = NAN;
        return 0;
    }
    size_t d = task->s.left->cols;
    double *difference = memory_array(d, sizeof *difference), sum = 0;
    int failed = !difference || add_mean(&task->b, 1, difference) || add_mean(&task->s, -1, difference) ? -1 : 0;
    for (size_t c = 0; !failed && c < d; c++)
        sum += difference[c] * difference[c];
    *distance = sqrt(sum);
    free(difference);
    return failed;
}

static double mean_top1(const struct sims *sims, const struct analysis *analysis)
{
    double sum = 0;

    for (size_t q = 0; q < analysis->queries; q++)
        sum += sims_exact(sims, NULL, q, analysis->top[q * analysis->top_k]);
    return sum / (double)analysis->queries;
}

/* Compares what bank and queries retrieve under raw. */
static int compare_hubs(const struct task *task, const struct analysis *bank, const struct analysis *queries,
                        struct bank_report *report)
{
    const uint32_t *n1 = bank->occurrence[0], *ours = bank->occurrence[ANALYSIS_KS - 1];
    const uint32_t *theirs = queries->occurrence[ANALYSIS_KS - 1];
    size_t m = queries->gallery, active = 0, open = 0, either;
    size_t bank_least = hub_threshold(BANK_REPORT_K, bank->queries, m);
    size_t query_least = hub_threshold(BANK_REPORT_K, queries->queries, m);
    bool failed;

    for (size_t j = 0; j < m; j++) {
        bool first = ours[j] >= bank_least, second = theirs[j] >= query_least;
        active += n1[j] > 0;
        report->bank_hubs += first;
        report->query_hubs += second;
        report->shared_hubs += first && second;
    }
    for (size_t q = 0; q < queries->queries; q++)
        open += n1[queries->top[q * queries->top_k]] > 0;
    either = report->bank_hubs + report->query_hubs - report->shared_hubs;
    report->hub_overlap = either ? (double)report->shared_hubs / (double)either : 0;
    report->coverage = (double)active / (double)m;
    report->gate_rate = queries->queries ? (double)open / (double)queries->queries : NAN;
    report->correlation = rank_correlation(ours, theirs, m, &failed);
    report->bank_top1 = mean_top1(&task->b, bank);
    report->query_top1 = mean_top1(&task->s, queries);
    report->gallery = m;
    report->queries = queries->queries;
    report->bank_count = memory_array(m, sizeof *ours);
    report->query_count = memory_array(m, sizeof *theirs);
    if (!report->bank_count || !report->query_count)
        return -1;
    memcpy(report->bank_count, ours, m * sizeof *ours);
    memcpy(report->query_count, theirs, m * sizeof *theirs);
    return failed || mean_distance(task, &report->distance) ? -1 : 0;
}

int bank_report_make(const struct task *task, const struct rule_spec *specs, size_t count, struct bank_report *report,
                     struct job *job, struct error *error)
{
    struct task bank = {0}, rows = *task; /* `rows` ranks the gallery's rows, as the bank does */
    struct rule_spec *all = memory_array(count + 1, sizeof *all);
    struct fit **fits = memory_array(count + 1, sizeof(struct fit *)), *raw = NULL;
    struct analysis *results = memory_array(count + 1, sizeof *results), retrieved = {0}, found = {0};
    int status = -1;

    rows.videos = 0;
    *report = (struct bank_report){.subset = task->bank_subset,
                                   .rows = task_bank(task),
                                   .rules = count,
                                   .rule = memory_array(count, sizeof *report->rule)};
    if (!all || !fits || !results || !report->rule) {
        error_memory(error);
        goto done;
    }
    if (!report->rows) {
        error_set(error, ERROR_INPUT, "no bank to report on");
        goto done;
    }
    all[0] = rule_default(rule_find("raw"), task->logit_scale);
    for (size_t i = 0; i < count; i++)
        all[i + 1] = specs[i];
    if (task_of_bank(task, &bank, error) ||
        fit_rules(&bank, all, 1, &(struct fit_options){.no_cache = true}, &raw, job, error) ||
        analysis_run(&bank, &raw, 1, &retrieved, job, error) ||
        fit_rules(task, all, count + 1, NULL, fits, job, error) ||
        analysis_run(task, fits, count + 1, results, job, error) ||
        (task->videos && analysis_run(&rows, fits, 1, &found, job, error)))
        goto done;
    if (compare_hubs(task, &retrieved, task->videos ? &found : &results[0], report)) {
        error_memory(error);
        goto done;
    }
    report->raw = results[0].metrics;
    report->raw_skewness = results[0].hubness[ANALYSIS_KS - 1].skewness;
    for (size_t i = 0; i < count; i++) {
        const struct analysis *result = &results[i + 1];
        report->rule[i] = (struct bank_rule){specs[i], result->metrics, result->hubness[ANALYSIS_KS - 1].skewness,
                                             result->mass_summary.normalization_error, result->gate_rate};
    }
    status = 0;
done:
    for (size_t i = 0; fits && results && i <= count; i++) {
        analysis_close(&results[i]);
        fit_release(fits[i]);
    }
    analysis_close(&retrieved);
    analysis_close(&found);
    fit_release(raw);
    task_close(&bank);
    free(all);
    free(fits);
    free(results);
    if (status)
        bank_report_close(report);
    return status;
}

void bank_report_close(struct bank_report *report)
{
    free(report->rule);
    free(report->bank_count);
    free(report->query_count);
    *report = (struct bank_report){0};
}

void bank_report_reading(const struct bank_report *report, char *buffer, size_t size)
{
    double agrees = report->correlation;
    const char *fits = isnan(agrees) ? "nothing is found more often than anything else: there are no hubs to know"
                       : agrees < 0.2
                           ? "its hubs are not the queries' hubs: expect little of it, or harm without a gate"
                       : agrees < 0.5 ? "it knows some of the queries' hubs: an ungated rule may hurt"
                                      : "it knows the queries' hubs";
    const char *covers = report->coverage < 0.1    ? "; so few items are active that a gated rule hardly acts"
                         : report->gate_rate < 0.5 ? "; a gated rule leaves most queries as they are"
                                                   : "";

    snprintf(buffer, size, "%s%s", fits, covers);
}
