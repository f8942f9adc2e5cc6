#include "engine/typing/lexicon.h"

#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/catalog/scan.h"
#include "engine/encoders/words.h"
#include "engine/typing/symbol.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POOL_MOST = 32 << 20 };

struct entry { /* of a word or title: how often it occurs; of a symbol: where it stands */
    uint32_t text;
    uint32_t count;
};

struct entries {
    struct entry *entry;
    size_t count, room;
};

enum symbol_place { IN_KEY, IN_TITLE, IN_TAGS, IN_DETAILS };

struct symbol {
    uint32_t text, title;
    uint32_t order; /* of discovery: by place, then by video */
};

struct lexicon {
    struct catalog *catalog;
    pthread_mutex_t lock;
    bool filled;
    struct error failure; /* why it could not be filled */
    char *pool;           /* NUL-terminated texts */
    size_t used, room;
    struct entries words, titles;
    struct symbol *symbol;
    size_t symbols, symbol_room;
};

/* ---- filling ---- */

/* Where the text is in the pool; UINT32_MAX when that is full, or when out of memory. */
static uint32_t keep(struct lexicon *lexicon, const char *text)
{
    size_t bytes = strlen(text) + 1;

    if (lexicon->used + bytes > POOL_MOST)
        return UINT32_MAX;
    if (lexicon->used + bytes > lexicon->room) {
        size_t room = 2 * lexicon->room + bytes + 4096;
        char *grown = memory_grow(lexicon->pool, room, 1);
        if (!grown) {
            error_memory(&lexicon->failure);
            return UINT32_MAX;
        }
        lexicon->pool = grown;
        lexicon->room = room;
    }
    memcpy(lexicon->pool + lexicon->used, text, bytes);
    lexicon->used += bytes;
    return (uint32_t)(lexicon->used - bytes);
}

static void add_entry(struct lexicon *lexicon, struct entries *entries, const char *text)
{
    if (entries->count == entries->room) {
        size_t room = 2 * entries->room + 256;
        struct entry *grown = memory_grow(entries->entry, room, sizeof *grown);
        if (!grown) {
            error_memory(&lexicon->failure);
            return;
        }
        entries->entry = grown;
        entries->room = room;
    }
    uint32_t kept = keep(lexicon, text);
    if (kept != UINT32_MAX)
        entries->entry[entries->count++] = (struct entry){kept, 1};
}

static void add_symbol(struct lexicon *lexicon, const char *text, enum symbol_place place, const char *title)
{
    if (lexicon->symbols == lexicon->symbol_room) {
        size_t room = 2 * lexicon->symbol_room + 64;
        struct symbol *grown = memory_grow(lexicon->symbol, room, sizeof *grown);
        if (!grown) {
            error_memory(&lexicon->failure);
            return;
        }
        lexicon->symbol = grown;
        lexicon->symbol_room = room;
    }
    struct symbol symbol = {.text = keep(lexicon, text),
                            .title = keep(lexicon, title),
                            .order = (uint32_t)place << 28 | (uint32_t)(lexicon->symbols & 0xfffffff)};
    if (symbol.text != UINT32_MAX && symbol.title != UINT32_MAX)
        lexicon->symbol[lexicon->symbols++] = symbol;
}

static void add_symbols_in(struct lexicon *lexicon, const char *text, enum symbol_place place, const char *title)
{
    char plain[SYMBOL_BYTES];

    for (size_t length; *text; text += length) {
        const char *next = text;
        length = symbol_cluster(text);
        if (symbol_is(text_next(&next)) && symbol_plain(text, length, plain))
            add_symbol(lexicon, plain, place, title);
    }
}

/* A key that is the code points of a symbol in hexadecimal, joined by - or _.  Decimal digits alone are too likely a
 * number to be believed unless they are five. */
static void add_symbol_of_key(struct lexicon *lexicon, const char *key, const char *title)
{
    char text[SYMBOL_BYTES + TEXT_POINT], plain[SYMBOL_BYTES];
    size_t used = 0;

    while (*key && used < SYMBOL_BYTES) {
        char *end;
        size_t digits = strspn(key, "0123456789abcdefABCDEF");
        unsigned long point = digits >= 4 && digits <= 6 ? strtoul(key, &end, 16) : 0;
        if (!point || point > 0x10ffff || (!used && !symbol_is((uint32_t)point)) ||
            (digits == 4 && !used && strspn(key, "0123456789") >= 4))
            return;
        text_put((uint32_t)point, text + used);
        used += strlen(text + used);
        key += digits;
        key += *key && strchr("-_", *key) ? 1 : 0;
    }
    if (used && text_is_utf8(text, used) && symbol_plain(text, used, plain))
        add_symbol(lexicon, plain, IN_KEY, title);
}

/* The folded words of a text, each kept on its own and all of them, if several, as a title if `titles`. */
static void add_words(struct lexicon *lexicon, const char *text, bool titles)
{
    char phrase[NEAREST_BYTES] = "";
    struct words words = words_of(text);
    struct word word;
    size_t used = 0, count = 0;

    while (words_next(&words, &word)) {
        if (word.pair)
            continue;
        count++;
        if (word.bytes < NEAREST_BYTES)
            add_entry(lexicon, &lexicon->words, word.folded);
        if (used + word.bytes + 1 < sizeof phrase)
            used += (size_t)snprintf(phrase + used, sizeof phrase - used, "%s%s", used ? " " : "", word.folded);
        else
            titles = false; /* too long for a suggestion */
    }
    if (titles && count > 1)
        add_entry(lexicon, &lexicon->titles, phrase);
}

