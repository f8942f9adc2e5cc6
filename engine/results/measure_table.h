/* Names of the measures of an analysed rule, and what their values mean, in a line for newcomers: one table for the
 * Metrics view and the command line. */
#ifndef HUBSCOPE_ENGINE_RESULTS_MEASURE_TABLE_H
#define HUBSCOPE_ENGINE_RESULTS_MEASURE_TABLE_H

#include "engine/evaluation/analysis.h"
#include "engine/evaluation/bootstrap.h"
#include "engine/fitting/task.h"
#include <stdbool.h>

enum measure_group { MEASURE_JUDGED, MEASURE_RETRIEVAL, MEASURE_HUBNESS, MEASURE_MASS, MEASURE_GROUPS };

/* How many measures come first in the table that only data with several targets a query, or grades, has. */
enum { MEASURES_JUDGED = 2 };

/* Whether tables show them: not for video to text of a collection that only says which captions are a video's. */
bool measures_are_judged(const struct task *task);

/* What is measured: a rule's analysis, and its hubness at the requested k.  Both are borrowed. */
struct measured {
    const struct analysis *analysis;
    const struct hubness *hubness;
    enum direction direction;
};

struct measure {
    const char *name;  /* heading of its column: "R@1" */
    const char *key;   /* name in files: "R@1", "robin_hood" */
    const char *title; /* what it is, in a few words, with the unit it is shown in */
    enum measure_group group;
    int better;                                       /* 1: higher is better, -1: lower is better, 0: neither */
    int decimals;                                     /* as shown */
    double factor;                                    /* what is shown is factor times the value: 100 for percent */
    double (*value)(const struct measured *measured); /* NAN if the rule has none */
    void (*reading)(const struct measured *measured, char *buffer, size_t size); /* one line, no full stop */
    size_t interval; /* offset of its interval in struct bootstrap; 0: the bootstrap does not test it */
};

extern const struct measure measure_table[];
extern const size_t measures_count;

const char *measure_group_title(enum measure_group group);

/* An analysis with its hubness at k = 10. */
struct measured measured_of(const struct analysis *analysis, enum direction direction);

/* The interval of a difference in the measure, in the unit of its value; null for a measure that is never tested and
 * for one of mass or of judgements that this bootstrap did not test, all NAN for any other that it did not test. */
const struct interval *measure_interval(const struct measure *measure, const struct bootstrap *bootstrap);
/* Writes why mass was not tested though it was asked for, in a few words; false if it was tested or not asked for. */
bool measure_untested_mass(const struct bootstrap *bootstrap, char *buffer, size_t size);

/* The value in the unit of the title. */
double measure_shown(const struct measure *measure, const struct measured *measured);
/* Formats such a number as the tables show it; "-" for NAN. */
void measure_print(const struct measure *measure, double shown, char *buffer, size_t size);

/* Lines about the distribution of mass: a quantile, a point of the Lorenz curve, how many items hold more than their
 * share, and the false positives and negatives of these (`over`) or of the others. */
void measure_quantile_reading(enum direction direction, double share, double mass, double expected, char *buffer,
                              size_t size);
void measure_lorenz_reading(enum direction direction, double share, double held, char *buffer, size_t size);
void measure_over_reading(enum direction direction, size_t over, size_t items, char *buffer, size_t size);
void measure_false_positive_reading(enum direction direction, const struct false_rates *rates, bool over, char *buffer,
                                    size_t size);
void measure_false_negative_reading(enum direction direction, const struct false_rates *rates, bool over, char *buffer,
                                    size_t size);

#endif
