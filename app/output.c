#include "app/output.h"
#include "app/command.h"
#include "app/fail.h"
#include "engine/formats/output.h"
#include "engine/results/name.h"
#include <string.h>

static struct output file; /* of --output */

static int settle_format(struct options *options)
{
    const char *command = options->command->name;
    if (options->format != FORMAT_UNKNOWN) {
        return -1;
    }
    if (!options->output) {
        options->format = FORMAT_TEXT;
        return -1;
    }
    int format = name_format(options->output);
    if (format < 0) {
        return fail_usage(command, "what format is '%s' to have? Give its name an ending such as .csv, or --format",
                          options->output);
    }
    if (format == FORMAT_NPY) {
        return fail_usage(command, "vectors as .npy are written by eval --dump");
    }
    bool lists = options->command->options & OPTIONS_LISTS;
    if (!lists && (format == FORMAT_TREC || format == FORMAT_QRELS)) {
        return fail_usage(command, "'%s' would be a TREC file, which only lists writes", options->output);
    }
    options->format = format;
    return -1;
}

int output_begin(struct options *options)
{
    struct error error = {0};
    if (!(options->command->options & (OPTIONS_FORMAT | OPTIONS_LISTS | OPTIONS_PAGE))) {
        return -1;
    }
    int status = options->command->options & OPTIONS_PAGE ? -1 : settle_format(options);
    if (status >= 0 || !options->output || options->command->options & OPTIONS_LISTS) {
        return status;
    }
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

int report_show(struct report *report, int format)
{
    struct error error = {0};
    int failed = report_write(report, (enum format)format, output_stream(), &error);
    report_close(report);
    return failed ? fail(&error) : STATUS_OK;
}
