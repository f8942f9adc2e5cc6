#include "app/command.h"
#include "app/encoder_options.h"
#include "app/fail.h"
#include "app/named_collection.h"
#include "app/output.h"
#include "app/progress.h"
#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/check/check.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct check_command_options {
    struct named_collection collection;
    struct encoder_options encoder;
    struct output_options output;
};

static const struct option_entry entries[] = {
    INCLUDE_GROUP(check_command_options, collection, named_collection_group),
    INCLUDE_GROUP(check_command_options, encoder, encoder_group),
    INCLUDE_GROUP(check_command_options, output, output_group),
    {0},
};

static const struct column columns[] = {
    {"check", "check", 0, 0, false},
    {"result", "result", 0, 0, false},
    {"what", "what", 0, 0, false},
};

static const char *result_of(const struct check *check)
{
    return check->skipped ? "skipped" : check->findings.faults ? "wrong" : "ok";
}

/* The findings, or the remarks; files are named relative to the collection. */
static json_t *findings_of(const struct check *check, const char *path, bool remarks)
{
    json_t *list = json_array();
    size_t length = strlen(path);
    for (size_t i = 0; i < check->findings.lines; i++) {
        char line[FINDINGS_LINE + 64];
        bool remark;
        findings_line(&check->findings, i, line, sizeof line, &remark);
        if (remark == remarks) {
            bool inside = strncmp(line, path, length) == 0 && line[length] == '/' && line[length + 1];
            json_array_append_new(list, report_text(inside ? line + length + 1 : line));
        }
    }
    return list;
}

static json_t *check_report(const struct check_report *found, const char *path)
{
    json_t *report = json_object(), *list = json_array();
    json_object_set_new(report, "collection", report_text(path));
    json_object_set_new(report, "ok", json_boolean(found->faults == 0));
    json_object_set_new(report, "faults", report_count(found->faults));
    for (size_t i = 0; i < found->checks; i++) {
        const struct check *check = &found->check[i];
        json_t *entry = json_object();
        json_object_set_new(entry, "check", json_string(check->name));
        json_object_set_new(entry, "result", json_string(result_of(check)));
        json_object_set_new(entry, "what", report_text(check->what));
        json_object_set_new(entry, "faults", report_count(check->findings.faults));
        json_object_set_new(entry, "findings", findings_of(check, path, false));
        json_object_set_new(entry, "remarks", findings_of(check, path, true));
        json_array_append_new(list, entry);
    }
    json_object_set_new(report, "checks", list);
    return report;
}

static void add_line(json_t *lines, const json_t *check, const char *result, json_t *what)
{
    json_array_append_new(
        lines, json_pack("{s:O,s:s,s:O}", "check", json_object_get(check, "check"), "result", result, "what", what));
}

/* One line for each check without findings, else one for each finding; then one for each remark. */
static json_t *lines_of(const json_t *report)
{
    json_t *lines = json_array(), *line;
    const json_t *check;
    size_t i, j;
    json_array_foreach (json_object_get(report, "checks"), i, check) {
        json_t *findings = json_object_get(check, "findings");
        const char *result = json_string_value(json_object_get(check, "result"));
        if (json_array_size(findings) == 0)
            add_line(lines, check, result, json_object_get(check, "what"));
        json_array_foreach (findings, j, line)
            add_line(lines, check, result, line);
        json_array_foreach (json_object_get(check, "remarks"), j, line)
            add_line(lines, check, "note", line);
    }
    return lines;
}

/* Lines rather than a table, whose columns would truncate the findings. */
static void put_lines(FILE *out, const json_t *report)
{
    report_put_text(out, report, "collection");
    double faults = report_get_real(report, "faults");
    if (faults > 0)
        fprintf(out, ": %.0f problem%s\n\n", faults, faults == 1 ? "" : "s");
    else
        fputs(": no problems\n\n", out);
    size_t i;
    const json_t *line, *lines = json_object_get(report, "lines");
    json_array_foreach (lines, i, line) {
        const char *check = json_string_value(json_object_get(line, "check"));
        fprintf(out, "%-8s  %-7s  ", strcmp(check, "videos") == 0 ? item_text("videos") : check,
                json_string_value(json_object_get(line, "result")));
        report_put_text(out, line, "what");
        fputc('\n', out);
    }
}

static int print(const struct check_report *found, const char *path, const struct format *format, struct error *error)
{
    struct report report = {
        .tree = check_report(found, path),
        .layout = {.rows = "lines", .columns = columns, .count = sizeof columns / sizeof *columns, .body = put_lines},
    };
    if (format->shape != SHAPE_TREE)
        json_object_set_new(report.tree, "lines", lines_of(report.tree));
    return output_report(&report, format, error);
}

static int run(const void *given, struct error *error)
{
    const struct check_command_options *options = given;
    struct encoder_command command;
    const struct check_options how = {
        .command = encoder_options_command(&options->encoder, &command) ? &command : NULL,
    };
    char path[PATH_MAX];
    if (named_collection_path(options->collection.name, path, sizeof path, error))
        return -1;
    struct check_report *found = memory_array(1, sizeof *found);
    if (!found)
        return error_memory(error);
    struct progress progress;
    progress_start(&progress, "Checking");
    int failed = collection_check(path, &how, found, &progress.job, error);
    progress_stop(&progress);
    failed = failed || print(found, path, options->output.format, error);
    int status = failed ? -1 : found->faults ? STATUS_FAILURE : STATUS_OK;
    check_report_close(found);
    free(found);
    return status;
}

const struct command command_check = {
    .name = "check",
    .usage = "COLLECTION [--format NAME]",
    .help = "verify a collection and list everything wrong with it",
    .options =
        {
            .entries = entries,
            .details = "The catalog's pages and indexes, counts, keys, captions and banks; the matrices' shapes,\n"
                       "vectors and digest; pictures; the encoder and how well it reproduces the stored vectors;\n"
                       "files that are not part of the collection.  The exit status is 1 if anything is wrong.\n",
        },
    .size = sizeof(struct check_command_options),
    .run = run,
};
