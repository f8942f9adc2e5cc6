#include "app/encoder_choice.h"
#include <stdlib.h>

bool encoder_named(const struct options *options, struct encoder_command *command)
{
    const char *named =
        options->encoder_command ? options->encoder_command : getenv("HUBSCOPE_ENCODER_COMMAND");
    *command = (struct encoder_command){
        .command = named,
        .output = (enum encoder_output)options->encoder_output,
        .timeout = options->encoder_timeout,
        .start = options->encoder_start,
    };
    return named && named[0];
}

int encoder_choose(const struct options *options, struct collection *collection,
                   struct error *error)
{
    struct encoder_command command;
    if (!encoder_named(options, &command)) {
        return 0;
    }
    if (collection->stored && !options->encoder_command) {
        return 0; /* it was named for other collections */
    }
    if (collection->stored) {
        return error_set(error, ERROR_INPUT,
                         "%s: stores similarities, so that no text can be encoded for it: leave "
                         "out the encoder command",
                         collection->path);
    }
    struct encoder *encoder = encoder_open_command(&command, collection->dimension, error);
    if (!encoder) {
        return -1;
    }
    encoder_close(collection->encoder);
    collection->encoder = encoder;
    return 0;
}
