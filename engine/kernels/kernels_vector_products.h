/* Products of rows, for vectors of any width: included by kernels_vector.h, whose types and helpers it uses. */

/* `count` is a compile-time constant. */
static inline void dots_any(const float *x, size_t n, const float *const *y, size_t count, double *sum)
{
    for (size_t start = 0; start < n; start += CHUNK) {
        size_t end = n - start < CHUNK ? n : start + CHUNK, i = start;
        vec a[TOGETHER], b[TOGETHER];
        for (size_t c = 0; c < count; c++)
            a[c] = b[c] = v_set1(0);
        for (; i + 2 * WIDTH <= end; i += 2 * WIDTH) {
            vec first = v_load(x + i), second = v_load(x + i + WIDTH);
            for (size_t c = 0; c < count; c++) {
                a[c] = v_fma(first, v_load(y[c] + i), a[c]);
                b[c] = v_fma(second, v_load(y[c] + i + WIDTH), b[c]);
            }
        }
        for (; i < end; i += WIDTH) {
            size_t rest = end - i < WIDTH ? end - i : WIDTH;
            vec value = v_part(x + i, rest, 0);
            for (size_t c = 0; c < count; c++)
                a[c] = v_fma(value, v_part(y[c] + i, rest, 0), a[c]);
        }
        for (size_t c = 0; c < count; c++)
            sum[c] += lanes_sum(v_add(a[c], b[c]));
    }
}

static void vector_dots(const float *x, size_t n, const float *const *y, size_t count, double *sum)
{
    for (; count >= TOGETHER; count -= TOGETHER, y += TOGETHER, sum += TOGETHER)
        dots_any(x, n, y, TOGETHER, sum);
    if (count == 3)
        dots_any(x, n, y, 3, sum);
    else if (count == 2)
        dots_any(x, n, y, 2, sum);
    else if (count == 1)
        dots_any(x, n, y, 1, sum);
}

/* `rows` and `count` are compile-time constants. */
static inline void spread_any(const float *x, size_t stride, size_t rows, size_t n, const float *factor, size_t factors,
                              float *const *sum, size_t count)
{
    vec by[ROWS_TOGETHER][TOGETHER];
    size_t i = 0;

    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < count; c++)
            by[r][c] = v_set1(factor[r * factors + c]);
    for (; i + WIDTH <= n; i += WIDTH)
        for (size_t c = 0; c < count; c++) {
            vec total = v_load(sum[c] + i);
            for (size_t r = 0; r < rows; r++)
                total = v_fma(by[r][c], v_load(x + r * stride + i), total);
            v_store(sum[c] + i, total);
        }
    for (size_t c = 0; i < n && c < count; c++) {
        vec total = v_part(sum[c] + i, n - i, 0);
        for (size_t r = 0; r < rows; r++)
            total = v_fma(by[r][c], v_part(x + r * stride + i, n - i, 0), total);
        v_store_part(sum[c] + i, n - i, total);
    }
}

static inline void spread_rows(const float *x, size_t stride, size_t rows, size_t n, const float *factor,
                               float *const *sum, size_t count)
{
    size_t left = count;

    for (; left >= TOGETHER; left -= TOGETHER, factor += TOGETHER, sum += TOGETHER)
        spread_any(x, stride, rows, n, factor, count, sum, TOGETHER);
    if (left == 3)
        spread_any(x, stride, rows, n, factor, count, sum, 3);
    else if (left == 2)
        spread_any(x, stride, rows, n, factor, count, sum, 2);
    else if (left == 1)
        spread_any(x, stride, rows, n, factor, count, sum, 1);
}

static void vector_spread(const float *x, size_t stride, size_t rows, size_t n, const float *factor, float *const *sum,
                          size_t count)
{
    size_t r = 0;

    for (; r + ROWS_TOGETHER <= rows; r += ROWS_TOGETHER)
        spread_rows(x + r * stride, stride, ROWS_TOGETHER, n, factor + r * count, sum, count);
    for (; r < rows; r++)
        spread_rows(x + r * stride, stride, 1, n, factor + r * count, sum, count);
}

/* Prefetches `lines` cache lines from `line` on at every STEPS steps, while other work is done. */
struct fetch {
    const float *line;
    size_t lines;
};

enum { LINE = 64 / sizeof(float), STEPS = 4 };

/* `rows` and `count` are compile-time constants: their products stay in registers. */
static inline __attribute__((always_inline)) void products_any(const float *x, size_t rows, const float *y,
                                                               size_t count, size_t n, float *out, size_t stride,
                                                               struct fetch *fetch)
{
    vec sum[TOGETHER][TOGETHER], left[TOGETHER], right;
    size_t i = 0;

    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < count; c++)
            sum[r][c] = v_set1(0);
    for (; i + WIDTH <= n; i += WIDTH) {
        if (i % (STEPS * WIDTH) == 0)
            for (size_t l = 0; l < fetch->lines; l++, fetch->line += LINE)
                __builtin_prefetch(fetch->line, 0, 2);
        for (size_t r = 0; r < rows; r++)
            left[r] = v_load(x + r * n + i);
        for (size_t c = 0; c < count; c++) {
            right = v_hold(v_load(y + c * n + i));
            for (size_t r = 0; r < rows; r++)
                sum[r][c] = v_fma(left[r], right, sum[r][c]);
        }
    }
    if (i < n)
        for (size_t c = 0; c < count; c++) {
            right = v_part(y + c * n + i, n - i, 0);
            for (size_t r = 0; r < rows; r++)
                sum[r][c] = v_fma(v_part(x + r * n + i, n - i, 0), right, sum[r][c]);
        }
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < count; c++)
            out[r * stride + c] = v_total(sum[r][c]);
}

/* Meanwhile prefetches the next `count` rows of y, evenly: rows this short defeat the hardware prefetcher, and the
 * processor would alternate between waiting for memory and leaving it idle. */
static inline __attribute__((always_inline)) void products_rows(const float *x, size_t rows, const float *y,
                                                                size_t count, size_t n, float *out, size_t stride)
{
    enum { X = PRODUCTS_ROWS };
    size_t parts = ((rows + X - 1) / X) * LINE;
    struct fetch fetch = {y + count * n, (STEPS * count * WIDTH + parts - 1) / parts};

    for (; rows >= X; rows -= X, x += X * n, out += X * stride)
        products_any(x, X, y, count, n, out, stride, &fetch);
    if (rows == 3)
        products_any(x, 3, y, count, n, out, stride, &fetch);
    else if (rows == 2)
        products_any(x, 2, y, count, n, out, stride, &fetch);
    else if (rows == 1)
        products_any(x, 1, y, count, n, out, stride, &fetch);
}

static void vector_products(const float *x, size_t rows, const float *y, size_t count, size_t n, float *out,
                            size_t stride)
{
    if (!rows)
        return;
    for (; count >= TOGETHER; count -= TOGETHER, y += TOGETHER * n, out += TOGETHER)
        products_rows(x, rows, y, TOGETHER, n, out, stride);
    for (; count > 0; count--, y += n, out++)
        products_rows(x, rows, y, 1, n, out, stride);
}
