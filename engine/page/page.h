/* One self-contained HTML page about a collection: what normalisation does to it, in text, tables, charts and pictures.
 * It refers to nothing outside.  Its one script, which its Content-Security-Policy permits by hash, sorts, filters and
 * folds tables; without it all is shown, unfolded.  The same request gives the same bytes. */
#ifndef HUBSCOPE_ENGINE_PAGE_PAGE_H
#define HUBSCOPE_ENGINE_PAGE_PAGE_H

#include "engine/page/request.h"

/* The page's bytes, which the caller frees, and their number; null on failure.  Lists and charts are limited in size,
 * so beyond the analyses and bank reports memory grows by only a few numbers per item of the gallery. */
char *page_make(const struct page_request *request, size_t *size, struct job *job, struct error *error);

#endif
