/* One table of what the explorer shows, made afresh from its fits and written to a file: a plain description of what is
 * wanted, so that it can be carried to another thread.
 *
 * What can be exported is a file of this folder, with the entry that describes it, and a line in exports.def. */
#ifndef HUBSCOPE_ENGINE_EXPORTS_EXPORT_H
#define HUBSCOPE_ENGINE_EXPORTS_EXPORT_H

#include "engine/encoders/encoding.h"
#include "engine/evaluation/sweep.h"
#include "engine/results/format.h"
#include "engine/results/ranking.h"
#include "engine/results/report.h"
#include "engine/study/study.h"

enum export_rules { /* which of the explorer's rules a report is about; lists and vectors have the current one alone */
                    EXPORT_NO_RULES,
                    EXPORT_SHOWN_RULES, /* a column each */
                    EXPORT_TWO_RULES,   /* the compared one and the current one */
                    EXPORT_ALL_RULES    /* the compared one first */
};

struct export;
struct export_outcome {
    size_t rows, files;
};

struct export_kind {
    const char *name; /* begins the name of a file */
    enum export_rules rules;

    /* How it is made; null: in no format that holds such contents.  -1 with the error on failure. */
    int (*report)(struct export *export, const struct format *format, struct report *report, struct job *job,
                  struct error *error);
    int (*lists)(struct export *export, const struct format *format, FILE *out, size_t *rows, struct job *job,
                 struct error *error);
    int (*vector)(struct export *export, const struct format *format, const char *path, size_t *rows, struct job *job,
                  struct error *error);
    int (*directory)(struct export *export, const char *path, bool replace, size_t *files, struct job *job,
                     struct error *error); /* whatever the format */
};

struct export
{
    const struct export_kind *kind;
    struct study study; /* of fits, over a task: the compared rule first, the current one last */
    size_t k;           /* of hubs */
    uint32_t *order;    /* (shown) rows of hubs, mass or shifts; null: in the table's own order */
    size_t shown;

    char *text;    /* of answers: the query, and what it was encoded to */
    float *vector; /* (d); null: evaluation query `query` */
    struct encoding encoding;
    size_t query;

    struct sweep sweep;                    /* of a sweep */
    struct rule_spec bank_spec[RULES_MAX]; /* of banks: the rules fitted on each */
    size_t bank_specs;
};

/* What it can be made into: enum format_contents. */
unsigned export_contents(const struct export_kind *kind);

/* Writes the export, in a format that holds one of its contents (of a directory, null).  A TREC run holds the current
 * rule's lists: of one query for answers, else of all evaluation queries.  .npy has one vector of the current rule:
 * scores (M), N_k (M), mass (M) or target ranks (Q). */
int export_write(struct export *export, const char *path, const struct format *format, bool replace,
                 struct export_outcome *outcome, struct job *job, struct error *error);

/* Closes the study and frees the rest. */
void export_close(struct export *export);

/* For the files of this folder: analyses the study, with lists long enough for `k`. */
int export_analyse(struct export *export, struct job *job, struct error *error);
/* The rows that are wanted, in their order. */
struct choice export_rows(const struct export *export);
/* All evaluation queries' lists under the last rule, or their judgements. */
int export_lists(struct export *export, const struct format *format, FILE *out, size_t *rows, struct job *job,
                 struct error *error);

#define EXPORT(name) extern const struct export_kind export_##name;
#include "engine/exports/exports.def"
#undef EXPORT

#endif
