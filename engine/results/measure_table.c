#include "engine/results/measure_table.h"
#include "engine/base/item.h"
#include "engine/collection/collection.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>

static const char *items(enum direction direction)
{
    return direction == T2V ? item_text("videos") : "captions";
}

static const char *own(enum direction direction)
{
    return direction == T2V ? item_text("their own video") : "one of their own captions";
}

/* What the measured rule ranks. */
static const char *items_of(const struct measured *m)
{
    return m->analysis->videos ? item_text("videos") : items(m->direction);
}

static const char *own_of(const struct measured *m)
{
    return m->analysis->videos ? "themselves" : own(m->direction);
}

/* What the items are ranked for. */
static const char *asks(enum direction direction)
{
    return direction == T2V ? "queries" : item_text("videos");
}

/* How many items the measures are of. */
static size_t counted(const struct measured *m)
{
    return m->analysis->subset ? m->analysis->subset->items : m->analysis->gallery;
}

static double fair_share(const struct measured *m)
{
    return (double)m->hubness->k * (double)m->analysis->queries / (double)m->analysis->gallery;
}

#define VALUE(function, expression)                                                                                    \
    static double function(const struct measured *m)                                                                   \
    {                                                                                                                  \
        return expression;                                                                                             \
    }

VALUE(ndcg, m->analysis->metrics.ndcg)
VALUE(map, m->analysis->metrics.map)
VALUE(r1, m->analysis->metrics.r1)
VALUE(r5, m->analysis->metrics.r5)
VALUE(r10, m->analysis->metrics.r10)
VALUE(r50, m->analysis->metrics.r50)
VALUE(mdr, m->analysis->metrics.mdr)
VALUE(mnr, m->analysis->metrics.mnr)
VALUE(geometric, m->analysis->metrics.geometric)
VALUE(skewness, m->hubness->skewness)
VALUE(kurtosis, m->hubness->kurtosis)
VALUE(robin_hood, m->hubness->robin_hood)
VALUE(gini, m->hubness->gini)
VALUE(atkinson, m->hubness->atkinson)
VALUE(most_often, m->hubness->max)
VALUE(groupie, m->hubness->groupie_ratio)
VALUE(antihubs, m->hubness->antihub_rate)
VALUE(hubs, (double)m->hubness->fair_hub_count)
VALUE(hub_share, m->hubness->fair_hub_occurrence)
VALUE(mass_error, m->analysis->mass_summary.normalization_error)
VALUE(mass_least, m->analysis->mass_summary.least)
VALUE(mass_most, m->analysis->mass_summary.most)
VALUE(gate, m->analysis->gate_rate)
VALUE(residual, m->analysis->fit->residual)

#define READING(function) static void function(const struct measured *m, char *buffer, size_t size)

static void read_recall(const struct measured *m, double percent, int k, char *buffer, size_t size)
{
    snprintf(buffer, size, "%.1f %% of the %s have %s among the first %d", percent, asks(m->direction), own_of(m), k);
}

static void not_judged(char *buffer, size_t size)
{
    snprintf(buffer, size, "only for data with several relevant items a query, or grades");
}

