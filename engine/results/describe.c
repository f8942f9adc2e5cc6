#include "engine/results/describe.h"
#include "engine/base/item.h"
#include "engine/collection/collection.h"
#include "engine/evaluation/notices.h"
#include "engine/fitting/bank_name.h"
#include <math.h>
#include <string.h>

/* Nulls in t2v, which has only one convention. */
static void add_conventions(const struct task *task, json_t *report)
{
    bool v2t = task->direction == V2T;
    json_object_set_new(report, "convention",
                        v2t ? json_string(task->conventions.videos ? "videos" : "captions") : json_null());
    json_object_set_new(report, "masked",
                        v2t ? json_string(task->conventions.keep_masked ? "keep" : "drop") : json_null());
    json_object_set_new(report, "without_captions", v2t ? report_count(task_without_captions(task)) : json_null());
}

/* {"where", "items", "queries"}. */
static json_t *subset_report(const struct subset *subset)
{
    json_t *report = json_object();
    json_object_set_new(report, "where", report_text(subset->name));
    json_object_set_new(report, "items", report_count(subset->items));
    json_object_set_new(report, "queries", report_count(subset->queries));
    return report;
}

/* Prints a line on the subset that measures are of; nothing without one. */
static void put_subset(FILE *out, const json_t *report, bool videos)
{
    const json_t *subset = json_object_get(report, "subset");
    if (!subset)
        return;
    fputs("only ", out);
    report_put_text(out, subset, "where");
    fprintf(out, ": %.0f of the %s, %.0f of the queries, in the whole gallery\n", report_get_real(subset, "items"),
            videos ? item_text("videos") : "captions", report_get_real(subset, "queries"));
}

void subset_put_share(FILE *out, const json_t *rule, const char *of)
{
    double share = report_get_real(rule, "subset_share"), fair = report_get_real(rule, "subset_fair_share");
    if (!isnan(share))
        fprintf(out, "the subset is %.1f %% of the gallery and holds %.1f %% of the %s, %.2f times its fair share\n",
                100 * fair, 100 * share, of, share / fair);
}

void notices_report(json_t *report, const struct task *task, const struct analysis *analyses, size_t count)
{
    struct notice notice[NOTICES];
    size_t found = notices_of(task, analyses, count, notice);
    json_t *list = json_array();
    for (size_t i = 0; i < found; i++) {
        json_t *entry = json_object();
        json_object_set_new(entry, "notice", json_string(notice[i].name));
        json_object_set_new(entry, "text", report_text(notice[i].text));
        json_array_append_new(list, entry);
    }
    json_object_set_new(report, "notices", list);
    if (count && analyses[0].subset)
        json_object_set_new(report, "subset", subset_report(analyses[0].subset));
}

void notices_put(FILE *out, const json_t *report)
{
    size_t index;
    const json_t *entry;
    json_array_foreach (json_object_get(report, "notices"), index, entry) {
        fputs("note: ", out);
        report_put_text(out, entry, "text");
        fputc('\n', out);
    }
}

json_t *task_report(const struct task *task)
{
    json_t *report = json_object();
    char bank[128];
    bank_name_print(&task->bank_subset, bank, sizeof bank);
    json_object_set_new(report, "collection", report_text(task->collection->name));
    if (task->model != task->collection->model[0])
        json_object_set_new(report, "model", report_text(task->model->name));
    json_object_set_new(report, "direction", json_string(task->direction == T2V ? "t2v" : "v2t"));
    json_object_set_new(report, "queries", report_count(task_queries(task)));
    json_object_set_new(report, "gallery", report_count(task_items(task)));
    json_object_set_new(report, "bank", report_count(task_bank(task)));
    json_object_set_new(report, "bank_name", report_text(bank));
    json_object_set_new(report, "gallery_bank", report_count(task_second_bank(task)));
    json_object_set_new(report, "gallery_bank_name", report_text(task->gallery_bank_name));
    add_conventions(task, report);
    notices_report(report, task, NULL, 0);
    return report;
}

