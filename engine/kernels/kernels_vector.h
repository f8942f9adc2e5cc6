/* The kernels once more, for vectors of any width: the body of kernels_avx2.c, kernels_avx512.c
 * and kernels_neon.c, which define the vector before they include it:
 *
 *   vec, WIDTH      the type and its floats
 *   v_set1 v_load v_store v_part v_store_part v_add v_sub v_mul v_fma v_max   arithmetic; v_part
 *                   fills lanes past the end, v_store_part leaves them alone
 *   v_hold          the same vector, where a compiler would read it again instead of keeping it
 *   v_over v_reach  one bit a lane: a > b, a >= b
 *   v_places        writes first + the number of each bit set, in whole vectors; returns how many
 *   vcount, c_zero c_over c_same c_total   counts of such lanes
 *   v_scale_over    value 2^n where x > least, else 0; n is an integer, also in the low bits of `low`
 *   v_keep_from     value where x >= least, else 0
 *   v_low v_high    its halves as doubles
 *   v_total         the sum of its floats
 *   v_half v_short  floats of binary16, and of whole numbers of 16 bits
 *   dvec, d_...     the same for doubles; one vec is two dvec
 */
#include "engine/kernels/kernels_sets.h"

#include <math.h>

/* Narrow lanes take more of a chunk's floats each, and with them more rounding: hence shorter chunks. */
enum { CHUNK = WIDTH < 8 ? 512 : 1024, VECTORS = KERNEL_LANES / WIDTH, TOGETHER = 4, ROWS_TOGETHER = 4, EXPS = 4 };

/* As many as fit in the registers: 4 x 4 of the 32 of AVX-512 and NEON, 3 x 4 of the 16 of AVX2. */
enum { PRODUCTS_ROWS = WIDTH == 8 ? 3 : 4 };

static inline float lanes_max(vec a)
{
    float lane[WIDTH], most;

    v_store(lane, a);
    most = lane[0];
    for (size_t l = 1; l < WIDTH; l++)
        most = lane[l] > most ? lane[l] : most;
    return most;
}

static inline double lanes_sum(vec a)
{
    return d_total(d_add(v_low(a), v_high(a)));
}

/* kernel_expf of several vectors, except for the order of the last steps.  A single such chain stalls on its own
 * latency, so several advance side by side; `count` is a compile-time constant. */
static inline __attribute__((always_inline)) void v_exps(vec *x, size_t count)
{
    static const float term[] = {1.9875691500e-4f,
                                 1.3981999507e-3f,
                                 8.3334519073e-3f,
                                 4.1665795894e-2f,
                                 1.6666665459e-1f,
                                 5.0000001201e-1f,
                                 1.0f,
                                 1.0f};
    const vec round = v_set1(12582912.0f), lowest = v_set1(KERNEL_EXP_LEAST);
    vec shifted[EXPS], n[EXPS], r[EXPS], p[EXPS];

    for (size_t c = 0; c < count; c++)
        r[c] = v_max(x[c], lowest);
    for (size_t c = 0; c < count; c++)
        shifted[c] = v_fma(r[c], v_set1(1.44269504f), round);
    for (size_t c = 0; c < count; c++)
        n[c] = v_sub(shifted[c], round);
    for (size_t c = 0; c < count; c++)
        r[c] = v_fma(n[c], v_set1(-0.693359375f), r[c]);
    for (size_t c = 0; c < count; c++)
        r[c] = v_fma(n[c], v_set1(2.12194440e-4f), r[c]);
    for (size_t c = 0; c < count; c++)
        p[c] = v_fma(v_set1(term[0]), r[c], v_set1(term[1]));
    for (size_t t = 2; t < sizeof term / sizeof *term; t++)
        for (size_t c = 0; c < count; c++)
            p[c] = v_fma(p[c], r[c], v_set1(term[t]));
    for (size_t c = 0; c < count; c++)
        x[c] = v_scale_over(x[c], lowest, p[c], n[c], shifted[c]);
}

static inline vec v_exp(vec x)
{
    v_exps(&x, 1);
    return x;
}

