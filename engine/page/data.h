/* The numbers a page is made from, in both directions.  Internal to engine/page/. */
#ifndef HUBSCOPE_ENGINE_PAGE_DATA_H
#define HUBSCOPE_ENGINE_PAGE_DATA_H

#include "engine/page/request.h"

enum { PAGE_BANKS = 8, PAGE_K = 10, PAGE_HUBS = 30, PAGE_FIRSTS = 10, PAGE_CHANGES = 20 };

struct page_side {                              /* a direction */
    struct study study;                         /* raw first; analysed */
    struct bootstrap difference[STUDY_ENTRIES]; /* of each entry from raw; unused for raw itself */
    size_t focus;                               /* the entry compared with raw; 0: none */
    const char *missing[RULES_MAX];             /* by index in rules[]: why a rule is missing when all were requested */
};

struct page {
    const struct page_request *request;
    struct page_side *side[2];           /* the page's direction, and the other or null */
    char other_missing[512];             /* why there is no other; "" if none was requested */
    struct bank_report bank[PAGE_BANKS]; /* of the page's direction; the first is the page's bank */
    double bank_r1[PAGE_BANKS];          /* R@1 of the rule compared with raw, fitted on it; NAN: none */
    double bank_skewness[PAGE_BANKS];    /* of N_10 under it */
    size_t banks;                        /* reported on */
    size_t banks_left;                   /* how many more exist */
};

/* Fits and measures everything requested; -1 with the error on failure. */
int page_gather(struct page *page, const struct page_request *request, struct job *job, struct error *error);
void page_close(struct page *page);

static inline const struct task *page_task(const struct page_side *side)
{
    return study_task(&side->study);
}
static inline const struct analysis *page_raw(const struct page *page)
{
    return &page->side[0]->study.analysis[0];
}
/* The analysis compared with raw; null if there is none. */
static inline const struct analysis *page_focus(const struct page *page)
{
    const struct page_side *side = page->side[0];

    return side->focus ? &side->study.analysis[side->focus] : NULL;
}

#endif
