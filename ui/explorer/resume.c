#include "ui/explorer/resume.h"

#include "engine/base/user_file.h"
#include "engine/formats/file.h"
#include "ui/explorer/palette.h"
#include "ui/model/filter.h"
#include "ui/model/marks.h"
#include "ui/model/query.h"
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

static void put_videos(FILE *out, const struct model *model)
{
    const unsigned long of = model->collection->videos;
    size_t count;
    uint32_t *marked = model_marked(model, &count);

    if (model->video != NO_VIDEO)
        fprintf(out, "selected %lu of %lu\n", (unsigned long)model->video, of);
    for (size_t i = 0; marked && i < count; i++)
        fprintf(out, "marked %lu of %lu\n", (unsigned long)marked[i], of);
    free(marked);
}

const char *resume_begin(struct model *model)
{
    char real[PATH_MAX], path[PATH_MAX], *rest = NULL;
    struct error error;
    enum action action;
    size_t size;
    char *text = find_place(model, real, path, sizeof path) ? file_read_regular(path, LIMIT, &size, &error) : NULL;
    char *line = text ? strtok_r(text, "\n", &rest) : NULL;

    if (line && line[0] == '#' && strcmp(line + strspn(line, "# "), real) == 0)
        while ((line = strtok_r(NULL, "\n", &rest)))
            if (!take_video(model, line))
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

/* The view comes last, as other commands open one too. */
static void put_commands(FILE *out, const struct model *model, const char *view)
{
    if (model->bank < model_banks(model))
        fprintf(out, "bank %s\n", model_bank_name(model, model->bank));
    put_rule(out, "versus", model, model->versus);
    put_rule(out, "rule", model, model->current);
    fprintf(out, "columns %u\n", model->columns);
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

int resume_end(const struct model *model, const char *view, struct error *error)
{
    char real[PATH_MAX], path[PATH_MAX], *text = NULL;
    size_t size = 0;
    int status = -1;

    if (!find_place(model, real, path, sizeof path) || strchr(real, '\n'))
        return 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return error_memory(error);
    fprintf(out, "# %s\n", real);
    put_commands(out, model, view);
    if (fclose(out)) {
        error_memory(error);
    } else {
        const struct file_part part = {text, size};
        user_file_make_parents(path);
        status = file_write(path, &part, 1, error);
    }
    free(text);
    return status;
}
