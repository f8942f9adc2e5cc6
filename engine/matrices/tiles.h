/* How a pass over (rows, cols) similarities is cut: into tiles of columns and, where these are too few to keep many
 * workers busy, also segments of rows, each walked tile by tile.  The cut depends on the shape alone, so that sums
 * along it do not depend on the number of workers. */
#ifndef HUBSCOPE_ENGINE_MATRICES_TILES_H
#define HUBSCOPE_ENGINE_MATRICES_TILES_H

#include <stddef.h>

enum { TILE_ROWS = 768, TILE_COLS = 512 }; /* 1 MB of floats: a product worth packing for, and it stays in cache */

struct tiles {
    size_t rows, cols;
    size_t column_tiles, segments; /* chunks: column_tiles * segments */
    size_t segment_rows;           /* a multiple of TILE_ROWS */
};

struct span {
    size_t start, count;
};

static inline size_t tiles_ceil(size_t a, size_t b)
{
    return a / b + (a % b != 0);
}

static inline struct span tiles_span(size_t index, size_t width, size_t total)
{
    size_t start = index * width;

    return (struct span){start, start >= total ? 0 : total - start < width ? total - start : width};
}

/* A run of blocks of `width`, from number `first`. */
static inline struct span tiles_run(size_t first, size_t count, size_t width, size_t total)
{
    size_t start = first * width < total ? first * width : total, most = count * width;

    return (struct span){start, total - start < most ? total - start : most};
}

static inline struct tiles tiles_of(size_t rows, size_t cols)
{
    enum { CHUNKS = 16, SEGMENT_ROWS = 4 * TILE_ROWS };
    struct tiles tiles = {.rows = rows, .cols = cols, .column_tiles = tiles_ceil(cols, TILE_COLS)};
    size_t most = tiles_ceil(rows, SEGMENT_ROWS), wanted = tiles_ceil(CHUNKS, cols ? tiles.column_tiles : 1);

    tiles.segments = wanted < most ? wanted : most ? most : 1;
    tiles.segment_rows = tiles_ceil(tiles_ceil(rows, tiles.segments), TILE_ROWS) * TILE_ROWS;
    return tiles;
}

/* Chunk t takes column tile t / segments and segment t % segments. */
static inline struct span tiles_chunk_cols(const struct tiles *tiles, size_t chunk)
{
    return tiles_span(chunk / tiles->segments, TILE_COLS, tiles->cols);
}

static inline struct span tiles_chunk_rows(const struct tiles *tiles, size_t chunk)
{
    return tiles_span(chunk % tiles->segments, tiles->segment_rows, tiles->rows);
}

/* Tiles of a whole pass: the steps that a job counts. */
static inline size_t tiles_count(const struct tiles *tiles)
{
    return tiles->column_tiles * tiles_ceil(tiles->rows, TILE_ROWS);
}

#endif
