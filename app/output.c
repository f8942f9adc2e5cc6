#include "app/output.h"
#include "engine/base/crew.h"
#include "engine/formats/output.h"
#include "engine/formats/terminal_stream.h"
#include "engine/results/describe.h"
#include <unistd.h>

static struct output file; /* of --output */
static FILE *terminal;     /* standard output, if that is a terminal; else null */

static int settle_format(struct output_options *options, unsigned contents, struct error *error)
{
    const struct format *text = format_named(contents, "text");
    format_csv_set_safe(options->csv_safe);
    if (options->choice >= 0)
        options->format = format_at(contents, (size_t)options->choice);
    else if (options->path)
        options->format = format_choose_path(contents, "--output", options->path, error);
    else
        options->format = text ? text : format_at(contents, 0);
    return options->format ? 0 : usage_from(error);
}

/* What a terminal shows is cleaned, in every format. */
static int open_terminal(struct error *error)
{
    if (terminal || !isatty(STDOUT_FILENO))
        return 0;
    int descriptor = dup(STDOUT_FILENO);
    if (descriptor >= 0 && !(terminal = terminal_stream_open(descriptor)))
        close(descriptor);
    return terminal ? 0 : error_system(error, "standard output");
}

/* Opens the file, if one is named, before the work starts. */
static int open_file(const struct output_options *options, struct error *error)
{
    if (!crew_leads())
        return 0; /* its words go nowhere */
    if (!options->path)
        return open_terminal(error);
    if (!options->replace && output_exists(options->path))
        return error_set(error, ERROR_INPUT, "%s already exists: give another name, or --replace", options->path);
    return output_open(&file, options->path, options->replace, error);
}

FILE *output_stream(void)
{
    return file.stream ? file.stream : terminal ? terminal : stdout;
}

static int close_terminal(struct error *error)
{
    FILE *closed = terminal;

    terminal = NULL;
    return closed && fclose(closed) ? error_system(error, "cannot write to standard output") : 0;
}

int output_end(bool keep, struct error *error)
{
    if (file.stream && keep)
        return output_commit(&file, error);
    output_abandon(&file);
    return close_terminal(error);
}

/* Prints the notices to standard error, for formats that hold rows only. */
static void put_notices(const struct report *report)
{
    const json_t *sections = report->layout.sections ? json_object_get(report->tree, report->layout.sections) : NULL;
    notices_put(stderr, report->tree);
    for (size_t i = 0; i < json_array_size(sections); i++)
        notices_put(stderr, json_array_get(sections, i));
}

int output_report(struct report *report, const struct format *format, struct error *error)
{
    if (format->shape == SHAPE_ROWS)
        put_notices(report);
    int failed = format->report(report, output_stream(), error);
    report_close(report);
    return failed;
}

static const char *name_of(unsigned contents, size_t index)
{
    const struct format *format = format_at(contents, index);
    return format ? format->name : NULL;
}

static const char *report_format(size_t index)
{
    return name_of(FORMAT_REPORT, index);
}

static const char *page_format(size_t index)
{
    return name_of(FORMAT_PAGE, index);
}

static const char *lists_format(size_t index)
{
    return name_of(FORMAT_LISTS, index);
}

static int settle_report(void *values, struct error *error)
{
    return settle_format(values, FORMAT_REPORT, error) || open_file(values, error) ? -1 : 0;
}

static int settle_page(void *values, struct error *error)
{
    return settle_format(values, FORMAT_PAGE, error) || open_file(values, error) ? -1 : 0;
}

static int settle_lists(void *values, struct error *error)
{
    return settle_format(values, FORMAT_LISTS, error) || open_terminal(error) ? -1 : 0;
}

static int settle_format_alone(void *values, struct error *error)
{
    return settle_format(values, FORMAT_REPORT, error) || open_terminal(error) ? -1 : 0;
}

#define FIELD(name) offsetof(struct output_options, name)
#define FORMAT_OPTION(names, words)                                                                                    \
    {                                                                                                                  \
        "format", OPTION_CHOICE, FIELD(choice), .help = words, .unset = NOT_GIVEN, .name_at = names                    \
    }
#define OUTPUT_OPTION(words)                                                                                           \
    {                                                                                                                  \
        "output", OPTION_TEXT, FIELD(path), "FILE", .help = words                                                      \
    }
#define REPLACE_OPTION                                                                                                 \
    {                                                                                                                  \
        "replace", OPTION_FLAG, FIELD(replace), .help = "replace that file if it exists"                               \
    }

static const struct option_entry report_entries[] = {
    FORMAT_OPTION(report_format, "output format (text, or by the ending of --output)"),
    OUTPUT_OPTION("write to a file instead of the terminal"),
    REPLACE_OPTION,
    CSV_SAFE_OPTION(output_options, csv_safe),
    {0},
};

static const struct option_entry page_entries[] = {
    FORMAT_OPTION(page_format, "output format (html)"),
    OUTPUT_OPTION("the page to write"),
    REPLACE_OPTION,
    {0},
};

static const struct option_entry lists_entries[] = {
    FORMAT_OPTION(lists_format, "output format (text, or by the ending of --output)"),
    OUTPUT_OPTION("write to a file instead of the terminal"),
    REPLACE_OPTION,
    CSV_SAFE_OPTION(output_options, csv_safe),
    {0},
};

static const struct option_entry format_entries[] = {
    FORMAT_OPTION(report_format, "output format (text)"),
    CSV_SAFE_OPTION(output_options, csv_safe),
    {0},
};

const struct option_group output_group = {.entries = report_entries, .settle = settle_report};
const struct option_group output_page_group = {.entries = page_entries, .settle = settle_page};
const struct option_group output_lists_group = {.entries = lists_entries, .settle = settle_lists};
const struct option_group output_format_group = {.entries = format_entries, .settle = settle_format_alone};
