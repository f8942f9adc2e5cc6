#include "engine/formats/matrix_shards.h"

#include "engine/base/memory.h"
#include "engine/base/text.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SHARDS_MOST = 100000 };

struct shards {
    char folder[PATH_MAX], before[NAME_MAX + 1], after[NAME_MAX + 1]; /* of the number; with a pattern they are given */
    bool pattern;
    struct shard {
        char *name;
        unsigned long number;
    } * shard;
    size_t count, room;
};

bool matrix_shards_named(const char *spec)
{
    struct stat status;
    bool exists = stat(spec, &status) == 0;
    const char *slash = strrchr(spec, '/');

    return exists ? S_ISDIR(status.st_mode) : strchr(slash ? slash : spec, '*') != NULL;
}

static int split(struct shards *shards, const char *spec, struct error *error)
{
    struct stat status;
    const char *slash = strrchr(spec, '/'), *name = slash ? slash + 1 : spec, *star = strchr(name, '*');
    size_t folder = slash ? (size_t)(name - spec) : 0;

    if (strlen(spec) >= PATH_MAX)
        return error_set(error, ERROR_INPUT, "%.60s...: the path is too long", spec);
    if (stat(spec, &status) == 0) {
        snprintf(shards->folder, sizeof shards->folder, "%s", spec);
        return 0;
    }
    if (strchr(star + 1, '*') || strlen(name) > NAME_MAX)
        return error_set(error, ERROR_INPUT, "%s: one '*' stands for the number of files such as img_emb_0.npy", spec);
    shards->pattern = true;
    snprintf(shards->folder, sizeof shards->folder, "%.*s", (int)folder, spec);
    if (!folder)
        strcpy(shards->folder, ".");
    snprintf(shards->before, sizeof shards->before, "%.*s", (int)(star - name), name);
    snprintf(shards->after, sizeof shards->after, "%s", star + 1);
    return 0;
}

/* Whether the name is `before`, digits and `after`. */
static bool has_form(const struct shards *shards, const char *name, unsigned long *number)
{
    size_t length = strlen(name), before = strlen(shards->before), after = strlen(shards->after);
    char *end;

    if (length <= before + after || strncmp(name, shards->before, before) != 0 ||
        strcmp(name + length - after, shards->after) != 0 || !isdigit((unsigned char)name[before]))
        return false;
    errno = 0;
    *number = strtoul(name + before, &end, 10);
    return !errno && end == name + length - after;
}

static int add(struct shards *shards, const char *name, struct error *error)
{
    unsigned long number = 0;

    if (*name == '.' || (shards->pattern && !has_form(shards, name, &number)))
        return 0;
    if (shards->count == SHARDS_MOST)
        return error_set(error, ERROR_INPUT, "%s: holds more than %d files", shards->folder, SHARDS_MOST);
    if (shards->count == shards->room) {
        struct shard *grown = memory_grow(shards->shard, 2 * shards->room + 16, sizeof *grown);
        if (!grown)
            return error_memory(error);
        shards->shard = grown;
        shards->room = 2 * shards->room + 16;
    }
    char *copy = memory_text(name);
    if (!copy)
        return error_memory(error);
    shards->shard[shards->count++] = (struct shard){copy, number};
    return 0;
}

static int list_files(struct shards *shards, struct error *error)
{
    struct dirent *entry;
    DIR *open = opendir(shards->folder);
    int failed = 0;

    if (!open)
        return error_system(error, "%s", shards->folder);
    while (!failed && (errno = 0, entry = readdir(open)))
        failed = add(shards, entry->d_name, error);
    if (!failed && errno)
        failed = error_system(error, "%s", shards->folder);
    closedir(open);
    return failed;
}

/* Finds what all names of a folder begin and end with, but for digits. */
static void find_form(struct shards *shards)
{
    const char *first = shards->shard[0].name;
    size_t before = strlen(first), after = before;

    for (size_t i = 1; i < shards->count; i++) {
        const char *name = shards->shard[i].name;
        size_t length = strlen(name), same = 0, tail = 0;
        while (same < before && same < length && name[same] == first[same])
            same++;
        while (tail < after && tail < length && name[length - 1 - tail] == first[strlen(first) - 1 - tail])
            tail++;
        before = same;
        after = tail;
    }
    if (shards->count == 1) /* the last digits of the only name */
        for (after = 0; after < strlen(first) && !isdigit((unsigned char)first[strlen(first) - 1 - after]);)
            after++;
    if (shards->count == 1)
        before = strlen(first) - after;
    while (before && isdigit((unsigned char)first[before - 1]))
        before--;
    while (after && isdigit((unsigned char)first[strlen(first) - after]))
        after--;
    snprintf(shards->before, sizeof shards->before, "%.*s", (int)before, first);
    snprintf(shards->after, sizeof shards->after, "%s", first + strlen(first) - after);
}

