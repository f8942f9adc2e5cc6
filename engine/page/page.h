/* One self-contained HTML page about a collection: what normalisation does to it, in words, tables, charts and
 * pictures.  Nothing outside it is referenced and nothing in it runs.  The same request gives the same bytes. */
#ifndef HUBSCOPE_ENGINE_PAGE_PAGE_H
#define HUBSCOPE_ENGINE_PAGE_PAGE_H

#include "engine/page/request.h"

/* The page's bytes, which the caller frees, and their number; null on failure.  Lists and charts are cut to a size, so
 * that memory and bytes beyond the analyses and bank reports grow with the gallery by a few numbers an item only. */
char *page_make(const struct page_request *request, size_t *size, struct job *job, struct error *error);

#endif
