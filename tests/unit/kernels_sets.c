/* Every kernel of every instruction set against its plain C counterpart: lengths, tails, unaligned starts, infinities,
 * denormals, equal rows. */
#include "engine/kernels/half.h"
#include "engine/kernels/kernels.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MOST = 3000, ROOM = MOST + 64, ROUNDS = 160 };

static uint32_t seed = 12345;

static uint32_t next(void)
{
    seed = seed * 1664525u + 1013904223u;
    return seed >> 8;
}

static float uniform(void) /* [0, 1) */
{
    return (float)next() * 0x1p-24f;
}

static size_t some_length(size_t round)
{
    return round < 70 ? round : next() % MOST;
}

enum content { PLAIN, TIES, EQUAL, DENORMAL, INFINITE, CONTENTS };

static void fill(float *x, size_t n, enum content content)
{
    float same = uniform();

    for (size_t i = 0; i < n; i++) {
        x[i] = uniform() - 0.4f;
        if (content == TIES)
            x[i] = floorf(x[i] * 8) / 8;
        else if (content == EQUAL)
            x[i] = same;
        else if (content == DENORMAL)
            x[i] *= 1e-39f;
        else if (content == INFINITE && next() % 5 == 0)
            x[i] = -INFINITY;
    }
}

struct input { /* one round's arrays at an unaligned start, with a guard after the end */
    size_t n;
    float *x, *y;
};

static float x_room[ROOM], y_room[ROOM], left[ROOM], right[ROOM];

static struct input some_input(size_t round, enum content content)
{
    struct input in = {some_length(round), x_room + next() % 17, y_room + next() % 17};

    fill(in.x, in.n, content);
    fill(in.y, in.n, content == INFINITE ? PLAIN : content);
    in.x[in.n] = in.y[in.n] = 1e30f; /* must not be read */
    return in;
}

static double ulp_error(double value, double truth) /* in units in the last place of a float */
{
    int exponent;

    if (value == truth)
        return 0;
    frexp(truth, &exponent);
    return fabs(value - truth) / ldexp(1, exponent < -125 ? -149 : exponent - 24);
}

static const struct kernel_set *plain, *set;

static void exact_kernels(void **state)
{
    (void)state;
    for (size_t round = 0; round < ROUNDS; round++)
        for (enum content content = PLAIN; content < CONTENTS; content++) {
            struct input in = some_input(round, content);
            size_t n = in.n;
            assert_true(set->max(in.x, n) == plain->max(in.x, n));

            left[n] = right[n] = 7;
            set->add(in.x, in.y, left, n);
            plain->add(in.x, in.y, right, n);
            assert_memory_equal(left, right, (n + 1) * sizeof *left);

            memcpy(left, in.y, n * sizeof *left);
            memcpy(right, in.y, n * sizeof *right);
            set->raise(in.x, n, left);
            plain->raise(in.x, n, right);
            assert_memory_equal(left, right, (n + 1) * sizeof *left);

            float threshold = n ? in.x[next() % n] : 0;
            for (int shifted = 0; shifted < 2; shifted++) {
                const float *shift = shifted ? in.y : NULL;
                float groups[MOST], other[MOST];
                size_t over, same, over_right, same_right;
                set->count(in.x, shift, n, threshold, &over, &same, groups);
                plain->count(in.x, shift, n, threshold, &over_right, &same_right, other);
                assert_int_equal(over, over_right);
                assert_int_equal(same, same_right);
                assert_memory_equal(groups, other, kernel_groups(n) * sizeof *groups);
                set->count(in.x, shift, n, threshold, &over, &same, NULL);
                assert_int_equal(over, over_right);
                set->count(in.x, shift, n, -INFINITY, &over, &same, NULL);
                plain->count(in.x, shift, n, -INFINITY, &over_right, &same_right, NULL);
                assert_int_equal(over, over_right);
                assert_int_equal(same, same_right);
                assert_int_equal(set->scan(in.x, shift, n, threshold), plain->scan(in.x, shift, n, threshold));
                assert_int_equal(set->scan(in.x, shift, n, 1e29f), n);
            }
        }
}