READING(read_ndcg)
{
    if (isnan(ndcg(m)))
        not_judged(buffer, size);
    else
        snprintf(buffer, size, "the first 10 places have %.1f %% of the relevance that the best order would put there",
                 ndcg(m));
}
READING(read_map)
{
    if (isnan(map(m)))
        not_judged(buffer, size);
    else
        snprintf(buffer, size, "a list read down to a relevant item has %.1f %% relevant ones on average", map(m));
}
READING(read_r1)
{
    snprintf(buffer, size, "%.1f %% of the %s have %s in first place", r1(m), asks(m->direction), own_of(m));
}
READING(read_r5)
{
    read_recall(m, r5(m), 5, buffer, size);
}
READING(read_r10)
{
    read_recall(m, r10(m), 10, buffer, size);
}
READING(read_r50)
{
    read_recall(m, r50(m), 50, buffer, size);
}
READING(read_mdr)
{
    snprintf(buffer, size, "half of the %s have %s at rank %.1f or better", asks(m->direction), own_of(m), mdr(m));
}
READING(read_mnr)
{
    snprintf(buffer, size, "the mean over all %s; a few very low ranks weigh heavily (median %.1f)", asks(m->direction),
             mdr(m));
}
READING(read_geometric)
{
    snprintf(buffer, size, "(R@1 x R@5 x R@10)^(1/3), one number for the three: %.1f", geometric(m));
}
READING(read_skewness)
{
    const char *who = items_of(m);

    if (skewness(m) > 1.5)
        snprintf(buffer, size, "strong hubs: few of the %s take many places in the lists", who);
    else if (skewness(m) > 0.8)
        snprintf(buffer, size, "marked hubs: some %s appear in far more lists than most", who);
    else if (skewness(m) > 0.4)
        snprintf(buffer, size, "mild hubs: some %s appear in more lists than most", who);
    else
        snprintf(buffer, size, "hardly any hubs: the %s share the lists about evenly", who);
}
READING(read_kurtosis)
{
    const char *who = items_of(m);

    if (kurtosis(m) > 3)
        snprintf(buffer, size, "a heavy tail: a few of the %s are far outside the spread of the others", who);
    else if (kurtosis(m) > 0.5)
        snprintf(buffer, size, "a tail somewhat heavier than a normal distribution's: some %s stand apart", who);
    else if (kurtosis(m) > -0.5)
        snprintf(buffer, size, "tails about those of a normal distribution");
    else
        snprintf(buffer, size, "tails lighter than a normal distribution's: none of the %s stands far apart", who);
}
READING(read_robin_hood)
{
    snprintf(buffer, size, "%.1f %% of all list places would have to move for every one of the %s to have as many",
             100 * robin_hood(m), items_of(m));
}
READING(read_gini)
{
    snprintf(buffer, size, "two of the %s drawn at random differ by %.1f lists on average; a fair share is %.1f",
             items_of(m), 2 * gini(m) * fair_share(m), fair_share(m));
}
READING(read_atkinson)
{
    snprintf(buffer, size, "with most weight on the %s that are hardly found, %.1f %% of the list places are wasted",
             items_of(m), 100 * atkinson(m));
}
READING(read_most)
{
    snprintf(buffer, size, "the biggest hub appears in %u of %zu top-%zu lists; a fair share is %.1f", m->hubness->max,
             m->analysis->queries, m->hubness->k, fair_share(m));
}
READING(read_groupie)
{
    snprintf(buffer, size, "the biggest hub alone takes %.2f %% of all places in top-%zu lists", 100 * groupie(m),
             m->hubness->k);
}
READING(read_antihubs)
{
    snprintf(buffer, size, "%.1f %% of the %s are never retrieved: they are in no top-%zu list", 100 * antihubs(m),
             items_of(m), m->hubness->k);
}
READING(read_hubs)
{
    snprintf(buffer, size, "%zu of %zu %s appear in at least twice their fair share of %.1f top-%zu lists",
             m->hubness->fair_hub_count, counted(m), items_of(m), fair_share(m), m->hubness->k);
}
READING(read_hub_share)
{
    snprintf(buffer, size, "%.1f %% of all places in top-%zu lists go to the %zu hubs (%.1f %% of the %s)",
             100 * hub_share(m), m->hubness->k, m->hubness->fair_hub_count, 100 * hubs(m) / (double)counted(m),
             items_of(m));
}

static void no_mass(char *buffer, size_t size)
{
    snprintf(buffer, size, "this rule orders without probabilities, so there is no mass");
}

READING(read_mass_error)
{
    if (!m->analysis->mass)
        no_mass(buffer, size);
    else
        snprintf(buffer, size, "on average one of the %s holds %.2f more or less than its fair share of %.2f",
                 items_of(m), mass_error(m), m->analysis->mass_summary.expected);
}
READING(read_mass_least)
{
    if (!m->analysis->mass)
        no_mass(buffer, size);
    else
        snprintf(buffer, size, "the most neglected of the %s holds %.0f %% of its fair share", items_of(m),
                 100 * mass_least(m) / m->analysis->mass_summary.expected);
}
READING(read_mass_most)
{
    if (!m->analysis->mass)
        no_mass(buffer, size);
    else
        snprintf(buffer, size, "the greediest of the %s holds %.1f times its fair share", items_of(m),
                 mass_most(m) / m->analysis->mass_summary.expected);
}
READING(read_gate)
{
    if (!m->analysis->gate)
        snprintf(buffer, size, "this rule has no gate: it applies to every one of the %s", asks(m->direction));
    else if (m->analysis->gallery_gate)
        snprintf(buffer, size, "the bank's term counts for %.1f %% of the %s, the second bank's for %.1f %%",
                 100 * gate(m), asks(m->direction), 100 * m->analysis->gallery_gate_rate);
    else
        snprintf(buffer, size, "the rule applies to %.1f %% of the %s; the others are ranked as by raw", 100 * gate(m),
                 asks(m->direction));
}
READING(read_residual)
{
    if (isnan(residual(m)))
        snprintf(buffer, size, "only Sinkhorn normalisation has one");
    else
        snprintf(buffer, size, "mean |mass - N/M| of the %s on the bank after the last iteration: 0 is fully balanced",
                 items(m->direction));
}