static inline vec shifted_at(const float *x, const float *shift, size_t i)
{
    vec value = v_load(x + i);

    return shift ? v_add(value, v_load(shift + i)) : value;
}

/* -INFINITY past the end. */
static inline vec shifted_part(const float *x, const float *shift, size_t i, size_t count)
{
    vec value = v_part(x + i, count, -INFINITY);

    return shift ? v_add(value, v_part(shift + i, count, 0)) : value;
}

static float vector_max(const float *x, size_t n)
{
    vec a = v_set1(-INFINITY), b = a, c = a, d = a;
    size_t i = 0;

    for (; i + 4 * WIDTH <= n; i += 4 * WIDTH) {
        a = v_max(a, v_load(x + i));
        b = v_max(b, v_load(x + i + WIDTH));
        c = v_max(c, v_load(x + i + 2 * WIDTH));
        d = v_max(d, v_load(x + i + 3 * WIDTH));
    }
    for (; i + WIDTH <= n; i += WIDTH)
        a = v_max(a, v_load(x + i));
    if (i < n)
        b = v_max(b, v_part(x + i, n - i, -INFINITY));
    return lanes_max(v_max(v_max(a, b), v_max(c, d)));
}

static void vector_add(const float *a, const float *b, float *out, size_t n)
{
    size_t i = 0;

    for (; i + WIDTH <= n; i += WIDTH)
        v_store(out + i, v_add(v_load(a + i), v_load(b + i)));
    if (i < n)
        v_store_part(out + i, n - i, v_add(v_part(a + i, n - i, 0), v_part(b + i, n - i, 0)));
}

static inline double exp_any(const float *x, const float *shift, size_t n, float scale, float max, float *out)
{
    const vec by = v_set1(scale), most = v_set1(max);
    double sum = 0;

    for (size_t start = 0; start < n; start += CHUNK) {
        size_t end = n - start < CHUNK ? n : start + CHUNK, i = start;
        vec a = v_set1(0), b = a;
        for (; i + EXPS * WIDTH <= end; i += EXPS * WIDTH) {
            vec value[EXPS];
            for (size_t c = 0; c < EXPS; c++)
                value[c] = v_mul(by, v_sub(shifted_at(x, shift, i + c * WIDTH), most));
            v_exps(value, EXPS);
            for (size_t c = 0; out && c < EXPS; c++)
                v_store(out + i + c * WIDTH, value[c]);
            for (size_t c = 0; c < EXPS; c += 2) {
                a = v_add(a, value[c]);
                b = v_add(b, value[c + 1]);
            }
        }
        for (; i < end; i += WIDTH) {
            size_t count = end - i < WIDTH ? end - i : WIDTH;
            vec value = v_exp(v_mul(by, v_sub(shifted_part(x, shift, i, count), most)));
            if (out)
                v_store_part(out + i, count, value);
            a = v_add(a, value);
        }
        sum += lanes_sum(v_add(a, b));
    }
    return sum;
}

static double vector_exp(const float *x, const float *shift, size_t n, float scale, float max, float *out)
{
    return shift ? exp_any(x, shift, n, scale, max, out) : exp_any(x, NULL, n, scale, max, out);
}

/* Lanes past the end are -INFINITY, which is never above the threshold but may equal it. */
static inline void count_any(const float *x, const float *shift, size_t n, float threshold, size_t *greater,
                             size_t *equal, float *groups)
{
    const vec level = v_set1(threshold);
    vcount over = c_zero(), same = c_zero();
    size_t beyond = 0;

    for (size_t start = 0; start < n; start += KERNEL_BLOCK) {
        size_t end = n - start < KERNEL_BLOCK ? n : start + KERNEL_BLOCK, i = start;
        vec most[VECTORS];
        for (size_t v = 0; v < VECTORS; v++)
            most[v] = v_set1(-INFINITY);
        for (; i + KERNEL_LANES <= end; i += KERNEL_LANES)
            for (size_t v = 0; v < VECTORS; v++) {
                vec value = shifted_at(x, shift, i + v * WIDTH);
                over = c_over(over, value, level);
                same = c_same(same, value, level);
                most[v] = v_max(most[v], value);
            }
        for (size_t v = 0; i < end; i += WIDTH, v++) {
            size_t count = end - i < WIDTH ? end - i : WIDTH;
            vec value = shifted_part(x, shift, i, count);
            over = c_over(over, value, level);
            same = c_same(same, value, level);
            most[v] = v_max(most[v], value);
            beyond += WIDTH - count;
        }
        for (size_t v = 0; groups && v < VECTORS; v++)
            v_store(groups + start / KERNEL_BLOCK * KERNEL_LANES + v * WIDTH, most[v]);
    }
    *greater = c_total(over);
    *equal = c_total(same) - (threshold == -INFINITY ? beyond : 0);
}

