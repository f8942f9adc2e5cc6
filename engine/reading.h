/* Every number that the Metrics view shows about a rule, from one table: a new measure is one entry in ui/measure.c. */
#ifndef HUBSCOPE_UI_MEASURE_H
#define HUBSCOPE_UI_MEASURE_H

#include "engine/analysis.h"
#include "engine/task.h"
#include <stdbool.h>

enum measure_group { MEASURE_RETRIEVAL, MEASURE_HUBNESS, MEASURE_MASS, MEASURE_GROUPS };

struct measure {
    const char *name;  /* heading of its column: "R@1" */
    const char *title; /* what it is, in a few words, with its unit */
    enum measure_group group;
    int better;   /* 1: higher is better, -1: lower is better, 0: neither */
    int decimals;
    double (*value)(const struct analysis *analysis); /* NAN where the rule has none */
    /* One line that says what `value` means, in words for people who meet the measure first. */
    void (*reading)(const struct analysis *analysis, enum direction direction, char *buffer, size_t size);
};

extern const struct measure measure_table[];
extern const size_t measures_count;

const char *measure_group_title(enum measure_group group);

/* The number as the tables show it; "-" where there is none. */
void measure_print(const struct measure *measure, double value, char *buffer, size_t size);

#endif
