/* What reports say about a task, its rules, fits, items and queries. */
#ifndef HUBSCOPE_ENGINE_RESULTS_DESCRIBE_H
#define HUBSCOPE_ENGINE_RESULTS_DESCRIBE_H

#include "engine/evaluation/bootstrap.h"
#include "engine/fitting/task.h"
#include "engine/results/measure_table.h"
#include "engine/results/report.h"

/* {"direction", "queries", "gallery", "bank", "bank_name", "gallery_bank", "gallery_bank_name", "collection",
 * "model" (only if it is not the first), "convention" ("captions" or "videos"), "masked" ("drop" or "keep"),
 * "without_captions", "notices"}: the notices are those on the task alone; the three members before them are null in
 * text to video. */
json_t *task_report(const struct task *task);
/* Replaces the notices by those on the task and its analyses: [{"notice": "logits", "text"}]; adds "subset" if these
 * are narrowed to one. */
void notices_report(json_t *report, const struct task *task, const struct analysis *analyses, size_t count);
/* Prints a line for each notice: "note: ...". */
void notices_put(FILE *out, const json_t *report);
/* Prints "motion: text to video, 1000 queries, 500 videos, bank of 468 (train)", then the notices, of such a report. */
void task_title(FILE *out, const json_t *report);

/* One line, no full stop, on how video to text is evaluated and what becomes of `without` videos without captions. */
void convention_print(bool videos, bool keep, size_t without, char *buffer, size_t size);

/* {"rule", "spec", "parameters", "transductive", "label"}. */
json_t *rule_report(const struct rule_spec *spec);
/* Prints "dsl:scale=1 (transductive)" of such a report. */
void rule_put(FILE *out, const json_t *rule);
/* How reports and files name a fit: its spec, after MODEL/ if its model is not the collection's first, followed by
 * @BANK if its bank is not the task's. */
void fit_name(const struct task *task, const struct fit *fit, char *buffer, size_t size);
/* rule_report with "spec" from fit_name, "model" and "bank". */
json_t *fit_report(const struct task *task, const struct fit *fit);

/* {"samples", "seed", "queries", "helped", "hurt", "unchanged", "R@1", "R@5", ..., "geom", "hubness": {"k", "skewness",
 * ...}, "mass": {"normalization_error", "min", "max", "top_tenth", "over"}}: {"difference", "low", "high", "p"} of
 * every measure tested.  No "mass" if it was not asked for; {"not_tested": reason} if it could not be tested. */
json_t *bootstrap_report(const struct bootstrap *bootstrap);

/* Prints what share of something the subset's items hold, of a rule's "subset_share" and "subset_fair_share", if
 * any. */
void subset_put_share(FILE *out, const json_t *rule, const char *of);

/* Adds the members that name a row of the gallery or a query: key and title of a video, or caption, key and title.
 * Nothing for bare matrices. */
void item_describe(const struct task *task, json_t *row, size_t item);
void query_describe(const struct task *task, json_t *row, size_t query);
/* Fails, and closes the report (null is fine), if a name of these could not be read. */
int describe_check_read(const struct task *task, struct report *report, struct error *error);

/* {"k", "skewness", "robin_hood", ...}. */
json_t *hubness_report(const struct hubness *hubness);

/* Rows of {"measure", "value", "reading"}: the measures of a group that the rule has. */
json_t *measures_report(const struct measured *measured, enum measure_group group);
/* Adds a row to such rows. */
void measures_add(json_t *rows, const char *measure, double value, const char *reading);
/* Prints the rows as lines, for a heading. */
void measures_put(FILE *out, const json_t *rows);
/* The layout that shows only the measures, for a report whose "rules" have such rows under "measures". */
struct layout measures_layout(void (*title)(FILE *out, const json_t *report));

#endif
