#include "engine/matrices/reservoir.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MOST = 4000 };

static float x[MOST];

static int best_first(const void *a, const void *b)
{
    uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;

    if (x[i] != x[j])
        return x[i] > x[j] ? -1 : 1;
    return i < j ? -1 : i > j;
}

static void check(size_t n, size_t k, bool backwards)
{
    struct reservoir reservoir;
    uint32_t order[MOST], item[MOST];
    float value[MOST];

    assert_int_equal(reservoir_open(&reservoir, 2, k, MOST), 0);
    for (size_t i = 0; i < n; i++) {
        uint32_t at = (uint32_t)(backwards ? n - 1 - i : i);
        order[i] = (uint32_t)i;
        if (x[at] >= reservoir.least[1])
            reservoir_add(&reservoir, 1, x[at], at);
    }
    qsort(order, n, sizeof *order, best_first);
    size_t count = reservoir_take(&reservoir, 1, value, item);
    assert_int_equal(count, n < k ? n : k);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(item[i], order[i]);
        assert_true(value[i] == x[order[i]]);
    }
    assert_int_equal(reservoir_take(&reservoir, 0, value, item), 0); /* lists are independent */
    reservoir_close(&reservoir);
}

static void keeps_the_largest(void **state)
{
    static const size_t sizes[] = {0, 1, 2, 15, 16, 17, 100, 257, 4000};
    static const size_t ks[] = {1, 2, 10, 128, 3999};
    uint32_t seed = 7;

    (void)state;
    for (int grain = 0; grain < 4; grain++) { /* none; many ties; all equal; ascending */
        for (size_t i = 0; i < MOST; i++) {
            seed = seed * 1664525u + 1013904223u;
            x[i] = (float)(seed >> 8) * 0x1p-24f - 0.5f;
            if (grain == 1)
                x[i] = ceilf(x[i] * 10) / 10; /* -0 and 0 too */
            else if (grain == 2)
                x[i] = -0.25f;
            else if (grain == 3)
                x[i] = (float)i;
        }
        x[11] = grain == 0 ? -INFINITY : x[11];
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
            for (size_t k = 0; k < sizeof ks / sizeof *ks; k++) {
                check(sizes[s], ks[k], false);
                check(sizes[s], ks[k], true);
            }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(keeps_the_largest)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
