#include "engine/formats/shards.h"

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

struct finding {
    char folder[PATH_MAX], before[NAME_MAX + 1], after[NAME_MAX + 1]; /* of the number; with a pattern they are given */
    bool pattern;
    struct file {
        char *name;
        unsigned long number;
    } * file;
    size_t count, room;
};

bool shards_named(const char *spec)
{
    struct stat status;
    bool exists = stat(spec, &status) == 0;
    const char *slash = strrchr(spec, '/');

    return exists ? S_ISDIR(status.st_mode) : strchr(slash ? slash : spec, '*') != NULL;
}

static int split(struct finding *finding, const char *spec, const char *example, struct error *error)
{
    struct stat status;
    const char *slash = strrchr(spec, '/'), *name = slash ? slash + 1 : spec, *star = strchr(name, '*');
    size_t folder = slash ? (size_t)(name - spec) : 0;

    if (strlen(spec) >= PATH_MAX)
        return error_set(error, ERROR_INPUT, "%.60s...: the path is too long", spec);
    if (stat(spec, &status) == 0) {
        snprintf(finding->folder, sizeof finding->folder, "%s", spec);
        return 0;
    }
    if (strchr(star + 1, '*') || strlen(name) > NAME_MAX)
        return error_set(error, ERROR_INPUT, "%s: one '*' stands for the files' number, as in '%s'", spec, example);
    finding->pattern = true;
    snprintf(finding->folder, sizeof finding->folder, "%.*s", (int)folder, spec);
    if (!folder)
        strcpy(finding->folder, ".");
    snprintf(finding->before, sizeof finding->before, "%.*s", (int)(star - name), name);
    snprintf(finding->after, sizeof finding->after, "%s", star + 1);
    return 0;
}

/* Whether the name is `before`, digits and `after`. */
static bool has_form(const struct finding *finding, const char *name, unsigned long *number)
{
    size_t length = strlen(name), before = strlen(finding->before), after = strlen(finding->after);
    char *end;

    if (length <= before + after || strncmp(name, finding->before, before) != 0 ||
        strcmp(name + length - after, finding->after) != 0 || !isdigit((unsigned char)name[before]))
        return false;
    errno = 0;
    *number = strtoul(name + before, &end, 10);
    return !errno && end == name + length - after;
}

static int add(struct finding *finding, const char *name, struct error *error)
{
    unsigned long number = 0;

    if (*name == '.' || (finding->pattern && !has_form(finding, name, &number)))
        return 0;
    if (finding->count == SHARDS_MOST)
        return error_set(error, ERROR_INPUT, "%s: holds more than %d files", finding->folder, SHARDS_MOST);
    if (finding->count == finding->room) {
        struct file *grown = memory_grow(finding->file, 2 * finding->room + 16, sizeof *grown);
        if (!grown)
            return error_memory(error);
        finding->file = grown;
        finding->room = 2 * finding->room + 16;
    }
    char *copy = memory_text(name);
    if (!copy)
        return error_memory(error);
    finding->file[finding->count++] = (struct file){copy, number};
    return 0;
}

static int list_files(struct finding *finding, struct error *error)
{
    struct dirent *entry;
    DIR *open = opendir(finding->folder);
    int failed = 0;

    if (!open)
        return error_system(error, "%s", finding->folder);
    while (!failed && (errno = 0, entry = readdir(open)))
        failed = add(finding, entry->d_name, error);
    if (!failed && errno)
        failed = error_system(error, "%s", finding->folder);
    closedir(open);
    return failed;
}

/* Finds what all names of a folder begin and end with, but for digits. */
static void find_form(struct finding *finding)
{
    const char *first = finding->file[0].name;
    size_t before = strlen(first), after = before;

    for (size_t i = 1; i < finding->count; i++) {
        const char *name = finding->file[i].name;
        size_t length = strlen(name), same = 0, tail = 0;
        while (same < before && same < length && name[same] == first[same])
            same++;
        while (tail < after && tail < length && name[length - 1 - tail] == first[strlen(first) - 1 - tail])
            tail++;
        before = same;
        after = tail;
    }
    if (finding->count == 1) /* the last digits of the only name */
        for (after = 0; after < strlen(first) && !isdigit((unsigned char)first[strlen(first) - 1 - after]);)
            after++;
    if (finding->count == 1)
        before = strlen(first) - after;
    while (before && isdigit((unsigned char)first[before - 1]))
        before--;
    while (after && isdigit((unsigned char)first[strlen(first) - after]))
        after--;
    snprintf(finding->before, sizeof finding->before, "%.*s", (int)before, first);
    snprintf(finding->after, sizeof finding->after, "%s", first + strlen(first) - after);
}

