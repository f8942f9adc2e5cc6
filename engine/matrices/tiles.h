/* How a pass over (rows, cols) similarities is cut: blocks of columns, and where these are too few to keep many workers
 * busy also segments of rows, each walked block by block.  The cut depends on the shape alone, so that sums made along
 * it do not depend on the number of workers. */
#ifndef HUBSCOPE_ENGINE_MATRICES_TILES_H
#define HUBSCOPE_ENGINE_MATRICES_TILES_H

#include <stddef.h>

enum { BLOCK_ROWS = 768, BLOCK_COLS = 512 }; /* 1 MB of floats: a product worth packing for, and it stays in cache */

struct blocks {
    size_t rows, cols;
    size_t column_blocks, segments; /* tasks: column_blocks * segments */
    size_t segment_rows;            /* a multiple of BLOCK_ROWS */
};

struct span {
    size_t start, count;
};

static inline size_t blocks_ceil(size_t a, size_t b)
{
    return a / b + (a % b != 0);
}

static inline struct span blocks_span(size_t index, size_t width, size_t total)
{
    size_t start = index * width;

    return (struct span){start, start >= total ? 0 : total - start < width ? total - start : width};
}

static inline struct blocks blocks_of(size_t rows, size_t cols)
{
    enum { TASKS = 16, SEGMENT_ROWS = 4 * BLOCK_ROWS };
    struct blocks blocks = {.rows = rows, .cols = cols, .column_blocks = blocks_ceil(cols, BLOCK_COLS)};
    size_t most = blocks_ceil(rows, SEGMENT_ROWS), wanted = blocks_ceil(TASKS, cols ? blocks.column_blocks : 1);

    blocks.segments = wanted < most ? wanted : most ? most : 1;
    blocks.segment_rows = blocks_ceil(blocks_ceil(rows, blocks.segments), BLOCK_ROWS) * BLOCK_ROWS;
    return blocks;
}

/* Task t takes column block t / segments and segment t % segments. */
static inline struct span blocks_task_cols(const struct blocks *blocks, size_t task)
{
    return blocks_span(task / blocks->segments, BLOCK_COLS, blocks->cols);
}

static inline struct span blocks_task_rows(const struct blocks *blocks, size_t task)
{
    return blocks_span(task % blocks->segments, blocks->segment_rows, blocks->rows);
}

/* Blocks of a whole pass: what a job counts. */
static inline size_t blocks_count(const struct blocks *blocks)
{
    return blocks->column_blocks * blocks_ceil(blocks->rows, BLOCK_ROWS);
}

#endif
