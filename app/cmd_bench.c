#include "app/command.h"
#include "app/fail.h"
#include "app/report.h"
#include "app/workspace.h"
#include "engine/bench.h"
#include "engine/gemm.h"
#include "engine/kernels.h"
#include "engine/pool.h"
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
    {"ratio", "x time", 2, 0, false},
    {"processor_ratio", "x cpu", 2, 0, false},
    {"goal", "goal", 2, 0, false},
    {"met", "met", 0, 0, false},
    {"generic", "C/this", 2, 0, false},
    {"peak", "peak MiB", 1, 1.0 / (1 << 20), false},
    {"what", "what", 0, 0, false},
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
    if (result->reference) {
        json_object_set_new(row, "reference", report_text(result->reference));
    }
    json_object_set_new(row, "reference_seconds", report_real(result->reference_seconds));
    json_object_set_new(row, "ratio", report_real(result->ratio));
    json_object_set_new(row, "processor_ratio", report_real(result->processor_ratio));
    json_object_set_new(row, "goal", report_real(result->goal));
    if (!isnan(result->goal)) {
        json_object_set_new(row, "met", json_string(result->ratio <= result->goal ? "yes" : "no"));
    }
    json_object_set_new(row, "generic", report_real(result->generic));
    json_object_set_new(row, "peak", report_real((double)result->peak));
    return row;
}

static void put_title(FILE *out, const json_t *report)
{
    report_put_text(out, report, "processor");
    fprintf(out, ", %.0f cores, %.0f workers, kernels: ", report_get_real(report, "cores"),
            report_get_real(report, "workers"));
    report_put_text(out, report, "kernels");
    fputs("\n", out);
    report_put_text(out, report, "blas");
    fputs("\nx time: median of the time over that of the plain product of the same shape (or of reading the data) "
          "in the same run; x cpu: the same of processor time.\nC/this: slower with the kernels in plain C.  Linear cost: ns/cell is the same at every "
          "size.\n",
          out);
}

static bool wanted(const struct options *options, const char *name)
{
    for (size_t i = 0; i < options->operands; i++) {
        if (strcmp(options->operand[i], name) == 0) {
            return true;
        }
    }
    return options->operands == 0;
}

int cmd_bench(const struct options *options)
{
    char sample[4096];
    struct options none = {0};
    struct bench_options choice = {.quick = options->quick};
    struct error error = {0};
    if (workspace_path(&none, sample, sizeof sample) == 0) {
        choice.sample = sample;
    }
    json_t *report = machine_report(options->quick);
    json_t *list = json_array();
    json_object_set_new(report, "workloads", list);
    for (size_t i = 0; i < bench_count; i++) {
        struct bench_result result;
        if (!wanted(options, bench_name(i))) {
            continue;
        }
        if (isatty(STDERR_FILENO)) {
            fprintf(stderr, "\rbench: %zu of %zu", i + 1, bench_count);
        }
        if (bench_run(i, &choice, &result, &error)) {
            json_decref(report);
            return fail(&error);
        }
        json_array_append_new(list, result_report(&result));
    }
    if (isatty(STDERR_FILENO)) {
        fputs("\r\033[K", stderr);
    }
    const struct layout layout = {
        .rows = "workloads",
        .columns = columns,
        .count = sizeof columns / sizeof *columns,
        .title = put_title,
    };
    report_print(report, options->format, &layout);
    return STATUS_OK;
}
