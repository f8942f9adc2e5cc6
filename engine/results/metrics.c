#include "engine/results/metrics.h"
#include "engine/results/describe.h"
#include <math.h>
#include <string.h>

/* Columns of a difference that the text table omits. */
#define INTERVAL_COLUMNS(measure)                                                                                      \
    {"bootstrap." measure ".difference", NULL, 2, 0, true}, {"bootstrap." measure ".low", NULL, 2, 0, true},           \
        {"bootstrap." measure ".high", NULL, 2, 0, true},                                                              \
    {                                                                                                                  \
        "bootstrap." measure ".p", NULL, 4, 0, false                                                                   \
    }

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
    {"metrics.nDCG@10", "nDCG%", 1, 0, false},
    {"metrics.MAP", "MAP%", 1, 0, false},
    {"hubness.k", NULL, 0, 0, false},
    {"hubness.skewness", "skew", 2, 0, false},
    {"hubness.robin_hood", "R.Hood", 3, 0, false},
    {"hubness.gini", NULL, 0, 0, false},
    {"hubness.atkinson", NULL, 0, 0, false},
    {"hubness.max", "max", 0, 0, false},
    {"hubness.antihub_rate", "anti%", 1, 100, false},
    {"hubness.hub_count", NULL, 0, 0, false},
    {"hubness.hub_occurrence", NULL, 0, 0, false},
    {"hubness.fair_hub_count", NULL, 0, 0, false},
    {"hubness.fair_hub_occurrence", "hubs%", 1, 100, false},
    {"hubness.kurtosis", NULL, 0, 0, false},
    {"hubness.groupie_ratio", NULL, 0, 0, false},
    {"mass.expected", NULL, 0, 0, false},
    {"mass.normalization_error", "mass err", 3, 0, false},
    {"mass.min", NULL, 0, 0, false},
    {"mass.max", NULL, 0, 0, false},
    {"gate_rate", "gate%", 1, 100, false},
    {"gallery_gate_rate", "gate2%", 1, 100, false},
    {"residual", "residual", 4, 0, false},
    {"bootstrap.R@1.difference", "+R@1", 2, 0, true},
    {"bootstrap.R@1.low", "from", 2, 0, true},
    {"bootstrap.R@1.high", "to", 2, 0, true},
    {"bootstrap.R@1.p", "p", 4, 0, false},
    INTERVAL_COLUMNS("R@10"),
    INTERVAL_COLUMNS("MnR"),
    INTERVAL_COLUMNS("R@5"),
    INTERVAL_COLUMNS("R@50"),
    INTERVAL_COLUMNS("MdR"),
    INTERVAL_COLUMNS("geom"),
    INTERVAL_COLUMNS("nDCG@10"),
    INTERVAL_COLUMNS("MAP"),
    INTERVAL_COLUMNS("hubness.skewness"),
    INTERVAL_COLUMNS("hubness.kurtosis"),
    INTERVAL_COLUMNS("hubness.robin_hood"),
    INTERVAL_COLUMNS("hubness.gini"),
    INTERVAL_COLUMNS("hubness.atkinson"),
    INTERVAL_COLUMNS("hubness.max"),
    INTERVAL_COLUMNS("hubness.groupie_ratio"),
    INTERVAL_COLUMNS("hubness.antihub_rate"),
    INTERVAL_COLUMNS("hubness.fair_hub_count"),
    INTERVAL_COLUMNS("hubness.fair_hub_occurrence"),
    {"bootstrap.mass.normalization_error.difference", "+mass err", 3, 0, true},
    {"bootstrap.mass.normalization_error.low", "from", 3, 0, true},
    {"bootstrap.mass.normalization_error.high", "to", 3, 0, true},
    {"bootstrap.mass.normalization_error.p", "p", 4, 0, false},
    INTERVAL_COLUMNS("mass.min"),
    INTERVAL_COLUMNS("mass.max"),
    INTERVAL_COLUMNS("mass.top_tenth"),
    INTERVAL_COLUMNS("mass.over"),
    {"bootstrap.helped", "helped", 0, 0, false},
    {"bootstrap.hurt", "hurt", 0, 0, false},
    {"bootstrap.unchanged", NULL, 0, 0, false},
    {"transductive", NULL, 0, 0, false},
    {"label", "note", 0, 0, false},
};

