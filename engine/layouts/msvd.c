/* MSVD (the Microsoft video description corpus) in the format of AllVideoDescriptions.txt: a line is the
 * key of a clip, one or more blanks, and a caption; empty lines and lines that begin with '#' are
 * comments.  The list of videos (test_list.txt) has one key a line; what follows a blank, as in
 * youtube_mapping.txt, is kept as the detail "name".
 *
 * raw-captions.pkl is a pickled dict, key to list of captions, each a text or a list of its words. */
#include "engine/base/mapping.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/formats/file.h"
#include "engine/formats/pickle_machine.h"
#include "engine/formats/table_make.h"
#include "engine/layouts/beginning.h"
#include "engine/layouts/layout.h"
#include "engine/layouts/lines.h"

#include <stdlib.h>
#include <string.h>

static const char blanks[] = " \t";

/* Adds a key and the rest of its line. */
static int put_pair(struct table *table, const struct lines *lines, const char *line, bool rest_needed,
                    struct error *error)
{
    const char *key = line + strspn(line, blanks);
    size_t length = strcspn(key, blanks);
    const char *rest = key + length + strspn(key + length, blanks);
    size_t rest_length = strlen(rest);

    while (rest_length && strchr(blanks, rest[rest_length - 1]))
        rest_length--;
    if (!length || *key == '#')
        return 0;
    if (rest_needed && !rest_length)
        return lines_refuse(lines, "has a key but no caption", error);
    if (rest_needed && memchr(rest, '\t', rest_length))
        return lines_refuse(
            lines, "has fields between tabs after the key, not a caption (is it LSMDC's? --layout lsmdc)", error);
    return table_put(table, key, length, error) || table_put(table, rest, rest_length, error) ||
           table_end_row(table, lines->number, error);
}

static int put_video(struct table *table, const struct lines *lines, char *line, struct error *error)
{
    return put_pair(table, lines, line, false, error);
}

static int put_text(struct table *table, const struct lines *lines, char *line, struct error *error)
{
    return put_pair(table, lines, line, true, error);
}

static struct table *read_videos(const struct layout_request *request, struct error *error)
{
    static const char *const names[] = {"key", "name"};

    return lines_table(request->file, names, 2, put_video, error);
}

/* Appends a text to `size` bytes of caption, after a blank unless it is the first; SIZE_MAX if it is not one. */
static size_t add_word(char *caption, size_t used, const struct object *word)
{
    if (!pickle_is_text(word) || memchr(word->bytes, 0, word->size) ||
        !text_is_utf8((const char *)word->bytes, word->size))
        return SIZE_MAX;
    if (used)
        caption[used++] = ' ';
    memcpy(caption + used, word->bytes, word->size);
    return used + word->size;
}

/* Joins the words of a caption; the caller frees it.  Null with the error set. */
static char *join_words(struct machine *machine, const struct object *caption, size_t *used)
{
    const struct object *object = machine->object;
    bool list = caption->kind == LIST || caption->kind == TUPLE;
    size_t size = 1;

    *used = 0;
    for (size_t i = 0; list && i < caption->count; i++)
        if (__builtin_add_overflow(size, object[caption->item[i]].size + 1, &size))
            size = SIZE_MAX;
    if (!list)
        size += caption->size;
    char *text = size < SIZE_MAX ? memory_array(size, 1) : NULL;
    if (!text) {
        error_memory(machine->error);
        return NULL;
    }
    if (!list)
        *used = add_word(text, 0, caption);
    for (size_t i = 0; list && i < caption->count && *used != SIZE_MAX; i++)
        *used = add_word(text, *used, &object[caption->item[i]]);
    if (*used != SIZE_MAX)
        return text;
    free(text);
    pickle_refuse(machine, "is not a dict of lists of captions, each a text or a list of words");
    return NULL;
}

static int put_captions(struct table *table, struct machine *machine, const struct object *key,
                        const struct object *captions)
{
    if (captions->kind != LIST || !pickle_is_text(key) || memchr(key->bytes, 0, key->size) ||
        !text_is_utf8((const char *)key->bytes, key->size))
        return pickle_refuse(machine, "is not a dict of lists of captions");
    for (size_t i = 0; i < captions->count; i++) {
        size_t length;
        char *caption = join_words(machine, &machine->object[captions->item[i]], &length);
        int failed = !caption || table_put(table, (const char *)key->bytes, key->size, machine->error) ||
                     table_put(table, caption, length, machine->error) || table_end_row(table, 1, machine->error);
        free(caption);
        if (failed)
            return -1;
    }
    return 0;
}

static struct table *read_pickle(const char *path, struct error *error)
{
    static const char *const names[] = {"video", "caption"};
    struct machine machine = {0};
    size_t size;
    unsigned char *map = file_map(path, &size, error);
    struct table *table = map ? table_make(path, names, 2, error) : NULL;
    int failed = !table || pickle_run(&machine, path, map, size, false, error);
    const struct object *root = failed ? NULL : &machine.object[machine.root];

    if (root && root->kind != DICT)
        failed = pickle_refuse(&machine, "is not a dict of lists of captions");
    for (size_t i = 0; !failed && i < root->count; i += 2)
        failed = put_captions(table, &machine, &machine.object[root->item[i]], &machine.object[root->item[i + 1]]);
    pickle_close(&machine);
    mapping_close(map, size);
    if (!failed)
        return table;
    table_close(table);
    return NULL;
}

static bool is_pickle(const char *head)
{
    return (unsigned char)head[0] == 0x80 && head[1] >= 2 && head[1] <= 5;
}

static struct table *read_texts(const struct layout_request *request, struct error *error)
{
    static const char *const names[] = {"video", "caption"};
    char *head = memory_array(BEGINNING_MOST + 1, 1);

    if (head)
        beginning_read(request->file, head);
    bool pickle = head && is_pickle(head);
    free(head);
    if (pickle)
        return read_pickle(request->file, error);
    return lines_table(request->file, names, 2, put_text, error);
}

const struct dataset_layout layout_msvd = {
    .name = "msvd",
    .help = "lines \"KEY caption words\" (AllVideoDescriptions.txt), or raw-captions.pkl; videos: lines \"KEY\"",
    .recognise = is_pickle,
    .videos = read_videos,
    .texts = read_texts,
    .whole = true,
};