static bool take_video(void *context, size_t row, const struct catalog_row *video)
{
    struct lexicon *lexicon = context;
    const char *const texts[] = {video->key, video->title, video->tags, video->details};
    char title[CATALOG_TITLE];

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!text_is_utf8(texts[i], strlen(texts[i])))
            return row + 1 < LEXICON_VIDEOS;
    text_clean(title, sizeof title, *video->title ? video->title : video->tags);
    add_words(lexicon, video->title, true);
    add_words(lexicon, video->tags, false);
    if (*title) {
        add_symbol_of_key(lexicon, video->key, title);
        add_symbols_in(lexicon, video->key, IN_KEY, title);
        add_symbols_in(lexicon, video->title, IN_TITLE, title);
        add_symbols_in(lexicon, video->tags, IN_TAGS, title);
        add_symbols_in(lexicon, video->details, IN_DETAILS, title);
    }
    return row + 1 < LEXICON_VIDEOS;
}

static int by_text(const void *left, const void *right, void *pool)
{
    return strcmp((char *)pool + ((const struct entry *)left)->text,
                  (char *)pool + ((const struct entry *)right)->text);
}

static int by_symbol(const void *left, const void *right, void *pool)
{
    const struct symbol *a = left, *b = right;
    int order = strcmp((char *)pool + a->text, (char *)pool + b->text);

    return order ? order : (a->order > b->order) - (a->order < b->order);
}

/* Sorts, and counts what occurs several times. */
static void merge(struct lexicon *lexicon, struct entries *entries)
{
    size_t kept = 0;

    if (!entries->count)
        return;
    qsort_r(entries->entry, entries->count, sizeof *entries->entry, by_text, lexicon->pool);
    for (size_t i = 1; i < entries->count; i++)
        if (by_text(&entries->entry[kept], &entries->entry[i], lexicon->pool) == 0)
            entries->entry[kept].count++;
        else
            entries->entry[++kept] = entries->entry[i];
    entries->count = kept + 1;
}

static void fill(struct lexicon *lexicon)
{
    if (lexicon->catalog)
        catalog_scan_videos(lexicon->catalog, take_video, lexicon, &lexicon->failure);
    if (lexicon->failure.kind) {
        lexicon->used = lexicon->words.count = lexicon->titles.count = lexicon->symbols = 0;
        return;
    }
    merge(lexicon, &lexicon->words);
    merge(lexicon, &lexicon->titles);
    if (lexicon->symbols)
        qsort_r(lexicon->symbol, lexicon->symbols, sizeof *lexicon->symbol, by_symbol, lexicon->pool);
}

static void require(struct lexicon *lexicon)
{
    pthread_mutex_lock(&lexicon->lock);
    if (!lexicon->filled) {
        lexicon->failure = (struct error){0};
        fill(lexicon);
    }
    lexicon->filled = !lexicon->failure.kind; /* nothing changes it from then on */
    pthread_mutex_unlock(&lexicon->lock);
}

int lexicon_check_read(struct lexicon *lexicon, struct error *error)
{
    pthread_mutex_lock(&lexicon->lock);
    bool failed = lexicon->failure.kind;
    if (failed && error)
        *error = lexicon->failure;
    pthread_mutex_unlock(&lexicon->lock);
    return failed ? -1 : 0;
}

/* ---- life ---- */

struct lexicon *lexicon_new(struct catalog *catalog)
{
    struct lexicon *lexicon = memory_array(1, sizeof *lexicon);

    if (!lexicon)
        return NULL;
    lexicon->catalog = catalog;
    pthread_mutex_init(&lexicon->lock, NULL);
    return lexicon;
}

void lexicon_free(struct lexicon *lexicon)
{
    if (!lexicon)
        return;
    pthread_mutex_destroy(&lexicon->lock);
    free(lexicon->pool);
    free(lexicon->words.entry);
    free(lexicon->titles.entry);
    free(lexicon->symbol);
    free(lexicon);
}

/* ---- use ---- */

static void offer(struct lexicon *lexicon, const struct entries *entries, struct nearest *nearest)
{
    for (size_t i = 0; i < entries->count; i++)
        nearest_offer_common(nearest, lexicon->pool + entries->entry[i].text, entries->entry[i].count);
}

void lexicon_offer_words(struct lexicon *lexicon, struct nearest *nearest)
{
    if (!lexicon)
        return;
    require(lexicon);
    offer(lexicon, &lexicon->words, nearest);
}

void lexicon_offer_titles(struct lexicon *lexicon, struct nearest *nearest)
{
    if (!lexicon)
        return;
    require(lexicon);
    offer(lexicon, &lexicon->titles, nearest);
}

const char *lexicon_symbol(struct lexicon *lexicon, const char *symbol, size_t length)
{
    char plain[SYMBOL_BYTES];

    if (!lexicon || !symbol_plain(symbol, length, plain))
        return NULL;
    require(lexicon);
    size_t low = 0, high = lexicon->symbols;
    while (low < high) { /* the first that is not before it */
        size_t middle = low + (high - low) / 2;
        if (strcmp(lexicon->pool + lexicon->symbol[middle].text, plain) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == lexicon->symbols || strcmp(lexicon->pool + lexicon->symbol[low].text, plain) != 0)
        return NULL;
    return lexicon->pool + lexicon->symbol[low].title;
}
