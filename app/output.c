#include "app/output.h"
#include "app/command.h"
#include "app/fail.h"
#include "engine/formats/output.h"
#include "engine/results/format.h"

static struct output file; /* of --output */

static int settle_format(struct options *options)
{
    const struct command *command = options->command;
    struct error error = {0};
    if (options->format)
        return -1;
    options->format = options->output ? format_choose_path(command->contents, command->name, options->output, &error)
                                      : options_default_format(command);
    if (options->format)
        return -1;
    return fail_usage(command->name, "%s%s", error.text,
                      format_of_path(FORMAT_ANY, options->output) ? "" : ", or give --format");
}

int output_begin(struct options *options)
{
    struct error error = {0};
    if (!options->command->contents)
        return -1;
    int status = settle_format(options);
    if (status >= 0 || !options->output || options->command->contents & FORMAT_LISTS)
        return status; /* lists open their own files */
    if (!options->replace && output_exists(options->output)) {
        return fail_text("%s exists already: give another name, or --replace", options->output);
    }
    return output_open(&file, options->output, options->replace, &error) ? fail(&error) : -1;
}

FILE *output_stream(void)
{
    return file.stream ? file.stream : stdout;
}

int output_end(int status)
{
    struct error error = {0};
    if (!file.stream) {
        return status;
    }
    if (status != STATUS_OK) {
        output_abandon(&file);
        return status;
    }
    return output_commit(&file, &error) ? fail(&error) : STATUS_OK;
}

int report_show(struct report *report, const struct format *format)
{
    struct error error = {0};
    int failed = format->report(report, output_stream(), &error);
    report_close(report);
    return failed ? fail(&error) : STATUS_OK;
}