static void vector_count(const float *x, const float *shift, size_t n, float threshold, size_t *greater, size_t *equal,
                         float *groups)
{
    if (shift)
        count_any(x, shift, n, threshold, greater, equal, groups);
    else
        count_any(x, NULL, n, threshold, greater, equal, groups);
}

static inline size_t scan_any(const float *x, const float *shift, size_t n, float threshold)
{
    const vec level = v_set1(threshold);
    size_t i = 0;

    for (; i + 2 * WIDTH <= n; i += 2 * WIDTH) {
        uint32_t first = v_over(shifted_at(x, shift, i), level);
        uint32_t second = v_over(shifted_at(x, shift, i + WIDTH), level);
        if (first | second)
            return i + (first ? 0 : WIDTH) + (size_t)__builtin_ctz(first ? first : second);
    }
    for (; i < n; i += WIDTH) {
        size_t count = n - i < WIDTH ? n - i : WIDTH;
        uint32_t over = v_over(shifted_part(x, shift, i, count), level);
        if (over)
            return i + (size_t)__builtin_ctz(over);
    }
    return n;
}

static size_t vector_scan(const float *x, const float *shift, size_t n, float threshold)
{
    return shift ? scan_any(x, shift, n, threshold) : scan_any(x, NULL, n, threshold);
}

static inline size_t find_any(const float *x, const float *shift, size_t n, float threshold, uint32_t *where)
{
    const vec level = v_set1(threshold);
    size_t count = 0, i = 0;

    for (; i + WIDTH <= n; i += WIDTH)
        count += v_places(v_over(shifted_at(x, shift, i), level), i, where + count);
    if (i < n)
        count += v_places(v_over(shifted_part(x, shift, i, n - i), level), i, where + count);
    return count;
}

static size_t vector_find(const float *x, const float *shift, size_t n, float threshold, uint32_t *where)
{
    return shift ? find_any(x, shift, n, threshold, where) : find_any(x, NULL, n, threshold, where);
}

/* x^power where x >= least, else 0. */
static inline vec v_raised(vec x, vec least, unsigned power)
{
    vec base = v_keep_from(x, least, x), square = v_mul(base, base), fourth = v_mul(square, square);
    vec value = power & 4 ? fourth : power & 2 ? square : base;

    if (power & 4 && power & 2)
        value = v_mul(value, square);
    return power > 1 && power & 1 ? v_mul(value, base) : value;
}

static inline double power_any(const float *x, size_t n, unsigned power, float *out)
{
    const vec least = v_set1(kernel_power_least(power));
    double sum = 0;

    for (size_t start = 0; start < n; start += CHUNK) {
        size_t end = n - start < CHUNK ? n : start + CHUNK, i = start;
        vec a = v_set1(0);
        for (; i + WIDTH <= end; i += WIDTH) {
            vec value = v_raised(v_load(x + i), least, power);
            v_store(out + i, value);
            a = v_add(a, value);
        }
        if (i < end) {
            vec value = v_raised(v_part(x + i, end - i, 0), least, power);
            v_store_part(out + i, end - i, value);
            a = v_add(a, value);
        }
        sum += lanes_sum(a);
    }
    return sum;
}

