/* What the words mean that the program shows: one table, engine/glossary/glossary.def, for the explorer, the page and
 * doc/glossary.md. */
#ifndef HUBSCOPE_ENGINE_GLOSSARY_GLOSSARY_H
#define HUBSCOPE_ENGINE_GLOSSARY_GLOSSARY_H

#include <stdbool.h>
#include <stddef.h>

struct glossary_entry {
    const char *word;
    const char *headings; /* of columns that it explains, separated by |; "" if none */
    const char *views;    /* that show it, separated by blanks; "" if none */
    const char *text;     /* one to three sentences */
};

extern const struct glossary_entry glossary[];
extern const size_t glossary_count;

/* The entry of a word or of a column's heading, preferably one that the view shows (null: any); null if there is
 * none. */
const struct glossary_entry *glossary_find(const char *heading, const char *view);
bool glossary_shown(const struct glossary_entry *entry, const char *view);

#endif