static void summing_moments(void **state)
{
    static float square[ROOM], square_right[ROOM];

    (void)state;
    for (size_t round = 0; round < ROUNDS; round++)
        for (enum content content = PLAIN; content < INFINITE; content++) {
            struct input in = some_input(round, content);
            size_t n = in.n;
            for (size_t i = 0; i <= n; i++)
                left[i] = right[i] = square[i] = square_right[i] = 7;
            set->moments(in.x, n, in.y, left, square);
            plain->moments(in.x, n, in.y, right, square_right);
            assert_memory_equal(left, right, (n + 1) * sizeof *left);
            for (size_t i = 0; i < n; i++)
                assert_true(ulp_error((double)square[i], (double)square_right[i]) <= 1);
            assert_true(square[n] == 7);
        }
}

static void reaching(void **state)
{
    static uint32_t where[ROOM], where_right[ROOM];

    (void)state;
    for (size_t round = 0; round < ROUNDS; round++)
        for (enum content content = PLAIN; content < CONTENTS; content++) {
            struct input in = some_input(round, content);
            size_t count = set->reach(in.x, in.y, in.n, where);
            assert_int_equal(count, plain->reach(in.x, in.y, in.n, where_right));
            assert_memory_equal(where, where_right, count * sizeof *where);
            assert_int_equal(set->reach(in.x, in.x, in.n, where), in.n);
        }
}

/* The largest error of each kernel against the double exponential of the same float argument. */
static void exponentials(void **state)
{
    double worst = 0, worst_plain = 0;

    (void)state;
    for (double from = -104; from < 88; from += 0.00137 * 64) {
        float x[64], out[64];
        for (size_t i = 0; i < 64; i++)
            x[i] = (float)(from + 0.00137 * (double)i);
        set->exp(x, NULL, 64, 1, 0, out);
        plain->exp(x, NULL, 64, 1, 0, right);
        for (size_t i = 0; i < 64 && x[i] <= 88; i++) {
            double truth = x[i] > KERNEL_EXP_LEAST ? exp((double)x[i]) : 0;
            worst = fmax(worst, ulp_error((double)out[i], truth));
            worst_plain = fmax(worst_plain, ulp_error((double)right[i], truth));
        }
    }
    print_message("%s: exp is within %.2f ULP over [-104, 88] (plain C: %.2f)\n", set->name, worst, worst_plain);
    assert_true(worst < 2);
    assert_true(worst_plain < 2);
}

static void sums(void **state)
{
    const float scales[] = {0.01f, 1, 20, 100, 1000};
    double worst = 0;

    (void)state;
    for (size_t round = 0; round < ROUNDS; round++)
        for (enum content content = PLAIN; content < CONTENTS; content++) {
            struct input in = some_input(round, content);
            size_t n = in.n;
            float scale = scales[round % 5];
            for (int shifted = 0; shifted < 2 && n; shifted++) {
                const float *shift = shifted ? in.y : NULL;
                float groups[MOST], most;
                size_t over, same;
                plain->count(in.x, shift, n, 0, &over, &same, groups);
                most = plain->max(groups, kernel_groups(n));
                if (most == -INFINITY)
                    continue;
                left[n] = 7;
                double sum = set->exp(in.x, shift, n, scale, most, left);
                double twin = plain->exp(in.x, shift, n, scale, most, right);
                double tight = 1e-6 * twin;
                assert_true(left[n] == 7);
                assert_true(fabs(sum - twin) <= tight);
                worst = fmax(worst, ulp_error(sum, twin));
                assert_true(set->exp(in.x, shift, n, scale, most, NULL) == sum);
                for (size_t i = 0; i < n; i++) /* FMA rounds once less, for any argument */
                    assert_true(fabs((double)left[i] - (double)right[i]) <= 3e-7 * (double)right[i] + 1.3e-38);
            }
        }
    print_message("%s: sums of exponentials are within %.1f ULP of plain C's\n", set->name, worst);
}

/* Several operands and rows at once, more than a kernel handles together.  Errors are in units in the last place of the
 * sum of absolute terms: terms of both signs may cancel to any smaller sum. */
