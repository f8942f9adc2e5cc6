#include "engine/evaluation/measures.h"

#include "engine/base/memory.h"

#include <math.h>
#include <stdlib.h>

static int by_double(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

int metrics_of(const double *rank, size_t queries, struct metrics *metrics)
{
    double *sorted = memory_array(queries, sizeof *sorted);
    size_t n = 0, first = 0, r5 = 0, r10 = 0, r50 = 0;
    double sum = 0;

    if (!sorted)
        return -1;
    for (size_t q = 0; q < queries; q++) {
        if (isnan(rank[q]))
            continue;
        first += rank[q] == 1;
        r5 += rank[q] < 6;
        r10 += rank[q] < 11;
        r50 += rank[q] < 51;
        sum += rank[q];
        sorted[n++] = rank[q];
    }
    if (n == 0) {
        *metrics = (struct metrics){NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    } else {
        qsort(sorted, n, sizeof *sorted, by_double);
        double percent = 100.0 / (double)n;
        *metrics = (struct metrics){.r1 = percent * (double)first,
                                    .r5 = percent * (double)r5,
                                    .r10 = percent * (double)r10,
                                    .r50 = percent * (double)r50,
                                    .mdr = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2,
                                    .mnr = sum / (double)n,
                                    .ndcg = NAN,
                                    .map = NAN};
        metrics->geometric = cbrt(metrics->r1 * metrics->r5 * metrics->r10);
    }
    free(sorted);
    return 0;
}

void hubness_of_histogram(const size_t *holding, size_t most, size_t items, size_t gallery, size_t k, size_t queries,
                          struct hubness *hubness)
{
    double m = (double)items, places = (double)k * (double)queries;
    double least = 2 * places / (double)gallery; /* of a hub */
    double total = 0, roots = 0, in_hubs = 0, in_fair_hubs = 0;

    *hubness = (struct hubness){.k = k};
    if (items == 0)
        return;
    for (size_t n = 0; n <= most; n++) {
        double have = (double)holding[n], in_lists = have * (double)n;
        if (!holding[n])
            continue;
        total += in_lists;
        roots += have * sqrt((double)n);
        if (n >= 2 * k) {
            hubness->hub_count += holding[n];
            in_hubs += in_lists;
        }
        if (least > 0 && (double)n >= least) {
            hubness->fair_hub_count += holding[n];
            in_fair_hubs += in_lists;
        }
        hubness->max = (uint32_t)n;
    }
    hubness->antihub_rate = (double)holding[0] / m;
    if (queries) {
        hubness->hub_occurrence = in_hubs / places;
        hubness->fair_hub_occurrence = in_fair_hubs / places;
        hubness->groupie_ratio = hubness->max / places;
    }
    if (!(total > 0)) /* all counts are zero, and so is every measure of inequality */
        return;
    double mean = total / m, second = 0, third = 0, fourth = 0, deviation = 0, weighted = 0, before = 0;
    for (size_t n = 0; n <= most; n++) {
        double d = (double)n - mean, have = (double)holding[n];
        second += have * d * d;
        third += have * d * d * d;
        fourth += have * d * d * d * d;
        deviation += have * fabs(d);
        weighted += (double)n * have * (before + (have + 1) / 2); /* places before + 1 to before + have, ascending */
        before += have;
    }
    if (holding[hubness->max] != items) { /* else constant: no spread to divide by but rounding errors */
        hubness->skewness = third / m / pow(second / m, 1.5);
        hubness->kurtosis = m * fourth / (second * second) - 3;
    }
    hubness->robin_hood = 0.5 * deviation / total;
    hubness->gini = 2 * weighted / (m * total) - (m + 1) / m;
    hubness->atkinson = 1 - (roots / m) * (roots / m) / mean;
}

int hubness_of(const uint32_t *occurrence, size_t items, size_t k, size_t queries, struct hubness *hubness)
{
    return hubness_within(occurrence, NULL, items, k, queries, hubness);
}

int hubness_within(const uint32_t *occurrence, const bool *inside, size_t items, size_t k, size_t queries,
                   struct hubness *hubness)
{
    size_t most = 0, count = 0;

    for (size_t j = 0; j < items; j++)
        most = occurrence[j] > most ? occurrence[j] : most;
    size_t *holding = memory_array(most + 1, sizeof *holding);
    if (!holding)
        return -1;
    for (size_t j = 0; j < items; j++) {
        bool counts = !inside || inside[j];
        holding[occurrence[j]] += counts;
        count += counts;
    }
    hubness_of_histogram(holding, most, count, items, k, queries, hubness);
    free(holding);
    return 0;
}

struct mass_summary mass_summary_of(const double *mass, size_t items, size_t queries)
{
    return mass_summary_within(mass, NULL, items, queries);
}

struct mass_summary mass_summary_within(const double *mass, const bool *inside, size_t items, size_t queries)
{
    struct mass_summary summary = {.expected = NAN, .normalization_error = NAN, .least = NAN, .most = NAN};
    double error = 0;
    size_t count = 0;

    if (items == 0)
        return summary;
    summary.expected = (double)queries / (double)items;
    for (size_t j = 0; j < items; j++) {
        if (inside && !inside[j])
            continue;
        count++;
        error += fabs(mass[j] - summary.expected);
        summary.least = fmin(summary.least, mass[j]); /* of NAN and a number, the number */
        summary.most = fmax(summary.most, mass[j]);
    }
    summary.normalization_error = error / (double)count;
    return summary;
}

const double mass_quantile_share[MASS_QUANTILES] = {0.05, 0.25, 0.5, 0.75, 0.95};

/* The masses, ascending, for the caller to free; null when out of memory. */
static double *sorted_copy(const double *mass, size_t items)
{
    double *sorted = memory_array(items, sizeof *sorted);

    for (size_t j = 0; sorted && j < items; j++)
        sorted[j] = mass[j];
    if (sorted)
        qsort(sorted, items, sizeof *sorted, by_double);
    return sorted;
}

int mass_quantiles_of(const double *mass, size_t items, double quantile[MASS_QUANTILES])
{
    double *sorted = sorted_copy(mass, items);

    if (!sorted)
        return -1;
    for (size_t i = 0; i < MASS_QUANTILES; i++) {
        double at = items ? mass_quantile_share[i] * (double)(items - 1) : 0;
        size_t below = (size_t)at;
        quantile[i] = !items              ? NAN
                      : below + 1 < items ? sorted[below] + (at - (double)below) * (sorted[below + 1] - sorted[below])
                                          : sorted[below];
    }
    free(sorted);
    return 0;
}

int lorenz_of(const double *mass, size_t items, size_t points, double *lorenz)
{
    double *sorted = sorted_copy(mass, items), total = 0, sum = 0;
    size_t taken = 0;

    if (!sorted)
        return -1;
    for (size_t j = 0; j < items; j++)
        total += sorted[j];
    for (size_t i = 0; i <= points; i++) {
        double at = (double)i * (double)items / (double)points;
        for (; taken < items && (double)(taken + 1) <= at; taken++)
            sum += sorted[taken];
        double part = taken < items ? (at - (double)taken) * sorted[taken] : 0;
        lorenz[i] = total > 0 ? (sum + part) / total : NAN;
    }
    free(sorted);
    return 0;
}

static void swap(double *a, double *b)
{
    double kept = *a;

    *a = *b;
    *b = kept;
}

/* Moves the `count` largest of x (n) to its front, in any order. */
static void gather_largest(double *x, size_t n, size_t count)
{
    size_t low = 0, high = n;

    while (high - low > 1 && low < count && count < high) {
        double pivot = x[low + (high - low) / 2];
        size_t above = low, at = low, below = high; /* [low, above) > pivot, [above, at) equal, [below, high) less */
        while (at < below)
            if (x[at] > pivot)
                swap(&x[at++], &x[above++]);
            else if (x[at] < pivot)
                swap(&x[at], &x[--below]);
            else
                at++;
        if (count < above)
            high = above;
        else if (count > below)
            low = below;
        else
            return;
    }
}

double mass_top_tenth_of(double *mass, size_t items)
{
    size_t tenth = items / 10 + (items % 10 != 0);
    double top = 0, rest = 0;

    gather_largest(mass, items, tenth);
    for (size_t j = 0; j < tenth; j++)
        top += mass[j];
    for (size_t j = tenth; j < items; j++)
        rest += mass[j];
    return top + rest > 0 ? top / (top + rest) : NAN;
}

struct mass_measures mass_measures_of(double *mass, size_t items, size_t queries)
{
    const struct mass_summary summary = mass_summary_of(mass, items, queries);
    size_t over = 0;

    for (size_t j = 0; j < items; j++)
        over += mass[j] > summary.expected;
    return (struct mass_measures){
        .normalization_error = summary.normalization_error,
        .least = summary.least,
        .most = summary.most,
        .top_tenth = mass_top_tenth_of(mass, items),
        .over = (double)over,
    };
}
