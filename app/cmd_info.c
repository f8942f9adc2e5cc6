#include "app/command.h"
#include "app/named_collection.h"
#include "app/output.h"
#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/check/check.h"
#include "engine/fitting/rule.h"
#include "engine/results/quality.h"
#include <stdlib.h>
#include <string.h>

struct info_options {
    struct named_collection collection;
    struct output_options output;
};

static const struct option_entry entries[] = {
    INCLUDE_GROUP(info_options, collection, named_collection_group),
    INCLUDE_GROUP(info_options, output, output_group),
    {0},
};

static const struct column columns[] = {
    {"name", "bank", 0, 0, false}, {"rows", "rows", 0, 0, false},      {"captions", "captions", 0, 0, false},
    {"kind", "of", 0, 0, false},   {"lacking", "not of", 0, 0, false},
};

/* The rows of a bank: those of the first model that has it. */
static size_t bank_rows(const struct collection *collection, bool video, size_t index)
{
    for (size_t i = 0; i < collection->models; i++) {
        size_t count, rows = collection_model_banks(collection->model[i], video, &count)[index].matrix.rows;
        if (rows)
            return rows;
    }
    return 0;
}

/* The models that lack a bank; null if there is none. */
static json_t *lacking(const struct collection *collection, bool video, size_t index)
{
    char names[512] = "";
    size_t used = 0, count;
    for (size_t i = 0; i < collection->models && used < sizeof names; i++)
        if (!collection_model_banks(collection->model[i], video, &count)[index].matrix.rows)
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", used ? ", " : "",
                                     collection->model[i]->name);
    return *names ? report_text(names) : json_null();
}

static void add_banks(json_t *list, const struct collection *collection, bool video)
{
    size_t count;
    const struct bank *banks = collection_model_banks(collection->model[0], video, &count);
    for (size_t i = 0; i < count; i++) {
        json_t *bank = json_object();
        json_object_set_new(bank, "name", report_text(banks[i].name));
        json_object_set_new(bank, "rows", report_count(bank_rows(collection, video, i)));
        json_object_set_new(bank, "kind", json_string(video ? item_text("videos") : "queries"));
        json_object_set_new(bank, "lacking", lacking(collection, video, i));
        json_object_set_new(bank, "captions", json_boolean(banks[i].first_text > 0));
        json_array_append_new(list, bank);
    }
}

/* Every rule, with the reason if it cannot be used here; null on failure. */
static json_t *rules_report(const struct collection *collection, struct error *error)
{
    struct task task;
    if (task_open(&task, collection, NULL, T2V, NULL, error))
        return NULL;
    json_t *list = json_array();
    for (size_t i = 0; i < rules_count; i++) {
        const char *missing = rule_unavailable(rules[i], &task);
        json_t *rule = json_object();
        json_object_set_new(rule, "rule", json_string(rules[i]->name));
        json_object_set_new(rule, "title", json_string(rules[i]->title));
        json_object_set_new(rule, "transductive", json_boolean(rule_transductive(rules[i])));
        json_object_set_new(rule, "label", rules[i]->label ? json_string(rules[i]->label) : json_null());
        json_object_set_new(rule, "probabilities", json_boolean(!rules[i]->order_only));
        json_object_set_new(rule, "unavailable", missing ? json_string(missing) : json_null());
        json_array_append_new(list, rule);
    }
    task_close(&task);
    return list;
}

/* The checks that take no longer than opening did: counts, shapes and files. */
static int add_check(json_t *report, const char *path, struct error *error)
{
    const struct check_options cheap = {.cheap = true};
    struct check_report *found = memory_array(1, sizeof *found);
    struct error reason = {0};
    char first[FINDINGS_LINE + 64] = "";
    bool remark;
    if (!found)
        return error_memory(error);
    if (collection_check(path, &cheap, found, NULL, &reason))
        snprintf(first, sizeof first, "%s", reason.text);
    for (size_t i = 0; i < found->checks && !first[0]; i++) {
        const struct findings *findings = &found->check[i].findings;
        for (size_t j = 0; j < findings->lines && !first[0]; j++) {
            findings_line(findings, j, first, sizeof first, &remark);
            first[0] = remark ? '\0' : first[0];
        }
    }
    json_t *check = json_object();
    json_object_set_new(check, "ok", json_boolean(!first[0]));
    json_object_set_new(check, "faults", report_count(found->faults));
    json_object_set_new(check, "first", first[0] ? report_text(first) : json_null());
    json_object_set_new(report, "check", check);
    check_report_close(found);
    free(found);
    if (reason.kind == ERROR_MEMORY && error)
        *error = reason;
    return reason.kind == ERROR_MEMORY ? -1 : 0;
}