static void products(void **state)
{
    enum { OPERANDS = 7, ROWS = 6 };
    static float made[OPERANDS][ROOM], twin[OPERANDS][ROOM], start[OPERANDS][ROOM], rows_room[ROWS * MOST];
    double worst_dot = 0, worst_spread = 0;

    (void)state;
    for (size_t round = 0; round < ROUNDS; round++) {
        struct input in = some_input(round, (enum content)(round % INFINITE));
        const float *y[OPERANDS];
        float *sum[OPERANDS], *right_sum[OPERANDS], factor[ROWS * OPERANDS];
        double dot[OPERANDS], right_dot[OPERANDS], size[OPERANDS] = {0};
        size_t n = in.n, count = round % (OPERANDS + 1), rows = next() % (ROWS + 1);
        fill(rows_room, rows * MOST, PLAIN);
        for (size_t c = 0; c < ROWS * OPERANDS; c++)
            factor[c] = uniform();
        for (size_t c = 0; c < count; c++) {
            y[c] = c % 2 ? in.y : in.x;
            sum[c] = made[c] + next() % 17;
            right_sum[c] = twin[c];
            fill(sum[c], n + 1, PLAIN);
            memcpy(right_sum[c], sum[c], (n + 1) * sizeof(float));
            memcpy(start[c], sum[c], n * sizeof(float));
            dot[c] = right_dot[c] = uniform();
            for (size_t i = 0; i < n; i++)
                size[c] += fabs((double)in.x[i] * (double)y[c][i]);
        }
        set->dots(in.x, n, y, count, dot);
        plain->dots(in.x, n, y, count, right_dot);
        set->spread(rows_room, MOST, rows, n, factor, sum, count);
        plain->spread(rows_room, MOST, rows, n, factor, right_sum, count);
        for (size_t c = 0; c < count; c++) {
            assert_true(fabs(dot[c] - right_dot[c]) <= 1e-6 * size[c] + 1e-37);
            worst_dot = fmax(worst_dot, ulp_error(size[c] + dot[c] - right_dot[c], size[c]));
            for (size_t i = 0; i < n; i++) {
                double whole = fabs((double)start[c][i]);
                for (size_t r = 0; r < rows; r++)
                    whole += fabs((double)factor[r * count + c] * (double)rows_room[r * MOST + i]);
                double apart = (double)sum[c][i] - (double)right_sum[c][i];
                assert_true(fabs(apart) <= 1e-6);
                worst_spread = fmax(worst_spread, ulp_error(whole + apart, whole));
            }
            assert_true(sum[c][n] == right_sum[c][n]);
        }
    }
    print_message("%s: products are within %.2f ULP of plain C's, sums over rows within %.2f\n", set->name, worst_dot,
                  worst_spread);
    assert_true(worst_dot < 16); /* a lane adds up to 128 equal terms, rounded alike */
    assert_true(worst_spread < 4);
}

/* Rows times rows, read in place, into columns of a wider matrix. */
static void row_products(void **state)
{
    enum { ROWS = 13, COLUMNS = 10, STRIDE = COLUMNS + 3, LONGEST = 600 };
    static float x[ROWS * LONGEST + 17], y[COLUMNS * LONGEST + 17];
    double worst = 0;

    (void)state;
    for (size_t round = 0; round < ROUNDS; round++) {
        size_t n = some_length(round) % LONGEST, rows = next() % (ROWS + 1), count = next() % (COLUMNS + 1);
        const float *left_rows = x + next() % 17, *right_rows = y + next() % 17;
        float out[ROWS * STRIDE], twin[ROWS * STRIDE];
        fill(x, sizeof x / sizeof *x, (enum content)(round % INFINITE));
        fill(y, sizeof y / sizeof *y, PLAIN);
        for (size_t i = 0; i < ROWS * STRIDE; i++)
            out[i] = twin[i] = 7;
        set->products(left_rows, rows, right_rows, count, n, out, STRIDE);
        plain->products(left_rows, rows, right_rows, count, n, twin, STRIDE);
        for (size_t r = 0; r < ROWS; r++)
            for (size_t c = 0; c < STRIDE; c++) {
                double truth = 0, size = 0;
                if (r >= rows || c >= count) {
                    assert_true(out[r * STRIDE + c] == 7 && twin[r * STRIDE + c] == 7);
                    continue;
                }
                for (size_t i = 0; i < n; i++) {
                    double term = (double)left_rows[r * n + i] * (double)right_rows[c * n + i];
                    truth += term;
                    size += fabs(term);
                }
                worst = fmax(worst, fabs((double)out[r * STRIDE + c] - truth) / (size + 1e-37));
                assert_true(fabs((double)twin[r * STRIDE + c] - truth) <= 1e-6 * size + 1e-37);
            }
    }
    print_message("%s: products of rows are within %.2g of the truth\n", set->name, worst);
    assert_true(worst < 2e-6);
}

