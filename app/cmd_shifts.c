#include "app/command.h"
#include "app/describe.h"
#include "app/fail.h"
#include "app/ranking.h"
#include "app/report.h"
#include "engine/bootstrap.h"
#include "engine/memory.h"
#include <math.h>
#include <stdlib.h>

static const struct column columns[] = {
    {"query", "query", 0, 0, false},
    {"caption", "caption", 0, 0, false},
    {"key", "key", 0, 0, false},
    {"title", "title", 0, 0, false},
    {"rank_from", "rank from", 1, 0, false},
    {"rank_to", "to", 1, 0, false},
    {"shift", "shift", 1, 0, true},
};

static const char *const defaults[] = {"raw", "ncl", NULL};

struct shift_counts {
    size_t helped, hurt, unchanged, without;
    double mean;
};

/* Queries with a target by how far it moved, biggest first, into ranked; returns how many there are. */
static size_t rank_shifts(const struct analysis *from, const struct analysis *to, struct ranked *ranked,
                          struct shift_counts *counts)
{
    size_t count = 0;
    double sum = 0;
    for (size_t q = 0; q < from->queries; q++) {
        double shift = from->rank[q] - to->rank[q];
        if (!isfinite(shift)) {
            counts->without++;
            continue;
        }
        counts->helped += shift > 0;
        counts->hurt += shift < 0;
        counts->unchanged += shift == 0;
        sum += shift;
        ranked[count++] = (struct ranked){fabs(shift), q};
    }
    counts->mean = count ? sum / (double)count : NAN;
    ranking_sort(ranked, count, false);
    return count;
}

/* Null, its line printed, with the exit status in *status when that fails. */
static json_t *shifts_report(const struct workspace *workspace, struct ranked *ranked, int *status)
{
    const struct analysis *from = &workspace->analysis[0];
    const struct analysis *to = &workspace->analysis[workspace->analyses - 1];
    struct shift_counts counts = {0};
    size_t count = rank_shifts(from, to, ranked, &counts);
    size_t samples = workspace->options->bootstrap == SIZE_MAX ? BOOTSTRAP_SAMPLES : workspace->options->bootstrap;
    json_t *bootstrap = samples ? bootstrap_report(workspace, 0, workspace->analyses - 1, samples, status) : NULL;
    if (samples && !bootstrap) {
        return NULL;
    }

    json_t *report = workspace_report(workspace);
    json_object_set_new(report, "from", fit_report(workspace, from->fit));
    json_object_set_new(report, "to", fit_report(workspace, to->fit));
    json_object_set_new(report, "helped", report_count(counts.helped));
    json_object_set_new(report, "hurt", report_count(counts.hurt));
    json_object_set_new(report, "unchanged", report_count(counts.unchanged));
    json_object_set_new(report, "without_target", report_count(counts.without));
    json_object_set_new(report, "mean_shift", report_real(counts.mean));
    if (bootstrap) {
        json_object_set_new(report, "bootstrap", bootstrap);
    }
    json_t *list = json_array();
    size_t shown = ranking_shown(workspace->options->top, 20, count);
    for (size_t i = 0; i < shown; i++) {
        size_t query = ranked[i].row;
        json_t *row = json_object();
        json_object_set_new(row, "query", report_count(query));
        query_describe(workspace, row, query);
        json_object_set_new(row, "rank_from", report_real(from->rank[query]));
        json_object_set_new(row, "rank_to", report_real(to->rank[query]));
        json_object_set_new(row, "shift", report_real(from->rank[query] - to->rank[query]));
        json_array_append_new(list, row);
    }
    json_object_set_new(report, "shifts", list);
    return report;
}

static void put_bootstrap(FILE *out, const json_t *bootstrap)
{
    static const struct {
        const char *name, *unit;
    } measures[] = {{"R@1", " points"}, {"R@10", " points"}, {"MnR", " ranks"}};
    if (!bootstrap) {
        return;
    }
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) {
        const json_t *interval = json_object_get(bootstrap, measures[i].name);
        fprintf(out, "%s %+.2f%s (95 %% interval %+.2f to %+.2f, p %.4f)%s", measures[i].name,
                report_get_real(interval, "difference"), measures[i].unit, report_get_real(interval, "low"),
                report_get_real(interval, "high"), report_get_real(interval, "p"),
                i + 1 < sizeof measures / sizeof *measures ? "; " : "\n");
    }
}

static void put_title(FILE *out, const json_t *report)
{
    workspace_title(out, report);
    fputs("from ", out);
    rule_put(out, json_object_get(report, "from"));
    fputs(" to ", out);
    rule_put(out, json_object_get(report, "to"));
    fprintf(out, ": %.0f queries helped, %.0f hurt, %.0f unchanged", report_get_real(report, "helped"),
            report_get_real(report, "hurt"), report_get_real(report, "unchanged"));
    double without = report_get_real(report, "without_target");
    if (without > 0) {
        fprintf(out, ", %.0f without a target", without);
    }
    fprintf(out, "; mean shift %+.2f ranks\n", report_get_real(report, "mean_shift"));
    put_bootstrap(out, json_object_get(report, "bootstrap"));
    fputc('\n', out);
}

static int report_shifts(struct workspace *workspace)
{
    int status = workspace_fit(workspace, defaults);
    status = status < 0 ? workspace_analyse(workspace, ANALYSIS_TOP) : status;
    if (status >= 0) {
        return status;
    }
    struct ranked *ranked = memory_array(task_queries(&workspace->task), sizeof *ranked);
    if (!ranked) {
        return fail_text("out of memory");
    }
    const struct layout layout = {
        .rows = "shifts",
        .columns = columns,
        .count = sizeof columns / sizeof *columns,
        .title = put_title,
    };
    json_t *report = shifts_report(workspace, ranked, &status);
    free(ranked);
    if (!report) {
        return status;
    }
    report_print(report, workspace->options->format, &layout);
    return STATUS_OK;
}

int cmd_shifts(const struct options *options)
{
    if (options->rule.count == 1) {
        return fail_usage("shifts", "give --rule twice: from and to");
    }
    struct workspace workspace;
    int status = workspace_open(&workspace, options);
    if (status < 0) {
        status = workspace_task(&workspace, options->direction == DIRECTIONS_V2T ? V2T : T2V);
    }
    if (status < 0) {
        status = report_shifts(&workspace);
    }
    workspace_close(&workspace);
    return status;
}
