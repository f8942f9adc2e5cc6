/* Results of the workloads, collected as a JSON tree and printed in any format of reports. */
#ifndef HUBSCOPE_TESTS_BENCH_RESULTS_H
#define HUBSCOPE_TESTS_BENCH_RESULTS_H

#include "engine/base/error.h"
#include "engine/results/format.h"
#include "tests/bench/bench.h"

#include <jansson.h>
#include <stdbool.h>

/* A tree that names the machine and has no results yet; free it with json_decref. */
json_t *results_begin(bool quick);
void results_add(json_t *results, const struct bench_result *result);
void results_add_curve(json_t *results, const struct bench_curve *curve);

/* Prints to standard output.  Formats that have only rows get one table: the workloads, or the curves if no workload
 * ran. */
int results_print(json_t *results, const struct format *format, struct error *error);

#endif
