/* OpenBLAS, loaded when the first product is computed: with its sixteen thousand relocations it would take a third of
 * every start of the program.  For gemm.c and gemm_buffers.c alone. */
#ifndef HUBSCOPE_ENGINE_MATRICES_BLAS_H
#define HUBSCOPE_ENGINE_MATRICES_BLAS_H

#include "engine/base/error.h"

#include <cblas.h>

struct blas {
    __typeof__(cblas_sgemm) *sgemm;
    __typeof__(cblas_sgemv) *sgemv;
    __typeof__(openblas_get_config) *get_config;
    __typeof__(openblas_set_num_threads) *set_num_threads;
    /* Not in its headers; null in a library without them. */
    void *(*memory_alloc)(int position);
    void (*memory_free)(void *buffer);
};

/* Loads the library at the first call, from any thread.  Null if it cannot be loaded. */
const struct blas *blas(struct error *error);

#endif