static json_t *metrics_values(const struct metrics *metrics)
{
    json_t *report = json_object();
    json_object_set_new(report, "R@1", report_real(metrics->r1));
    json_object_set_new(report, "R@5", report_real(metrics->r5));
    json_object_set_new(report, "R@10", report_real(metrics->r10));
    json_object_set_new(report, "R@50", report_real(metrics->r50));
    json_object_set_new(report, "MdR", report_real(metrics->mdr));
    json_object_set_new(report, "MnR", report_real(metrics->mnr));
    json_object_set_new(report, "geom", report_real(metrics->geometric));
    if (!isnan(metrics->map)) { /* queries have several targets */
        json_object_set_new(report, "nDCG@10", report_real(metrics->ndcg));
        json_object_set_new(report, "MAP", report_real(metrics->map));
    }
    return report;
}

static json_t *mass_summary_report(const struct analysis *analysis)
{
    if (!analysis->mass)
        return json_null();
    const struct mass_summary *mass = &analysis->mass_summary;
    json_t *report = json_object();
    json_object_set_new(report, "expected", report_real(mass->expected));
    json_object_set_new(report, "normalization_error", report_real(mass->normalization_error));
    json_object_set_new(report, "min", report_real(mass->least));
    json_object_set_new(report, "max", report_real(mass->most));
    return report;
}

/* Remarks that some rule of a report calls for. */
struct remarks {
    bool transductive, baseline, judged;
};

static void add_remarks(struct remarks *remarks, const json_t *report)
{
    size_t i;
    const json_t *rule;
    json_array_foreach (json_object_get(report, "rules"), i, rule) {
        const char *label = json_string_value(json_object_get(rule, "label"));
        remarks->transductive |= label && strcmp(label, "transductive") == 0;
        remarks->baseline |= label && strcmp(label, "baseline") == 0;
        remarks->judged |= json_object_get(json_object_get(rule, "metrics"), "MAP") != NULL;
    }
}

static void put_units(FILE *out, const json_t *report)
{
    struct remarks remarks = {false};
    size_t i;
    const json_t *direction;
    fputs("Percent: R@k, geom, anti (items in no top-10 list), hubs (list places held by hubs, items in twice\n"
          "their fair share k Q/M of lists), gate (queries the rule applies to).  skew, R.Hood and max are of N_10; "
          "mass err is the mean |mass - Q/M|.\n",
          out);
    add_remarks(&remarks, report);
    json_array_foreach (json_object_get(report, "directions"), i, direction)
        add_remarks(&remarks, direction);
    if (remarks.judged)
        fputs("nDCG (at 10) and MAP are percent, as trec_eval defines them: MAP counts every grade above 0 alike.\n",
              out);
    if (remarks.transductive)
        fputs("Transductive: the rule sees all evaluation queries at once, which a search engine cannot.\n", out);
    if (remarks.baseline)
        fputs("Baseline: mean centring alone; what a rule gains beyond it is its own.\n", out);
}

static void put_title(FILE *out, const json_t *report)
{
    put_units(out, report);
    fputc('\n', out);
    task_title(out, report);
}

static json_t *rule_metrics(const struct task *task, const struct analysis *analysis)
{
    json_t *rule = fit_report(task, analysis->fit);
    json_object_set_new(rule, "metrics", metrics_values(&analysis->metrics));
    json_object_set_new(rule, "hubness", hubness_report(&analysis->hubness[ANALYSIS_KS - 1]));
    json_object_set_new(rule, "mass", mass_summary_report(analysis));
    json_object_set_new(rule, "gate_rate", report_real(analysis->gate_rate));
    if (analysis->gallery_gate)
        json_object_set_new(rule, "gallery_gate_rate", report_real(analysis->gallery_gate_rate));
    json_object_set_new(rule, "residual", report_real(analysis->fit->residual));
    return rule;
}

struct report metrics_report(const struct task *task, const struct analysis *analyses, size_t count,
                             const struct bootstrap *const *bootstraps)
{
    json_t *tree = task_report(task), *list = json_array();
    notices_report(tree, task, analyses, count);
    for (size_t i = 0; i < count; i++) {
        json_t *rule = rule_metrics(task, &analyses[i]);
        if (bootstraps && bootstraps[i])
            json_object_set_new(rule, "bootstrap", bootstrap_report(bootstraps[i]));
        json_array_append_new(list, rule);
    }
    json_object_set_new(tree, "rules", list);
    return (struct report){
        .tree = tree,
        .layout =
            {
                .rows = "rules",
                .columns = columns,
                .count = sizeof columns / sizeof *columns,
                .title = put_title,
            },
    };
}

struct report metrics_pair(struct report *first, struct report *second)
{
    struct report pair = *first;
    json_t *list = json_array();
    json_array_append_new(list, first->tree);
    json_array_append_new(list, second->tree);
    pair.tree = json_object();
    json_object_set_new(pair.tree, "directions", list);
    pair.layout.sections = "directions";
    pair.layout.section_name = "direction";
    pair.layout.title = put_units;
    pair.layout.heading = task_title;
    *first = *second = (struct report){0};
    return pair;
}
