/* What reports say of a workspace, its rules, fits, items and queries. */
#ifndef HUBSCOPE_APP_DESCRIBE_H
#define HUBSCOPE_APP_DESCRIBE_H

#include "app/workspace.h"
#include "engine/reading.h"
#include <jansson.h>

/* {"direction", "queries", "gallery", "bank", "bank_name", "gallery_bank", "gallery_bank_name", "collection"}. */
json_t *workspace_report(const struct workspace *workspace);
/* "motion: text to video, 1000 queries, 500 videos, bank of 468 (train)" of such a report. */
void workspace_title(FILE *out, const json_t *report);

/* {"rule", "spec", "parameters", "transductive", "label"}. */
json_t *rule_report(const struct rule_spec *spec);
/* "dsl:temperature=1 (transductive)" of such a report. */
void rule_put(FILE *out, const json_t *rule);
/* The same with "bank", which the spec names too (after an @) where it is not that of --bank. */
json_t *fit_report(const struct workspace *workspace, const struct fit *fit);

/* The paired bootstrap from one analysed rule to another: {"samples", "seed", "queries", "helped", "hurt", "unchanged",
 * "R@1", "R@10", "MnR"}, the last three {"difference", "low", "high", "p"}.  Null, its line printed, with the exit
 * status in *status when that fails. */
json_t *bootstrap_report(const struct workspace *workspace, size_t from, size_t to, size_t samples, int *status);

/* Adds what names a row of the gallery or a query: key and title of a video, or caption and key. Nothing for bare
 * matrices. */
void item_describe(const struct workspace *workspace, json_t *row, size_t item);
void query_describe(const struct workspace *workspace, json_t *row, size_t query);

/* {"k", "skewness", "robin_hood", ...}. */
json_t *hubness_report(const struct hubness *hubness);

/* Rows of {"measure", "value", "reading"}: the measures of one group that the rule has. */
json_t *measures_report(const struct measured *measured, enum measure_group group);
/* Adds a row to them. */
void measures_add(json_t *rows, const char *measure, double value, const char *reading);
/* The rows as lines, for a heading. */
void measures_put(FILE *out, const json_t *rows);
/* Prints a report whose "rules" have such rows under "measures", and frees it. */
void measures_print(json_t *report, int format, void (*title)(FILE *out, const json_t *report));

#endif