static double vector_power(const float *x, size_t n, unsigned power, float *out)
{
    switch (power) { /* a compile-time constant in each case */
    case 2:
        return power_any(x, n, 2, out);
    case 4:
        return power_any(x, n, 4, out);
    case 5:
        return power_any(x, n, 5, out);
    default:
        return power_any(x, n, power, out);
    }
}

#include "engine/kernels/kernels_vector_products.h"

static inline void settle_any(float *part, const float *weight, size_t n, double factor, double anchor, double *sum)
{
    enum { HALF = WIDTH / 2 };
    const dvec by = d_set1(factor), rounding = d_set1(anchor);
    size_t i = 0;

    for (; i + HALF <= n; i += HALF) {
        dvec value = d_widen(part + i);
        if (weight)
            value = d_mul(value, d_widen(weight + i));
        if (anchor != 0)
            d_store(sum + i, d_add(d_load(sum + i), d_sub(d_fma(by, value, rounding), rounding)));
        else
            d_store(sum + i, d_fma(by, value, d_load(sum + i)));
    }
    for (; i < n; i++) {
        double value = factor * (double)part[i] * (weight ? (double)weight[i] : 1);
        sum[i] += anchor != 0 ? (value + anchor) - anchor : value;
    }
    memset(part, 0, n * sizeof *part);
}

static void vector_settle(float *part, const float *weight, size_t n, double factor, double anchor, double *sum)
{
    if (weight && anchor != 0)
        settle_any(part, weight, n, factor, anchor, sum);
    else if (anchor != 0)
        settle_any(part, NULL, n, factor, anchor, sum);
    else if (weight)
        settle_any(part, weight, n, factor, 0, sum);
    else
        settle_any(part, NULL, n, factor, 0, sum);
}

static void vector_raise(const float *x, size_t n, float *most)
{
    size_t i = 0;

    for (; i + WIDTH <= n; i += WIDTH)
        v_store(most + i, v_max(v_load(most + i), v_load(x + i)));
    if (i < n)
        v_store_part(most + i, n - i, v_max(v_part(most + i, n - i, 0), v_part(x + i, n - i, 0)));
}

static void vector_exp_columns(const float *x, size_t n, float scale, const float *most, float *sum)
{
    const vec by = v_set1(scale);
    size_t i = 0;

    for (; i + EXPS * WIDTH <= n; i += EXPS * WIDTH) {
        vec value[EXPS];
        for (size_t c = 0; c < EXPS; c++)
            value[c] = v_mul(by, v_sub(v_load(x + i + c * WIDTH), v_load(most + i + c * WIDTH)));
        v_exps(value, EXPS);
        for (size_t c = 0; c < EXPS; c++)
            v_store(sum + i + c * WIDTH, v_add(v_load(sum + i + c * WIDTH), value[c]));
    }
    for (; i + WIDTH <= n; i += WIDTH) {
        vec value = v_exp(v_mul(by, v_sub(v_load(x + i), v_load(most + i))));
        v_store(sum + i, v_add(v_load(sum + i), value));
    }
    if (i < n) {
        vec value = v_exp(v_mul(by, v_sub(v_part(x + i, n - i, 0), v_part(most + i, n - i, 0))));
        v_store_part(sum + i, n - i, v_add(v_part(sum + i, n - i, 0), value));
    }
}

static void vector_moments(const float *x, size_t n, const float *from, float *sum, float *square)
{
    size_t i = 0;

    for (; i + WIDTH <= n; i += WIDTH) {
        vec d = v_sub(v_load(x + i), v_load(from + i));
        v_store(sum + i, v_add(v_load(sum + i), d));
        v_store(square + i, v_add(v_load(square + i), v_mul(d, d)));
    }
    if (i < n) {
        vec d = v_sub(v_part(x + i, n - i, 0), v_part(from + i, n - i, 0));
        v_store_part(sum + i, n - i, v_add(v_part(sum + i, n - i, 0), d));
        v_store_part(square + i, n - i, v_add(v_part(square + i, n - i, 0), v_mul(d, d)));
    }
}

