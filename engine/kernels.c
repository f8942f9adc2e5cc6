#include "engine/kernels.h"

#include <math.h>

/* Sums run in LANES independent floats (several vectors of any width, so that additions overlap)
 * for one chunk, then in double. */
enum { LANES = 32, CHUNK = 1024 };

float kernel_max(const float *x, size_t n)
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

void kernel_add(const float *a, const float *b, float *out, size_t n)
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

double kernel_exp(const float *x, size_t n, float scale, float max, float *out)
{
    float chunk[CHUNK];
    double sum = 0;

    for (size_t start = 0; start < n; start += CHUNK) {
        size_t count = n - start < CHUNK ? n - start : CHUNK;
        const float *from = x + start;
        float *to = out ? out + start : chunk;
        for (size_t i = 0; i < count; i++)
            to[i] = kernel_expf(scale * (from[i] - max));
        sum += sum_of(to, count);
    }
    return sum;
}

double kernel_lse(const float *x, size_t n, float scale)
{
    float most = kernel_max(x, n);

    if (most == -INFINITY)
        return -INFINITY;
    return (double)scale * most + log(kernel_exp(x, n, scale, most, NULL));
}

void kernel_count(const float *x, size_t n, float threshold, size_t *greater, size_t *equal)
{
    size_t above = 0, same = 0;

    for (size_t start = 0; start < n; start += CHUNK) {
        size_t end = n - start < CHUNK ? n : start + CHUNK;
        uint32_t over = 0, level = 0; /* as wide as a float: the loop keeps one vector width */
        for (size_t i = start; i < end; i++) {
            over += x[i] > threshold;
            level += x[i] == threshold;
        }
        above += over;
        same += level;
    }
    *greater = above;
    *equal = same;
}

size_t kernel_scan(const float *x, size_t n, float threshold)
{
    size_t i = 0;

    for (; i + LANES <= n; i += LANES) {
        uint32_t over = 0;
        for (size_t l = 0; l < LANES; l++)
            over |= x[i + l] > threshold;
        if (over)
            break;
    }
    while (i < n && !(x[i] > threshold))
        i++;
    return i;
}

void kernel_accumulate(const float *x, size_t n, double factor, double *sum)
{
    for (size_t i = 0; i < n; i++)
        sum[i] += factor * (double)x[i];
}