static void gathering(void **state)
{
    enum { ROWS = 300, LONGEST = 40 };
    static float x[ROWS * KERNEL_ROW], factor[ROWS];
    uint32_t row[LONGEST];
    double worst = 0;

    (void)state;
    for (size_t i = 0; i < ROWS * KERNEL_ROW; i++)
        x[i] = uniform();
    for (size_t i = 0; i < ROWS; i++)
        factor[i] = uniform();
    for (size_t n = 0; n <= LONGEST; n++) {
        for (size_t i = 0; i < n; i++)
            row[i] = (uint32_t)(i * 77 + n) % ROWS;
        for (size_t c = 0; c < KERNEL_ROW; c++)
            left[c] = right[c] = 1;
        set->gather(x, row, n % 2 ? factor : NULL, n, left);
        plain->gather(x, row, n % 2 ? factor : NULL, n, right);
        for (size_t c = 0; c < KERNEL_ROW; c++)
            worst = fmax(worst, fabs((double)left[c] - (double)right[c]));
    }
    for (size_t n = 0; n <= LONGEST; n++) {
        for (size_t i = 0; i < n; i++)
            row[i] = (uint32_t)(i * i + n) % 20; /* some of them twice */
        for (size_t c = 0; c < 20 * KERNEL_PART; c++)
            left[c] = right[c] = 1;
        set->weave(x, row, factor, n, 0.125f, left);
        plain->weave(x, row, factor, n, 0.125f, right);
        for (size_t c = 0; c < 20 * KERNEL_PART; c++)
            worst = fmax(worst, fabs((double)left[c] - (double)right[c]));
    }
    print_message("%s: gathered rows are within %.2g of plain C's\n", set->name, worst);
    assert_true(worst < 2e-5);
}

static void settling(void **state)
{
    static double sum[ROOM], twin[ROOM];
    double worst = 0;

    (void)state;
    for (size_t round = 0; round < ROUNDS; round++) {
        struct input in = some_input(round, (enum content)(round % INFINITE));
        const float *weight = round % 3 ? in.y : NULL;
        double factor = (double)uniform();
        memcpy(left, in.x, (in.n + 1) * sizeof *left);
        memcpy(right, in.x, (in.n + 1) * sizeof *right);
        for (size_t i = 0; i <= in.n; i++)
            sum[i] = twin[i] = (double)uniform();
        set->settle(left, weight, in.n, factor, 0, sum);
        plain->settle(right, weight, in.n, factor, 0, twin);
        for (size_t i = 0; i < in.n; i++) {
            assert_true(left[i] == 0 && right[i] == 0 && fabs(sum[i] - twin[i]) <= 1e-15);
            worst = fmax(worst, fabs(sum[i] - twin[i]));
        }
        assert_true(left[in.n] == 1e30f && sum[in.n] == twin[in.n]);
    }
    const double anchor = 1.5 * 1024, digit = 0x1p-42; /* the value of anchor's last digit */
    for (size_t round = 0; round < ROUNDS; round++) {
        struct input in = some_input(round, (enum content)(round % INFINITE));
        const float *weight = round % 3 ? in.y : NULL;
        double factor = (double)uniform();
        memcpy(left, in.x, in.n * sizeof *left);
        memcpy(right, in.x, in.n * sizeof *right);
        memset(sum, 0, in.n * sizeof *sum);
        memset(twin, 0, in.n * sizeof *twin);
        set->settle(left, weight, in.n, factor, anchor, sum);
        plain->settle(right, weight, in.n, factor, anchor, twin);
        for (size_t i = 0; i < in.n; i++)
            assert_true(fabs(sum[i] - twin[i]) <= digit && remainder(sum[i], digit) == 0);
    }
    print_message("%s: settled sums are within %.2g of plain C's\n", set->name, worst);
}

