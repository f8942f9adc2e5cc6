/* Times the engine's work on made-up data against the plain matrix product of the same shape. */
#include "engine/base/pool.h"
#include "engine/fitting/fit.h"
#include "tests/bench/results.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "usage: bench [WORKLOAD...] [OPTION...]\n"
    "\n"
    "Times the engine's work on made-up data against the plain matrix product of the same shape.\n"
    "Workloads: bank, moments, every, analysis, ncl, ncl-2 and ncl-1 (with room for as many bytes a similarity), "
    "train,\n"
    "query, top10, million, index, open, typed, clip, clip-typed; curve-N, curve-M and curve-Q show how the cost "
    "grows\n"
    "with bank, gallery and queries; on large float16 galleries bank-200k, every-200k, analysis-200k, analysis-1m and\n"
    "top10-200k.  Runs all but the large ones if none is named: a few minutes, 3 GB of memory and 2 GB in $TMPDIR\n"
    "(/tmp); --quick takes a fraction.  CSV has the workloads, or the curves if only curves are named.\n"
    "\n"
    "  --scale            the large ones, too: a quarter of an hour and 6 GB of memory more\n"
    "  --quick            a quarter of the sizes or less, fewer runs; of large galleries all, and few queries\n"
    "  --format NAME      any format of hubscope's reports: text, json, csv (text)\n"
    "  --data DIR         use its queries.npy, gallery.npy and bank.npy: float32 unit rows of 512 numbers\n"
    "  --memory SIZE      memory to keep similarities in: 2G, 512M, bytes (a quarter of RAM)\n"
    "  --threads N        worker threads (all cores)\n"
    "  --help             this help\n";

struct choices {
    struct bench_options bench;
    const struct format *format;
    size_t threads, memory; /* 0: the default */
    char *const *name;
    size_t names; /* 0: everything */
    bool scale;   /* ... with the workloads on large data */
};

__attribute__((format(printf, 2, 3), noreturn)) static void fail(int status, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fputs("bench: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(status);
}

/* Reads a whole number above 0, with `units` optionally followed by K, M or G. */
static size_t read_number(const char *option, const char *text, bool units)
{
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    unsigned shift = 0;

    if (units && *end) {
        const char *unit = strchr("KMG", toupper((unsigned char)*end));
        shift = unit ? 10 * (unsigned)(unit - "KMG" + 1) : 0;
        end += unit ? 1 : 0;
    }
    if (!isdigit((unsigned char)*text) || *end || errno || number == 0 || number > SIZE_MAX >> shift)
        fail(2, "--%s takes a number above 0, not '%s'", option, text);
    return (size_t)number << shift;
}

static const struct format *read_format(const char *text)
{
    struct error error = {0};
    const struct format *format = format_choose(FORMAT_REPORT, "bench", text, &error);

    if (!format)
        fail(2, "%s", error.text);
    return format;
}

static struct choices read_options(int argc, char **argv)
{
    static const struct option known[] = {
        {"quick", no_argument, NULL, 'q'},         {"scale", no_argument, NULL, 's'},
        {"format", required_argument, NULL, 'f'},  {"data", required_argument, NULL, 'd'},
        {"memory", required_argument, NULL, 'm'},  {"help", no_argument, NULL, 'h'},
        {"threads", required_argument, NULL, 't'}, {NULL, 0, NULL, 0},
    };
    struct choices choices = {.format = &format_text};
    int option;

    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (option) {
        case 'q':
            choices.bench.quick = true;
            break;
        case 's':
            choices.scale = true;
            break;
        case 'f':
            choices.format = read_format(optarg);
            break;
        case 'd':
            choices.bench.data = optarg;
            break;
        case 'm':
            choices.memory = read_number("memory", optarg, true);
            break;
        case 't':
            choices.threads = read_number("threads", optarg, false);
            break;
        case 'h':
            fputs(help, stdout);
            exit(0);
        default:
            exit(2);
        }
    }
    choices.name = argv + optind;
    choices.names = (size_t)(argc - optind);
    return choices;
}

/* Refuses words that are neither a workload nor a curve. */
static void check_names(const struct choices *choices)
{
    for (size_t i = 0; i < choices->names; i++) {
        char known[512] = "";
        bool found = false;
        for (size_t n = 0; n < bench_count + bench_curves_count; n++) {
            const char *name = n < bench_count ? bench_name(n) : bench_curve_name(n - bench_count);
            size_t used = strlen(known);
            found = found || strcmp(name, choices->name[i]) == 0;
            snprintf(known + used, sizeof known - used, "%s%s", n ? ", " : "", name);
        }
        if (!found)
            fail(2, "unknown workload '%s'; known: %s", choices->name[i], known);
    }
}

static bool wanted(const struct choices *choices, const char *name)
{
    for (size_t i = 0; i < choices->names; i++)
        if (strcmp(choices->name[i], name) == 0)
            return true;
    return choices->names == 0;
}

static void show_progress(const char *name)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K%s%s", name ? "bench: " : "", name ? name : "");
}

static int run(const struct choices *choices, json_t *results, struct error *error)
{
    for (size_t i = 0; i < bench_count; i++) {
        struct bench_result result;
        if (!wanted(choices, bench_name(i)) || (!choices->names && bench_at_scale(i) && !choices->scale))
            continue;
        show_progress(bench_name(i));
        if (bench_run(i, &choices->bench, &result, error))
            return -1;
        results_add(results, &result);
    }
    for (size_t i = 0; i < bench_curves_count; i++) {
        struct bench_curve curve;
        if (!wanted(choices, bench_curve_name(i)))
            continue;
        show_progress(bench_curve_name(i));
        if (bench_curve_run(i, &choices->bench, &curve, error))
            return -1;
        results_add_curve(results, &curve);
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct choices choices = read_options(argc, argv);
    const char *sample = getenv("HUBSCOPE_SAMPLE");
    struct error error = {0};

    check_names(&choices);
    choices.bench.sample = sample && *sample ? sample : SAMPLE_DIR;
    pool_set_workers(choices.threads);
    fit_set_memory(choices.memory);
    json_t *results = results_begin(choices.bench.quick);
    int status = run(&choices, results, &error);
    show_progress(NULL);
    if (status == 0)
        status = results_print(results, choices.format, &error);
    json_decref(results);
    if (status)
        fail(1, "%s", error.text);
    if (fflush(stdout) || ferror(stdout))
        fail(1, "cannot write to standard output");
    return 0;
}