enum { PERCENT = 100 };

#define OF(field) offsetof(struct bootstrap, field)

const struct measure measure_table[] = {
    {"nDCG", "nDCG@10", "normalised discounted cumulative gain at 10, percent", MEASURE_JUDGED, 1, 1, 1, ndcg,
     read_ndcg, OF(ndcg)},
    {"MAP", "MAP", "mean average precision, percent", MEASURE_JUDGED, 1, 1, 1, map, read_map, OF(map)},
    {"R@1", "R@1", "recall at 1, percent", MEASURE_RETRIEVAL, 1, 1, 1, r1, read_r1, OF(r1)},
    {"R@5", "R@5", "recall at 5, percent", MEASURE_RETRIEVAL, 1, 1, 1, r5, read_r5, OF(r5)},
    {"R@10", "R@10", "recall at 10, percent", MEASURE_RETRIEVAL, 1, 1, 1, r10, read_r10, OF(r10)},
    {"R@50", "R@50", "recall at 50, percent", MEASURE_RETRIEVAL, 1, 1, 1, r50, read_r50, OF(r50)},
    {"MdR", "MdR", "median rank", MEASURE_RETRIEVAL, -1, 1, 1, mdr, read_mdr, OF(mdr)},
    {"MnR", "MnR", "mean rank", MEASURE_RETRIEVAL, -1, 2, 1, mnr, read_mnr, OF(mnr)},
    {"geom", "geom", "geometric mean of R@1, R@5 and R@10", MEASURE_RETRIEVAL, 1, 1, 1, geometric, read_geometric,
     OF(geometric)},
    {"skew", "skewness", "skewness of N_k", MEASURE_HUBNESS, -1, 2, 1, skewness, read_skewness, OF(skewness)},
    {"kurt", "kurtosis", "excess kurtosis of N_k", MEASURE_HUBNESS, -1, 2, 1, kurtosis, read_kurtosis, OF(kurtosis)},
    {"RobinH", "robin_hood", "Robin Hood index of N_k, percent", MEASURE_HUBNESS, -1, 1, PERCENT, robin_hood,
     read_robin_hood, OF(robin_hood)},
    {"Gini", "gini", "Gini index of N_k", MEASURE_HUBNESS, -1, 3, 1, gini, read_gini, OF(gini)},
    {"Atkin", "atkinson", "Atkinson index of N_k, epsilon 1/2", MEASURE_HUBNESS, -1, 3, 1, atkinson, read_atkinson,
     OF(atkinson)},
    {"max", "max", "largest N_k", MEASURE_HUBNESS, -1, 0, 1, most_often, read_most, OF(max)},
    {"group%", "groupie_ratio", "groupie ratio: list places held by the biggest hub, percent", MEASURE_HUBNESS, -1, 2,
     PERCENT, groupie, read_groupie, OF(groupie_ratio)},
    {"anti%", "antihub_rate", "antihubs, percent of the gallery", MEASURE_HUBNESS, -1, 1, PERCENT, antihubs,
     read_antihubs, OF(antihub_rate)},
    {"hubs", "fair_hub_count", "hubs: items with N_k of twice the fair share or more", MEASURE_HUBNESS, 0, 0, 1, hubs,
     read_hubs, OF(fair_hub_count)},
    {"hub%", "fair_hub_occurrence", "list places held by hubs, percent", MEASURE_HUBNESS, 0, 1, PERCENT, hub_share,
     read_hub_share, OF(fair_hub_occurrence)},
    {"error", "normalization_error", "normalisation error: mean |mass - Q/M|", MEASURE_MASS, -1, 3, 1, mass_error,
     read_mass_error, OF(normalization_error)},
    {"least", "min", "least mass", MEASURE_MASS, 1, 2, 1, mass_least, read_mass_least, OF(least)},
    {"most", "max", "most mass", MEASURE_MASS, -1, 2, 1, mass_most, read_mass_most, OF(most)},
    {"gate%", "gate_rate", "gate rate, percent of the queries", MEASURE_MASS, 0, 1, PERCENT, gate, read_gate, 0},
    {"resid", "residual", "Sinkhorn residual on the bank", MEASURE_MASS, -1, 4, 1, residual, read_residual, 0},
};
const size_t measures_count = sizeof measure_table / sizeof *measure_table;

