#include "engine/results/sweep.h"
#include "engine/base/item.h"
#include "engine/results/describe.h"
#include <string.h>

static const struct column columns[] = {
    {"rule", NULL, 0, 0, false},
    {"spec", "rule", 0, 0, false},
    {"R@1", "R@1%", 1, 0, false},
    {"R@5", "R@5%", 1, 0, false},
    {"R@10", "R@10%", 1, 0, false},
    {"R@50", "R@50%", 1, 0, false},
    {"MdR", "MdR", 1, 0, false},
    {"MnR", "MnR", 1, 0, false},
    {"geom", "geom%", 1, 0, false},
    {"skewness", "skew", 2, 0, false},
    {"robin_hood", "R.Hood", 3, 0, false},
    {"max", "max", 0, 0, false},
    {"antihub_rate", "anti%", 1, 100, false},
    {"normalization_error", "mass err", 3, 0, false},
    {"gate_rate", "gate%", 1, 100, false},
    {"residual", "residual", 4, 0, false},
    {"best", "best", 0, 0, false},
};

static json_t *point_report(const struct sweep_point *point, bool best)
{
    const struct hubness *hubness = &point->hubness[ANALYSIS_KS - 1];
    json_t *report = rule_report(&point->spec);
    for (int goal = 0; goal < SWEEP_GOALS; goal++)
        json_object_set_new(report, sweep_goal_name[goal], report_real(sweep_value(point, (enum sweep_goal)goal)));
    json_object_set_new(report, "skewness", report_real(hubness->skewness));
    json_object_set_new(report, "robin_hood", report_real(hubness->robin_hood));
    json_object_set_new(report, "max", report_count(hubness->max));
    json_object_set_new(report, "antihub_rate", report_real(hubness->antihub_rate));
    json_object_set_new(report, "normalization_error", report_real(point->mass.normalization_error));
    json_object_set_new(report, "gate_rate", report_real(point->gate_rate));
    json_object_set_new(report, "residual", report_real(point->residual));
    json_object_set_new(report, "best", json_boolean(best));
    return report;
}

static void put_tuned(FILE *out, const json_t *tuned)
{
    const json_t *chosen = json_object_get(tuned, "chosen"), *before = json_object_get(tuned, "default");
    fprintf(out, item_text("The table is of %.0f held-out captions of the bank (%.0f of its %.0f videos, of the "),
            report_get_real(tuned, "queries"), report_get_real(tuned, "gallery"), report_get_real(tuned, "videos"));
    fputs(strcmp(json_string_value(json_object_get(tuned, "source")), "gallery") == 0 ? "gallery"
                                                                                      : item_text("video bank"),
          out);
    fprintf(out, ", seed %.0f); %.0f captions remain as bank.\nChosen by ", report_get_real(tuned, "seed"),
            report_get_real(tuned, "bank"));
    report_put_text(out, tuned, "goal");
    fputs(", without looking at the evaluation queries: ", out);
    report_put_text(out, chosen, "spec");
    fprintf(out, "\nOn the evaluation queries it has R@1 %.1f, R@10 %.1f, MnR %.1f (as given: %.1f, %.1f, %.1f).\n",
            report_get_real(chosen, "R@1"), report_get_real(chosen, "R@10"), report_get_real(chosen, "MnR"),
            report_get_real(before, "R@1"), report_get_real(before, "R@10"), report_get_real(before, "MnR"));
}

static void put_title(FILE *out, const json_t *report)
{
    const json_t *tuned = json_object_get(report, "tuned");
    task_title(out, report);
    if (tuned) {
        put_tuned(out, tuned);
    } else {
        fputs("All points are measured on the evaluation queries: a parameter chosen from this table has seen them "
              "(see --tune).\n",
              out);
    }
    fputc('\n', out);
}

static json_t *tuned_report(const struct sweep_tuned *tuned)
{
    const struct task *task = &tuned->tuning->task;
    json_t *report = json_object();
    json_object_set_new(report, "goal", json_string(sweep_goal_name[tuned->goal]));
    json_object_set_new(report, "on", json_string("bank"));
    json_object_set_new(report, "source", json_string(tuned->tuning->source));
    json_object_set_new(report, "seed", report_count(tuned->seed));
    json_object_set_new(report, "videos", report_count(tuned->tuning->videos));
    json_object_set_new(report, "queries", report_count(task_queries(task)));
    json_object_set_new(report, "gallery", report_count(task_gallery(task)));
    json_object_set_new(report, "bank", report_count(task_bank(task)));
    json_object_set_new(report, "chosen", point_report(tuned->chosen, true));
    json_object_set_new(report, "default", point_report(tuned->before, false));
    return report;
}

struct report sweep_report(const struct task *task, const struct sweep *sweep, size_t best,
                           const struct sweep_tuned *tuned)
{
    json_t *tree = task_report(task), *list = json_array();
    json_object_set_new(tree, "points", list);
    if (tuned)
        json_object_set_new(tree, "tuned", tuned_report(tuned));
    for (size_t i = 0; i < sweep->count; i++)
        json_array_append_new(list, point_report(&sweep->point[i], i == best));
    return (struct report){
        .tree = tree,
        .layout =
            {
                .rows = "points",
                .columns = columns,
                .count = sizeof columns / sizeof *columns,
                .title = put_title,
            },
    };
}
