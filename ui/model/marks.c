#include "ui/model/marks.h"

#include "engine/base/memory.h"
#include "ui/draw/glyph.h"

#include <stdlib.h>
#include <string.h>

struct marks {
    size_t videos, count;
    enum marked_rows rows;
    bool *video; /* (videos) */
};

struct marks *marks_new(size_t videos)
{
    struct marks *marks = memory_array(1, sizeof *marks);

    if (marks && !(marks->video = memory_array(videos, sizeof *marks->video))) {
        free(marks);
        return NULL;
    }
    if (marks)
        marks->videos = videos;
    return marks;
}

void marks_free(struct marks *marks)
{
    if (marks)
        free(marks->video);
    free(marks);
}

bool model_is_marked(const struct model *model, uint32_t video)
{
    return video < model->marks->videos && model->marks->video[video];
}

size_t model_marks(const struct model *model)
{
    return model->marks->count;
}

/* Lists change only while they do not show all rows. */
static void changed(struct model *model)
{
    struct marks *marks = model->marks;
    bool lists = marks->rows != MARKED_AMONG_ALL;

    if (!marks->count)
        marks->rows = MARKED_AMONG_ALL;
    if (lists)
        model_touch_results(model);
    else
        model_touch(model);
}

void model_mark(struct model *model, uint32_t video, bool marked)
{
    struct marks *marks = model->marks;

    if (video >= marks->videos || marks->video[video] == marked)
        return;
    marks->video[video] = marked;
    marks->count += marked ? 1 : SIZE_MAX; /* one more or one less */
    changed(model);
}

void model_unmark_all(struct model *model)
{
    memset(model->marks->video, 0, model->marks->videos * sizeof *model->marks->video);
    model->marks->count = 0;
    changed(model);
}

enum marked_rows model_marked_rows(const struct model *model)
{
    return model->marks->rows;
}

void model_set_marked_rows(struct model *model, enum marked_rows rows)
{
    model->marks->rows = model->marks->count ? rows : MARKED_AMONG_ALL;
    model_touch_results(model);
}

const char *model_mark_glyph(const struct model *model, uint32_t video)
{
    return model_is_marked(model, video) ? glyph(GLYPH_MARK) : "";
}

uint32_t *model_marked(const struct model *model, size_t *count)
{
    const struct marks *marks = model->marks;
    uint32_t *rows = marks->count ? memory_array(marks->count, sizeof *rows) : NULL;

    *count = 0;
    for (size_t v = 0; rows && v < marks->videos; v++)
        if (marks->video[v])
            rows[(*count)++] = (uint32_t)v;
    return rows;
}
