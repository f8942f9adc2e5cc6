/* An encoder that is a user's program, run by /bin/sh and kept running: a line of UTF-8 text on its standard input, for
 * each a vector on its standard output.  ENCODER_TEXT: a line of numbers separated by blanks or commas, in brackets or
 * not; ENCODER_FLOAT32: dimension little-endian float32 numbers.  It is started when it is opened; one that fails or
 * does not answer in time is ended, and started again at the next text, though not within three seconds.  Failures
 * quote the last line of its standard error. */
#ifndef HUBSCOPE_ENGINE_ENCODERS_COMMAND_OPTIONS_H
#define HUBSCOPE_ENGINE_ENCODERS_COMMAND_OPTIONS_H

enum encoder_output { ENCODER_TEXT, ENCODER_FLOAT32 };
enum { ENCODER_TIMEOUT = 10, ENCODER_START = 60 };
struct encoder_command {
    const char *command;
    enum encoder_output output;
    double timeout; /* seconds an answer may take; 0: ENCODER_TIMEOUT */
    double start;   /* seconds the first one may take; 0: ENCODER_START, but at least timeout */
};

#endif
