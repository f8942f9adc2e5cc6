/* OpenBLAS' buffers.  Each call takes one, of 128 MB of address space, and where there is no more of it the library
 * keeps asking forever.  So where address space is limited (ulimit -v, strict overcommit), no more products run at a
 * time than there are buffers, which are made before the first product.
 *
 * OpenBLAS copies operands to the start of a buffer and prefetches from just behind the copies.  Until a large product
 * has written there, those pages are not mapped, and each prefetch costs a walk through the page tables: on a virtual
 * machine small products take three times as long.  So the pages are mapped beforehand. */
#ifndef HUBSCOPE_ENGINE_MATRICES_GEMM_BUFFERS_H
#define HUBSCOPE_ENGINE_MATRICES_GEMM_BUFFERS_H

#include <stdbool.h>

enum { GEMM_BUFFERS_TOUCHED = 4 << 20 }; /* bytes: more than the copies of any processor take */

/* Waits for a buffer.  False: there is none, so OpenBLAS must not be called. */
bool gemm_buffers_take(void);
void gemm_buffers_give(void); /* after a successful take */

#endif