static void finding(void **state)
{
    static uint32_t found[ROOM], right_found[ROOM];

    (void)state;
    for (size_t round = 0; round < ROUNDS; round++)
        for (enum content content = PLAIN; content < CONTENTS; content++) {
            struct input in = some_input(round, content);
            const float *shift = round % 2 ? in.y : NULL;
            float threshold = round % 5 ? uniform() - 0.3f : in.n ? in.x[in.n / 2] : 0;
            size_t count = set->find(in.x, shift, in.n, threshold, found);
            assert_int_equal(count, plain->find(in.x, shift, in.n, threshold, right_found));
            assert_memory_equal(found, right_found, count * sizeof *found);
        }
}

/* Exact, and for exponentials as precise as the exponential of the multiple. */
static void powers(void **state)
{
    double worst = 0;

    (void)state;
    for (size_t round = 0; round < ROUNDS; round++) {
        struct input in = some_input(round, round % 3 ? PLAIN : DENORMAL);
        unsigned power = 1 + (unsigned)round % KERNEL_POWER_MOST;
        double truth = 0;
        for (size_t i = 0; i < in.n; i++)
            in.y[i] = expf(-12 * fabsf(in.x[i]) * (round % 5 ? 1 : 20));
        left[in.n] = right[in.n] = 7;
        double sum = set->power(in.y, in.n, power, left);
        double twin = plain->power(in.y, in.n, power, right);
        for (size_t i = 0; i <= in.n; i++)
            assert_true(left[i] == right[i]);
        for (size_t i = 0; i < in.n; i++) {
            double whole = pow((double)in.y[i], power);
            truth += whole;
            if (right[i] != 0)
                worst = fmax(worst, ulp_error((double)right[i], whole));
            else
                assert_true(whole < 0x1p-119); /* 2^-(126 - 126 % power) at most */
        }
        assert_true(fabs(sum - truth) <= 1e-6 * truth + 1e-35);
        assert_true(fabs(twin - truth) <= 1e-6 * truth + 1e-35);
    }
    print_message("%s: powers are within %.1f ULP\n", set->name, worst);
    assert_true(worst < 6);
}

static void columns(void **state)
{
    const float scales[] = {0.01f, 20, 1000};
    double worst = 0;

    (void)state;
    for (size_t round = 0; round < ROUNDS; round++)
        for (enum content content = PLAIN; content < CONTENTS; content++) {
            struct input in = some_input(round, content);
            size_t n = in.n;
            float most[MOST];
            for (size_t i = 0; i < n; i++) {
                most[i] = in.x[i] > -INFINITY ? in.x[i] + fabsf(in.y[i]) : 0.1f;
                left[i] = right[i] = i % 2 ? 1 : 0;
            }
            left[n] = 7;
            set->exp_columns(in.x, n, scales[round % 3], most, left);
            plain->exp_columns(in.x, n, scales[round % 3], most, right);
            assert_true(left[n] == 7);
            for (size_t i = 0; i < n; i++) {
                assert_true(fabsf(left[i] - right[i]) <= 3e-7f * right[i] + 1.3e-38f);
                worst = fmax(worst, right[i] > 1.3e-38f ? ulp_error((double)left[i], (double)right[i]) : 0);
            }
        }
    print_message("%s: exponentials of columns are within %.1f ULP of plain C's\n", set->name, worst);
}

static void logits(void **state)
{
    static double potential[MOST], logit[MOST], twin[MOST];
    double worst = 0;

    (void)state;
    for (size_t round = 0; round < ROUNDS; round++) {
        struct input in = some_input(round, round % 2 ? PLAIN : TIES);
        size_t n = in.n;
        for (size_t i = 0; i < n; i++)
            potential[i] = 100 * (double)uniform() - 300;
        double most = set->logits(in.x, potential, n, 1000, logit);
        double most_right = plain->logits(in.x, potential, n, 1000, twin);
        if (n == 0) {
            assert_true(most == -INFINITY && most_right == -INFINITY);
            continue;
        }
        assert_true(fabs(most - most_right) <= 1e-12);
        for (size_t i = 0; i < n; i++)
            assert_true(fabs(logit[i] - twin[i]) <= 1e-12);
        left[n] = 7;
        double sum = set->exp_logits(logit, n, most, left);
        double sum_right = plain->exp_logits(logit, n, most, right);
        assert_true(left[n] == 7);
        assert_true(fabs(sum - sum_right) <= 1e-6 * sum_right);
        for (size_t i = 0; i < n; i++) {
            double truth = logit[i] - most > (double)KERNEL_EXP_LEAST ? exp((double)(float)(logit[i] - most)) : 0;
            worst = fmax(worst, truth > 1.3e-38 ? ulp_error((double)left[i], truth) : 0);
        }
    }
    print_message("%s: exponentials of logits are within %.2f ULP\n", set->name, worst);
    assert_true(worst < 2);
}

