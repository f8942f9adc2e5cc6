/* A study: rules of models on banks of one collection, fitted, analysed and compared together.
 *
 * An entry is a rule of a model with its parameters on a bank, written "MODEL/RULE:params@BANK".  All entries rank the
 * same gallery for the same queries, so any two can be compared; the two directions of a collection are therefore two
 * studies.  Entries of the same model and bank share a task, the passes over the bank that fit them and the one pass
 * over the queries that analyses them.
 *
 * Open a study, add entries, fit, analyse, compare, close; without analyses fitting is enough.  Fitting and analysing
 * are separate calls so that the owner of the job can report which of them is running.  The collection is borrowed.
 * After a failed call the study can still be read and must still be closed. */
#ifndef HUBSCOPE_ENGINE_STUDY_STUDY_H
#define HUBSCOPE_ENGINE_STUDY_STUDY_H

#include "engine/collection/collection.h"
#include "engine/evaluation/analysis.h"
#include "engine/evaluation/bank_report.h"
#include "engine/evaluation/bootstrap.h"

enum { STUDY_ENTRIES = 64 };

/* What identifies an entry. */
struct study_key {
    struct rule_spec spec;             /* rule null, when adding: every rule that can be used */
    char model[COLLECTION_MODEL_NAME]; /* "": the study's */
    bool banked;                       /* on a bank of its own; else on the study's */
    struct bank_subset bank;
};

struct study_options {
    enum direction direction;
    const struct collection_model *model; /* the study's model; null: the collection's first */
    struct bank_subset bank;              /* the study's bank; name "": the first of the direction, if there is any */
    struct bank_subset rows;              /* the rows of every bank given by name alone; its own name is ignored */
    const char *gallery_bank;             /* the second bank; null: the first */
    struct conventions conventions;
};

struct study {
    const struct collection *collection;
    struct study_options options;
    /* the study's own first, then one for each other model and bank that an entry names */
    const struct task *task[STUDY_ENTRIES + 1];
    size_t tasks;
    size_t borrowed;                         /* the first tasks, which are not the study's to close */
    struct study_key key[STUDY_ENTRIES];     /* in the order in which they were added; with model and full bank name */
    size_t task_of[STUDY_ENTRIES];           /* in `task` */
    struct fit *fit[STUDY_ENTRIES];          /* null until fitted */
    struct analysis analysis[STUDY_ENTRIES]; /* zeroed until analysed */
    struct mass_samples mass[STUDY_ENTRIES]; /* zeroed until sampled */
    bool no_cache;                           /* fits are neither cached nor looked for among cached ones */
    const struct subset *subset;             /* borrowed, or null: analyses are narrowed to it.  Set before analysing */
    size_t entries;
};

/* Opens a study without entries.  The job is for choosing rows of the bank.  Fails for an unknown bank (the message
 * lists the known ones) and for more rows than the bank has. */
int study_open(struct study *study, const struct collection *collection, const struct study_options *options,
               struct job *job, struct error *error);
/* The same over an open task, which outlives the study. */
void study_over(struct study *study, const struct task *task);
/* Adds an open task of another model, like the study's own in everything else, which outlives the study.  Only right
 * after study_over. */
void study_also(struct study *study, const struct task *task);
/* The same over all tasks of another study, which outlives this one; banks named later are taken whole, ignoring the
 * other study's `rows`. */
void study_share(struct study *study, const struct study *other);
void study_close(struct study *study); /* a zeroed study is fine */

/* Reads "RULE", "RULE:params", "RULE:params@BANK", "all" and "all@BANK", also after "MODEL/"; rule_parse and
 * bank_name_parse define the parts.  Default parameters are those of the model named, else of `model`.  Both collection
 * and model may be null, to find misspellings without data.  Fails for an unknown model, and for a bank after a rule
 * that takes none. */
int study_key_parse(const char *text, const struct collection *collection, const struct collection_model *model,
                    struct study_key *key, struct error *error);

/* Adds the entries that the key names, and opens a task of its model on its bank unless one is open.  "All" adds every
 * rule that can be used; on a named bank, those that depend on it.  Fails for a single rule that cannot be used, with
 * the reason. */
int study_add(struct study *study, const struct study_key *key, struct job *job, struct error *error);
int study_add_text(struct study *study, const char *text, struct job *job, struct error *error);
/* Adds a fit made on a task of study_over or study_also; the study keeps its own reference. */
int study_add_fit(struct study *study, struct fit *fit, struct error *error);

/* Fits the entries not fitted yet, with as few passes over each bank as possible. */
int study_fit(struct study *study, struct job *job, struct error *error);
/* Analyses the fitted entries not analysed yet, in one pass per bank; lists have `top` places, ANALYSIS_TOP to
 * ANALYSIS_TOP_MOST. */
int study_analyse(struct study *study, size_t top, struct job *job, struct error *error);

/* Measures the mass of `count` analysed entries (null: of all) on bootstrap samples, so that study_difference with the
 * same samples and seed tests mass as well.  Takes much longer than the bootstrap of all other measures. */
int study_sample_mass(struct study *study, const size_t *entry, size_t count, size_t samples, uint64_t seed,
                      struct job *job, struct error *error);

/* The paired bootstrap from one analysed entry to another, of hubness at k = 10. */
int study_difference(const struct study *study, size_t from, size_t to, size_t samples, uint64_t seed,
                     struct bootstrap *result, struct job *job, struct error *error);

/* Reports on a bank, as if it were the study's, and on `count` specs fitted on it: see bank_report_make. */
int study_report_bank(const struct study *study, const struct bank_subset *bank, const struct rule_spec *specs,
                      size_t count, struct bank_report *report, struct job *job, struct error *error);

/* The entries on task `task`, ascending, into `entry` (STUDY_ENTRIES); returns how many. */
size_t study_entries_on(const struct study *study, size_t task, size_t *entry);

/* The study's own task, and the one that an entry is fitted on. */
static inline const struct task *study_task(const struct study *study)
{
    return study->task[0];
}
static inline const struct task *study_task_of(const struct study *study, size_t entry)
{
    return study->task[study->task_of[entry]];
}

#endif
