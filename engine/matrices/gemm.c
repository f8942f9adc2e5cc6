#include "engine/matrices/gemm.h"

#include "engine/matrices/blas.h"
#include "engine/matrices/gemm_buffers.h"

#include <stdbool.h>

int gemm_open(struct error *error)
{
    return blas(error) ? 0 : -1;
}

/* The same product where OpenBLAS has no room, for itself or its buffers: slow, and as exact. */
static void multiply_plainly(bool left, bool right, size_t m, size_t n, size_t k, const float *a, size_t a_stride,
                             const float *b, size_t b_stride, float kept, float *c, size_t c_stride)
{
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++) {
            float sum = 0;
            for (size_t l = 0; l < k; l++)
                sum += a[left ? l * a_stride + i : i * a_stride + l] * b[right ? j * b_stride + l : l * b_stride + j];
            float *cell = &c[i * c_stride + j];
            *cell = kept != 0 ? kept * *cell + sum : sum;
        }
}

/* c = kept c + a b, either of which may be transposed. */
static void multiply(CBLAS_TRANSPOSE left, CBLAS_TRANSPOSE right, size_t m, size_t n, size_t k, const float *a,
                     size_t a_stride, const float *b, size_t b_stride, float kept, float *c, size_t c_stride)
{
    if (!m || !n)
        return;
    const struct blas *library = blas(NULL);
    if (!library || !gemm_buffers_take()) {
        multiply_plainly(left == CblasTrans, right == CblasTrans, m, n, k, a, a_stride, b, b_stride, kept, c, c_stride);
        return;
    }
    library->sgemm(CblasRowMajor, left, right, (blasint)m, (blasint)n, (blasint)k, 1.0f, a, (blasint)a_stride, b,
                   (blasint)b_stride, kept, c, (blasint)c_stride);
    gemm_buffers_give();
}

void gemm(size_t m, size_t n, size_t k, const float *a, size_t a_stride, const float *b, size_t b_stride, float *c,
          size_t c_stride)
{
    multiply(CblasNoTrans, CblasTrans, m, n, k, a, a_stride, b, b_stride, 0, c, c_stride);
}

void gemm_plain(size_t m, size_t n, size_t k, const float *a, size_t a_stride, const float *b, size_t b_stride,
                float *c, size_t c_stride)
{
    multiply(CblasNoTrans, CblasNoTrans, m, n, k, a, a_stride, b, b_stride, 0, c, c_stride);
}

void gemm_plain_add(size_t m, size_t n, size_t k, const float *a, size_t a_stride, const float *b, size_t b_stride,
                    float *c, size_t c_stride)
{
    multiply(CblasNoTrans, CblasNoTrans, m, n, k, a, a_stride, b, b_stride, 1, c, c_stride);
}

void gemm_left(size_t m, size_t n, size_t k, const float *a, size_t a_stride, const float *b, size_t b_stride, float *c,
               size_t c_stride)
{
    multiply(CblasTrans, CblasNoTrans, m, n, k, a, a_stride, b, b_stride, 0, c, c_stride);
}

void gemv_add(size_t m, size_t k, const float *a, size_t a_stride, const float *x, float *y)
{
    if (!m)
        return;
    const struct blas *library = blas(NULL);
    if (!library || !gemm_buffers_take()) {
        multiply_plainly(false, true, m, 1, k, a, a_stride, x, k, 1, y, 1);
        return;
    }
    library->sgemv(CblasRowMajor, CblasNoTrans, (blasint)m, (blasint)k, 1.0f, a, (blasint)a_stride, x, 1, 1.0f, y, 1);
    gemm_buffers_give();
}

const char *gemm_library(struct error *error)
{
    const struct blas *library = blas(error);

    return library ? library->get_config() : NULL;
}
