#include "engine/results/shifts.h"
#include "engine/base/memory.h"
#include "engine/results/describe.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct column columns[] = {
    {"query", "query", 0, 0, false}, {"caption", "caption", 0, 0, false},     {"key", "key", 0, 0, false},
    {"title", "title", 0, 0, false}, {"rank_from", "rank from", 1, 0, false}, {"rank_to", "to", 1, 0, false},
    {"shift", "shift", 1, 0, true},
};

struct shift_counts {
    size_t helped, hurt, unchanged, without;
    double mean;
};

/* Fills `ranked` with the queries that have a target and how far it moved; returns their number. */
static size_t rank_shifts(const struct analysis *from, const struct analysis *to, struct ranked *ranked,
                          struct shift_counts *counts)
{
    size_t count = 0;
    double sum = 0;
    for (size_t q = 0; q < from->queries; q++) {
        double shift = rank_change(to->rank[q], from->rank[q]);
        if (!subset_asks(from->subset, q))
            continue;
        if (isnan(shift)) {
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
    return count;
}

/* A measure tested, and how it is printed. */
struct tested {
    const char *key, *name, *unit;
    double factor;
    int decimals;
};

/* Prints "+2.80", never "-0.00". */
static void put_signed(FILE *out, double value, int decimals)
{
    fprintf(out, "%+.*f", decimals, fabs(value) < 0.5 * pow(10, -decimals) ? 0.0 : value);
}

/* Prints "R@1 +2.80 points (95 % interval +0.50 to +5.10, p 0.0150); ...". */
static void put_intervals(FILE *out, const json_t *intervals, const struct tested *measures, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct tested *of = &measures[i];
        const json_t *interval = json_object_get(intervals, of->key);
        fprintf(out, "%s ", of->name);
        put_signed(out, of->factor * report_get_real(interval, "difference"), of->decimals);
        fprintf(out, "%s (95 %% interval ", of->unit);
        put_signed(out, of->factor * report_get_real(interval, "low"), of->decimals);
        fputs(" to ", out);
        put_signed(out, of->factor * report_get_real(interval, "high"), of->decimals);
        fprintf(out, ", p %.4f)%s", report_get_real(interval, "p"), i + 1 < count ? "; " : "\n");
    }
}

static void put_mass(FILE *out, const json_t *mass)
{
    static const struct tested measures[] = {
        {"normalization_error", "normalisation error", "", 1, 3},
        {"min", "least", "", 1, 3},
        {"max", "most", "", 1, 3},
        {"top_tenth", "share of the top tenth", " points", 100, 2},
        {"over", "above the fair share", " items", 1, 0},
    };
    if (json_object_get(mass, "not_tested")) {
        fputs("Mass is not tested: ", out);
        report_put_text(out, mass, "not_tested");
        fputc('\n', out);
    } else if (mass) {
        fputs("Mass: ", out);
        put_intervals(out, mass, measures, sizeof measures / sizeof *measures);
    }
}

static void put_bootstrap(FILE *out, const json_t *report)
{
    const json_t *bootstrap = json_object_get(report, "bootstrap");
    const char *masked = json_string_value(json_object_get(report, "masked"));
    static const struct tested measures[] = {
        {"R@1", "R@1", " points", 1, 2}, {"R@10", "R@10", " points", 1, 2}, {"MnR", "MnR", " ranks", 1, 2}};
    if (!bootstrap)
        return;
    put_intervals(out, bootstrap, measures, sizeof measures / sizeof *measures);
    put_mass(out, json_object_get(bootstrap, "mass"));
    if (masked && strcmp(masked, "keep") == 0 && report_get_real(report, "without_captions") > 0)
        fputs("In the difference of MnR infinite ranks count as unchanged.\n", out);
}

static void put_title(FILE *out, const json_t *report)
{
    task_title(out, report);
    fputs("from ", out);
    rule_put(out, json_object_get(report, "from"));
    fputs(" to ", out);
    rule_put(out, json_object_get(report, "to"));
    fprintf(out, ": %.0f queries helped, %.0f hurt, %.0f unchanged", report_get_real(report, "helped"),
            report_get_real(report, "hurt"), report_get_real(report, "unchanged"));
    double without = report_get_real(report, "without_target");
    if (without > 0)
        fprintf(out, ", %.0f without a target", without);
    fprintf(out, "; mean shift %+.2f ranks\n", report_get_real(report, "mean_shift"));
    put_bootstrap(out, report);
    fputc('\n', out);
}

int shifts_report(const struct task *task, const struct analysis *from, const struct analysis *to,
                  const struct bootstrap *bootstrap, const struct choice *choice, struct report *report,
                  struct error *error)
{
    struct shift_counts counts = {0};
    *report = (struct report){0};
    struct ranked *ranked = memory_array(from->queries, sizeof *ranked);
    if (!ranked)
        return error_memory(error);
    size_t count = rank_shifts(from, to, ranked, &counts);
    size_t shown =
        choice->order ? ranking_choose(ranked, from->queries, choice) : ranking_choose(ranked, count, choice);
    json_t *tree = task_report(task), *list = json_array();
    notices_report(tree, task, from, 1);
    json_object_set_new(tree, "from", fit_report(task, from->fit));
    json_object_set_new(tree, "to", fit_report(task, to->fit));
    json_object_set_new(tree, "helped", report_count(counts.helped));
    json_object_set_new(tree, "hurt", report_count(counts.hurt));
    json_object_set_new(tree, "unchanged", report_count(counts.unchanged));
    json_object_set_new(tree, "without_target", report_count(counts.without));
    json_object_set_new(tree, "mean_shift", report_real(counts.mean));
    if (bootstrap)
        json_object_set_new(tree, "bootstrap", bootstrap_report(bootstrap));
    for (size_t i = 0; i < shown; i++) {
        size_t query = ranked[i].row;
        json_t *row = json_object();
        json_object_set_new(row, "query", report_count(query));
        query_describe(task, row, query);
        json_object_set_new(row, "rank_from", report_real(from->rank[query]));
        json_object_set_new(row, "rank_to", report_real(to->rank[query]));
        json_object_set_new(row, "shift", report_real(rank_change(to->rank[query], from->rank[query])));
        json_array_append_new(list, row);
    }
    json_object_set_new(tree, "shifts", list);
    free(ranked);
    *report = (struct report){
        .tree = tree,
        .layout =
            {
                .rows = "shifts",
                .columns = columns,
                .count = sizeof columns / sizeof *columns,
                .title = put_title,
            },
    };
    return describe_check_read(task, report, error);
}
