/* One self-contained HTML page about a collection: what normalisation does to it, in words, tables, charts and
 * pictures.  Nothing outside it is referenced and nothing in it runs.  The same request gives the same bytes. */
#ifndef HUBSCOPE_ENGINE_PAGE_PAGE_H
#define HUBSCOPE_ENGINE_PAGE_PAGE_H

#include "engine/collection/collection.h"
#include "engine/fitting/rule.h"
#include <stdint.h>

enum { PAGE_RULES = 64 };

struct page_rule {
    struct rule_spec spec;
    struct bank_subset bank; /* fitted on this bank; name "": on the page's */
};

struct page_request {
    const struct collection *collection; /* borrowed */
    enum direction direction;            /* what the page is about */
    bool both;                           /* also the measures of the other direction, where it has any: with its first
                                            bank, and the rules that can be used there */
    struct bank_subset bank;             /* name "": the first; size and adversarial need a name */
    const char *gallery_bank;            /* null: the first */
    struct page_rule rule[PAGE_RULES];   /* raw is added in front where it is missing */
    size_t rules;                        /* 0: all that can be used */
    size_t focus;                        /* index of the rule that is set against raw in charts and lists; SIZE_MAX:
                                            ncl, else the first that is neither raw, transductive nor a baseline */
    size_t samples;                      /* of the bootstrap, above 0 */
    uint64_t seed;
    const char *command;                 /* that makes the page again */
};

/* The page's bytes, which the caller frees, and their number; null on failure.  Lists and charts are cut to a size, so
 * that memory and bytes beyond the analyses and bank reports grow with the gallery by a few numbers an item only. */
char *page_make(const struct page_request *request, size_t *size, struct job *job, struct error *error);

#endif
