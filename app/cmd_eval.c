#include "app/command.h"
#include "app/describe.h"
#include "app/fail.h"
#include "app/report.h"
#include "engine/formats/file.h"
#include "engine/formats/npy.h"
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

static const struct column columns[] = {
    {"rule", NULL, 0, 0, false},
    {"spec", "rule", 0, 0, false},
    {"metrics.R@1", "R@1%", 1, 0, false},
    {"metrics.R@5", "R@5%", 1, 0, false},
    {"metrics.R@10", "R@10%", 1, 0, false},
    {"metrics.R@50", "R@50%", 1, 0, false},
    {"metrics.MdR", "MdR", 1, 0, false},
    {"metrics.MnR", "MnR", 1, 0, false},
    {"metrics.geom", "geom%", 1, 0, false},
    {"hubness.k", NULL, 0, 0, false},
    {"hubness.skewness", "skew", 2, 0, false},
    {"hubness.robin_hood", "R.Hood", 3, 0, false},
    {"hubness.gini", NULL, 0, 0, false},
    {"hubness.atkinson", NULL, 0, 0, false},
    {"hubness.max", "max", 0, 0, false},
    {"hubness.antihub_rate", "anti%", 1, 100, false},
    {"hubness.hub_count", NULL, 0, 0, false},
    {"hubness.hub_occurrence", "hubs%", 1, 100, false},
    {"hubness.kurtosis", NULL, 0, 0, false},
    {"hubness.groupie_ratio", NULL, 0, 0, false},
    {"mass.expected", NULL, 0, 0, false},
    {"mass.normalization_error", "mass err", 3, 0, false},
    {"mass.min", NULL, 0, 0, false},
    {"mass.max", NULL, 0, 0, false},
    {"gate_rate", "gate%", 1, 100, false},
    {"residual", "residual", 4, 0, false},
    {"bootstrap.R@1.difference", "+R@1", 2, 0, true},
    {"bootstrap.R@1.low", "from", 2, 0, true},
    {"bootstrap.R@1.high", "to", 2, 0, true},
    {"bootstrap.R@1.p", "p", 4, 0, false},
    {"bootstrap.R@10.difference", NULL, 2, 0, true},
    {"bootstrap.R@10.low", NULL, 2, 0, true},
    {"bootstrap.R@10.high", NULL, 2, 0, true},
    {"bootstrap.R@10.p", NULL, 4, 0, false},
    {"bootstrap.MnR.difference", NULL, 2, 0, true},
    {"bootstrap.MnR.low", NULL, 2, 0, true},
    {"bootstrap.MnR.high", NULL, 2, 0, true},
    {"bootstrap.MnR.p", NULL, 4, 0, false},
    {"bootstrap.helped", "helped", 0, 0, false},
    {"bootstrap.hurt", "hurt", 0, 0, false},
    {"bootstrap.unchanged", NULL, 0, 0, false},
    {"transductive", NULL, 0, 0, false},
    {"label", "note", 0, 0, false},
};

static json_t *metrics_report(const struct metrics *metrics)
{
    json_t *report = json_object();
    json_object_set_new(report, "R@1", report_real(metrics->r1));
    json_object_set_new(report, "R@5", report_real(metrics->r5));
    json_object_set_new(report, "R@10", report_real(metrics->r10));
    json_object_set_new(report, "R@50", report_real(metrics->r50));
    json_object_set_new(report, "MdR", report_real(metrics->mdr));
    json_object_set_new(report, "MnR", report_real(metrics->mnr));
    json_object_set_new(report, "geom", report_real(metrics->geometric));
    return report;
}

static json_t *mass_report(const struct analysis *analysis)
{
    if (!analysis->mass) {
        return json_null();
    }
    const struct mass_summary *mass = &analysis->mass_summary;
    json_t *report = json_object();
    json_object_set_new(report, "expected", report_real(mass->expected));
    json_object_set_new(report, "normalization_error", report_real(mass->normalization_error));
    json_object_set_new(report, "min", report_real(mass->least));
    json_object_set_new(report, "max", report_real(mass->most));
    return report;
}

/* Null, its line printed, with the exit status in *status when that fails. */
static json_t *eval_report(const struct workspace *workspace, int *status)
{
    size_t samples = workspace->options->bootstrap == SIZE_MAX ? 0 : workspace->options->bootstrap;
    json_t *report = workspace_report(workspace);
    json_t *list = json_array();
    for (size_t i = 0; i < workspace->analyses; i++) {
        const struct analysis *analysis = &workspace->analysis[i];
        json_t *rule = fit_report(workspace, analysis->fit);
        json_object_set_new(rule, "metrics", metrics_report(&analysis->metrics));
        json_object_set_new(rule, "hubness", hubness_report(&analysis->hubness[ANALYSIS_KS - 1]));
        json_object_set_new(rule, "mass", mass_report(analysis));
        json_object_set_new(rule, "gate_rate", report_real(analysis->gate_rate));
        json_object_set_new(rule, "residual", report_real(analysis->fit->residual));
        json_array_append_new(list, rule);
        if (samples && i > 0) {
            json_t *bootstrap = bootstrap_report(workspace, 0, i, samples, status);
            if (!bootstrap) {
                json_decref(list);
                json_decref(report);
                return NULL;
            }
            json_object_set_new(rule, "bootstrap", bootstrap);
        }
    }
    json_object_set_new(report, "rules", list);
    return report;
}