static size_t vector_reach(const float *x, const float *least, size_t n, uint32_t *where)
{
    size_t count = 0, i = 0;

    for (; i + 2 * WIDTH <= n; i += 2 * WIDTH) {
        uint32_t first = v_reach(v_load(x + i), v_load(least + i));
        uint32_t second = v_reach(v_load(x + i + WIDTH), v_load(least + i + WIDTH));
        if (first)
            count += v_places(first, i, where + count);
        if (second)
            count += v_places(second, i + WIDTH, where + count);
    }
    for (; i < n; i += WIDTH) {
        size_t rest = n - i < WIDTH ? n - i : WIDTH;
        uint32_t bits = v_reach(v_part(x + i, rest, 0), v_part(least + i, rest, 0));
        count += v_places(bits & (uint32_t)((1ull << rest) - 1), i, where + count);
    }
    return count;
}

static double vector_logits(const float *x, const double *potential, size_t n, double scale, double *out)
{
    const dvec by = d_set1(scale);
    dvec a = d_set1(-INFINITY), b = a;
    double lane[WIDTH / 2], most = -INFINITY;
    size_t i = 0;

    for (; i + WIDTH <= n; i += WIDTH) {
        dvec first = d_fma(by, d_widen(x + i), d_load(potential + i));
        dvec second = d_fma(by, d_widen(x + i + WIDTH / 2), d_load(potential + i + WIDTH / 2));
        d_store(out + i, first);
        d_store(out + i + WIDTH / 2, second);
        a = d_max(a, first);
        b = d_max(b, second);
    }
    d_store(lane, d_max(a, b));
    for (size_t l = 0; l < WIDTH / 2; l++)
        most = lane[l] > most ? lane[l] : most;
    for (; i < n; i++) {
        out[i] = scale * (double)x[i] + potential[i];
        most = out[i] > most ? out[i] : most;
    }
    return most;
}

static inline vec relative(const double *logit, dvec most)
{
    return v_narrow(d_sub(d_load(logit), most), d_sub(d_load(logit + WIDTH / 2), most));
}

static double vector_exp_logits(const double *logit, size_t n, double max, float *out)
{
    const dvec most = d_set1(max);
    double sum = 0;

    for (size_t start = 0; start < n; start += CHUNK) {
        size_t end = n - start < CHUNK ? n : start + CHUNK, i = start;
        vec total = v_set1(0);
        for (; i + EXPS * WIDTH <= end; i += EXPS * WIDTH) {
            vec value[EXPS];
            for (size_t c = 0; c < EXPS; c++)
                value[c] = relative(logit + i + c * WIDTH, most);
            v_exps(value, EXPS);
            for (size_t c = 0; c < EXPS; c++) {
                v_store(out + i + c * WIDTH, value[c]);
                total = v_add(total, value[c]);
            }
        }
        for (; i + WIDTH <= end; i += WIDTH) {
            vec value = v_exp(relative(logit + i, most));
            v_store(out + i, value);
            total = v_add(total, value);
        }
        for (; i < end; i++) {
            out[i] = kernel_expf((float)(logit[i] - max));
            sum += (double)out[i];
        }
        sum += lanes_sum(total);
    }
    return sum;
}

static inline void gather_any(const float *x, const uint32_t *row, const float *factor, size_t n, float *sum)
{
    vec total[KERNEL_ROW / WIDTH];

    for (size_t v = 0; v < KERNEL_ROW / WIDTH; v++)
        total[v] = v_load(sum + v * WIDTH);
    for (size_t i = 0; i < n; i++) {
        const float *from = x + (size_t)row[i] * KERNEL_ROW;
        kernel_fetch(x, row + i, n - i);
        if (factor) {
            const vec by = v_set1(factor[row[i]]);
            for (size_t v = 0; v < KERNEL_ROW / WIDTH; v++)
                total[v] = v_fma(by, v_load(from + v * WIDTH), total[v]);
        } else {
            for (size_t v = 0; v < KERNEL_ROW / WIDTH; v++)
                total[v] = v_add(total[v], v_load(from + v * WIDTH));
        }
    }
    for (size_t v = 0; v < KERNEL_ROW / WIDTH; v++)
        v_store(sum + v * WIDTH, total[v]);
}