void convention_print(bool videos, bool keep, size_t without, char *buffer, size_t size)
{
    const char *ranked = videos ? item_text("each video scored by its best caption, ranked among the videos")
                                : item_text("the rank of a video's best caption among all captions");
    const char *convention = videos ? "videos" : "captions"; /* the value of --v2t */
    if (without)
        snprintf(buffer, size, "v2t %s: %s; %zu without captions %s", convention, ranked, without,
                 keep ? "kept at infinite rank, so MnR is infinite" : "dropped (QB-Norm's code: --masked keep)");
    else
        snprintf(buffer, size, "v2t %s: %s", convention, ranked);
}

/* Prints a line on how video to text is evaluated; nothing in t2v. */
static void put_conventions(FILE *out, const json_t *report)
{
    const char *convention = json_string_value(json_object_get(report, "convention"));
    const char *masked = json_string_value(json_object_get(report, "masked"));
    char text[256];
    if (!convention)
        return;
    convention_print(strcmp(convention, "videos") == 0, strcmp(masked, "keep") == 0,
                     (size_t)report_get_real(report, "without_captions"), text, sizeof text);
    fprintf(out, "%s\n", text);
}

void task_title(FILE *out, const json_t *report)
{
    const char *direction = json_string_value(json_object_get(report, "direction"));
    const char *convention = json_string_value(json_object_get(report, "convention"));
    bool t2v = strcmp(direction, "t2v") == 0, videos = t2v || (convention && strcmp(convention, "videos") == 0);
    report_put_text(out, report, "collection");
    if (json_object_get(report, "model")) {
        fputs(", model ", out);
        report_put_text(out, report, "model");
    }
    fprintf(out, ": %s, %.0f queries, %.0f %s, ", t2v ? item_text("text to video") : item_text("video to text"),
            report_get_real(report, "queries"), report_get_real(report, "gallery"),
            videos ? item_text("videos") : "captions");
    double rows = report_get_real(report, "bank");
    if (json_object_get(report, "banks")) {
        fprintf(out, "%zu banks\n", json_array_size(json_object_get(report, "banks")));
    } else if (rows > 0) {
        fprintf(out, "bank of %.0f (", rows);
        report_put_text(out, report, "bank_name");
        fputs(")\n", out);
    } else {
        fputs("no bank\n", out);
    }
    put_conventions(out, report);
    put_subset(out, report, videos);
    notices_put(out, report);
}

json_t *rule_report(const struct rule_spec *spec)
{
    char text[256];
    rule_print(spec, text, sizeof text);
    json_t *parameters = json_object();
    for (size_t i = 0; i < spec->rule->parameter_count; i++) {
        const struct rule_parameter *parameter = &spec->rule->parameters[i];
        double value = spec->value[i];
        json_object_set_new(parameters, parameter->name,
                            parameter->whole ? json_integer((json_int_t)value) : report_real(value));
    }
    json_t *report = json_object();
    json_object_set_new(report, "rule", json_string(spec->rule->name));
    json_object_set_new(report, "spec", json_string(text));
    json_object_set_new(report, "parameters", parameters);
    json_object_set_new(report, "transductive", json_boolean(rule_transductive(spec->rule)));
    json_object_set_new(report, "label", spec->rule->label ? json_string(spec->rule->label) : json_null());
    return report;
}

void rule_put(FILE *out, const json_t *rule)
{
    report_put_text(out, rule, "spec");
    if (json_is_string(json_object_get(rule, "label"))) {
        fputs(" (", out);
        report_put_text(out, rule, "label");
        fputc(')', out);
    }
}

void fit_name(const struct task *task, const struct fit *fit, char *buffer, size_t size)
{
    char bank[128], spec[256];
    bank_name_print(&task->bank_subset, bank, sizeof bank);
    rule_print(&fit->spec, spec, sizeof spec);
    bool other = *fit->bank && strcmp(fit->bank, bank) != 0;
    /* without MODEL/ it is the collection's first */
    bool named = strcmp(fit->model, task->collection->model[0]->name) != 0;
    snprintf(buffer, size, "%s%s%s%s%s", named ? fit->model : "", named ? "/" : "", spec, other ? "@" : "",
             other ? fit->bank : "");
}

