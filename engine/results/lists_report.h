/* The lists of one query as a report, for formats that write its members. */
#ifndef HUBSCOPE_ENGINE_RESULTS_LISTS_REPORT_H
#define HUBSCOPE_ENGINE_RESULTS_LISTS_REPORT_H

#include "engine/results/lists_write.h"
#include "engine/results/report.h"

/* Names of items, cached from query to query. */
struct lists_names;
struct lists_names *lists_names_open(struct error *error); /* null when out of memory */
void lists_names_close(struct lists_names *names);         /* null is fine */

/* lists_writer.end for writers whose `own` is such a cache. */
void lists_names_end(struct lists_output *output, bool whole);

/* {"query", its name, "targets", "rules": [{"spec", "gate", "results": [{"rank", "row", its name, "score",
 * "target"}]}]}; names as in query_describe and item_describe. */
struct report lists_report(const struct lists_output *output, struct lists_names *names, size_t query,
                           const struct list *lists);

#endif