bool measures_are_judged(const struct task *task)
{
    return task->collection->judged && task->several;
}

const char *measure_group_title(enum measure_group group)
{
    static const char *const titles[MEASURE_GROUPS] = {"relevance", "retrieval", "hubness, k = 10", "mass and fit"};

    return titles[group];
}

struct measured measured_of(const struct analysis *analysis, enum direction direction)
{
    return (struct measured){analysis, &analysis->hubness[ANALYSIS_KS - 1], direction};
}

const struct interval *measure_interval(const struct measure *measure, const struct bootstrap *bootstrap)
{
    if (!measure->interval || (measure->group == MEASURE_MASS && bootstrap->mass != MASS_SAMPLED))
        return NULL;
    const struct interval *interval = (const struct interval *)((const char *)bootstrap + measure->interval);
    return measure->group == MEASURE_JUDGED && isnan(interval->difference) ? NULL : interval;
}

bool measure_untested_mass(const struct bootstrap *bootstrap, char *buffer, size_t size)
{
    switch (bootstrap->mass) {
    case MASS_NONE:
        snprintf(buffer, size, "one of the rules has no probabilities, so no mass");
        return true;
    case MASS_TOO_LARGE:
        snprintf(buffer, size, "needs %zu MiB of memory", (bootstrap->mass_memory + (1 << 20) - 1) >> 20);
        return true;
    default:
        return false;
    }
}

double measure_shown(const struct measure *measure, const struct measured *measured)
{
    return measure->factor * measure->value(measured);
}

void measure_print(const struct measure *measure, double shown, char *buffer, size_t size)
{
    if (isnan(shown))
        snprintf(buffer, size, "-");
    else if (fabs(shown) >= 1e5)
        snprintf(buffer, size, "%.2g", shown);
    else if (fabs(shown) < 0.5 * pow(10, -measure->decimals)) /* no "-0.00" */
        snprintf(buffer, size, "%.*f", measure->decimals, 0.0);
    else
        snprintf(buffer, size, "%.*f", measure->decimals, shown);
}

void measure_quantile_reading(enum direction direction, double share, double mass, double expected, char *buffer,
                              size_t size)
{
    snprintf(buffer, size, "%.0f %% of the %s hold less than %.0f %% of a fair share", 100 * share, items(direction),
             100 * mass / expected);
}

void measure_lorenz_reading(enum direction direction, double share, double held, char *buffer, size_t size)
{
    snprintf(buffer, size, "the poorest %.0f %% of the %s hold %.1f %% of the mass", 100 * share, items(direction),
             100 * held);
}

void measure_over_reading(enum direction direction, size_t over, size_t count, char *buffer, size_t size)
{
    snprintf(buffer, size, "%zu of %zu %s hold more than their fair share", over, count, items(direction));
}

static const char *beside_share(bool over)
{
    return over ? "over their share" : "under their share";
}

void measure_false_positive_reading(enum direction direction, const struct false_rates *rates, bool over, char *buffer,
                                    size_t size)
{
    if (isnan(rates->false_positive))
        snprintf(buffer, size, "none of the %s %s takes a first place", items(direction), beside_share(over));
    else
        snprintf(buffer, size, "%.1f %% of the first places taken by %s %s are wrong", 100 * rates->false_positive,
                 items(direction), beside_share(over));
}

void measure_false_negative_reading(enum direction direction, const struct false_rates *rates, bool over, char *buffer,
                                    size_t size)
{
    if (isnan(rates->false_negative))
        snprintf(buffer, size, "none of the %s has a target among the %s %s", asks(direction), items(direction),
                 beside_share(over));
    else
        snprintf(buffer, size, "%.1f %% of the %s whose target is among the %s %s rank another first",
                 100 * rates->false_negative, asks(direction), items(direction), beside_share(over));
}
