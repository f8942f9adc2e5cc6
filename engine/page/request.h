/* What a page should show. */
#ifndef HUBSCOPE_ENGINE_PAGE_REQUEST_H
#define HUBSCOPE_ENGINE_PAGE_REQUEST_H

#include "engine/study/study.h"

struct page_request {
    const struct collection *collection;  /* borrowed */
    enum direction direction;             /* what the page is about */
    bool both;                            /* also the measures of the other direction, if it has any: on its first
                                            bank, with the rules that can be used there */
    struct bank_subset bank;              /* name "": the first */
    const char *gallery_bank;             /* null: the first */
    struct conventions conventions;       /* of video to text */
    const struct study *study;            /* already open on all of this in the page's direction, so that its banks
                                            need not be opened again; or null */
    struct study_key rule[STUDY_ENTRIES]; /* raw is put first, and added if missing */
    size_t rules;                         /* 0: all that can be used */
    size_t focus;                         /* index of the rule compared with raw in charts and lists; SIZE_MAX:
                                            ncl, else the first that is neither raw, transductive nor a baseline */
    size_t samples;                       /* of the bootstrap, above 0 */
    bool mass;                            /* whether it tests measures of mass */
    uint64_t seed;
    const char *command; /* reproduces the page */
};

#endif
