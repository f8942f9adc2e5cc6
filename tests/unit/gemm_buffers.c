/* After the first product, where OpenBLAS copies operands to and prefetches from is mapped, however small the product
 * was and whichever buffer a thread gets. */
#include "engine/matrices/gemm_buffers.h"
#include "engine/matrices/blas.h"
#include "engine/matrices/gemm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

#include <cmocka.h>

enum { PAGE = 4096, PAGES = GEMM_BUFFERS_TOUCHED / PAGE, CALLERS = 3 };

static void buffers_are_mapped(void **state)
{
    static const float one[4] = {1, 2, 3, 4};
    static unsigned char resident[PAGES];
    void *buffer[CALLERS];
    float product = 0;
    (void)state;

    gemm(1, 1, 4, one, 4, one, 4, &product, 1);
    assert_float_equal(product, 30, 0);
    const struct blas *library = blas(NULL);
    assert_non_null(library);
    if (!library->memory_alloc || !library->memory_free)
        skip();
    for (size_t i = 0; i < CALLERS; i++) {
        buffer[i] = library->memory_alloc(0);
        assert_int_equal(mincore(buffer[i], GEMM_BUFFERS_TOUCHED, resident), 0);
        for (size_t page = 0; page < PAGES; page++)
            assert_true(resident[page] & 1);
    }
    for (size_t i = 0; i < CALLERS; i++)
        library->memory_free(buffer[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buffers_are_mapped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