static void add_model(json_t *report, const struct collection_model *model)
{
    struct encoder_quality quality;
    json_object_set_new(report, "source", json_string(model->stored ? "similarities" : "embeddings"));
    json_object_set_new(report, "dimension", model->stored ? json_null() : report_count(model->dimension));
    json_object_set_new(report, "logit_scale", report_real(model->logit_scale));
    json_object_set_new(report, "encoder", model->encoder ? json_string(encoder_type(model->encoder)) : json_null());
    json_object_set_new(report, "index",
                        model->index.rows     ? json_string("int8")
                        : model->index_unused ? json_string("unused")
                                              : json_null());
    if (model->encoder && encoder_quality(model->encoder, &quality))
        json_object_set_new(report, "encoder_quality", quality_report(&quality));
}

static json_t *models_report(const struct collection *collection)
{
    json_t *list = json_array();
    for (size_t i = 0; i < collection->models; i++) {
        json_t *model = json_object();
        json_object_set_new(model, "name", report_text(collection->model[i]->name));
        json_object_set_new(model, "description", report_text(collection->model[i]->description));
        json_object_set_new(model, "provenance", report_text(collection->model[i]->provenance));
        json_object_set_new(model, "digest", report_text(collection->model[i]->digest));
        add_model(model, collection->model[i]);
        json_array_append_new(list, model);
    }
    return list;
}

/* Facts of a model are the first one's, and those of all under "models".  Null on failure. */
static json_t *info_report(const struct collection *collection, struct error *error)
{
    json_t *usable = rules_report(collection, error);
    if (!usable)
        return NULL;
    json_t *report = json_object();
    json_object_set_new(report, "name", report_text(collection->name));
    json_object_set_new(report, "path", report_text(collection->path));
    json_object_set_new(report, "model", report_text(collection->model[0]->description));
    json_object_set_new(report, "licence", report_text(collection->licence));
    json_object_set_new(report, "provenance", report_text(collection->provenance));
    json_object_set_new(report, "item", json_string(item_text("video")));
    json_object_set_new(report, "videos", report_count(collection->videos));
    json_object_set_new(report, "queries", report_count(collection->queries));
    size_t without = 0;
    for (size_t q = 0; q < collection->queries; q++)
        without += collection->target[q] == UINT32_MAX;
    json_object_set_new(report, "queries_without_video", report_count(without));
    json_object_set_new(report, "captions", json_boolean(!collection->wordless));
    add_model(report, collection->model[0]);
    json_object_set_new(report, "models", models_report(collection));
    json_t *banks = json_array();
    add_banks(banks, collection, false);
    add_banks(banks, collection, true);
    json_object_set_new(report, "banks", banks);
    json_object_set_new(report, "rules", usable);
    if (!add_check(report, collection->path, error))
        return report;
    json_decref(report);
    return NULL;
}

static void put_field(FILE *out, const json_t *report, const char *member, const char *label)
{
    const char *text = json_string_value(json_object_get(report, member));
    if (text && text[0]) {
        fprintf(out, "%-12s  ", label);
        report_put_text(out, report, member);
        fputc('\n', out);
    }
}

static void put_rules(FILE *out, const json_t *report)
{
    size_t i;
    const json_t *rule, *list = json_object_get(report, "rules");
    const char *before = "";
    fprintf(out, "%-12s  ", "rules");
    json_array_foreach (list, i, rule) {
        const char *label = json_string_value(json_object_get(rule, "label"));
        if (json_is_null(json_object_get(rule, "unavailable"))) {
            fprintf(out, "%s%s%s%s%s", before, json_string_value(json_object_get(rule, "rule")), label ? " (" : "",
                    label ? label : "", label ? ")" : "");
            before = ", ";
        }
    }
    fputc('\n', out);
    json_array_foreach (list, i, rule) {
        const char *missing = json_string_value(json_object_get(rule, "unavailable"));
        if (missing)
            fprintf(out, "%-12s  not %s: %s\n", "", json_string_value(json_object_get(rule, "rule")), missing);
    }
}

static void put_check(FILE *out, const json_t *report)
{
    const json_t *check = json_object_get(report, "check");
    double faults = report_get_real(check, "faults");
    fprintf(out, "%-12s  ", "checked");
    if (json_is_true(json_object_get(check, "ok"))) {
        fputs("counts, shapes and files; hubscope check verifies the rest\n", out);
        return;
    }
    report_put_text(out, check, "first");
    if (faults > 1)
        fprintf(out, " (and %.0f more)", faults - 1);
    fputs("; hubscope check lists everything\n", out);
}

