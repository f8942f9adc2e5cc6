/* Fits made of shares: each of several runs walks its share of the banks' similarities and keeps what it found of them
 * in a file; the last one puts these together and fits the rules.  For rules that do not iterate. */
#ifndef HUBSCOPE_ENGINE_STUDY_FIT_SHARE_H
#define HUBSCOPE_ENGINE_STUDY_FIT_SHARE_H

#include "engine/base/crew.h"
#include "engine/study/partial.h"

struct fit_share {
    struct crew_store store;
    struct record_writer *writer;    /* of a share */
    const struct partials *partials; /* or of all of them */
};

/* From here until fit_share_end, study_fit makes this share only and puts it into the writer; the study's fits are
 * incomplete and of no use. */
void fit_share_make(struct fit_share *share, struct record_writer *writer, struct partial_share of,
                    const struct collection *collection);
/* From here until fit_share_end, study_fit takes what it needs of the banks from the shares, which must be of the same
 * data. */
int fit_share_take(struct fit_share *share, const struct partials *partials, const struct collection *collection,
                   struct error *error);
void fit_share_end(void);

#endif
