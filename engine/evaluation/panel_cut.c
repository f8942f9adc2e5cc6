#include "engine/evaluation/panel_cut.h"

#include "engine/matrices/tiles.h"

enum {
    ROWS = 512,      /* sgemm is slower on fewer rows */
    ROWS_LEAST = 64, /* ... but every worker should get a share */
    PANELS_WANTED = 8,
    ROWS_FEWEST = 8,
    PANEL_FLOATS = 8 << 20, /* 32 MB */
    COLUMNS = 2048          /* of a gallery that must be converted first */
};

static size_t rows_of(size_t queries, size_t gallery)
{
    size_t rows = queries / PANELS_WANTED;

    rows = rows < ROWS_LEAST ? ROWS_LEAST : rows > ROWS ? ROWS : rows;
    if (gallery > 0 && rows > PANEL_FLOATS / gallery)
        rows = PANEL_FLOATS / gallery;
    return rows < ROWS_FEWEST ? ROWS_FEWEST : rows;
}

struct panel_cut panel_cut_of(const struct task *task)
{
    size_t m = task_gallery(task);

    return (struct panel_cut){.rows = rows_of(task_queries(task), m),
                              .columns = m > COLUMNS && sims_scratch(&task->s, 0, 1) ? COLUMNS : m};
}

size_t panel_cut_count(const struct panel_cut *cut, const struct task *task)
{
    return tiles_ceil(task_queries(task), cut->rows);
}

size_t panel_cut_scratch(const struct panel_cut *cut, const struct task *task)
{
    return sims_scratch(&task->s, cut->rows, cut->columns);
}

void panel_cut_multiply(const struct panel_cut *cut, const struct task *task, size_t first, size_t rows, float *cell,
                        float *scratch)
{
    size_t m = task_gallery(task);

    for (size_t part = 0; part < tiles_ceil(m, cut->columns); part++) {
        struct span col = tiles_span(part, cut->columns, m);
        sims_block(&task->s, first, rows, col.start, col.count, cell + col.start, m, scratch);
    }
}
