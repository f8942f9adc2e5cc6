#include "ui/lessons/lessons.h"

#include "engine/base/memory.h"
#include "engine/base/nearest.h"
#include "engine/formats/file.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static int is_lesson(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return dot && strcmp(dot, ".lesson") == 0;
}

/* "hubs" of "2-hubs.lesson". */
static char *name_of(const char *file)
{
    size_t number = strspn(file, "0123456789");
    char *name = memory_text(number && file[number] == '-' ? file + number + 1 : file);

    if (name)
        *strrchr(name, '.') = 0;
    return name;
}

static int add(struct lessons *lessons, const char *folder, const char *file, struct error *error)
{
    struct lesson_entry *entry = &lessons->entry[lessons->count];
    char path[PATH_MAX];

    if (file_join(path, sizeof path, folder, file, error) != 0)
        return -1;
    struct lesson *lesson = lesson_open(path, error);
    if (!lesson)
        return -1;
    lessons->count++;
    entry->path = memory_text(path);
    entry->name = name_of(file);
    memcpy(entry->title, lesson->title, sizeof entry->title);
    entry->minutes = lesson->minutes;
    lesson_free(lesson);
    return entry->path && entry->name ? 0 : error_memory(error);
}

int lessons_read(struct lessons *lessons, const char *folder, struct error *error)
{
    struct dirent **file;
    int failed = 0;

    *lessons = (struct lessons){.count = 0};
    int files = scandir(folder, &file, is_lesson, versionsort);
    if (files < 0)
        return errno == ENOENT ? 0 : error_system(error, "%s", folder);
    for (int i = 0; i < files; i++) {
        if (!failed && lessons->count < LESSONS_MOST)
            failed = add(lessons, folder, file[i]->d_name, error);
        free(file[i]);
    }
    free(file);
    if (failed)
        lessons_close(lessons);
    return failed;
}

void lessons_close(struct lessons *lessons)
{
    for (size_t i = 0; i < lessons->count; i++) {
        free(lessons->entry[i].path);
        free(lessons->entry[i].name);
    }
    lessons->count = 0;
}

const char *lessons_find(const struct lessons *lessons, const char *name, struct error *error)
{
    struct nearest nearest = nearest_to(name, strlen(name));
    char advice[NEAREST_BYTES + 24];

    for (size_t i = 0; i < lessons->count; i++) {
        if (strcmp(lessons->entry[i].name, name) == 0)
            return lessons->entry[i].path;
        nearest_offer(&nearest, lessons->entry[i].name);
    }
    error_set(error, ERROR_INPUT, "there is no lesson '%.60s'%s", name, nearest_advice(&nearest, advice));
    return NULL;
}
