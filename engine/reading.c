#include "ui/measure.h"

#include <math.h>
#include <stdio.h>

enum { AT_TEN = ANALYSIS_KS - 1 };

static const char *items(enum direction direction)
{
    return direction == T2V ? "videos" : "captions";
}

static const char *own(enum direction direction)
{
    return direction == T2V ? "their own video" : "one of their own captions";
}

static const char *asks(enum direction direction)
{
    return direction == T2V ? "queries" : "videos";
}

#define VALUE(function, expression)                                                                                    \
    static double function(const struct analysis *a)                                                                  \
    {                                                                                                                  \
        return expression;                                                                                             \
    }

VALUE(r1, a->metrics.r1)
VALUE(r5, a->metrics.r5)
VALUE(r10, a->metrics.r10)
VALUE(r50, a->metrics.r50)
VALUE(mdr, a->metrics.mdr)
VALUE(mnr, a->metrics.mnr)
VALUE(geometric, a->metrics.geometric)
VALUE(skewness, a->hubness[AT_TEN].skewness)
VALUE(robin_hood, 100 * a->hubness[AT_TEN].robin_hood)
VALUE(gini, a->hubness[AT_TEN].gini)
VALUE(atkinson, a->hubness[AT_TEN].atkinson)
VALUE(most_often, a->hubness[AT_TEN].max)
VALUE(antihubs, 100 * a->hubness[AT_TEN].antihub_rate)
VALUE(hubs, (double)a->hubness[AT_TEN].hub_count)
VALUE(hub_share, 100 * a->hubness[AT_TEN].hub_occurrence)
VALUE(mass_error, a->mass ? a->mass_summary.normalization_error : NAN)
VALUE(mass_least, a->mass ? a->mass_summary.least : NAN)
VALUE(mass_most, a->mass ? a->mass_summary.most : NAN)
VALUE(gate, a->gate ? 100 * a->gate_rate : NAN)
VALUE(residual, a->fit->residual)

#define READING(function)                                                                                              \
    static void function(__attribute__((unused)) const struct analysis *a, __attribute__((unused)) enum direction d,   \
                         char *buffer, size_t size)

static void read_recall(double percent, int k, enum direction d, char *buffer, size_t size)
{
    snprintf(buffer, size, "%.1f %% of the %s have %s among the first %d", percent, asks(d), own(d), k);
}

READING(read_r1)
{
    snprintf(buffer, size, "%.1f %% of the %s have %s in first place", a->metrics.r1, asks(d), own(d));
}
READING(read_r5) { read_recall(a->metrics.r5, 5, d, buffer, size); }
READING(read_r10) { read_recall(a->metrics.r10, 10, d, buffer, size); }
READING(read_r50) { read_recall(a->metrics.r50, 50, d, buffer, size); }
READING(read_mdr)
{
    snprintf(buffer, size, "half of the %s have %s at rank %.1f or better", asks(d), own(d), a->metrics.mdr);
}
READING(read_mnr)
{
    snprintf(buffer, size, "the mean over all %s; a few lost ones weigh much (median %.1f)", asks(d), a->metrics.mdr);
}
READING(read_geometric)
{
    snprintf(buffer, size, "(R@1 x R@5 x R@10)^(1/3), one number for the three: %.1f", a->metrics.geometric);
}
READING(read_skewness)
{
    double value = a->hubness[AT_TEN].skewness;
    const char *word = value > 1.5   ? "strong hubs: few of the %s take many places in the lists"
                       : value > 0.8 ? "marked hubs: some %s stand in far more lists than most"
                       : value > 0.4 ? "mild hubs: some %s stand in more lists than most"
                                     : "hardly any hubs: the %s share the lists about evenly";
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(buffer, size, word, items(d));
#pragma GCC diagnostic pop
}
READING(read_robin_hood)
{
    snprintf(buffer, size, "%.1f %% of all list places would have to move for every one of the %s to have as many",
             robin_hood(a), items(d));
}
READING(read_gini)
{
    snprintf(buffer, size, "0: all %s stand in as many lists, 1: one has every place", items(d));
}
READING(read_atkinson)
{
    snprintf(buffer, size, "like Gini, but weighs the %s that are hardly found most (epsilon 1/2)", items(d));
}
READING(read_most)
{
    snprintf(buffer, size, "the biggest hub stands in %u of %zu top-10 lists; a fair share is %.1f",
             a->hubness[AT_TEN].max, a->queries, 10.0 * (double)a->queries / (double)a->gallery);
}
READING(read_antihubs)
{
    snprintf(buffer, size, "%.1f %% of the %s are in no top-10 list: nobody finds them", antihubs(a), items(d));
}
READING(read_hubs)
{
    snprintf(buffer, size, "%zu of %zu %s stand in at least 20 (2 k) top-10 lists; a fair share is %.1f",
             a->hubness[AT_TEN].hub_count, a->gallery, items(d), 10.0 * (double)a->queries / (double)a->gallery);
}
READING(read_hub_share)
{
    snprintf(buffer, size, "%.1f %% of all places in top-10 lists go to the %zu hubs (%.1f %% of the %s)", hub_share(a),
             a->hubness[AT_TEN].hub_count, 100.0 * (double)a->hubness[AT_TEN].hub_count / (double)a->gallery, items(d));
}

