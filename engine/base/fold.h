/* Text folded for comparing: without differences of case, accents and compatibility forms (full width, ligatures). */
#ifndef HUBSCOPE_ENGINE_BASE_FOLD_H
#define HUBSCOPE_ENGINE_BASE_FOLD_H

/* A copy that the caller frees; null when out of memory.  Any bytes are fine. */
char *fold_text(const char *text);

/* Of compatibility forms alone (NFKC): case and accents stay.  A copy that the caller frees; null when out of
 * memory. */
char *fold_forms(const char *text);

#endif
