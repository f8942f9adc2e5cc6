#include "engine/base/item.h"

#include "engine/base/memory.h"

#include <ctype.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A text and what it became.  Callers keep these, so they are never freed. */
struct said {
    struct said *next;
    const char *text;
    char words[];
};

struct chosen { /* an item, and the texts said of it */
    struct chosen *before;
    struct item_words item;
    struct said *said;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct chosen *all;     /* every item chosen so far */
static struct chosen *current; /* null: videos */
static bool settled;           /* whether it stays */
static bool lacking;           /* memory for a text */

static const struct item_words video = {"video", "videos"};

static const char refusal[] = "an item is a word such as image, or a word and its plural such as mouse,mice: "
                              "letters, at most %d of them, not '%.60s'";

/* Copies one word of letters and single blanks between them, in lower case; returns whether it is one. */
static bool read_word(const char *text, size_t length, char word[ITEM_WORD])
{
    if (!length || length >= ITEM_WORD || text[0] == ' ' || text[length - 1] == ' ')
        return false;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte >= 0x80 || !(isalpha(byte) || (byte == ' ' && text[i - 1] != ' ')))
            return false;
        word[i] = (char)tolower(byte);
    }
    word[length] = '\0';
    return true;
}

static bool ends_with(const char *word, const char *end)
{
    size_t length = strlen(word), size = strlen(end);

    return length > size && strcmp(word + length - size, end) == 0;
}

/* image -> images, box -> boxes, story -> stories; returns whether it fits. */
static bool form_plural(const char *one, char many[ITEM_WORD])
{
    size_t length = strlen(one);
    bool hissing = ends_with(one, "s") || ends_with(one, "x") || ends_with(one, "ch") || ends_with(one, "sh");
    bool shortened = length > 1 && one[length - 1] == 'y' && !strchr("aeiou", one[length - 2]);
    int kept = (int)(shortened ? length - 1 : length);

    return snprintf(many, ITEM_WORD, "%.*s%s", kept, one, shortened ? "ies" : hissing ? "es" : "s") < ITEM_WORD;
}

int item_read(const char *words, struct item_words *item, struct error *error)
{
    const char *comma = strchr(words, ',');
    size_t length = comma ? (size_t)(comma - words) : strlen(words);
    struct item_words read;

    if (!read_word(words, length, read.one))
        return error_set(error, ERROR_INPUT, refusal, ITEM_WORD - 1, words);
    if (!comma && strcmp(read.one, "audio") == 0)
        memcpy(read.one, "audio clip", sizeof "audio clip");
    if (comma ? !read_word(comma + 1, strlen(comma + 1), read.many) : !form_plural(read.one, read.many))
        return error_set(error, ERROR_INPUT, refusal, ITEM_WORD - 1, words);
    *item = read;
    return 0;
}

void item_write(const struct item_words *item, char words[ITEM_WORDS])
{
    snprintf(words, ITEM_WORDS, "%s,%s", item->one, item->many);
}

static bool same(const struct item_words *a, const struct item_words *b)
{
    return strcmp(a->one, b->one) == 0 && strcmp(a->many, b->many) == 0;
}

int item_choose(const struct item_words *item, struct error *error)
{
    struct chosen *chosen = NULL;
    bool videos = !item || same(item, &video);

    pthread_mutex_lock(&lock);
    for (struct chosen *known = all; known && !videos && !chosen; known = known->before)
        if (same(&known->item, item))
            chosen = known;
    if (!videos && !chosen && (chosen = memory_array(1, sizeof *chosen)) != NULL) {
        *chosen = (struct chosen){.before = all, .item = *item};
        all = chosen;
    }
    bool failed = !videos && !chosen;
    if (!failed && !settled)
        current = chosen;
    pthread_mutex_unlock(&lock);
    return failed ? error_memory(error) : 0;
}

void item_keep(void)
{
    pthread_mutex_lock(&lock);
    settled = true;
    pthread_mutex_unlock(&lock);
}

static bool is_joined(char byte)
{
    return isalnum((unsigned char)byte) || byte == '_' || byte == '-' || byte == '/';
}

/* The length of the word "video" or "videos" at `at`; 0 if there is none, or it names a file, an option or a column. */
static size_t word_at(const char *text, const char *at)
{
    if ((*at != 'v' && *at != 'V') || strncmp(at + 1, "ideo", 4) != 0)
        return 0;
    bool conversion = at - text >= 2 && at[-2] == '%'; /* as in "%svideos" */
    if (at > text && !conversion && (is_joined(at[-1]) || at[-1] == '.'))
        return 0;
    size_t length = at[5] == 's' ? 6 : 5;
    const char *after = at + length;
    bool file = strncmp(after, " file", 5) == 0, extension = after[0] == '.' && isalnum((unsigned char)after[1]);

    return is_joined(*after) || *after == '"' || *after == '=' || extension || file ? 0 : length;
}

/* Writes the text about the item, or only measures it if `out` is null; returns its bytes. */
static size_t say(const struct item_words *item, const char *text, char *out)
{
    size_t used = 0;

    for (const char *at = text; *at;) {
        size_t length = word_at(text, at);
        const char *word = length == 6 ? item->many : item->one;
        if (!length) {
            if (out)
                out[used] = *at;
            used++;
            at++;
            continue;
        }
        bool article = length == 5 && at - text >= 2 && at[-1] == ' ' && tolower((unsigned char)at[-2]) == 'a' &&
                       (at - text == 2 || !is_joined(at[-3]));
        if (article && strchr("aeiou", word[0])) {
            if (out)
                memcpy(out + used - 1, "n ", 2);
            used++;
        }
        size_t size = strlen(word);
        if (out) {
            memcpy(out + used, word, size);
            out[used] = (char)(*at == 'V' ? toupper((unsigned char)word[0]) : word[0]);
        }
        used += size;
        at += length;
    }
    if (out)
        out[used] = '\0';
    return used;
}

const char *item_text(const char *text)
{
    const char *result = text;

    pthread_mutex_lock(&lock);
    if (current) {
        struct said *said = current->said;
        while (said && said->text != text)
            said = said->next;
        if (!said && (said = memory_array(1, sizeof *said + say(&current->item, text, NULL) + 1)) != NULL) {
            say(&current->item, text, said->words);
            said->text = text;
            said->next = current->said;
            current->said = said;
        }
        if (said)
            result = said->words;
        else
            lacking = true;
    }
    pthread_mutex_unlock(&lock);
    return result;
}

bool item_text_was_lacking(void)
{
    pthread_mutex_lock(&lock);
    bool was = lacking;
    pthread_mutex_unlock(&lock);
    return was;
}
