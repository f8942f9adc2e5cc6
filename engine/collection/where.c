#include "engine/collection/where.h"

#include "engine/base/fold.h"
#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/base/nearest.h"
#include "engine/base/text.h"
#include "engine/catalog/scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONDITIONS = 8, NAME = 64, COLUMNS = 64, VALUES = 256, SHOWN = 8 };
static const char AND[] = " and ";

enum compares { HAS_WORDS, IS, HAS_NOT };

struct condition {
    char column[NAME];
    enum compares compares;
    char *value; /* folded */
};

/* A value of a column, and of how many videos. */
struct value {
    char text[NAME];
    size_t count;
};

struct choosing {
    struct condition condition[CONDITIONS];
    size_t conditions;
    bool *inside; /* null: only looks for columns */
    size_t chosen;
    char column[COLUMNS][NAME]; /* all columns of the table */
    size_t columns;
    struct value value[VALUES]; /* of the first condition's column */
    size_t values;
    bool memory; /* out of it */
};

static void note_column(struct choosing *choosing, const char *name, size_t length)
{
    for (size_t i = 0; i < choosing->columns; i++)
        if (strlen(choosing->column[i]) == length && memcmp(choosing->column[i], name, length) == 0)
            return;
    if (choosing->columns < COLUMNS && length && length < NAME)
        snprintf(choosing->column[choosing->columns++], NAME, "%.*s", (int)length, name);
}

static void note_columns(struct choosing *choosing, const struct catalog_row *video)
{
    note_column(choosing, "key", 3);
    note_column(choosing, "title", 5);
    note_column(choosing, "tags", 4);
    for (const char *line = video->details; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        size_t length = strcspn(line, "\n"), name = strcspn(line, ":");
        if (name < length)
            note_column(choosing, line, name);
    }
}

/* The video's value in a column, for the caller to free; "" without one, null when out of memory. */
static char *value_of(const struct catalog_row *video, const char *column)
{
    size_t length = strlen(column);

    if (strcmp(column, "key") == 0)
        return memory_text(video->key);
    if (strcmp(column, "title") == 0)
        return memory_text(video->title);
    if (strcmp(column, "tags") == 0)
        return memory_text(video->tags);
    for (const char *line = video->details; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        if (strncmp(line, column, length) != 0 || line[length] != ':')
            continue;
        const char *from = line + length + 1;
        from += strspn(from, " ");
        size_t size = strcspn(from, "\n");
        char *value = memory_array(size + 1, 1);
        return value ? memcpy(value, from, size) : NULL;
    }
    return memory_text("");
}

static bool is_word_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || (unsigned char)byte >= 0x80;
}

/* Whether folded text has the words, from the start of a word to the end of one. */
static bool has_words(const char *text, const char *words)
{
    size_t length = strlen(words);

    for (const char *at = text; length && (at = strstr(at, words)); at++)
        if ((at == text || !is_word_byte(at[-1]) || !is_word_byte(*words)) &&
            (!is_word_byte(at[length]) || !is_word_byte(words[length - 1])))
            return true;
    return false;
}

static void note_value(struct choosing *choosing, const char *text)
{
    char clean[NAME];

    text_clean(clean, sizeof clean, text);
    for (size_t i = 0; i < choosing->values; i++) {
        if (strcmp(choosing->value[i].text, clean) == 0) {
            choosing->value[i].count++;
            return;
        }
    }
    if (*clean && choosing->values < VALUES)
        choosing->value[choosing->values++] = (struct value){.count = 1};
    if (*clean && choosing->values <= VALUES)
        snprintf(choosing->value[choosing->values - 1].text, NAME, "%s", clean);
}

static bool fulfils(struct choosing *choosing, const struct condition *condition, const struct catalog_row *video)
{
    char *value = value_of(video, condition->column), *folded = value ? fold_text(value) : NULL;
    bool result = false;

    if (folded && condition == choosing->condition)
        note_value(choosing, value);
    if (folded)
        result = condition->compares == IS ? strcmp(folded, condition->value) == 0
                                           : has_words(folded, condition->value) == (condition->compares == HAS_WORDS);
    choosing->memory = choosing->memory || !folded;
    free(value);
    free(folded);
    return result;
}

static bool take_video(void *context, size_t row, const struct catalog_row *video)
{
    struct choosing *choosing = context;
    bool inside = true;

    note_columns(choosing, video);
    for (size_t i = 0; choosing->inside && i < choosing->conditions; i++)
        inside = fulfils(choosing, &choosing->condition[i], video) && inside;
    if (choosing->inside && inside) {
        choosing->inside[row] = true;
        choosing->chosen++;
    }
    return !choosing->memory;
}

