#include "tests/bench/results.h"

#include "engine/base/pool.h"
#include "engine/kernels/kernels.h"
#include "engine/matrices/gemm.h"
#include "engine/results/report.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

static const struct column columns[] = {
    {"name", "workload", 0, 0, false},
    {"seconds", "ms", 2, 1000, false},
    {"first", "first", 2, 1000, false},
    {"fastest", "fastest", 2, 1000, false},
    {"slowest", "slowest", 2, 1000, false},
    {"ns_per_cell", "ns/cell", 3, 0, false},
    {"gflops", "GFLOP/s", 1, 0, false},
    {"reference", "against", 0, 0, false},
    {"reference_seconds", NULL, 2, 1000, false},
    {"ratio", "x time", 2, 0, false},
    {"processor_ratio", "x cpu", 2, 0, false},
    {"goal", NULL, 2, 0, false},
    {"goal_seconds", NULL, 2, 0, false},
    {"aim", "goal", 0, 0, false},
    {"met", "met", 0, 0, false},
    {"peak", "peak MiB", 1, 1.0 / (1 << 20), false},
    {"peak_goal", "at most", 0, 1.0 / (1 << 20), false},
    {"peak_met", "met", 0, 0, false},
    {"generic", "C/this", 2, 0, false},
};

static const struct column curve_columns[] = {
    {"size", "size", 0, 0, false},           {"seconds", "ms", 2, 1000, false},
    {"ns_per_cell", "ns/cell", 3, 0, false}, {"size_growth", "x size", 2, 0, false},
    {"time_growth", "x time", 2, 0, false},
};

/* The model name from /proc/cpuinfo, or "". */
static void processor_name(char *name, size_t size)
{
    FILE *file = fopen("/proc/cpuinfo", "r");
    char line[256];
    name[0] = '\0';
    while (file && !name[0] && fgets(line, sizeof line, file)) {
        char *colon = strchr(line, ':');
        if (colon && strncmp(line, "model name", 10) == 0) {
            line[strcspn(line, "\n")] = '\0';
            snprintf(name, size, "%s", colon + 2);
        }
    }
    if (file)
        fclose(file);
}

json_t *results_begin(bool quick)
{
    char processor[200];
    json_t *report = json_object();

    processor_name(processor, sizeof processor);
    json_object_set_new(report, "processor", report_text(processor));
    json_object_set_new(report, "cores", report_count((size_t)sysconf(_SC_NPROCESSORS_ONLN)));
    json_object_set_new(report, "workers", report_count(pool_workers()));
    json_object_set_new(report, "kernels", json_string(kernel_set()->name));
    json_object_set_new(report, "blas", report_text(gemm_library(NULL)));
    json_object_set_new(report, "quick", json_boolean(quick));
    json_object_set_new(report, "workloads", json_array());
    json_object_set_new(report, "curves", json_array());
    return report;
}

static json_t *workload_row(const struct bench_result *result)
{
    json_t *row = json_object();
    json_object_set_new(row, "name", report_text(result->name));
    if (result->skipped[0]) {
        char text[160];
        snprintf(text, sizeof text, "skipped: %s", result->skipped);
        json_object_set_new(row, "what", report_text(text));
        return row;
    }
    json_object_set_new(row, "what", report_text(result->what));
    json_object_set_new(row, "seconds", report_real(result->seconds));
    json_object_set_new(row, "first", report_real(result->first));
    json_object_set_new(row, "fastest", report_real(result->fastest));
    json_object_set_new(row, "slowest", report_real(result->slowest));
    json_object_set_new(row, "ns_per_cell", report_real(1e9 * result->seconds / result->cells));
    json_object_set_new(row, "gflops", report_real(result->gflops));
    json_object_set_new(row, "reference", result->reference ? report_text(result->reference) : json_null());
    json_object_set_new(row, "reference_seconds", report_real(result->reference_seconds));
    json_object_set_new(row, "ratio", report_real(result->ratio));
    json_object_set_new(row, "processor_ratio", report_real(result->processor_ratio));
    json_object_set_new(row, "goal", report_real(result->goal));
    json_object_set_new(row, "goal_seconds", report_real(result->goal_seconds));
    char aim[40];
    if (!isnan(result->goal)) {
        snprintf(aim, sizeof aim, "<= %.2f x", result->goal);
        json_object_set_new(row, "aim", json_string(aim));
        json_object_set_new(row, "met", json_string(result->ratio <= result->goal ? "yes" : "no"));
    } else if (!isnan(result->goal_seconds)) {
        snprintf(aim, sizeof aim, "<= %.0f ms", 1000 * result->goal_seconds);
        json_object_set_new(row, "aim", json_string(aim));
        json_object_set_new(row, "met", json_string(result->seconds <= result->goal_seconds ? "yes" : "no"));
    }
    json_object_set_new(row, "peak", report_real((double)result->peak));
    json_object_set_new(row, "peak_goal", report_real((double)result->peak_goal));
    json_object_set_new(row, "peak_met", json_string(result->peak <= result->peak_goal ? "yes" : "no"));
    json_object_set_new(row, "generic", report_real(result->generic));
    return row;
}

