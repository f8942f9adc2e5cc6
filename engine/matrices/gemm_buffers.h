/* Room for OpenBLAS' buffers.  Each call takes one, of 128 MB of address space, and where there is no more of it the
 * library asks again without end.  So where address space is limited (ulimit -v, strict overcommit), buffers are made
 * before the first product, and no more products run at a time than there are buffers. */
#ifndef HUBSCOPE_ENGINE_MATRICES_GEMM_BUFFERS_H
#define HUBSCOPE_ENGINE_MATRICES_GEMM_BUFFERS_H

#include <stdbool.h>

/* Waits for a buffer.  False: there is none, so OpenBLAS must not be called. */
bool gemm_buffers_take(void);
void gemm_buffers_give(void); /* after a successful take */

#endif
