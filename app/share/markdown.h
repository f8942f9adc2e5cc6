/* Turns a page of doc/ into a manual page. */
#ifndef HUBSCOPE_SHARE_MARKDOWN_H
#define HUBSCOPE_SHARE_MARKDOWN_H

#include "app/share/roff.h"
#include <stdbool.h>

enum { MARKDOWN_TITLE = 128 };

/* The text of the first heading. */
bool markdown_title(const char *page, char title[MARKDOWN_TITLE]);

/* Writes all that follows the first heading: headings, paragraphs, lists, examples, and tables as lists of terms.
 * `name_of` writes what a link to another page of doc/ leads to, as "hubscope-rules(7)"; false if it is no manual
 * page. */
void markdown_put(struct roff *roff, const char *page, bool (*name_of)(const char *file, char *name, size_t size));

#endif
