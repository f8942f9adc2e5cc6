/* What an instruction set implements: the vector loops, and the inline pieces that they share with other loops.  Inputs
 * hold no NaN; arrays may have any length and alignment; sums of many floats are kept in double from chunk to chunk, so
 * that they do not drift with the length.  Comparisons, counts and positions are identical in every set; exponentials
 * and sums differ in their last bits. */
#ifndef HUBSCOPE_ENGINE_KERNELS_KERNEL_SET_H
#define HUBSCOPE_ENGINE_KERNELS_KERNEL_SET_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define KERNEL_EXP_LEAST (-87.33f) /* exp of anything smaller is not a normal float and is taken as 0 */

/* exp(x) for x <= 88, within 1.2e-7 relative of the true value; 0 below KERNEL_EXP_LEAST. Free of branches and calls,
 * so that loops over it vectorise. */
static inline float kernel_expf(float x)
{
    const float round = 12582912.0f; /* 1.5 * 2^23: adding it rounds to a whole number in the low bits */
    float least = x > KERNEL_EXP_LEAST ? x : KERNEL_EXP_LEAST;
    float shifted = least * 1.44269504f + round;
    float n = shifted - round;
    float r = least - n * 0.693359375f + n * 2.12194440e-4f; /* ln 2 split in two: the first product is exact */
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;

    uint32_t bits;
    float power;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits + 127) << 23; /* 2^n: the whole number is in the low bits of `shifted` */
    memcpy(&power, &bits, sizeof power);
    return x > KERNEL_EXP_LEAST ? p * power : 0.0f;
}

enum { KERNEL_POWER_MOST = 7 };

/* The least x whose power is computed: below it the result might not be a normal float, and slow. */
static inline float kernel_power_least(unsigned power)
{
    uint32_t bits = (127u - 126u / power) << 23; /* 2^-(126 / power) */
    float least;

    memcpy(&least, &bits, sizeof least);
    return least;
}

enum { KERNEL_ROW = 64, KERNEL_PART = 16 };

/* Starts to load one of the next rows while another is added. */
static inline void kernel_fetch(const float *x, const uint32_t *row, size_t left)
{
    enum { AHEAD = 6, LINE = 16 };

    if (left > AHEAD)
        for (size_t c = 0; c < KERNEL_ROW; c += LINE)
            __builtin_prefetch(x + (size_t)row[AHEAD] * KERNEL_ROW + c);
}

enum { KERNEL_BLOCK = 256, KERNEL_LANES = 16 };

/* Element i of an array is in group i / KERNEL_BLOCK * KERNEL_LANES + i % KERNEL_LANES. */
static inline size_t kernel_groups(size_t n)
{
    return (n + KERNEL_BLOCK - 1) / KERNEL_BLOCK * KERNEL_LANES;
}

/* One implementation of everything that depends on the instruction set.  A null `shift` means no shift.  Sums x + shift
 * are rounded to float before they are compared. */
struct kernel_set {
    const char *name;

    float (*max)(const float *x, size_t n);                            /* -INFINITY for n = 0 */
    void (*add)(const float *a, const float *b, float *out, size_t n); /* out may be a or b */

    /* out[i] = exp(scale * (x[i] + shift[i] - max)), with `max` at least every x[i] + shift[i];
     * returns the sum.  out may be x or null. */
    double (*exp)(const float *x, const float *shift, size_t n, float scale, float max, float *out);

    /* Counts the x[i] + shift[i] that are greater than `threshold`, and those equal to it.  With `groups`, also stores
     * the largest of each of the kernel_groups(n) groups (-INFINITY for an empty one). */
    void (*count)(const float *x, const float *shift, size_t n, float threshold, size_t *greater, size_t *equal,
                  float *groups);

    size_t (*scan)(const float *x, const float *shift, size_t n,
                   float threshold); /* the first i with x[i] + shift[i] > threshold, or n */

    /* Stores every i with x[i] + shift[i] > threshold, ascending; returns their number.  `where` has room for n +
     * KERNEL_LANES. */
    size_t (*find)(const float *x, const float *shift, size_t n, float threshold, uint32_t *where);

    /* out[i] = x[i]^power for x in [0, 1] and power in [1, KERNEL_POWER_MOST], 0 below
     * kernel_power_least; returns the sum.  out may be x. */
    double (*power)(const float *x, size_t n, unsigned power, float *out);
    void (*dots)(const float *x, size_t n, const float *const *y, size_t count, double *sum); /* sum[c] += x y[c] */

    /* sum[c][i] += factor[r * count + c] x[r * stride + i], summed over the rows r of x. */
    void (*spread)(const float *x, size_t stride, size_t rows, size_t n, const float *factor, float *const *sum,
                   size_t count);

    /* sum += factor[row[i]] times row row[i] of x, in the order of i (a null factor: ones).  sum and the rows of x are
     * KERNEL_ROW floats: for products with sparse matrices, whose rows are scattered. */
    void (*gather)(const float *x, const uint32_t *row, const float *factor, size_t n, float *sum);

    /* With part = scale times the sum of factor[row[i]] in[row[i]], adds scale part to each out[row[i]], in the order
     * of i.  Rows of `in` and `out` are KERNEL_PART floats. */
    void (*weave)(const float *in, const uint32_t *row, const float *factor, size_t n, float scale, float *out);

    /* out[r * stride + c] = row r of x (rows, n) times row c of y (count, n): a few x against many y, which are read
     * once.  Adds in float over all of n. */
    void (*products)(const float *x, size_t rows, const float *y, size_t count, size_t n, float *out, size_t stride);

    /* sum += factor part weight (a null weight: ones); part = 0.  Unless `anchor` is 0, what is added is rounded to a
     * multiple of the last digit of anchor, 1.5 * 2^e: sums below 2^(e + 1) are then exact, whatever their order. */
    void (*settle)(float *part, const float *weight, size_t n, double factor, double anchor, double *sum);

    /* Column-wise, one row at a time. */
    void (*raise)(const float *x, size_t n, float *most); /* most[i] = the larger of it and x[i] */
    void (*exp_columns)(const float *x, size_t n, float scale, const float *most,
                        float *sum); /* sum[i] += exp(scale * (x[i] - most[i])) */
    void (*moments)(const float *x, size_t n, const float *from, float *sum,
                    float *square); /* with d = x[i] - from[i]: sum[i] += d, square[i] += d * d */
    size_t (*reach)(const float *x, const float *least, size_t n,
                    uint32_t *where); /* the i with x[i] >= least[i], as in find */

    /* Logits in double, for potentials that outgrow a float. */
    double (*logits)(const float *x, const double *potential, size_t n, double scale,
                     double *out); /* out[i] = scale x[i] + potential[i]; returns the largest */
    double (*exp_logits)(const double *logit, size_t n, double max,
                         float *out); /* out[i] = exp(logit[i] - max); returns the sum */

    void (*steps)(const int16_t *x, size_t n, float step, float *out); /* out[i] = step * x[i] */

    /* IEEE 754 binary16. */
    void (*half)(const uint16_t *x, size_t n, float *out);
    float (*half_dot)(const uint16_t *x, const float *y, size_t n);

    /* out[r] = row r of x (rows, n) times y, exactly: n 128 max |y| must be below 2^31. */
    void (*code_dots)(const int8_t *x, size_t rows, size_t n, const int16_t *y, int32_t *out);
};

#endif