static void vector_gather(const float *x, const uint32_t *row, const float *factor, size_t n, float *sum)
{
    if (factor)
        gather_any(x, row, factor, n, sum);
    else
        gather_any(x, row, NULL, n, sum);
}

static void vector_weave(const float *in, const uint32_t *row, const float *factor, size_t n, float scale, float *out)
{
    enum { PARTS = KERNEL_PART / WIDTH };
    const vec all = v_set1(scale);
    vec part[PARTS];

    for (size_t v = 0; v < PARTS; v++)
        part[v] = v_set1(0);
    for (size_t i = 0; i < n; i++) {
        const vec by = v_set1(factor[row[i]]);
        for (size_t v = 0; v < PARTS; v++)
            part[v] = v_fma(by, v_load(in + (size_t)row[i] * KERNEL_PART + v * WIDTH), part[v]);
    }
    for (size_t v = 0; v < PARTS; v++)
        part[v] = v_mul(all, v_mul(all, part[v]));
    for (size_t i = 0; i < n; i++)
        for (size_t v = 0; v < PARTS; v++) {
            float *to = out + (size_t)row[i] * KERNEL_PART + v * WIDTH;
            v_store(to, v_add(v_load(to), part[v]));
        }
}

static void vector_steps(const int16_t *x, size_t n, float step, float *out)
{
    const vec by = v_set1(step);
    size_t i = 0;

    for (; i + WIDTH <= n; i += WIDTH)
        v_store(out + i, v_mul(by, v_short(x + i)));
    for (; i < n; i++)
        out[i] = step * (float)x[i];
}

static void vector_half(const uint16_t *x, size_t n, float *out)
{
    size_t i = 0;

    for (; i + WIDTH <= n; i += WIDTH)
        v_store(out + i, v_half(x + i));
    if (i < n) {
        uint16_t rest[WIDTH] = {0};
        memcpy(rest, x + i, (n - i) * sizeof *x);
        v_store_part(out + i, n - i, v_half(rest));
    }
}

static float vector_half_dot(const uint16_t *x, const float *y, size_t n)
{
    double sum = 0;

    for (size_t start = 0; start < n; start += CHUNK) {
        size_t end = n - start < CHUNK ? n : start + CHUNK, i = start;
        vec a = v_set1(0), b = a, c = a, d = a;
        for (; i + 4 * WIDTH <= end; i += 4 * WIDTH) {
            a = v_fma(v_half(x + i), v_load(y + i), a);
            b = v_fma(v_half(x + i + WIDTH), v_load(y + i + WIDTH), b);
            c = v_fma(v_half(x + i + 2 * WIDTH), v_load(y + i + 2 * WIDTH), c);
            d = v_fma(v_half(x + i + 3 * WIDTH), v_load(y + i + 3 * WIDTH), d);
        }
        for (; i < end; i += WIDTH) {
            size_t count = end - i < WIDTH ? end - i : WIDTH;
            uint16_t rest[WIDTH] = {0};
            memcpy(rest, x + i, count * sizeof *x);
            a = v_fma(v_half(rest), v_part(y + i, count, 0), a);
        }
        sum += lanes_sum(v_add(v_add(a, b), v_add(c, d)));
    }
    return (float)sum;
}

#include "engine/kernels/kernels_vector_codes.h"

/* The name differs from file to file, so the table is made there. */
#define VECTOR_SET(isa)                                                                                                \
    {                                                                                                                  \
        .name = isa, .max = vector_max, .add = vector_add, .exp = vector_exp, .count = vector_count,                   \
        .scan = vector_scan, .find = vector_find, .power = vector_power, .dots = vector_dots, .spread = vector_spread, \
        .products = vector_products, .settle = vector_settle, .raise = vector_raise,                                   \
        .exp_columns = vector_exp_columns, .moments = vector_moments, .reach = vector_reach, .logits = vector_logits,  \
        .exp_logits = vector_exp_logits, .gather = vector_gather, .weave = vector_weave, .steps = vector_steps,        \
        .half = vector_half, .half_dot = vector_half_dot, .code_dots = vector_code_dots                                \
    }
