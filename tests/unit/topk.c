#include "engine/matrices/topk.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MOST = 3000 };

struct entry {
    float value;
    uint32_t item;
};

static int best_first(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->value != y->value)
        return x->value > y->value ? -1 : 1;
    return x->item < y->item ? -1 : x->item > y->item;
}

static void compare(const float *x, size_t n, size_t k)
{
    static struct entry sorted[MOST];
    static float value[MOST + 10];
    static uint32_t item[MOST + 10];

    for (size_t i = 0; i < n; i++)
        sorted[i] = (struct entry){x[i], (uint32_t)i};
    qsort(sorted, n, sizeof *sorted, best_first);
    for (int backwards = 0; backwards < 2; backwards++) {
        struct topk top = topk_make(value, item, k);
        if (backwards) /* one by one, in reverse order: ties still go to the smaller item */
            for (size_t i = n; i-- > 0;)
                topk_push(&top, x[i], (uint32_t)i);
        else
            for (size_t i = 0; i < n; i += 700)
                topk_add(&top, x + i, n - i < 700 ? n - i : 700, (uint32_t)i);
        size_t count = k < n ? k : n;
        if (n % 2 == 0) { /* fewer of them; 0 keeps none */
            topk_keep(&top, k + 1);
            assert_int_equal(top.count, count);
            topk_keep(&top, count = count * (size_t)(2 - backwards) / 3);
        }
        topk_sort(&top);
        assert_int_equal(top.count, count);
        for (size_t i = 0; i < top.count; i++) {
            assert_int_equal(item[i], sorted[i].item);
            assert_true(value[i] == sorted[i].value);
        }
    }
}

static void agrees_with_sorting(void **state)
{
    (void)state;
    static float x[MOST];
    const size_t sizes[] = {0, 1, 2, 10, 33, 500, MOST}, ks[] = {0, 1, 3, 10, 100, MOST + 5};
    const float grains[] = {0x1p-24f, 0.125f, 1}; /* from no ties to nothing but ties */
    uint32_t seed = 7;
    for (size_t g = 0; g < 3; g++)
        for (size_t s = 0; s < 7; s++)
            for (size_t k = 0; k < 6; k++) {
                for (size_t i = 0; i < sizes[s]; i++) {
                    seed = seed * 1664525u + 1013904223u;
                    x[i] = floorf((float)(seed >> 8) * 0x1p-24f / grains[g]) * grains[g] - 0.5f;
                }
                compare(x, sizes[s], ks[k]);
            }
}

static void orders_and_infinities(void **state)
{
    (void)state;
    static float x[MOST];
    for (size_t i = 0; i < MOST; i++)
        x[i] = (float)i; /* ascending: every value displaces one */
    compare(x, MOST, 100);
    for (size_t i = 0; i < MOST; i++)
        x[i] = -(float)i;
    compare(x, MOST, 100);
    for (size_t i = 0; i < MOST; i++)
        x[i] = i % 3 ? -INFINITY : i % 2 ? INFINITY : 0;
    compare(x, MOST, 10);
    compare(x, MOST, 2500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_sorting),
        cmocka_unit_test(orders_and_infinities),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