json_t *fit_report(const struct task *task, const struct fit *fit)
{
    json_t *report = rule_report(&fit->spec);
    char name[512];
    fit_name(task, fit, name, sizeof name);
    json_object_set_new(report, "spec", report_text(name));
    json_object_set_new(report, "model", report_text(fit->model));
    json_object_set_new(report, "bank", *fit->bank ? report_text(fit->bank) : json_null());
    return report;
}

static json_t *interval_report(const struct interval *interval)
{
    json_t *report = json_object();
    json_object_set_new(report, "difference", report_real(interval->difference));
    json_object_set_new(report, "low", report_real(interval->low));
    json_object_set_new(report, "high", report_real(interval->high));
    json_object_set_new(report, "p", report_real(interval->p));
    return report;
}

/* The measures of mass that were tested; or why none was; null if none was asked for. */
static json_t *mass_intervals_report(const struct bootstrap *bootstrap)
{
    json_t *report = bootstrap->mass == MASS_UNASKED ? NULL : json_object();
    char why[80];
    if (measure_untested_mass(bootstrap, why, sizeof why))
        json_object_set_new(report, "not_tested", json_string(why));
    if (bootstrap->mass != MASS_SAMPLED)
        return report;
    for (size_t i = 0; i < measures_count; i++)
        if (measure_table[i].group == MEASURE_MASS && measure_table[i].interval)
            json_object_set_new(report, measure_table[i].key,
                                interval_report(measure_interval(&measure_table[i], bootstrap)));
    json_object_set_new(report, "top_tenth", interval_report(&bootstrap->top_tenth));
    json_object_set_new(report, "over", interval_report(&bootstrap->over));
    return report;
}

json_t *bootstrap_report(const struct bootstrap *bootstrap)
{
    json_t *report = json_object();
    json_object_set_new(report, "samples", report_count(bootstrap->samples));
    json_object_set_new(report, "seed", report_count(bootstrap->seed));
    json_object_set_new(report, "queries", report_count(bootstrap->queries));
    json_object_set_new(report, "helped", report_count(bootstrap->helped));
    json_object_set_new(report, "hurt", report_count(bootstrap->hurt));
    json_object_set_new(report, "unchanged", report_count(bootstrap->unchanged));
    json_t *hubness = json_object();
    json_object_set_new(hubness, "k", report_count(bootstrap->k));
    for (size_t i = 0; i < measures_count; i++) {
        const struct measure *measure = &measure_table[i];
        const struct interval *interval = measure_interval(measure, bootstrap);
        if (interval && measure->group != MEASURE_MASS)
            json_object_set_new(measure->group == MEASURE_HUBNESS ? hubness : report, measure->key,
                                interval_report(interval));
    }
    json_object_set_new(report, "hubness", hubness);
    json_t *mass = mass_intervals_report(bootstrap);
    if (mass)
        json_object_set_new(report, "mass", mass);
    return report;
}

static void describe_video(const struct task *task, json_t *row, size_t video)
{
    struct catalog_video found;
    if (catalog_video(task->collection->catalog, video, &found, NULL) == 0) {
        json_object_set_new(row, "key", report_text(found.key));
        char title[CATALOG_TITLE];
        catalog_title(task->collection->catalog, video, title, sizeof title);
        json_object_set_new(row, "title", report_text(*found.title ? found.title : title));
        catalog_video_close(&found);
    }
}

static void describe_caption(const struct task *task, json_t *row, size_t caption)
{
    struct catalog_text text;
    if (catalog_text(task->collection->catalog, "query", caption, &text, NULL))
        return;
    json_object_set_new(row, "caption", report_text(text.caption));
    if (text.video >= 0)
        describe_video(task, row, (size_t)text.video);
    catalog_text_close(&text);
}

