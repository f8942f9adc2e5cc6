/* Vector kernels over float arrays: the inner loops of fitting, analysis and search.
 *
 * This is the one place where instruction-set variants are chosen.  Inputs hold no NaN; arrays may
 * have any length and alignment; sums of many floats are kept in double from chunk to chunk, so
 * that they do not drift with the length. */
#ifndef HUBSCOPE_ENGINE_KERNELS_H
#define HUBSCOPE_ENGINE_KERNELS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define KERNEL_EXP_LEAST                                                                           \
    (-87.33f) /* exp of anything smaller is no normal float and counts as 0                        \
               */

/* exp(x) for x <= 88, within 1.2e-7 relative of the true value; 0 below KERNEL_EXP_LEAST.  Free of
 * branches and calls, so that loops over it become vector code. */
static inline float kernel_expf(float x)
{
    const float round =
        12582912.0f; /* 1.5 * 2^23: adding it rounds to a whole number in the low bits */
    float least = x > KERNEL_EXP_LEAST ? x : KERNEL_EXP_LEAST;
    float shifted = least * 1.44269504f + round;
    float n = shifted - round;
    float r = least - n * 0.693359375f +
              n * 2.12194440e-4f; /* ln 2 in two parts: the first product is exact */
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
    bits = (bits + 127) << 23; /* 2^n: the whole number sits in the low bits of `shifted` */
    memcpy(&power, &bits, sizeof power);
    return x > KERNEL_EXP_LEAST ? p * power : 0.0f;
}

float kernel_max(const float *x, size_t n); /* -INFINITY for n = 0 */

void kernel_add(const float *a, const float *b, float *out, size_t n); /* out may be a or b */

/* out[i] = exp(scale * (x[i] - max)), with `max` at least every x[i]; returns the sum.  out may be
 * x or null. */
double kernel_exp(const float *x, size_t n, float scale, float max, float *out);

/* log sum_i exp(scale * x[i]) for scale > 0; -INFINITY for n = 0. */
double kernel_lse(const float *x, size_t n, float scale);

/* How many x[i] are greater than and equal to `threshold`. */
void kernel_count(const float *x, size_t n, float threshold, size_t *greater, size_t *equal);

/* The first i with x[i] > threshold, or n. */
size_t kernel_scan(const float *x, size_t n, float threshold);

void kernel_accumulate(const float *x, size_t n, double factor,
                       double *sum); /* sum[i] += factor * x[i] */

#endif