static void halves(void **state)
{
    static uint16_t all[1 << 16];
    static float wide[1 << 16], twin[1 << 16];
    double worst = 0;
    size_t count = 0;

    (void)state;
    for (uint32_t bits = 0; bits < 1 << 16; bits++)
        if ((bits & 0x7c00) != 0x7c00 || !(bits & 0x3ff)) /* no NaN */
            all[count++] = (uint16_t)bits;
    set->steps((const int16_t *)all, count, 0.25f, wide);
    plain->steps((const int16_t *)all, count, 0.25f, twin);
    assert_memory_equal(wide, twin, count * sizeof *wide);
    set->half(all, count, wide);
    plain->half(all, count, twin);
    assert_memory_equal(wide, twin, count * sizeof *wide);
    for (size_t n = 0; n < 70; n++) {
        left[n] = 7;
        set->half(all + 3 * n, n, left);
        assert_memory_equal(left, wide + 3 * n, n * sizeof *left);
        assert_true(left[n] == 7);
    }
    for (size_t round = 0; round < ROUNDS; round++) {
        struct input in = some_input(round, PLAIN);
        const uint16_t *x = all + 0x3000 + next() % 64; /* from 0.125 up */
        double size = 0;
        for (size_t i = 0; i < in.n; i++)
            size += fabs((double)half_to_float(x[i]) * (double)in.y[i]);
        double apart = (double)set->half_dot(x, in.y, in.n) - (double)plain->half_dot(x, in.y, in.n);
        assert_true(fabs(apart) <= 1e-6 * size);
        worst = fmax(worst, ulp_error(size + apart, size));
    }
    print_message("%s: products with float16 are within %.2f ULP of plain C's\n", set->name, worst);
}

static void code_products(void **state)
{
    (void)state;
    static int8_t x[4 * MOST];
    static int16_t y[MOST];
    int32_t wide[4], twin[4];

    for (size_t n = 0; n < 600; n = n < 140 ? n + 1 : n + 77) {
        for (size_t i = 0; i < 4 * n; i++)
            x[i] = (int8_t)(i % 5 ? next() >> 24 : i % 2 ? 127u : 128u);
        for (size_t i = 0; i < n; i++)
            y[i] = (int16_t)(n >= 500 ? 27000 : i % 3 ? next() >> 16 : 0x8000);
        set->code_dots(x, 4, n, y, wide);
        plain->code_dots(x, 4, n, y, twin);
        assert_memory_equal(wide, twin, sizeof wide);
    }
}

static void choosing(void **state)
{
    (void)state;
    assert_non_null(kernel_set());
    assert_string_equal(kernel_set_of(KERNEL_GENERIC)->name, "generic");
    assert_null(kernel_set_of(KERNEL_ISAS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(choosing),      cmocka_unit_test(exact_kernels), cmocka_unit_test(summing_moments),
        cmocka_unit_test(reaching),      cmocka_unit_test(exponentials),  cmocka_unit_test(sums),
        cmocka_unit_test(columns),       cmocka_unit_test(products),      cmocka_unit_test(row_products),
        cmocka_unit_test(powers),        cmocka_unit_test(gathering),     cmocka_unit_test(settling),
        cmocka_unit_test(finding),       cmocka_unit_test(logits),        cmocka_unit_test(halves),
        cmocka_unit_test(code_products),
    };
    int failed = 0;

    plain = kernel_set_of(KERNEL_GENERIC);
    for (int isa = 0; isa < KERNEL_ISAS; isa++) {
        set = kernel_set_of((enum kernel_isa)isa);
        if (set)
            failed += cmocka_run_group_tests_name(set->name, tests, NULL, NULL);
    }
    return failed;
}