void item_describe(const struct task *task, json_t *row, size_t item)
{
    if (!task->collection->catalog)
        return;
    if (task_items_are_videos(task))
        describe_video(task, row, item);
    else
        describe_caption(task, row, item);
}

void query_describe(const struct task *task, json_t *row, size_t query)
{
    if (!task->collection->catalog)
        return;
    if (task->direction == T2V)
        describe_caption(task, row, query);
    else
        describe_video(task, row, task->query_row ? task->query_row[query] : query);
}

int describe_check_read(const struct task *task, struct report *report, struct error *error)
{
    struct catalog *catalog = task->collection ? task->collection->catalog : NULL;
    if (!catalog || !catalog_check_read(catalog, error))
        return 0;
    report_close(report);
    return -1;
}

json_t *hubness_report(const struct hubness *hubness)
{
    json_t *report = json_object();
    json_object_set_new(report, "k", report_count(hubness->k));
    json_object_set_new(report, "skewness", report_real(hubness->skewness));
    json_object_set_new(report, "robin_hood", report_real(hubness->robin_hood));
    json_object_set_new(report, "gini", report_real(hubness->gini));
    json_object_set_new(report, "atkinson", report_real(hubness->atkinson));
    json_object_set_new(report, "max", report_count(hubness->max));
    json_object_set_new(report, "antihub_rate", report_real(hubness->antihub_rate));
    json_object_set_new(report, "hub_count", report_count(hubness->hub_count));
    json_object_set_new(report, "hub_occurrence", report_real(hubness->hub_occurrence));
    json_object_set_new(report, "fair_hub_count", report_count(hubness->fair_hub_count));
    json_object_set_new(report, "fair_hub_occurrence", report_real(hubness->fair_hub_occurrence));
    json_object_set_new(report, "kurtosis", report_real(hubness->kurtosis));
    json_object_set_new(report, "groupie_ratio", report_real(hubness->groupie_ratio));
    return report;
}

void measures_add(json_t *rows, const char *measure, double value, const char *reading)
{
    json_t *row = json_object();
    json_object_set_new(row, "measure", report_text(measure));
    json_object_set_new(row, "value", report_real(value));
    json_object_set_new(row, "reading", report_text(reading));
    json_array_append_new(rows, row);
}

json_t *measures_report(const struct measured *measured, enum measure_group group)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < measures_count; i++) {
        const struct measure *measure = &measure_table[i];
        char reading[200];
        if (measure->group == group && !isnan(measure->value(measured))) {
            measure->reading(measured, reading, sizeof reading);
            measures_add(rows, measure->key, measure->value(measured), reading);
        }
    }
    return rows;
}

void measures_put(FILE *out, const json_t *rows)
{
    size_t index;
    const json_t *row;
    json_array_foreach ((json_t *)rows, index, row) {
        double value = report_get_real(row, "value");
        fprintf(out, "  %-22s", json_string_value(json_object_get(row, "measure")));
        if (isnan(value)) /* no item of that kind */
            fprintf(out, "%8s", "-");
        else
            fprintf(out, "%8.*f", value == floor(value) ? 0 : 3, value);
        fprintf(out, "  %s\n", json_string_value(json_object_get(row, "reading")));
    }
}

/* Lines rather than a table, whose cells would truncate the readings. */
static void put_measures(FILE *out, const json_t *report)
{
    size_t index;
    const json_t *rule;
    json_array_foreach (json_object_get(report, "rules"), index, rule) {
        fputc('\n', out);
        rule_put(out, rule);
        fputc('\n', out);
        measures_put(out, json_object_get(rule, "measures"));
    }
}

struct layout measures_layout(void (*title)(FILE *out, const json_t *report))
{
    static const struct column columns[] = {
        {"measure", NULL, 0, 0, false},
        {"value", NULL, 0, 0, false},
        {"reading", NULL, 0, 0, false},
    };
    return (struct layout){
        .sections = "rules",
        .section_name = "spec",
        .rows = "measures",
        .columns = columns,
        .count = sizeof columns / sizeof *columns,
        .title = title,
        .body = put_measures,
    };
}
