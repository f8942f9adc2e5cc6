#include "app/encoder_options.h"
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#define FIELD(name) offsetof(struct encoder_options, name)

static const struct option_entry entries[] = {
    {"encoder-command", OPTION_TEXT, FIELD(command), "COMMAND",
     .help = "encode texts with a program: a line in, a vector out"},
    {"encoder-output", OPTION_CHOICE, FIELD(output), "text|float32",
     .help = "what the program prints for each line: numbers, or little-endian bytes (text)"},
    {"encoder-timeout", OPTION_REAL, FIELD(timeout), "SECONDS", .help = "how long an answer may take (10)"},
    {"encoder-start", OPTION_REAL, FIELD(start), "SECONDS",
     .help = "how long the first may take, while models load (60)"},
    {0},
};

const struct option_group encoder_group = {
    .entries = entries,
    .details = "An encoder command is run by /bin/sh and kept running: for each line of UTF-8 text on its standard\n"
               "input it prints one vector.  HUBSCOPE_ENCODER_COMMAND sets a default; a collection never names\n"
               "one.\n",
};

bool encoder_options_command(const struct encoder_options *options, struct encoder_command *command)
{
    const char *named = options->command ? options->command : getenv("HUBSCOPE_ENCODER_COMMAND");
    *command = (struct encoder_command){
        .command = named,
        .output = (enum encoder_output)options->output,
        .timeout = options->timeout,
        .start = options->start,
    };
    return named && named[0];
}

/* Replaces the model's encoder with the command, followed by the head in the model's folder, if there is one. */
static int replace_encoder(const struct encoder_command *command, const struct collection *collection,
                           struct collection_model *model, struct error *error)
{
    char path[PATH_MAX];
    struct encoder *encoder = encoder_open_command(command, model->dimension, error);
    if (!encoder)
        return -1;
    if (collection->path && (collection_model_path(model, collection->path, "encoder", path, sizeof path, error) ||
                             encoder_add_head(encoder, path, error))) {
        encoder_close(encoder);
        return -1;
    }
    encoder_close(model->encoder);
    model->encoder = encoder;
    return 0;
}

/* Whether the model has no encoder but a head, which was learned over the first model without an encoder. */
static bool is_head_alone(const struct collection *collection, const struct collection_model *model)
{
    char path[PATH_MAX];
    return !model->encoder && !model->stored && collection->path &&
           !collection_model_path(model, collection->path, "encoder/" ENCODER_HEAD, path, sizeof path, NULL) &&
           access(path, F_OK) == 0;
}

int encoder_options_apply(const struct encoder_options *options, struct collection *collection, struct error *error)
{
    struct encoder_command command;
    if (!encoder_options_command(options, &command))
        return 0;
    if (collection->model[0]->stored && !options->command)
        return 0; /* named in the environment, for other collections */
    if (collection->model[0]->stored)
        return error_set(error, ERROR_INPUT,
                         "%s: stores similarities, so no text can be encoded for it: omit the encoder command",
                         collection->path);
    for (size_t i = 0; i < collection->models; i++)
        if ((i == 0 || is_head_alone(collection, collection->model[i])) &&
            replace_encoder(&command, collection, collection->model[i], error))
            return -1;
    return 0;
}
