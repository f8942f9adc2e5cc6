#include "app/command.h"
#include "app/display_options.h"
#include "app/named_collection.h"
#include "ui/config/config_file.h"
#include "ui/lessons/lessons.h"
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct lesson_options {
    const char *name, *collection;
    struct display_options display;
};

#define FIELD(name) offsetof(struct lesson_options, name)

static const struct option_entry entries[] = {
    {.name = "LESSON", .kind = OPTION_OPERAND, .offset = FIELD(name)},
    COLLECTION_OPERAND(lesson_options, collection),
    INCLUDE_GROUP(lesson_options, display, display_group),
    {0},
};

static void list(const struct lessons *lessons)
{
    for (size_t i = 0; i < lessons->count; i++)
        printf("%-10s  %2d min  %s\n", lessons->entry[i].name, lessons->entry[i].minutes, lessons->entry[i].title);
    puts("\nhubscope lesson NAME begins one; Enter goes on, Backspace back, Esc leaves it.");
}

static int show(const struct lesson_options *options, const char *path, const char *folder, struct error *error)
{
    const char *name = options->collection ? options->collection : "sample";
    struct explorer_options explorer = {
        .model.read_only = named_collection_is_sample(name) ? "the built-in sample" : NULL,
        .lessons = options->collection ? NULL : folder,
        .lesson = path,
    };
    struct lesson *lesson = lesson_open(path, error); /* so that a bad one is refused before the terminal is asked */
    lesson_free(lesson);
    struct collection *collection = lesson ? named_collection_open(name, error) : NULL;
    if (!collection)
        return -1;
    config_file_load();
    display_options_apply(&options->display, &explorer);
    int failed = explorer_run(collection, &explorer, error);
    collection_close(collection);
    return failed;
}

static int run(const void *given, struct error *error)
{
    const struct lesson_options *options = given;
    char room[PATH_MAX];
    const char *folder = named_collection_lessons("sample", room, sizeof room), *path = options->name;
    struct lessons lessons = {.count = 0};
    bool own = path && (strchr(path, '/') || access(path, F_OK) == 0);
    if (folder && lessons_read(&lessons, folder, error))
        return -1;
    if (!own && !lessons.count)
        return error_set(error, ERROR_INPUT, "no lessons were found: they are installed and built with the sample");
    int failed = 0;
    if (!options->name)
        list(&lessons);
    else if (!own && !(path = lessons_find(&lessons, path, error)))
        failed = -1;
    else
        failed = show(options, path, folder, error);
    lessons_close(&lessons);
    return failed;
}

const struct command command_lesson = {
    .name = "lesson",
    .usage = "[NAME | FILE [COLLECTION]]",
    .help = "guided lessons in the explorer; without a name, list them",
    .options =
        {
            .entries = entries,
            .details =
                "A lesson leads over the sample, or COLLECTION, from stop to stop: Enter goes on, Backspace back,\n"
                "and Esc leaves it.  FILE is a lesson of your own; doc/lessons.md says how to write one.\n",
        },
    .size = sizeof(struct lesson_options),
    .run = run,
};
