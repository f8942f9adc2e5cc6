/* Shares of an analysis in files: each has the results of some of the queries under every rule of a study, and together
 * they make what one run over all queries finds, to the last bit. */
#ifndef HUBSCOPE_ENGINE_STUDY_PARTIAL_H
#define HUBSCOPE_ENGINE_STUDY_PARTIAL_H

#include "engine/formats/record_file.h"
#include "engine/study/study.h"

enum { PARTIALS_MOST = 10000, PARTIAL_STUDIES = 2 };

struct partial_share {
    size_t index, of; /* index from 0 */
};

/* Begins the file of a share: `words` are those of the command that made it, without what may differ between shares. */
int partial_begin(struct record_writer *writer, const char *path, bool replace, struct partial_share share,
                  const char *const *words, size_t count, struct error *error);
/* Adds study number `number`, analysed while crew_pretend was this share. */
int partial_put(struct record_writer *writer, const struct study *study, size_t number, struct error *error);

struct partials {
    struct record_file *file;    /* (files) */
    struct partial_share *share; /* (files) */
    size_t files;
    const char *word[256]; /* what all were made with */
    size_t words;
};

/* Opens the files; refuses those that do not belong together, and names the shares that are missing. */
int partials_open(struct partials *partials, const char *const *paths, size_t count, struct error *error);
void partials_close(struct partials *partials);

/* Fills in the analyses of a study whose entries were added but not fitted. */
int partials_take(const struct partials *partials, struct study *study, size_t number, size_t top, struct error *error);

#endif
