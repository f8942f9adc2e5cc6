/* Shares of a command's work in files, which together make what one run does, to the last bit.  Those of an analysis
 * have the results of some of the queries under every rule of a study; for those of fits see fit_share.h. */
#ifndef HUBSCOPE_ENGINE_STUDY_PARTIAL_H
#define HUBSCOPE_ENGINE_STUDY_PARTIAL_H

#include "engine/formats/record_file.h"
#include "engine/study/study.h"

enum { PARTIALS_MOST = 10000, PARTIAL_STUDIES = 2 };

struct partial_share {
    size_t index, of; /* index from 0 */
};

struct partial_work {
    const char *command;
    const char *const *word; /* (words) that it was given, without what may differ between shares */
    size_t words;
};

/* Begins the file of a share. */
int partial_begin(struct record_writer *writer, const char *path, bool replace, struct partial_share share,
                  const struct partial_work *work, struct error *error);
/* Adds study number `number`, analysed while crew_pretend was this share. */
int partial_put(struct record_writer *writer, const struct study *study, size_t number, struct error *error);

struct partials {
    struct record_file *file;    /* (files) */
    struct partial_share *share; /* (files) */
    size_t files;
    const char *command;   /* whose shares these are */
    const char *word[256]; /* what all were made with */
    size_t words;
};

/* Opens the files; refuses those that do not belong together, and names the shares that are missing. */
int partials_open(struct partials *partials, const char *const *paths, size_t count, struct error *error);
void partials_close(struct partials *partials);

/* The file of a share; null if there is none. */
const struct record_file *partials_file(const struct partials *partials, size_t index);

/* Fills in the analyses of a study whose entries were added but not fitted. */
int partials_take(const struct partials *partials, struct study *study, size_t number, size_t top, struct error *error);

#endif
