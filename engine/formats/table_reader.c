#include "engine/formats/table_reader.h"

#include "engine/base/text.h"
#include "engine/formats/table_line.h"

#include <string.h>

const struct table_reader *const table_readers[] = {
#define TABLE_READER(name) &table_##name,
#include "engine/formats/table_readers.def"
    NULL,
};

static bool has_extension(const char *path, const char *extensions)
{
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash ? slash : path, '.');

    return dot && text_word(extensions, dot + 1) >= 0;
}

/* Whether the first line contains a column name of ours. */
static bool is_header(const char *bytes, size_t size)
{
    static const char *const names[] = {"caption", "key", "video"};
    size_t end = table_line_length(bytes, size);

    for (size_t at = table_skip_mark(bytes, size), length; at < end; at += length + 1) {
        for (length = 0; at + length < end && !strchr(",;\t\r\n", bytes[at + length]); length++)
            ;
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            if (length == strlen(names[i]) && memcmp(bytes + at, names[i], length) == 0)
                return true;
    }
    return false;
}

const struct table_reader *table_reader_for(const char *path, const char *bytes, size_t size)
{
    const struct table_reader *named = NULL, *known = NULL;

    for (size_t i = 0; table_readers[i]; i++) {
        if (!named && has_extension(path, table_readers[i]->extensions))
            named = table_readers[i];
        if (!known && table_readers[i]->recognise(bytes, size))
            known = table_readers[i];
    }
    /* JSON lines are often named .json, and tables of any kind .txt. */
    if (named == &table_json && known == &table_jsonl)
        return known;
    if (named == &table_csv) {
        size_t start = table_skip_mark(bytes, size);
        return table_separator(bytes + start, size - start) == '\t' ? &table_tsv : named;
    }
    if (named == &table_text && (known != &table_csv || is_header(bytes, size)))
        return known;
    return named ? named : known;
}
