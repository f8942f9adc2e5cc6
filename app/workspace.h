/* What every command on data does first: open the collection or bare matrices and a study of them in one direction,
 * with the banks and rules of the options; then fit and analyse.  Steps that take long show their progress. */
#ifndef HUBSCOPE_APP_WORKSPACE_H
#define HUBSCOPE_APP_WORKSPACE_H

#include "app/data_options.h"
#include "engine/study/study.h"

struct workspace {
    const struct data_options *options;
    struct collection *collection;
    struct study study;
    struct subset subset; /* that the study is narrowed to; zeroed: none */
};

/* Each returns -1 on failure; call workspace_close in every case.  `direction` is that of the first study, whose
 * queries the judgements name. */
int workspace_open(struct workspace *workspace, const struct data_options *options, enum direction direction,
                   struct error *error);
/* Opens a study; closes the one that was open. */
int workspace_study(struct workspace *workspace, enum direction direction, struct error *error);
/* Adds the rules of --rule, by default those of raw, qbnorm and ncl that can be used, without fitting them. */
int workspace_rules(struct workspace *workspace, struct error *error);
int workspace_fit(struct workspace *workspace, struct error *error);       /* adds the rules too */
int workspace_fit_added(struct workspace *workspace, struct error *error); /* those of workspace_rules */
/* Keeps lists of `top` places, at least ANALYSIS_TOP. */
int workspace_analyse(struct workspace *workspace, size_t top, struct error *error);

/* So that workspace_difference tests mass as well: see study_sample_mass. */
int workspace_sample_mass(struct workspace *workspace, const size_t *entry, size_t count, size_t samples, size_t seed,
                          struct error *error);
/* The paired bootstrap from one analysed rule to another. */
int workspace_difference(const struct workspace *workspace, size_t from, size_t to, size_t samples, size_t seed,
                         struct bootstrap *result, struct error *error);

void workspace_close(struct workspace *workspace);

/* What most commands do: opens the data and a study of it, and passes both to `report` with the command's options. */
int workspace_run(const struct data_options *data, enum direction direction,
                  int (*report)(struct workspace *workspace, const void *options, struct error *error),
                  const void *options, struct error *error);

#endif
