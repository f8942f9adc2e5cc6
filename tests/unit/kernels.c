#include "engine/kernels/kernels.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MOST = 5000 };

static float uniform(uint32_t *state) /* [0, 1) */
{
    *state = *state * 1664525u + 1013904223u;
    return (float)(*state >> 8) * 0x1p-24f;
}

static void fill(float *x, size_t n, float from, float to, uint32_t seed)
{
    for (size_t i = 0; i < n; i++)
        x[i] = from + (to - from) * uniform(&seed);
}

static const size_t lengths[] = {0, 1, 2, 15, 31, 32, 33, 100, 1023, 1024, 1025, 2048, 4999};
enum { LENGTHS = sizeof lengths / sizeof *lengths };

static void exp_is_within_its_bound(void **state)
{
    (void)state;
    double worst = 0, at = 0;
    for (double x = KERNEL_EXP_LEAST; x <= 88.0; x += 0.00013) {
        float value = (float)x;
        if (!(value > KERNEL_EXP_LEAST))
            continue;
        double right = exp((double)value);
        double error = fabs(kernel_expf(value) - right) / right;
        if (error > worst) {
            worst = error;
            at = value;
        }
    }
    print_message("largest relative error of kernel_expf: %.3g at %g\n", worst, at);
    assert_true(worst < 1.2e-7);
    assert_true(kernel_expf(0.0f) == 1.0f);
    assert_true(kernel_expf(-87.4f) == 0.0f);
    assert_true(kernel_expf(-1e30f) == 0.0f);
    assert_true(kernel_expf(-INFINITY) == 0.0f);
}

static void max_and_add(void **state)
{
    (void)state;
    static float x[MOST + 1], y[MOST], sum[MOST];
    for (size_t k = 0; k < LENGTHS; k++) {
        size_t n = lengths[k];
        fill(x, n, -3, -1, (uint32_t)k + 1);
        fill(y, n, -1, 1, (uint32_t)k + 100);
        float most = -INFINITY;
        for (size_t i = 0; i < n; i++)
            most = fmaxf(most, x[i]);
        assert_true(kernel_max(x, n) == most);
        for (size_t place = 0; place < n; place += n / 7 + 1) { /* wherever the largest is */
            float kept = x[place];
            x[place] = 2;
            assert_true(kernel_max(x, n) == 2);
            x[place] = kept;
        }
        kernel_add(x, y, sum, n);
        for (size_t i = 0; i < n; i++)
            assert_true(sum[i] == x[i] + y[i]);
    }
    assert_true(kernel_max(x, 0) == -INFINITY);
    x[0] = x[1] = -INFINITY;
    assert_true(kernel_max(x, 2) == -INFINITY);
    kernel_add(x, x, x, 2); /* in place */
    assert_true(x[1] == -INFINITY);
}

static void exp_and_lse_against_double(void **state)
{
    (void)state;
    static float x[MOST], out[MOST];
    const float scales[] = {1, 20, 100, 1000};
    for (size_t s = 0; s < 4; s++) {
        for (size_t k = 0; k < LENGTHS; k++) {
            size_t n = lengths[k];
            fill(x, n, -0.3f, 1, (uint32_t)(k + 17 * s));
            float most = kernel_max(x, n);
            double sum = kernel_exp(x, n, scales[s], most, out), right = 0;
            for (size_t i = 0; i < n; i++) {
                double term = exp(scales[s] * ((double)x[i] - most));
                right += term;
                /* the argument is a float, whose rounding error grows with its size */
                double bound = term * (2e-7 + scales[s] * 1.2e-7 * fabs((double)x[i] - most));
                assert_true(fabs(out[i] - term) <= bound + 1.3e-38);
            }
            assert_true(fabs(sum - right) <= 2e-6 * right);
            assert_true(kernel_exp(x, n, scales[s], most, NULL) == sum);
            double lse = n ? (double)scales[s] * most + log(right) : -INFINITY;
            assert_true(n ? fabs(kernel_lse(x, n, scales[s]) - lse) < 3e-6 : kernel_lse(x, n, scales[s]) == lse);
            assert_true(kernel_exp(x, n, scales[s], most, x) == sum); /* in place */
        }
    }
    x[0] = x[1] = -INFINITY;
    assert_true(kernel_lse(x, 2, 100) == -INFINITY);
    x[1] = 0.5f;
    assert_true(kernel_lse(x, 2, 100) == 50);
}

static void counting_and_scanning(void **state)
{
    (void)state;
    static float x[MOST];
    for (size_t k = 0; k < LENGTHS; k++) {
        size_t n = lengths[k], greater, equal, over = 0, level = 0, first = n;
        fill(x, n, 0, 1, (uint32_t)k);
        for (size_t i = 0; i < n; i++)
            x[i] = floorf(x[i] * 8) / 8; /* many ties */
        for (size_t i = n; i-- > 0;) {
            over += x[i] > 0.5f;
            level += x[i] == 0.5f;
            if (x[i] > 0.5f)
                first = i;
        }
        kernel_count(x, n, 0.5f, &greater, &equal);
        assert_int_equal(greater, over);
        assert_int_equal(equal, level);
        assert_int_equal(kernel_scan(x, n, 0.5f), first);
        assert_int_equal(kernel_scan(x, n, 2), n);
        for (size_t place = 0; place < n; place += 5) { /* a single hit, in vectors and in the tail */
            float kept = x[place];
            x[place] = 3;
            assert_int_equal(kernel_scan(x, n, 2), place);
            x[place] = kept;
        }
    }
    x[0] = -INFINITY;
    assert_int_equal(kernel_scan(x, 1, -INFINITY), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exp_is_within_its_bound),
        cmocka_unit_test(max_and_add),
        cmocka_unit_test(exp_and_lse_against_double),
        cmocka_unit_test(counting_and_scanning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