static void no_mass(char *buffer, size_t size)
{
    snprintf(buffer, size, "this rule orders without probabilities, so there is no mass");
}

READING(read_mass_error)
{
    if (!a->mass)
        no_mass(buffer, size);
    else
        snprintf(buffer, size, "on average one of the %s holds %.2f more or less than its fair share of %.2f", items(d),
                 a->mass_summary.normalization_error, a->mass_summary.expected);
}
READING(read_mass_least)
{
    if (!a->mass)
        no_mass(buffer, size);
    else
        snprintf(buffer, size, "the most neglected of the %s holds %.0f %% of its fair share", items(d),
                 100 * a->mass_summary.least / a->mass_summary.expected);
}
READING(read_mass_most)
{
    if (!a->mass)
        no_mass(buffer, size);
    else
        snprintf(buffer, size, "the greediest of the %s holds %.1f times its fair share", items(d),
                 a->mass_summary.most / a->mass_summary.expected);
}
READING(read_gate)
{
    if (!a->gate)
        snprintf(buffer, size, "this rule has no gate: it applies to every one of the %s", asks(d));
    else
        snprintf(buffer, size, "the rule applies to %.1f %% of the %s; the others are left as raw has them", gate(a),
                 asks(d));
}
READING(read_residual)
{
    if (isnan(a->fit->residual))
        snprintf(buffer, size, "only Sinkhorn normalisation has one");
    else
        snprintf(buffer, size, "mean |mass - N/M| of the %s on the bank after the last iteration: 0 is fully balanced",
                 items(d));
}

const struct measure measure_table[] = {
    {"R@1", "recall at 1, percent", MEASURE_RETRIEVAL, 1, 1, r1, read_r1},
    {"R@5", "recall at 5, percent", MEASURE_RETRIEVAL, 1, 1, r5, read_r5},
    {"R@10", "recall at 10, percent", MEASURE_RETRIEVAL, 1, 1, r10, read_r10},
    {"R@50", "recall at 50, percent", MEASURE_RETRIEVAL, 1, 1, r50, read_r50},
    {"MdR", "median rank", MEASURE_RETRIEVAL, -1, 1, mdr, read_mdr},
    {"MnR", "mean rank", MEASURE_RETRIEVAL, -1, 2, mnr, read_mnr},
    {"geom", "geometric mean of R@1, R@5 and R@10", MEASURE_RETRIEVAL, 1, 1, geometric, read_geometric},
    {"skew", "skewness of N_10", MEASURE_HUBNESS, -1, 2, skewness, read_skewness},
    {"RobinH", "Robin Hood index of N_10, percent", MEASURE_HUBNESS, -1, 1, robin_hood, read_robin_hood},
    {"Gini", "Gini index of N_10", MEASURE_HUBNESS, -1, 3, gini, read_gini},
    {"Atkin", "Atkinson index of N_10", MEASURE_HUBNESS, -1, 3, atkinson, read_atkinson},
    {"max", "largest N_10", MEASURE_HUBNESS, -1, 0, most_often, read_most},
    {"anti%", "antihubs, percent of the gallery", MEASURE_HUBNESS, -1, 1, antihubs, read_antihubs},
    {"hubs", "hubs: items with N_10 of 20 or more", MEASURE_HUBNESS, 0, 0, hubs, read_hubs},
    {"hub%", "list places held by hubs, percent", MEASURE_HUBNESS, 0, 1, hub_share, read_hub_share},
    {"error", "normalisation error: mean |mass - Q/M|", MEASURE_MASS, -1, 3, mass_error, read_mass_error},
    {"least", "least mass", MEASURE_MASS, 1, 2, mass_least, read_mass_least},
    {"most", "most mass", MEASURE_MASS, -1, 2, mass_most, read_mass_most},
    {"gate%", "gate rate, percent of the queries", MEASURE_MASS, 0, 1, gate, read_gate},
    {"resid", "Sinkhorn residual on the bank", MEASURE_MASS, -1, 4, residual, read_residual},
};
const size_t measures_count = sizeof measure_table / sizeof *measure_table;

const char *measure_group_title(enum measure_group group)
{
    static const char *const titles[MEASURE_GROUPS] = {"retrieval", "hubness, k = 10", "mass and fit"};

    return titles[group];
}

void measure_print(const struct measure *measure, double value, char *buffer, size_t size)
{
    if (isnan(value))
        snprintf(buffer, size, "-");
    else if (fabs(value) >= 1e5)
        snprintf(buffer, size, "%.2g", value);
    else
        snprintf(buffer, size, "%.*f", measure->decimals, value);
}