/* "embeddings of 128 dimensions" */
static void put_source(FILE *out, const json_t *model)
{
    if (json_is_null(json_object_get(model, "dimension")))
        fputs("stored similarities", out);
    else
        fprintf(out, "embeddings of %.0f dimensions", report_get_real(model, "dimension"));
}

static void put_model(FILE *out, const json_t *report)
{
    put_field(out, report, "model", "model");
    fprintf(out, "%-12s  ", "source");
    put_source(out, report);
    fprintf(out, "\n%-12s  %g\n", "logit scale", report_get_real(report, "logit_scale"));
    if (json_is_false(json_object_get(report, "captions")))
        fprintf(out, "%-12s  none: the queries have no captions and go by number\n", "encoder");
    else if (json_is_null(json_object_get(report, "encoder")))
        fprintf(out, "%-12s  none: typed text searches the stored captions\n", "encoder");
    put_field(out, report, "encoder", "encoder");
    const char *index = json_string_value(json_object_get(report, "index"));
    if (index)
        fprintf(out, "%-12s  %s\n", "index",
                strcmp(index, "unused") == 0 ? "stale or damaged, and not used; import --add-index makes it again"
                                             : "of 8 bits a number, with exact bounds");
    quality_put(out, json_object_get(report, "encoder_quality"), "              ");
}

/* Two lines each. */
static void put_models(FILE *out, const json_t *report)
{
    size_t i;
    const json_t *model;
    json_array_foreach (json_object_get(report, "models"), i, model) {
        const char *encoder = json_string_value(json_object_get(model, "encoder"));
        fprintf(out, "%-12s  ", i ? "" : "models");
        report_put_text(out, model, "name");
        fputs(": ", out);
        put_source(out, model);
        const char *index = json_string_value(json_object_get(model, "index"));
        fprintf(out, ", logit scale %g, %s%s%s\n", report_get_real(model, "logit_scale"),
                encoder ? "encoder " : "no encoder", encoder ? encoder : "",
                !index                         ? ""
                : strcmp(index, "unused") == 0 ? ", an index that is stale or damaged, and not used"
                                               : ", index");
        put_field(out, model, "description", "");
    }
}

static void put_title(FILE *out, const json_t *report)
{
    put_field(out, report, "name", "name");
    put_field(out, report, "path", "directory");
    fprintf(out, "%-12s  %.0f\n", item_text("videos"), report_get_real(report, "videos"));
    fprintf(out, "%-12s  %.0f", "queries", report_get_real(report, "queries"));
    double without = report_get_real(report, "queries_without_video");
    if (without > 0)
        fprintf(out, item_text(", %.0f without a video"), without);
    fputc('\n', out);
    (json_array_size(json_object_get(report, "models")) > 1 ? put_models : put_model)(out, report);
    put_rules(out, report);
    put_field(out, report, "licence", "licence");
    put_field(out, report, "provenance", "provenance");
    put_check(out, report);
    fputc('\n', out);
}

/* For formats of rows: one row, without the banks, which are a list of their own. */
static struct report one_row(json_t *tree)
{
    static const struct column fields[] = {
        {"name", NULL, 0, 0, false},        {"path", NULL, 0, 0, false},
        {"model", NULL, 0, 0, false},       {"licence", NULL, 0, 0, false},
        {"provenance", NULL, 0, 0, false},  {"videos", NULL, 0, 0, false},
        {"queries", NULL, 0, 0, false},     {"queries_without_video", NULL, 0, 0, false},
        {"source", NULL, 0, 0, false},      {"dimension", NULL, 0, 0, false},
        {"logit_scale", NULL, 0, 0, false}, {"encoder", NULL, 0, 0, false},
    };
    json_t *table = json_object(), *rows = json_array();
    json_array_append_new(rows, tree);
    json_object_set_new(table, "collection", rows);
    return (struct report){
        .tree = table,
        .layout = {.rows = "collection", .columns = fields, .count = sizeof fields / sizeof *fields},
    };
}

static int run(const void *given, struct error *error)
{
    const struct info_options *options = given;
    struct collection *collection = named_collection_open(options->collection.name, error);
    if (!collection)
        return -1;
    struct report report = {
        .tree = info_report(collection, error),
        .layout = {.rows = "banks",
                   .columns = columns,
                   .count = sizeof columns / sizeof *columns - (collection->models == 1),
                   .title = put_title},
    };
    bool made = report.tree;
    if (made && options->output.format->shape == SHAPE_ROWS)
        report = one_row(report.tree);
    collection_close(collection);
    return !made ? -1 : output_report(&report, options->output.format, error);
}

const struct command command_info = {
    .name = "info",
    .usage = "COLLECTION [--format NAME]",
    .help = "what a collection holds",
    .options = {.entries = entries},
    .size = sizeof(struct info_options),
    .run = run,
};
