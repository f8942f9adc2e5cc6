/* Options of commands that can do a share of their work, for `hubscope merge`. */
#ifndef HUBSCOPE_APP_SHARE_OPTIONS_H
#define HUBSCOPE_APP_SHARE_OPTIONS_H

#include "app/options.h"
#include "engine/study/partial.h"

struct share_options {
    const char *shard, *partial;
    struct partial_share share; /* of 0: none */
};

extern const struct option_group share_group;

/* Begins the file of the share that `command` makes with the words it was given; without a share does nothing. */
int share_options_begin(const struct share_options *options, struct record_writer *writer, const char *command,
                        bool replace, struct error *error);
/* Ends it, or leaves no file if the command failed; returns that. */
int share_options_end(struct record_writer *writer, int failed, struct error *error);

/* Refuses rules whose fit a share cannot make. */
int share_options_refuse(const struct study *study, struct error *error);

#endif