/* Reads "group=smileys" (length). */
static int read_condition(struct choosing *choosing, const char *text, size_t length, struct error *error)
{
    struct condition *condition = &choosing->condition[choosing->conditions];
    size_t name = 0, end;
    char value[256];

    text += strspn(text, " ");
    while (name < length && text[name] != '=' && !(text[name] == '!' && text[name + 1] == '='))
        name++;
    end = name;
    while (end && text[end - 1] == ' ')
        end--;
    if (name == length || !end || end >= NAME)
        return error_set(error, ERROR_USAGE, "a condition is COLUMN=VALUE, COLUMN==VALUE or COLUMN!=VALUE, not '%.*s'",
                         length < 60 ? (int)length : 60, text);
    if (choosing->conditions == CONDITIONS)
        return error_set(error, ERROR_USAGE, "at most %d conditions", CONDITIONS);
    snprintf(condition->column, NAME, "%.*s", (int)end, text);
    condition->compares = text[name] == '!' ? HAS_NOT : text[name + 1] == '=' ? IS : HAS_WORDS;
    name += condition->compares == HAS_WORDS ? 1 : 2;
    while (name < length && text[name] == ' ')
        name++;
    while (length > name && text[length - 1] == ' ')
        length--;
    if (name >= length || length - name >= sizeof value)
        return error_set(error, ERROR_USAGE, "%s: give the value after '='", condition->column);
    snprintf(value, sizeof value, "%.*s", (int)(length - name), text + name);
    choosing->conditions++;
    return (condition->value = fold_text(value)) ? 0 : error_memory(error);
}

static int read_conditions(struct choosing *choosing, const char *text, struct error *error)
{
    const char *and;

    for (; (and = strstr(text, AND)); text = and+strlen(AND))
        if (read_condition(choosing, text, (size_t)(and-text), error))
            return -1;
    return read_condition(choosing, text, strlen(text), error);
}

static int refuse_columns(const struct choosing *choosing, struct error *error)
{
    char known[400] = "", advice[NEAREST_BYTES + 24];

    for (size_t i = 0; i < choosing->columns; i++)
        text_append(known, sizeof known, ", ", choosing->column[i]);
    for (size_t c = 0; c < choosing->conditions; c++) {
        const char *column = choosing->condition[c].column;
        struct nearest nearest = nearest_to(column, strlen(column));
        bool found = false;
        for (size_t i = 0; i < choosing->columns; i++) {
            found = found || strcmp(choosing->column[i], column) == 0;
            nearest_offer(&nearest, choosing->column[i]);
        }
        if (!found)
            return error_set(error, ERROR_INPUT, item_text("the videos' table has no column '%s'%s; it has %s"), column,
                             nearest_advice(&nearest, advice), known);
    }
    return 0;
}

static int by_count(const void *a, const void *b)
{
    const struct value *left = a, *right = b;

    if (left->count != right->count)
        return left->count < right->count ? 1 : -1;
    return strcmp(left->text, right->text);
}

static int refuse_values(struct choosing *choosing, const char *conditions, struct error *error)
{
    char known[300] = "";

    qsort(choosing->value, choosing->values, sizeof *choosing->value, by_count);
    for (size_t i = 0; i < choosing->values && i < SHOWN; i++)
        text_append(known, sizeof known, ", ", choosing->value[i].text);
    return error_set(error, ERROR_INPUT, item_text("no video has %s; %s is %s%s"), conditions,
                     choosing->condition[0].column, *known ? known : "empty", choosing->values > SHOWN ? ", ..." : "");
}

int where_choose(const struct collection *collection, const char *conditions, bool *inside, struct error *error)
{
    struct choosing *choosing = memory_array(1, sizeof *choosing);
    int status = -1;

    if (!choosing)
        return error_memory(error);
    choosing->inside = inside;
    memset(inside, 0, collection->videos * sizeof *inside);
    if (!collection->catalog)
        error_set(error, ERROR_INPUT, item_text("a condition needs a collection: matrices have no table of videos"));
    else if (!read_conditions(choosing, conditions, error) &&
             !catalog_scan_videos(collection->catalog, take_video, choosing, error))
        status = choosing->memory                  ? error_memory(error)
                 : choosing->chosen                ? refuse_columns(choosing, error)
                 : refuse_columns(choosing, error) ? -1
                                                   : refuse_values(choosing, conditions, error);
    for (size_t i = 0; i < choosing->conditions; i++)
        free(choosing->condition[i].value);
    free(choosing);
    return status;
}

bool where_column(const struct collection *collection, size_t index, char *name, size_t size)
{
    struct choosing *choosing = memory_array(1, sizeof *choosing);
    struct error unused;
    bool found = choosing && collection->catalog &&
                 !catalog_scan_videos(collection->catalog, take_video, choosing, &unused) && index < choosing->columns;

    if (found)
        snprintf(name, size, "%s", choosing->column[index]);
    free(choosing);
    return found;
}
