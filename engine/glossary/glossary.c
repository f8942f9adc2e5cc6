#include "engine/glossary/glossary.h"
#include "engine/base/text.h"

#include <string.h>

const struct glossary_entry glossary[] = {
#define WORD(word, headings, views, text) {word, headings, views, text},
#include "engine/glossary/glossary.def"
#undef WORD
};
const size_t glossary_count = sizeof glossary / sizeof *glossary;

bool glossary_shown(const struct glossary_entry *entry, const char *view)
{
    return text_word(entry->views, view) >= 0;
}

static bool names(const struct glossary_entry *entry, const char *heading)
{
    size_t length = strlen(heading);

    if (strcmp(entry->word, heading) == 0)
        return true;
    for (const char *at = entry->headings; *at;) {
        size_t size = strcspn(at, "|");
        if (size == length && memcmp(at, heading, size) == 0)
            return true;
        at += size + (at[size] == '|');
    }
    return false;
}

const struct glossary_entry *glossary_find(const char *heading, const char *view)
{
    const struct glossary_entry *found = NULL;

    for (size_t i = 0; i < glossary_count; i++) {
        if (!names(&glossary[i], heading))
            continue;
        if (!view || glossary_shown(&glossary[i], view))
            return &glossary[i];
        found = found ? found : &glossary[i];
    }
    return found;
}
