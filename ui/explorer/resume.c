#include "ui/explorer/resume.h"

#include "engine/base/user_file.h"
#include "engine/formats/file.h"
#include "ui/config/user_text.h"
#include "ui/explorer/palette.h"
#include "ui/model/filter.h"
#include "ui/model/marks.h"
#include "ui/model/query.h"
#include "ui/model/selection.h"
#include "ui/model/where.h"
#include "ui/views/view.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIMIT = 1 << 24 };

/* The file for a collection, by a digest of its real path, which is the file's first line; false if there is none. */
static bool find_place(const struct model *model, char real[PATH_MAX], char *path, size_t size)
{
    unsigned long long hash = 14695981039346656037ull;
    char name[64];

    if (!model->collection->path || !realpath(model->collection->path, real))
        return false;
    for (const char *at = real; *at; at++)
        hash = (hash ^ (unsigned char)*at) * 1099511628211ull;
    snprintf(name, sizeof name, "left/%016llx", hash);
    return user_file(USER_STATE, name, path, size);
}

static const char *const row_words[MARKED_ROWS] = {
    [MARKED_AMONG_ALL] = "list all", [MARKED_ALONE] = "list marked", [MARKED_HIDDEN] = "list unmarked"};

/* Selects or marks the video that the line numbers; false if it is another line. */
static bool take_video(struct model *model, const char *line)
{
    unsigned long row, of;

    if (sscanf(line, "selected %lu of %lu", &row, &of) == 2) {
        if (row < of && of == model->collection->videos)
            model_set_video(model, (uint32_t)row);
        return true;
    }
    if (sscanf(line, "marked %lu of %lu", &row, &of) != 2)
        return false;
    if (row < of && of == model->collection->videos)
        model_mark(model, (uint32_t)row, true);
    return true;
}

/* Gives a rule of a model on the screen its parameters, or the third column its rule; false if it is another line. */
static bool take_rule(struct model *model, const char *line)
{
    const bool third = strncmp(line, "third ", strlen("third ")) == 0;
    struct rule_spec spec, specs[RULES_MAX];
    struct error error;
    struct pick pick;

    if (!third && strncmp(line, "parameters ", strlen("parameters ")) != 0)
        return false;
    if (selection_read(model, strchr(line, ' ') + 1, 0, &pick, &spec, &error) || pick.model >= model->sources ||
        !model_side(model, T2V, pick)->task)
        return true;
    if (third) {
        model_choose_all(model, (struct pick[]){model->current, model->versus, pick}, model->columns);
        return true;
    }
    memcpy(specs, model->source[pick.model]->spec, sizeof specs);
    specs[pick.rule] = spec;
    model_set_specs(model, pick.model, specs);
    return true;
}

/* Which rows lists show, of those that are marked and the others; false if it is another line. */
static bool take_rows(struct model *model, const char *line)
{
    for (size_t i = 0; i < MARKED_ROWS; i++)
        if (strcmp(line, row_words[i]) == 0) {
            model_set_marked_rows(model, (enum marked_rows)i);
            return true;
        }
    return false;
}

/* Gives a view what it kept: "hubs: grid 1"; false if it is another line. */
static bool take_kept(void *const states[VIEWS], const char *line)
{
    char view[32], name[32];
    struct keeper keeper = {.name = name};

    if (sscanf(line, "%31[a-z]: %31[a-z-] %zu", view, name, &keeper.value) != 3)
        return false;
    for (size_t i = 0; i < VIEWS; i++)
        if (views[i]->keep && strcmp(views[i]->name, view) == 0)
            views[i]->keep(states[i], &keeper);
    return true;
}

static void put_kept(FILE *out, void *const states[VIEWS])
{
    for (size_t i = 0; i < VIEWS; i++)
        if (views[i]->keep)
            views[i]->keep(states[i], &(struct keeper){.view = views[i]->name, .out = out});
}