static json_t *curve_section(const struct bench_curve *curve)
{
    json_t *report = json_object(), *points = json_array();
    json_object_set_new(report, "extent", json_string(curve->name));
    json_object_set_new(report, "what", json_string(curve->what));
    for (size_t i = 0; i < BENCH_POINTS; i++) {
        json_t *point = json_object();
        json_object_set_new(point, "size", report_count(curve->size[i]));
        json_object_set_new(point, "seconds", report_real(curve->seconds[i]));
        json_object_set_new(point, "ns_per_cell", report_real(1e9 * curve->seconds[i] / curve->cells[i]));
        json_object_set_new(point, "size_growth", report_real((double)curve->size[i] / (double)curve->size[0]));
        json_object_set_new(point, "time_growth", report_real(curve->seconds[i] / curve->seconds[0]));
        json_array_append_new(points, point);
    }
    json_object_set_new(report, "points", points);
    return report;
}

void results_add(json_t *results, const struct bench_result *result)
{
    json_array_append_new(json_object_get(results, "workloads"), workload_row(result));
}

void results_add_curve(json_t *results, const struct bench_curve *curve)
{
    json_array_append_new(json_object_get(results, "curves"), curve_section(curve));
}

static void put_title(FILE *out, const json_t *report)
{
    report_put_text(out, report, "processor");
    fprintf(out, ", %.0f cores, %.0f workers, kernels: ", report_get_real(report, "cores"),
            report_get_real(report, "workers"));
    report_put_text(out, report, "kernels");
    fputs(json_is_true(json_object_get(report, "quick")) ? "; quick\n" : "\n", out);
    report_put_text(out, report, "blas");
    fputc('\n', out);
    if (json_array_size(json_object_get(report, "workloads"))) {
        fputs(
            "First: one run before the others, in which ms is the median.  x time: median ratio to the time of the\n"
            "plain product of the same shape (or of reading the data) in the same run; x cpu: the same for processor\n"
            "time.  Peak: memory beyond the inputs; the goal is 256 MiB plus what the budget lets Sinkhorn keep.\n"
            "C/this: time with the kernels in plain C over this time.\n\n",
            out);
    }
}

static void put_curve(FILE *out, const json_t *curve)
{
    report_put_text(out, curve, "extent");
    fputs(": ", out);
    report_put_text(out, curve, "what");
    fputs("; linear where x time is x size\n", out);
}

/* Below the table, the full description of each workload. */
static void put_workloads(FILE *out, const json_t *report)
{
    size_t index;
    const json_t *row;
    fputc('\n', out);
    json_array_foreach (json_object_get(report, "workloads"), index, row) {
        fprintf(out, "%-14s", json_string_value(json_object_get(row, "name")));
        report_put_text(out, row, "what");
        fputc('\n', out);
    }
}

static int put_table(json_t *tree, const struct layout *layout, const struct format *format, struct error *error)
{
    const struct report report = {.tree = tree, .layout = *layout};

    return format->report(&report, stdout, error);
}

int results_print(json_t *results, const struct format *format, struct error *error)
{
    const struct layout table = {
        .rows = "workloads",
        .columns = columns,
        .count = sizeof columns / sizeof *columns,
    };
    const struct layout growth = {
        .sections = "curves",
        .section_name = "extent",
        .rows = "points",
        .columns = curve_columns,
        .count = sizeof curve_columns / sizeof *curve_columns,
        .heading = put_curve,
    };
    bool rows = json_array_size(json_object_get(results, "workloads"));
    bool curves = json_array_size(json_object_get(results, "curves"));
    bool readable = format->shape == SHAPE_READABLE, tree = format->shape == SHAPE_TREE;

    if (readable)
        put_title(stdout, results);
    if ((rows || tree) && put_table(results, &table, format, error))
        return -1;
    if (readable && rows)
        put_workloads(stdout, results);
    if (curves && (readable || (!tree && !rows)))
        return put_table(results, &growth, format, error);
    return 0;
}
