#include "app/command.h"
#include "app/fail.h"
#include "app/output.h"
#include "app/report.h"
#include "app/workspace.h"
#include "engine/bench.h"
#include "engine/matrices/gemm.h"
#include "engine/kernels/kernels.h"
#include "engine/base/pool.h"
#include <math.h>
#include <string.h>
#include <unistd.h>

static const struct column columns[] = {
    {"name", "workload", 0, 0, false},
    {"seconds", "ms", 2, 1000, false},
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
    {"size", "size", 0, 0, false},
    {"seconds", "ms", 2, 1000, false},
    {"ns_per_cell", "ns/cell", 3, 0, false},
    {"size_growth", "x size", 2, 0, false},
    {"time_growth", "x time", 2, 0, false},
};

/* "model name : ..." of /proc/cpuinfo; "" where there is none. */
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
    if (file) {
        fclose(file);
    }
}

static json_t *machine_report(bool quick)
{
    char processor[200];
    processor_name(processor, sizeof processor);
    json_t *report = json_object();
    json_object_set_new(report, "processor", report_text(processor));
    json_object_set_new(report, "cores", report_count((size_t)sysconf(_SC_NPROCESSORS_ONLN)));
    json_object_set_new(report, "workers", report_count(pool_workers()));
    json_object_set_new(report, "kernels", json_string(kernel_set()->name));
    json_object_set_new(report, "blas", report_text(gemm_library()));
    json_object_set_new(report, "quick", json_boolean(quick));
    return report;
}

static json_t *result_report(const struct bench_result *result)
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

static json_t *curve_report(const struct bench_curve *curve)
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
        fputs("x time: median of the time over that of the plain product of the same shape (or of reading the data) in\n"
              "the same run; x cpu: the same of processor time.  Peak: memory beyond the inputs; 256 MiB and what the\n"
              "budget lets Sinkhorn keep is the goal.  C/this: time with the kernels in plain C over this time.\n\n",
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

/* What each workload did, uncut below the table. */
static void put_workloads(FILE *out, const json_t *report)
{
    size_t index;
    const json_t *row;
    fputc('\n', out);
    json_array_foreach(json_object_get(report, "workloads"), index, row) {
        fprintf(out, "%-10s", json_string_value(json_object_get(row, "name")));
        report_put_text(out, row, "what");
        fputc('\n', out);
    }
}

static bool named(const struct options *options, const char *name)
{
    for (size_t i = 0; i < options->operands; i++) {
        if (strcmp(options->operand[i], name) == 0) {
            return true;
        }
    }
    return options->operands == 0;
}

/* Refuses words that are neither a workload nor a curve. */
static int check_names(const struct options *options)
{
    char known[512] = "";
    for (size_t i = 0; i < options->operands; i++) {
        bool found = false;
        known[0] = '\0';
        for (size_t n = 0; n < bench_count + bench_curves_count; n++) {
            const char *name = n < bench_count ? bench_name(n) : bench_curve_name(n - bench_count);
            size_t used = strlen(known);
            found = found || strcmp(name, options->operand[i]) == 0;
            snprintf(known + used, sizeof known - used, "%s%s", n ? ", " : "", name);
        }
        if (!found) {
            return fail_usage("bench", "unknown workload '%s': known are %s", options->operand[i], known);
        }
    }
    return -1;
}

static void put_progress(const char *name)
{
    if (isatty(STDERR_FILENO)) {
        fprintf(stderr, "\r\033[K%s%s", name ? "bench: " : "", name ? name : "");
    }
}

/* Runs what is named; 0, or the exit status. */
static int run_all(const struct options *options, const struct bench_options *choice, json_t *workloads, json_t *curves)
{
    struct error error = {0};
    for (size_t i = 0; i < bench_count; i++) {
        struct bench_result result;
        if (!named(options, bench_name(i))) {
            continue;
        }
        put_progress(bench_name(i));
        if (bench_run(i, choice, &result, &error)) {
            put_progress(NULL);
            return fail(&error);
        }
        json_array_append_new(workloads, result_report(&result));
    }
    for (size_t i = 0; i < bench_curves_count; i++) {
        struct bench_curve curve;
        if (!named(options, bench_curve_name(i))) {
            continue;
        }
        put_progress(bench_curve_name(i));
        if (bench_curve_run(i, choice, &curve, &error)) {
            put_progress(NULL);
            return fail(&error);
        }
        json_array_append_new(curves, curve_report(&curve));
    }
    put_progress(NULL);
    return 0;
}

static void print(json_t *report, int format)
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
    bool rows = json_array_size(json_object_get(report, "workloads"));
    bool curved = json_array_size(json_object_get(report, "curves"));
    if (format == FORMAT_TEXT) {
        put_title(output_stream(), report);
    }
    if (rows || format == FORMAT_JSON) {
        report_print(json_incref(report), format, &table);
    }
    if (format == FORMAT_TEXT && rows) {
        put_workloads(output_stream(), report);
    }
    if (curved && (format == FORMAT_TEXT || (format == FORMAT_CSV && !rows))) {
        report_print(json_incref(report), format, &growth);
    }
    json_decref(report);
}

int cmd_bench(const struct options *options)
{
    char sample[4096];
    struct options none = {0};
    struct bench_options choice = {.quick = options->quick, .data = options->data};
    int status = check_names(options);
    if (status >= 0) {
        return status;
    }
    if (workspace_path(&none, sample, sizeof sample) == 0) {
        choice.sample = sample;
    }
    json_t *report = machine_report(options->quick);
    json_t *workloads = json_array(), *curves = json_array();
    json_object_set_new(report, "workloads", workloads);
    json_object_set_new(report, "curves", curves);
    status = run_all(options, &choice, workloads, curves);
    if (status) {
        json_decref(report);
        return status;
    }
    print(report, options->format);
    return STATUS_OK;
}
