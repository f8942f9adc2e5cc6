#include "engine/evaluation/panel_cut.h"

#include "engine/base/crew.h"
#include "engine/matrices/gemm.h"

enum {
    ROWS = 8 * GEMM_GROUP,   /* sgemm gains nothing from more, and the conversion of a gallery one percent */
    ROWS_COUNTED = 2 * ROWS, /* counting may read the bank again for each panel */
    COLUMNS = 256,           /* of a product; the last one has up to half as many more */
    MEMORY_LEAST = 32 << 20, /* bytes that a panel may always take */
};

struct panel_cut panel_cut_of(const struct task *task, size_t counters, size_t memory)
{
    size_t queries = task_queries(task), m = task_gallery(task), most = counters ? ROWS_COUNTED : ROWS;
    size_t row_bytes = m * (sizeof(float) + counters * sizeof(uint32_t));

    memory = memory < MEMORY_LEAST ? MEMORY_LEAST : memory;
    if (row_bytes && memory / row_bytes < most)
        most = memory / row_bytes / GEMM_GROUP * GEMM_GROUP;
    most = most ? most : GEMM_GROUP;
    size_t panels = queries ? tiles_ceil(queries, most) : 1; /* of nearly equal size */
    size_t rows = tiles_ceil(tiles_ceil(queries, panels), GEMM_GROUP) * GEMM_GROUP;
    return (struct panel_cut){.rows = rows ? rows : GEMM_GROUP,
                              .products = m > COLUMNS ? (m + COLUMNS / 2 - 1) / COLUMNS : 1};
}

size_t panel_cut_count(const struct panel_cut *cut, const struct task *task)
{
    return tiles_ceil(task_queries(task), cut->rows);
}

struct span panel_cut_share(size_t queries)
{
    struct crew_share groups = crew_share(tiles_ceil(queries, GEMM_GROUP));
    size_t start = groups.start * GEMM_GROUP, end = (groups.start + groups.count) * GEMM_GROUP;

    end = end < queries ? end : queries;
    return (struct span){start, end > start ? end - start : 0};
}

int panel_cut_join(void *array, size_t queries, size_t bytes, struct error *error)
{
    return crew_fill(array, tiles_ceil(queries, GEMM_GROUP), GEMM_GROUP * bytes, queries * bytes, error);
}

struct sims_cut panel_cut_products(const struct panel_cut *cut)
{
    return (struct sims_cut){COLUMNS, cut->products};
}

struct span panel_cut_columns(const struct panel_cut *cut, const struct task *task, size_t product)
{
    const struct sims_cut columns = panel_cut_products(cut);

    return sims_cut_columns(&columns, task_gallery(task), product);
}

size_t panel_cut_widest(void)
{
    return COLUMNS + COLUMNS / 2;
}

size_t panel_cut_scratch(const struct task *task, size_t rows)
{
    return sims_scratch(&task->s, rows, panel_cut_widest());
}

void panel_cut_multiply(const struct panel_cut *cut, const struct task *task, size_t first, size_t rows, float *cell,
                        float *scratch)
{
    for (size_t product = 0; product < cut->products; product++) {
        struct span col = panel_cut_columns(cut, task, product);
        sims_block(&task->s, first, rows, col.start, col.count, cell + col.start, task_gallery(task), scratch);
    }
}
