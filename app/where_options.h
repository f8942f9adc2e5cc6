/* Which videos a command's measures are of. */
#ifndef HUBSCOPE_APP_WHERE_OPTIONS_H
#define HUBSCOPE_APP_WHERE_OPTIONS_H

#include "app/bootstrap_options.h"
#include "app/workspace.h"

struct where_options {
    struct text_list where; /* none: all */
};

extern const struct option_group where_group;

/* -1 for wrong usage: measures of mass are not resampled for a subset. */
int where_options_check(const struct where_options *options, const struct bootstrap_options *bootstrap,
                        struct error *error);
/* Narrows the analyses of the workspace's study, which is open but not analysed, to the videos chosen. */
int where_options_apply(const struct where_options *options, struct workspace *workspace, struct error *error);

#endif