static void put_videos(FILE *out, const struct model *model)
{
    const unsigned long of = model->collection->videos;
    size_t count;
    uint32_t *marked = model_marked(model, &count);

    if (model->video != NO_VIDEO)
        fprintf(out, "selected %lu of %lu\n", (unsigned long)model->video, of);
    for (size_t i = 0; marked && i < count; i++)
        fprintf(out, "marked %lu of %lu\n", (unsigned long)marked[i], of);
    fprintf(out, "%s\n", row_words[model_marked_rows(model)]);
    free(marked);
}

const char *resume_begin(struct model *model, void *const states[VIEWS])
{
    char real[PATH_MAX], path[PATH_MAX], *rest = NULL;
    struct error error;
    enum action action;
    size_t size;
    char *text = find_place(model, real, path, sizeof path) ? file_read_regular(path, LIMIT, &size, &error) : NULL;
    char *line = text ? strtok_r(text, "\n", &rest) : NULL;

    if (line && line[0] == '#' && strcmp(line + strspn(line, "# "), real) == 0)
        while ((line = strtok_r(NULL, "\n", &rest)))
            if (!take_video(model, line) && !take_rows(model, line) && !take_rule(model, line) &&
                !take_kept(states, line))
                palette_run(model, line, &action, &error);
    free(text);
    model->message[0] = 0;
    return view_wanted();
}

static void put_rule(FILE *out, const char *command, const struct model *model, struct pick pick)
{
    char spec[256];

    rule_print(model_spec(model, pick), spec, sizeof spec);
    fprintf(out, "%s %s/%s\n", command, model_source(model, pick)->model->name, spec);
}

/* The parameters that are not the usual ones, of all rules of the models on the screen. */
static void put_parameters(FILE *out, const struct model *model)
{
    size_t shown[MODEL_SHOWN], models = model_shown(model, shown);

    for (size_t m = 0; m < models; m++)
        for (size_t r = 0; r < rules_count; r++) {
            const struct pick pick = {shown[m], r};
            const struct rule_spec usual = rule_default(rules[r], model_source(model, pick)->model->logit_scale);
            if (!rule_same(model_spec(model, pick), &usual))
                put_rule(out, "parameters", model, pick);
        }
}

/* The view comes last, as other commands open one too. */
static void put_commands(FILE *out, const struct model *model, const char *view)
{
    if (model->bank < model_banks(model))
        fprintf(out, "bank %s\n", model_bank_name(model, model->bank));
    put_rule(out, "versus", model, model->versus);
    put_rule(out, "rule", model, model->current);
    put_parameters(out, model);
    fprintf(out, "columns %u\n", model->columns);
    if (model->columns == MODEL_COLUMNS)
        put_rule(out, "third", model, model->third);
    if (model->query != NO_QUERY)
        fprintf(out, "caption %zu\n", model->query + 1);
    else if (*model->text)
        fprintf(out, "query %s\n", model->text);
    put_videos(out, model);
    if (*model_where(model))
        fprintf(out, "where %s\n", model_where(model));
    if (*model_filter(model))
        fprintf(out, "filter %s\n", model_filter(model));
    fprintf(out, "view %s\n", view);
}

struct left {               /* what is written down */
    const char *collection; /* its path */
    const struct model *model;
    void *const *states; /* (VIEWS) */
    const char *view;
};

static void put_left(FILE *out, const void *context)
{
    const struct left *left = context;

    fprintf(out, "# %s\n", left->collection);
    put_kept(out, left->states);
    put_commands(out, left->model, left->view);
}

int resume_end(const struct model *model, void *const states[VIEWS], const char *view, struct error *error)
{
    char real[PATH_MAX], path[PATH_MAX];

    if (!find_place(model, real, path, sizeof path) || strchr(real, '\n'))
        return 0;
    return user_text_write(path, put_left, &(struct left){real, model, states, view}, error);
}
