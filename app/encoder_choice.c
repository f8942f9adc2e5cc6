#include "app/encoder_choice.h"
#include <stdlib.h>

int encoder_choose(const struct options *options, struct collection *collection, struct error *error)
{
    const char *named = options->encoder_command ? options->encoder_command : getenv("HUBSCOPE_ENCODER_COMMAND");
    if (!named || !named[0]) {
        return 0;
    }
    if (collection->stored) {
        return error_set(error, ERROR_INPUT,
                         "%s: stores similarities, so that no text can be encoded for it: leave out the encoder command",
                         collection->path);
    }
    const struct encoder_command command = {
        .command = named,
        .output = (enum encoder_output)options->encoder_output,
        .timeout = options->encoder_timeout,
        .start = options->encoder_start,
    };
    struct encoder *encoder = encoder_open_command(&command, collection->dimension, error);
    if (!encoder) {
        return -1;
    }
    encoder_close(collection->encoder);
    collection->encoder = encoder;
    return 0;
}
