#include "engine/matrices/gemm.h"

#include <cblas.h>
#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void set_one_thread(void)
{
    openblas_set_num_threads(1);
}

/* c = kept c + a b, either of which may be transposed. */
static void multiply(CBLAS_TRANSPOSE left, CBLAS_TRANSPOSE right, size_t m, size_t n, size_t k, const float *a,
                     size_t a_stride, const float *b, size_t b_stride, float kept, float *c, size_t c_stride)
{
    pthread_once(&once, set_one_thread);
    if (m && n)
        cblas_sgemm(CblasRowMajor, left, right, (blasint)m, (blasint)n, (blasint)k, 1.0f, a, (blasint)a_stride, b,
                    (blasint)b_stride, kept, c, (blasint)c_stride);
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
    pthread_once(&once, set_one_thread);
    if (m)
        cblas_sgemv(CblasRowMajor, CblasNoTrans, (blasint)m, (blasint)k, 1.0f, a, (blasint)a_stride, x, 1, 1.0f, y, 1);
}

const char *gemm_library(void)
{
    return openblas_get_config();
}
