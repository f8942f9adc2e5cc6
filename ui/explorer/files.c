#include "ui/explorer/files.h"

#include "engine/base/item.h"
#include "engine/formats/output.h"
#include "engine/results/format.h"
#include "ui/model/export_job.h"
#include "ui/terminal/screenshot.h"
#include "ui/terminal/terminal.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEM = 256, TRIES = 1000, NAMED = 96 };

static struct files wanted; /* path "": no request */

void files_want(enum file_kind kind, const char *path)
{
    wanted.kind = kind;
    snprintf(wanted.path, sizeof wanted.path, "%s", path);
}

bool files_want_screen(void)
{
    return wanted.path[0] && wanted.kind == FILE_SCREEN;
}

void files_expand(const char *path, char *buffer, size_t size)
{
    const char *home = getenv("HOME");
    bool at_home = strncmp(path, "~/", 2) == 0 && home;

    snprintf(buffer, size, "%s%s", at_home ? home : "", at_home ? path + 1 : path);
}

static int write_screen(struct model *model, const struct files *files, const char *path, struct error *error)
{
    if (screenshot_save(path, error))
        return -1;
    model_say(model, false, "screen written to %s", files->path);
    return 0;
}

static int begin(const struct files *files, struct model *model, const struct view *view, void *state, bool replace,
                 struct error *error)
{
    struct exhibit exhibit = {.direction = T2V};
    char path[PATH_MAX];

    files_expand(files->path, path, sizeof path);
    if (files->kind == FILE_SCREEN)
        return write_screen(model, files, path, error);
    if (files->kind == FILE_MARKED && !exhibit_marked(model, &exhibit))
        return error_set(error, ERROR_INPUT, item_text("no video is marked: Space marks the row's"));
    if (files->kind != FILE_MARKED && (!view->exhibit || !view->exhibit(state, model, &exhibit))) {
        free(exhibit.order);
        return error_set(error, ERROR_INPUT, "this view has nothing to export now");
    }
    if (files->kind == FILE_VECTORS)
        exhibit.kind = &export_vectors;
    return model_export(model, &exhibit, path, files->path, replace, error);
}

int files_run(struct files *files, struct model *model, const struct view *view, void *state, struct error *error)
{
    char path[PATH_MAX];

    if (!wanted.path[0])
        return 0;
    files_expand(wanted.path, path, sizeof path);
    *files = wanted;
    wanted.path[0] = 0;
    files->asking =
        (files->kind == FILE_SCREEN || (files->kind <= FILE_MARKED && format_of_path(FORMAT_EXPORT, path))) &&
        output_exists(path);
    return files->asking ? 0 : begin(files, model, view, state, false, error);
}

/* "ncl", or "ridge-ncl" while two models are compared. */
static void name_pick(const struct model *model, struct pick pick, char name[NAMED])
{
    bool models = model_compares_models(model);

    snprintf(name, NAMED, "%s%s%s", models ? model_source(model, pick)->model->name : "", models ? "-" : "",
             rules[pick.rule]->name);
}

/* The name, without ending, proposed for the file: what it holds. */
static void stem_of(struct model *model, const struct view *view, void *state, enum file_kind kind, char *stem)
{
    struct exhibit exhibit = {.direction = T2V};
    char rule[NAMED], versus[NAMED];
    const struct rule *swept = rules[model->current.rule];
    bool table = kind == FILE_TABLE && view->exhibit && view->exhibit(state, model, &exhibit);
    const char *name = table ? exhibit.kind->name : view->name;

    free(exhibit.order);
    name_pick(model, model->current, rule);
    name_pick(model, model->versus, versus);
    if (table && exhibit.kind == &export_answers && model->query != NO_QUERY)
        snprintf(stem, STEM, "%s-%zu", name, model->query);
    else if (table && exhibit.kind->rules == EXPORT_TWO_RULES)
        snprintf(stem, STEM, "%s-%s-%s", name, versus, rule);
    else if (table && exhibit.kind == &export_sweep)
        snprintf(stem, STEM, "%s-%s-%s", name, rule,
                 model->parameter < swept->parameter_count ? swept->parameters[model->parameter].name : "");
    else
        snprintf(stem, STEM, "%s%s", name, table && exhibit.direction == V2T ? "-v2t" : "");
}

void files_propose(struct model *model, const struct view *view, void *state, enum file_kind kind, char *line,
                   size_t size)
{
    const char *ending = kind == FILE_SCREEN ? "svg" : "csv";
    char stem[STEM], path[STEM + 16];

    stem_of(model, view, state, kind, stem);
    snprintf(path, sizeof path, "%s.%s", stem, ending);
    for (int i = 2; i < TRIES && output_exists(path); i++)
        snprintf(path, sizeof path, "%s-%d.%s", stem, i, ending);
    snprintf(line, size, "%s %s", kind == FILE_SCREEN ? "screenshot" : "export", path);
}

void files_answer(struct files *files, struct model *model, const struct view *view, void *state,
                  const struct event *event)
{
    struct error error;

    if (event->type != EVENT_KEY)
        return;
    files->asking = false;
    if (strcmp(event->key, "y") != 0 && strcmp(event->key, "Y") != 0)
        model_say(model, false, "%s is unchanged", files->path);
    else if (begin(files, model, view, state, true, &error))
        model_say(model, true, "%s", error.text);
}

void files_draw(const struct files *files, struct rect screen)
{
    struct rect row = {screen.y + screen.rows - 1, screen.x, 1, screen.columns};
    enum { QUESTION = 30 };
    struct rect name = {row.y, row.x, 1, row.columns > QUESTION ? row.columns - QUESTION : row.columns};

    draw_fill(row, STYLE_INPUT);
    int end = draw_text(name, 0, 1, STYLE_INPUT, files->path);
    draw_text(row, 0, end, STYLE_INPUT, " exists. Replace it? ");
    draw_text(row, 0, end + 21, STYLE_KEY, "y");
    draw_text(row, 0, end + 22, STYLE_INPUT, "/");
    draw_text(row, 0, end + 23, STYLE_KEY, "n");
}
