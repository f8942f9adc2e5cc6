/* Dense float products in row-major order: the only module that calls BLAS. Each call runs on the calling thread alone;
 * parallelism is the pool's.  Products need no preparation, but where BLAS cannot be loaded they are slow: work that
 * computes many of them opens it first, to report that. */
#ifndef HUBSCOPE_ENGINE_MATRICES_GEMM_H
#define HUBSCOPE_ENGINE_MATRICES_GEMM_H

#include "engine/base/error.h"

#include <stddef.h>

int gemm_open(struct error *error); /* loads BLAS, unless that has been done */

/* BLAS processes rows of `a` in groups (12 on Zen and Haswell, 8 on Nehalem) and sums the remainder in another order.
 * A product cut into pieces gives the same bits however it is cut, provided every cut is at a multiple of this. */
enum { GEMM_GROUP = 48, GEMM_GROUP_LEAST = 24 }; /* the smaller one where memory is tight */

/* c (m, n) = a (m, k) times the transpose of b (n, k); rows are a_stride, b_stride and c_stride floats apart.  Every
 * extent and stride must be below 2^31. */
void gemm(size_t m, size_t n, size_t k, const float *a, size_t a_stride, const float *b, size_t b_stride, float *c,
          size_t c_stride);

/* The same without the transpose: c (m, n) = a (m, k) b (k, n). */
void gemm_plain(size_t m, size_t n, size_t k, const float *a, size_t a_stride, const float *b, size_t b_stride,
                float *c, size_t c_stride);

/* The same, added: c += a b. */
void gemm_plain_add(size_t m, size_t n, size_t k, const float *a, size_t a_stride, const float *b, size_t b_stride,
                    float *c, size_t c_stride);

/* The transpose on the left: c (m, n) = the transpose of a (k, m), times b (k, n). */
void gemm_left(size_t m, size_t n, size_t k, const float *a, size_t a_stride, const float *b, size_t b_stride, float *c,
               size_t c_stride);

/* y (m) += a (m, k) x (k). */
void gemv_add(size_t m, size_t k, const float *a, size_t a_stride, const float *x, float *y);

/* What BLAS reports about itself: version, core type, limits.  Null if it cannot be loaded. */
const char *gemm_library(struct error *error);

#endif
