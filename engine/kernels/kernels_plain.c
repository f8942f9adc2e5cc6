/* The kernels in plain C: the fallback, and the reference that the others are tested against. */
#include "engine/kernels/half.h"
#include "engine/kernels/kernels_sets.h"

#include <math.h>

/* Sums run in LANES independent floats (several vectors of any width, so that additions overlap)
 * for one chunk, then in double. */
enum { LANES = 32, CHUNK = 1024 };

static float at(const float *x, const float *shift, size_t i)
{
    return shift ? x[i] + shift[i] : x[i];
}

static float plain_max(const float *x, size_t n)
{
    float lane[LANES], most = -INFINITY;
    size_t i = 0;

    for (size_t l = 0; l < LANES; l++)
        lane[l] = -INFINITY;
    for (; i + LANES <= n; i += LANES)
        for (size_t l = 0; l < LANES; l++)
            lane[l] = x[i + l] > lane[l] ? x[i + l] : lane[l];
    for (; i < n; i++)
        most = x[i] > most ? x[i] : most;
    for (size_t l = 0; l < LANES; l++)
        most = lane[l] > most ? lane[l] : most;
    return most;
}

static void plain_add(const float *a, const float *b, float *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = a[i] + b[i];
}

static double sum_of(const float *x, size_t n)
{
    float lane[LANES] = {0};
    double sum = 0;
    size_t i = 0;

    for (; i + LANES <= n; i += LANES)
        for (size_t l = 0; l < LANES; l++)
            lane[l] += x[i + l];
    for (; i < n; i++)
        sum += x[i];
    for (size_t l = 0; l < LANES; l++)
        sum += lane[l];
    return sum;
}

static double sum_of_chunks(const float *x, size_t n)
{
    double sum = 0;

    for (size_t start = 0; start < n; start += CHUNK)
        sum += sum_of(x + start, n - start < CHUNK ? n - start : CHUNK);
    return sum;
}

static double plain_exp(const float *x, const float *shift, size_t n, float scale, float max, float *out)
{
    float chunk[CHUNK];
    double sum = 0;

    for (size_t start = 0; start < n; start += CHUNK) {
        size_t count = n - start < CHUNK ? n - start : CHUNK;
        const float *from = x + start;
        float *to = out ? out + start : chunk;
        if (shift) {
            plain_add(from, shift + start, to, count);
            from = to;
        }
        for (size_t i = 0; i < count; i++)
            to[i] = kernel_expf(scale * (from[i] - max));
        sum += sum_of(to, count);
    }
    return sum;
}

static void plain_count(const float *x, const float *shift, size_t n, float threshold, size_t *greater, size_t *equal,
                        float *groups)
{
    float chunk[CHUNK];
    size_t above = 0, same = 0;

    for (size_t g = 0; groups && g < kernel_groups(n); g++)
        groups[g] = -INFINITY;
    for (size_t start = 0; start < n; start += CHUNK) {
        size_t count = n - start < CHUNK ? n - start : CHUNK;
        const float *from = x + start;
        uint32_t over = 0, level = 0; /* as wide as a float: the loop keeps one vector width */
        if (shift) {
            plain_add(from, shift + start, chunk, count);
            from = chunk;
        }
        for (size_t i = 0; i < count; i++) {
            over += from[i] > threshold;
            level += from[i] == threshold;
        }
        for (size_t i = 0; groups && i < count; i += KERNEL_LANES) {
            float *group = groups + (start + i) / KERNEL_BLOCK * KERNEL_LANES;
            for (size_t l = 0; l < KERNEL_LANES && i + l < count; l++)
                group[l] = from[i + l] > group[l] ? from[i + l] : group[l];
        }
        above += over;
        same += level;
    }
    *greater = above;
    *equal = same;
}

static size_t plain_scan(const float *x, const float *shift, size_t n, float threshold)
{
    size_t i = 0;

    for (; i + LANES <= n; i += LANES) {
        uint32_t over = 0;
        if (shift)
            for (size_t l = 0; l < LANES; l++)
                over |= x[i + l] + shift[i + l] > threshold;
        else
            for (size_t l = 0; l < LANES; l++)
                over |= x[i + l] > threshold;
        if (over)
            break;
    }
    while (i < n && !(at(x, shift, i) > threshold))
        i++;
    return i;
}

static size_t plain_find(const float *x, const float *shift, size_t n, float threshold, uint32_t *where)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        where[count] = (uint32_t)i; /* kept only if the next one does not overwrite it */
        count += at(x, shift, i) > threshold;
    }
    return count;
}

static double plain_power(const float *x, size_t n, unsigned power, float *out)
{
    float least = kernel_power_least(power);

    for (size_t i = 0; i < n; i++) {
        float base = x[i] >= least ? x[i] : 0, square = base * base, fourth = square * square;
        float value = power & 4 ? fourth : power & 2 ? square : base;
        if (power & 4 && power & 2)
            value *= square;
        out[i] = power > 1 && power & 1 ? value * base : value;
    }
    return sum_of_chunks(out, n);
}

static double plain_dot(const float *x, const float *y, size_t n)
{
    float product[CHUNK];
    double sum = 0;

    for (size_t start = 0; start < n; start += CHUNK) {
        size_t count = n - start < CHUNK ? n - start : CHUNK;
        for (size_t i = 0; i < count; i++)
            product[i] = x[start + i] * y[start + i];
        sum += sum_of(product, count);
    }
    return sum;
}