/* The rule's name where no other spec has it, else the whole spec made fit for a file name. */
static void dump_name(const struct workspace *workspace, size_t index, char *name, size_t size)
{
    const struct rule_spec *spec = &workspace->analysis[index].fit->spec;
    snprintf(name, size, "%s", spec->rule->name);
    for (size_t i = 0; i < workspace->analyses; i++) {
        if (i != index && workspace->analysis[i].fit->spec.rule == spec->rule) {
            rule_print(spec, name, size);
        }
    }
    for (char *at = name; *at; at++) {
        if (*at == ':' || *at == ',' || *at == '/') {
            *at = '_';
        }
    }
}

static int dump_vector(const struct workspace *workspace, size_t index, const char *what, enum npy_type type,
                       const void *data, size_t count, struct error *error)
{
    char rule[256], name[320], path[PATH_MAX];
    if (!data) {
        return 0;
    }
    dump_name(workspace, index, rule, sizeof rule);
    snprintf(name, sizeof name, "%s.%s.npy", rule, what);
    if (file_join(path, sizeof path, workspace->options->dump, name, error)) {
        return -1;
    }
    return npy_write(path, type, data, count, 0, error);
}

static int dump(const struct workspace *workspace)
{
    struct error error = {0};
    const char *dir = workspace->options->dump;
    if (mkdir(dir, 0777) && errno != EEXIST) {
        return fail_text("%s: the directory cannot be made: %s", dir, strerror(errno));
    }
    for (size_t i = 0; i < workspace->analyses; i++) {
        const struct analysis *analysis = &workspace->analysis[i];
        size_t items = analysis->gallery, queries = analysis->queries;
        if (dump_vector(workspace, i, "bias", NPY_F64, analysis->fit->bias, items, &error) ||
            dump_vector(workspace, i, "mass", NPY_F64, analysis->mass, items, &error) ||
            dump_vector(workspace, i, "n10", NPY_U32, analysis->occurrence[ANALYSIS_KS - 1], items, &error) ||
            dump_vector(workspace, i, "rank", NPY_F64, analysis->rank, queries, &error) ||
            dump_vector(workspace, i, "gate", NPY_BOOL, analysis->gate, queries, &error)) {
            return fail(&error);
        }
    }
    return -1;
}

static int eval_direction(struct workspace *workspace, enum direction direction, json_t **report)
{
    int status = workspace_task(workspace, direction);
    status = status < 0 ? workspace_fit(workspace, NULL) : status;
    status = status < 0 ? workspace_analyse(workspace, ANALYSIS_TOP) : status;
    if (status < 0 && workspace->options->dump) {
        status = dump(workspace);
    }
    if (status < 0) {
        *report = eval_report(workspace, &status);
    }
    workspace_end_task(workspace);
    return status;
}

static void put_units(FILE *out, const json_t *report)
{
    fputs("Percent: R@k, geom, anti (items in no top-10 list), hubs (list places held by hubs), gate (queries the\n"
          "rule applies to).  skew, R.Hood and max are of N_10; mass err is the mean |mass - Q/M|.\n",
          out);
    bool transductive = false, baseline = false;
    size_t i;
    const json_t *rule;
    json_array_foreach(json_object_get(report, "rules"), i, rule) {
        const char *label = json_string_value(json_object_get(rule, "label"));
        transductive |= label && strcmp(label, "transductive") == 0;
        baseline |= label && strcmp(label, "baseline") == 0;
    }
    if (transductive) {
        fputs("Transductive: the rule sees all evaluation queries at once, which a search engine cannot.\n", out);
    }
    if (baseline) {
        fputs("Baseline: mean centring alone; what a rule gains beyond it is its own.\n", out);
    }
}

static void put_title(FILE *out, const json_t *report)
{
    put_units(out, report);
    fputc('\n', out);
    workspace_title(out, report);
}

int cmd_eval(const struct options *options)
{
    struct workspace workspace;
    json_t *report[2] = {NULL, NULL};
    bool both = options->direction == DIRECTIONS_BOTH;
    if (both && options->dump) {
        return fail_usage("eval", "--dump takes one direction at a time");
    }
    int status = workspace_open(&workspace, options);
    if (status < 0) {
        status = eval_direction(&workspace, options->direction == DIRECTIONS_V2T ? V2T : T2V, &report[0]);
    }
    if (status < 0 && both) {
        status = eval_direction(&workspace, V2T, &report[1]);
    }
    workspace_close(&workspace);
    if (status >= 0) {
        json_decref(report[0]);
        return status;
    }
    struct layout layout = {
        .rows = "rules",
        .columns = columns,
        .count = sizeof columns / sizeof *columns,
        .title = put_title,
    };
    if (both) {
        json_t *pair = json_object();
        json_t *list = json_array();
        json_array_append_new(list, report[0]);
        json_array_append_new(list, report[1]);
        json_object_set_new(pair, "directions", list);
        report[0] = pair;
        layout.sections = "directions";
        layout.section_name = "direction";
        layout.title = put_units;
        layout.heading = workspace_title;
    }
    report_print(report[0], options->format, &layout);
    return STATUS_OK;
}