static int compare_numbers(const void *left, const void *right)
{
    const struct shard *a = left, *b = right;

    return (a->number > b->number) - (a->number < b->number);
}

/* Sorts the files by number, which must follow each other. */
static int sort(struct shards *shards, const char *spec, struct error *error)
{
    char first[64], other[64];

    if (!shards->count)
        return error_set(error, ERROR_INPUT, "%s: no file has such a name and a number", spec);
    if (!shards->pattern)
        find_form(shards);
    text_clean(first, sizeof first, shards->shard[0].name);
    for (size_t i = 0; i < shards->count; i++) {
        text_clean(other, sizeof other, shards->shard[i].name);
        if (!has_form(shards, shards->shard[i].name, &shards->shard[i].number))
            return error_set(error, ERROR_INPUT,
                             "%s: is a directory, and its files, such as \"%s\"%s%s%s, are not numbered pieces of one "
                             "matrix; name those that are, as 'NAME_*.npy'",
                             spec, first, i ? " and \"" : "", i ? other : "", i ? "\"" : "");
    }
    qsort(shards->shard, shards->count, sizeof *shards->shard, compare_numbers);
    for (size_t i = 1; i < shards->count; i++) {
        unsigned long last = shards->shard[i - 1].number, number = shards->shard[i].number;
        if (number == last)
            return error_set(error, ERROR_INPUT, "%s: two files have the number %lu", spec, number);
        if (number != last + 1)
            return error_set(error, ERROR_INPUT, "%s: no file has the number %lu, but one has %lu", spec, last + 1,
                             number);
    }
    return 0;
}

/* Appends the rows of `piece`; *room counts the rows that there is room for. */
static int append(struct matrix *matrix, const struct matrix *piece, size_t *room, const char *path,
                  struct error *error)
{
    size_t rows = matrix->rows + piece->rows, cols = piece->cols, cells;

    if (matrix->rows && cols != matrix->cols)
        return error_set(error, ERROR_INPUT, "%s: has %zu columns, those before it have %zu", path, cols, matrix->cols);
    if (rows > *room) {
        size_t larger = 2 * rows;
        float *grown = __builtin_mul_overflow(larger, cols, &cells) ? NULL : memory_floats(cells);
        if (!grown)
            return error_memory(error);
        if (matrix->rows)
            memcpy(grown, matrix->owned, matrix->rows * cols * sizeof *grown);
        free(matrix->owned);
        size_t before = matrix->rows;
        *matrix = matrix_view(grown, before, cols);
        matrix->owned = grown;
        *room = larger;
    }
    float *to = (float *)matrix->owned + matrix->rows * cols;
    const float *from = matrix_rows(piece, 0, piece->rows, to);
    if (from != to)
        memcpy(to, from, piece->rows * cols * sizeof *to);
    matrix->rows = rows;
    return 0;
}

static int read_all(const struct shards *shards, const struct matrix_request *request, matrix_reader *read,
                    struct matrix *matrix, struct error *error)
{
    char path[PATH_MAX + NAME_MAX + 2];
    size_t room = 0, length = strlen(shards->folder);
    int failed = 0;

    for (size_t i = 0; i < shards->count && !failed; i++) {
        struct matrix_request one = {.spec = path, .pool = request->pool, .any_order = request->any_order};
        struct matrix piece;
        snprintf(path, sizeof path, "%s%s%s", shards->folder, shards->folder[length - 1] == '/' ? "" : "/",
                 shards->shard[i].name);
        failed = read(&one, &piece, error);
        if (failed)
            break;
        failed = append(matrix, &piece, &room, path, error);
        matrix_close(&piece);
    }
    return failed;
}

int matrix_shards_read(const struct matrix_request *request, matrix_reader *read, struct matrix *matrix,
                       struct error *error)
{
    struct shards *shards = memory_array(1, sizeof *shards);
    int failed = -1;

    *matrix = (struct matrix){0};
    if (!shards)
        return error_memory(error);
    if (!split(shards, request->spec, error) && !list_files(shards, error) && !sort(shards, request->spec, error))
        failed = read_all(shards, request, read, matrix, error);
    if (failed)
        matrix_close(matrix);
    for (size_t i = 0; i < shards->count; i++)
        free(shards->shard[i].name);
    free(shards->shard);
    free(shards);
    return failed;
}