static int compare_numbers(const void *left, const void *right)
{
    const struct file *a = left, *b = right;

    return (a->number > b->number) - (a->number < b->number);
}

/* Names two files that differ in more than a number, one of them without any if there is such a file. */
static int refuse_names(const struct finding *finding, const char *spec, size_t odd, const char *whole,
                        const char *example, struct error *error)
{
    char a[64], b[64];

    for (size_t i = 0; i < finding->count; i++)
        if (!strpbrk(finding->file[i].name, "0123456789"))
            odd = i;
    text_clean(a, sizeof a, finding->file[!odd && finding->count > 1].name);
    text_clean(b, sizeof b, finding->file[odd].name);
    if (finding->count == 1)
        return error_set(error, ERROR_INPUT, "%s: is a directory, and its file \"%s\" has no number", spec, b);
    return error_set(error, ERROR_INPUT,
                     "%s: is a directory, and its files, such as \"%s\" and \"%s\", are not numbered pieces of one "
                     "%s; name those that are, as '%s'",
                     spec, a, b, whole, example);
}

/* Sorts the files by number, which must follow each other. */
static int sort(struct finding *finding, const char *spec, const char *whole, const char *example, struct error *error)
{
    if (!finding->count)
        return error_set(error, ERROR_INPUT,
                         finding->pattern ? "%s: no file has such a name and a number" : "%s: is an empty directory",
                         spec);
    if (!finding->pattern)
        find_form(finding);
    for (size_t i = 0; i < finding->count; i++)
        if (!has_form(finding, finding->file[i].name, &finding->file[i].number))
            return refuse_names(finding, spec, i, whole, example, error);
    qsort(finding->file, finding->count, sizeof *finding->file, compare_numbers);
    for (size_t i = 1; i < finding->count; i++) {
        unsigned long last = finding->file[i - 1].number, number = finding->file[i].number;
        if (number == last)
            return error_set(error, ERROR_INPUT, "%s: two files have the number %lu", spec, number);
        if (number != last + 1)
            return error_set(error, ERROR_INPUT, "%s: no file has the number %lu, but one has %lu", spec, last + 1,
                             number);
    }
    return 0;
}

static int make_paths(struct shards *shards, const struct finding *finding, struct error *error)
{
    size_t folder = strlen(finding->folder);
    const char *slash = finding->folder[folder - 1] == '/' ? "" : "/";

    shards->path = memory_array(finding->count, sizeof *shards->path);
    if (!shards->path)
        return error_memory(error);
    for (; shards->count < finding->count; shards->count++) {
        const char *name = finding->file[shards->count].name;
        size_t size = folder + strlen(name) + 2;
        char *path = memory_array(size, 1);
        if (!path)
            return error_memory(error);
        snprintf(path, size, "%s%s%s", finding->folder, slash, name);
        shards->path[shards->count] = path;
    }
    return 0;
}

int shards_find(struct shards *shards, const char *spec, const char *whole, const char *example, struct error *error)
{
    struct finding *finding = memory_array(1, sizeof *finding);
    int failed = -1;

    *shards = (struct shards){0};
    if (!finding)
        return error_memory(error);
    if (!split(finding, spec, example, error) && !list_files(finding, error) &&
        !sort(finding, spec, whole, example, error))
        failed = make_paths(shards, finding, error);
    if (failed)
        shards_close(shards);
    for (size_t i = 0; i < finding->count; i++)
        free(finding->file[i].name);
    free(finding->file);
    free(finding);
    return failed;
}

void shards_close(struct shards *shards)
{
    for (size_t i = 0; i < shards->count; i++)
        free(shards->path[i]);
    free(shards->path);
    *shards = (struct shards){0};
}
