#include "engine/import/key_files.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/pictures/picture.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The more common ones first. */
static const char video_endings[] =
    "mp4 webm mkv mov avi m4v mpg mpeg ts m2ts mts wmv asf flv 3gp 3g2 ogv ogg gif apng vob rm "
    "rmvb divx mxf nut ivf dv y4m mjpeg";

struct file {
    char *name;
    size_t stem; /* its length without the extension */
    int rank;    /* of the extension */
};

struct key_files {
    struct file *file; /* sorted by stem, then by rank */
    size_t count;
};

/* Length of the name without its extension; *rank is that of the extension, -1 for other kinds of files. */
static size_t split(const char *name, enum key_files_kind kind, int *rank)
{
    const char *dot = strrchr(name, '.');

    *rank = -1;
    if (dot && dot != name)
        *rank = kind == KEY_FILES_PICTURES ? picture_ending(dot + 1) : text_word(video_endings, dot + 1);
    return *rank < 0 ? strlen(name) : (size_t)(dot - name);
}

static int compare_stems(const char *left, size_t left_size, const char *right, size_t right_size)
{
    int order = memcmp(left, right, left_size < right_size ? left_size : right_size);

    return order ? order : (left_size > right_size) - (left_size < right_size);
}

static int compare_files(const void *left, const void *right)
{
    const struct file *a = left, *b = right;
    int order = compare_stems(a->name, a->stem, b->name, b->stem);

    order = order ? order : (a->rank > b->rank) - (a->rank < b->rank);
    return order ? order : strcmp(a->name, b->name);
}

static int add(struct key_files *files, size_t *room, const char *name, enum key_files_kind kind, struct error *error)
{
    int rank;
    size_t stem = split(name, kind, &rank);

    if (rank < 0)
        return 0;
    if (files->count == *room) {
        struct file *grown = memory_grow(files->file, 2 * *room + 64, sizeof *grown);
        if (!grown)
            return error_memory(error);
        files->file = grown;
        *room = 2 * *room + 64;
    }
    char *copy = memory_text(name);
    if (!copy)
        return error_memory(error);
    files->file[files->count++] = (struct file){.name = copy, .stem = stem, .rank = rank};
    return 0;
}

struct key_files *key_files_open(const char *dir, enum key_files_kind kind, struct error *error)
{
    struct dirent *entry;
    size_t room = 0;
    int failed = 0;

    struct key_files *files = memory_array(1, sizeof *files);
    if (!files) {
        error_memory(error);
        return NULL;
    }
    DIR *open = opendir(dir);
    if (!open) {
        error_system(error, "%s", dir);
        free(files);
        return NULL;
    }
    while (!failed && (errno = 0, entry = readdir(open)))
        if (entry->d_type != DT_DIR)
            failed = add(files, &room, entry->d_name, kind, error);
    if (!failed && errno)
        failed = error_system(error, "%s", dir);
    closedir(open);
    if (failed) {
        key_files_close(files);
        return NULL;
    }
    if (files->count)
        qsort(files->file, files->count, sizeof *files->file, compare_files);
    return files;
}

void key_files_close(struct key_files *files)
{
    if (!files)
        return;
    for (size_t i = 0; i < files->count; i++)
        free(files->file[i].name);
    free(files->file);
    free(files);
}

size_t key_files_count(const struct key_files *files)
{
    return files->count;
}

/* The first file with that stem; null if none has it. */
static const struct file *find_stem(const struct key_files *files, const char *stem, size_t size)
{
    size_t low = 0, high = files->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct file *file = &files->file[middle];
        if (compare_stems(file->name, file->stem, stem, size) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    const struct file *file = &files->file[low];
    return low < files->count && compare_stems(file->name, file->stem, stem, size) == 0 ? file : NULL;
}

const char *key_files_find(const struct key_files *files, const char *key)
{
    int rank = -1;
    size_t stem = strlen(key);
    const struct file *whole = find_stem(files, key, stem), *file = NULL;

    for (int kind = KEY_FILES_PICTURES; rank < 0 && kind <= KEY_FILES_VIDEOS; kind++)
        stem = split(key, (enum key_files_kind)kind, &rank);
    if (rank >= 0)
        file = find_stem(files, key, stem);
    for (const struct file *f = file;
         f && f < files->file + files->count && compare_stems(f->name, f->stem, key, stem) == 0; f++)
        if (strcmp(f->name, key) == 0)
            return f->name;
    return whole ? whole->name : file ? file->name : NULL;
}

bool key_files_inside(const char *name)
{
    if (*name == '/')
        return false;
    for (const char *part = name; part; part = strchr(part, '/')) {
        part += *part == '/';
        if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || !part[2]))
            return false;
    }
    return true;
}
