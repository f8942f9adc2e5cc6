/* One table of the explorer, computed again from its fits and written to a file.  The description of an export is plain
 * data, so that another thread can do the work.
 *
 * Each kind of export is a file of this folder, which defines its struct export_kind, and a line in exports.def. */
#ifndef HUBSCOPE_ENGINE_EXPORTS_EXPORT_H
#define HUBSCOPE_ENGINE_EXPORTS_EXPORT_H

#include "engine/evaluation/sweep.h"
#include "engine/results/format.h"
#include "engine/results/ranking.h"
#include "engine/results/report.h"
#include "engine/study/study.h"
#include "engine/typing/typed.h"

/* Which of the explorer's rules a report is about; lists and vectors are of the current one alone. */
enum export_rules {
    EXPORT_NO_RULES,
    EXPORT_SHOWN_RULES, /* a column each */
    EXPORT_TWO_RULES,   /* the compared one and the current one */
    EXPORT_ALL_RULES    /* the compared one first */
};

enum { EXPORT_MODELS = 2 }; /* of one export: the current rule's and the compared one's */

struct export_request;
struct export_outcome {
    size_t rows, files;
};

struct export_kind {
    const char *name; /* begins the proposed file name */
    enum export_rules rules;

    /* How it is made; null: not in formats of such contents.  -1 with the error on failure. */
    int (*report)(struct export_request *export, const struct format *format, struct report *report, struct job *job,
                  struct error *error);
    int (*lists)(struct export_request *export, const struct format *format, FILE *out, size_t *rows, struct job *job,
                 struct error *error);
    int (*vector)(struct export_request *export, const struct format *format, const char *path, size_t *rows,
                  struct job *job, struct error *error);
    int (*directory)(struct export_request *export, const char *path, bool replace, size_t *files, struct job *job,
                     struct error *error); /* whatever the format */
};

struct export_request {
    const struct export_kind *kind;
    struct subset subset; /* of hubs, mass, shifts and metrics, or zeroed: all videos */
    struct study study;   /* of the explorer's fits: the compared rule first, the current one last, of metrics in any
                           order; its own task is that of the current rule's model, followed by the compared one's if
                           that is another */
    size_t compared;      /* of metrics: the entry that the others are compared with */
    size_t k;             /* of hubs */
    uint32_t *order;      /* (shown) rows of hubs, mass or shifts; of answers the videos listed, ascending; null: all in
                           the table's own order */
    size_t shown;

    char *text;                   /* of answers: the query, and what was made of it */
    float *vector[EXPORT_MODELS]; /* (d) by task of the study; null for evaluation query `query` */
    struct typed typed;
    size_t query;

    struct sweep sweep;                    /* of a sweep */
    struct rule_spec bank_spec[RULES_MAX]; /* of banks: the rules fitted on each */
    size_t bank_specs;
};

/* The contents it can be made into: enum format_contents. */
unsigned export_contents(const struct export_kind *kind);

/* Writes the export, in a format that holds one of its contents (null for a directory).  A TREC run holds the current
 * rule's lists: of one query for answers, else of all evaluation queries.  .npy has one vector of the current rule:
 * scores (M), N_k (M), mass (M) or target ranks (Q).  -1 with the error on failure. */
int export_write(struct export_request *export, const char *path, const struct format *format, bool replace,
                 struct export_outcome *outcome, struct job *job, struct error *error);

/* Writes its report, which it must have, to a stream. */
int export_print(struct export_request *export, FILE *out, const struct format *format, struct export_outcome *outcome,
                 struct job *job, struct error *error);

/* Closes the study and frees the rest. */
void export_close(struct export_request *export);

/* For the files of this folder: analyses the study, with lists long enough for `k`. */
int export_analyse(struct export_request *export, struct job *job, struct error *error);
/* The rows to export, in order. */
struct choice export_rows(const struct export_request *export);
/* Writes all evaluation queries' lists under the last rule, or their judgements. */
int export_lists(struct export_request *export, const struct format *format, FILE *out, size_t *rows, struct job *job,
                 struct error *error);

#define EXPORT(name) extern const struct export_kind export_##name;
#include "engine/exports/exports.def"
#undef EXPORT

#endif
