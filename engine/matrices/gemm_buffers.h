/* OpenBLAS' buffers.  Each call takes one, of 128 MB of address space, and where there is no more of it the library asks
 * again without end.  So where address space is limited (ulimit -v, strict overcommit), no more products run at a time
 * than there are buffers, which are made before the first product.
 *
 * It copies operands to the start of a buffer, and prefetches the next ones from behind them: if no product was large
 * enough to use these pages, they are not mapped yet, and each of the prefetches looks for them in vain.  On a virtual
 * machine this makes small products take three times as long.  So the pages are mapped beforehand. */
#ifndef HUBSCOPE_ENGINE_MATRICES_GEMM_BUFFERS_H
#define HUBSCOPE_ENGINE_MATRICES_GEMM_BUFFERS_H

#include <stdbool.h>

enum { GEMM_BUFFERS_TOUCHED = 4 << 20 }; /* bytes: more than the copies of any processor take */

/* Waits for a buffer.  False: there is none, so OpenBLAS must not be called. */
bool gemm_buffers_take(void);
void gemm_buffers_give(void); /* after a successful take */

#endif