static void plain_dots(const float *x, size_t n, const float *const *y, size_t count, double *sum)
{
    for (size_t c = 0; c < count; c++)
        sum[c] += plain_dot(x, y[c], n);
}

static void plain_products(const float *x, size_t rows, const float *y, size_t count, size_t n, float *out,
                           size_t stride)
{
    for (size_t c = 0; c < count; c++)
        for (size_t r = 0; r < rows; r++)
            out[r * stride + c] = (float)plain_dot(x + r * n, y + c * n, n);
}

static void plain_spread(const float *x, size_t stride, size_t rows, size_t n, const float *factor, float *const *sum,
                         size_t count)
{
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < count; c++) {
            const float *from = x + r * stride;
            float *to = sum[c], by = factor[r * count + c];
            for (size_t i = 0; i < n; i++)
                to[i] += by * from[i];
        }
}

static void plain_settle(float *part, const float *weight, size_t n, double factor, double anchor, double *sum)
{
    for (size_t i = 0; i < n; i++) {
        double value = factor * (double)part[i] * (weight ? (double)weight[i] : 1);
        sum[i] += anchor != 0 ? (value + anchor) - anchor : value;
        part[i] = 0;
    }
}

static void plain_raise(const float *x, size_t n, float *most)
{
    for (size_t i = 0; i < n; i++)
        most[i] = x[i] > most[i] ? x[i] : most[i];
}

static void plain_exp_columns(const float *x, size_t n, float scale, const float *most, float *sum)
{
    for (size_t i = 0; i < n; i++)
        sum[i] += kernel_expf(scale * (x[i] - most[i]));
}

static void plain_moments(const float *x, size_t n, const float *from, float *sum, float *square)
{
    for (size_t i = 0; i < n; i++) {
        float d = x[i] - from[i];
        sum[i] += d;
        square[i] += d * d;
    }
}

static size_t plain_reach(const float *x, const float *least, size_t n, uint32_t *where)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        where[count] = (uint32_t)i; /* kept only if the next one does not overwrite it */
        count += x[i] >= least[i];
    }
    return count;
}

static double plain_logits(const float *x, const double *potential, size_t n, double scale, double *out)
{
    double lane[LANES], most = -INFINITY;
    size_t i = 0;

    for (size_t j = 0; j < n; j++)
        out[j] = scale * (double)x[j] + potential[j];
    for (size_t l = 0; l < LANES; l++)
        lane[l] = -INFINITY;
    for (; i + LANES <= n; i += LANES)
        for (size_t l = 0; l < LANES; l++)
            lane[l] = out[i + l] > lane[l] ? out[i + l] : lane[l];
    for (; i < n; i++)
        most = out[i] > most ? out[i] : most;
    for (size_t l = 0; l < LANES; l++)
        most = lane[l] > most ? lane[l] : most;
    return most;
}

static double plain_exp_logits(const double *logit, size_t n, double max, float *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (float)(logit[i] - max);
    return plain_exp(out, NULL, n, 1, 0, out);
}

static void plain_gather(const float *x, const uint32_t *row, const float *factor, size_t n, float *sum)
{
    for (size_t i = 0; i < n; i++) {
        const float *from = x + (size_t)row[i] * KERNEL_ROW;
        float by = factor ? factor[row[i]] : 1;
        kernel_fetch(x, row + i, n - i);
        for (size_t c = 0; c < KERNEL_ROW; c++)
            sum[c] += by * from[c];
    }
}

static void plain_weave(const float *in, const uint32_t *row, const float *factor, size_t n, float scale, float *out)
{
    float part[KERNEL_PART] = {0};

    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < KERNEL_PART; c++)
            part[c] += factor[row[i]] * in[(size_t)row[i] * KERNEL_PART + c];
    for (size_t c = 0; c < KERNEL_PART; c++)
        part[c] *= scale;
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < KERNEL_PART; c++)
            out[(size_t)row[i] * KERNEL_PART + c] += scale * part[c];
}

static void plain_steps(const int16_t *x, size_t n, float step, float *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = step * (float)x[i];
}

static void plain_half(const uint16_t *x, size_t n, float *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = half_to_float(x[i]);
}

static float plain_half_dot(const uint16_t *x, const float *y, size_t n)
{
    float wide[CHUNK];
    double sum = 0;

    for (size_t start = 0; start < n; start += CHUNK) {
        size_t count = n - start < CHUNK ? n - start : CHUNK;
        plain_half(x + start, count, wide);
        sum += plain_dot(wide, y + start, count);
    }
    return (float)sum;
}

static void plain_code_dots(const int8_t *x, size_t rows, size_t n, const int16_t *y, int32_t *out)
{
    for (size_t r = 0; r < rows; r++, x += n) {
        int32_t sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += x[i] * y[i];
        out[r] = sum;
    }
}

const struct kernel_set kernels_plain = {
    .name = "generic",
    .max = plain_max,
    .add = plain_add,
    .exp = plain_exp,
    .count = plain_count,
    .scan = plain_scan,
    .find = plain_find,
    .power = plain_power,
    .dots = plain_dots,
    .spread = plain_spread,
    .products = plain_products,
    .settle = plain_settle,
    .raise = plain_raise,
    .exp_columns = plain_exp_columns,
    .moments = plain_moments,
    .reach = plain_reach,
    .logits = plain_logits,
    .exp_logits = plain_exp_logits,
    .gather = plain_gather,
    .weave = plain_weave,
    .steps = plain_steps,
    .half = plain_half,
    .half_dot = plain_half_dot,
    .code_dots = plain_code_dots,
};
