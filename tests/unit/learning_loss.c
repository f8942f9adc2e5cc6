/* Losses and gradients: the plain twin against central differences and against PyTorch, the fast steps against both. */
#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/kernels/kernels.h"
#include "engine/learning/step.h"
#include "tests/unit/learning_plain.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define CASES TESTS_DIR "/golden/learning/cases.json"

static double *numbers(const json_t *list, size_t count)
{
    double *x = plain_room(count);

    assert_int_equal(json_array_size(list), count);
    for (size_t i = 0; i < count; i++)
        x[i] = json_number_value(json_array_get(list, i));
    return x;
}

static size_t size_of(const json_t *from, const char *name)
{
    return (size_t)json_integer_value(json_object_get(from, name));
}

static json_t *read_cases(void)
{
    json_t *cases = json_load_file(CASES, 0, NULL);

    assert_non_null(cases);
    return cases;
}

/* The largest difference, relative to the largest value of `y`. */
static double off(const double *x, const double *y, size_t n)
{
    double most = 0, difference = 0;

    for (size_t i = 0; i < n; i++) {
        most = fmax(most, fabs(y[i]));
        difference = fmax(difference, fabs(x[i] - y[i]));
    }
    return most > 0 ? difference / most : difference;
}

static double off_floats(const float *x, const double *y, size_t n)
{
    double *wide = plain_room(n);

    for (size_t i = 0; i < n; i++)
        wide[i] = (double)x[i];
    double result = off(wide, y, n);
    free(wide);
    return result;
}

static void assert_near(double found, double tolerance, const char *what, const char *label)
{
    if (!(found <= tolerance))
        fail_msg("%s: %s is %g off, more than %g", label, what, found, tolerance);
}

/* Random floats in [-1, 1). */
static float uniform(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (float)(*seed >> 8) * 0x1p-23f - 1;
}

/* A batch with everything that fast and plain steps need, equal to the last bit. */
struct fixture {
    struct matrix rows[2]; /* (n, d) */
    float *x[2], *weight[2];
    struct plain_batch plain;
    double *wide[2];
    struct pair *pair;
    uint32_t *video;
};

static double *widen(const float *x, size_t n)
{
    double *wide = plain_room(n);

    for (size_t i = 0; i < n; i++)
        wide[i] = (double)x[i];
    return wide;
}

/* Takes x and weight over. */
static void fixture_open(struct fixture *fixture, enum head_kind kind, size_t n, size_t d, size_t h, float *const x[2],
                         float *const weight[2], double scale)
{
    *fixture = (struct fixture){.plain = {.n = n, .d = d, .scale = scale}};
    fixture->pair = calloc(n, sizeof *fixture->pair);
    fixture->video = calloc(n, sizeof *fixture->video);
    for (size_t i = 0; i < n; i++) {
        fixture->pair[i] = (struct pair){(uint32_t)i, (uint32_t)i};
        fixture->video[i] = (uint32_t)i;
    }
    for (size_t s = 0; s < 2; s++) {
        struct plain_head *head = &fixture->plain.head[s];
        *head = (struct plain_head){kind, d, kind == HEAD_MLP ? h : 0, (double)HEAD_RATIO, NULL};
        head->weight = widen(weight[s], plain_weights(head));
        fixture->x[s] = x[s];
        fixture->weight[s] = weight[s];
        fixture->rows[s] = matrix_view(x[s], n, d);
        fixture->plain.x[s] = fixture->wide[s] = widen(x[s], n * d);
    }
}

static void fixture_close(struct fixture *fixture)
{
    for (size_t s = 0; s < 2; s++) {
        free(fixture->x[s]);
        free(fixture->weight[s]);
        free(fixture->wide[s]);
        free(fixture->plain.head[s].weight);
    }
    free(fixture->pair);
    free(fixture->video);
}

static float *random_floats(size_t count, float size, uint32_t seed)
{
    float *x = memory_floats(count);

    for (size_t i = 0; i < count; i++)
        x[i] = size * uniform(&seed);
    return x;
}

/* Videos resemble their texts; rows are of unit length but for rounding. */
static void fixture_random(struct fixture *fixture, enum head_kind kind, size_t n, size_t d, double scale)
{
    size_t h = d / HEAD_REDUCTION, count = kind == HEAD_LINEAR ? d * d : 2 * h * d;
    float *x[2] = {random_floats(n * d, 1, 1), random_floats(n * d, 0.5f, 2)};
    float *weight[2] = {random_floats(count, kind == HEAD_LINEAR ? 0.05f : 0.5f, 3),
                        random_floats(count, kind == HEAD_LINEAR ? 0.05f : 0.5f, 4)};

    for (size_t i = 0; i < n * d; i++)
        x[1][i] += x[0][i];
    head_unit(x[0], n, d, NULL);
    head_unit(x[1], n, d, NULL);
    fixture_open(fixture, kind, n, d, h, x, weight, scale);
}

static void fast_open(struct step *step, const struct fixture *fixture)
{
    const struct pairs pairs = {&fixture->rows[0], &fixture->rows[1], fixture->video};
    struct error error;

    if (step_open(step, &pairs, fixture->plain.head[0].kind, fixture->plain.n, &error))
        fail_msg("%s", error.text);
    for (size_t s = 0; s < 2; s++)
        memcpy(step->side[s].head.weight, fixture->weight[s], step->side[s].head.count * sizeof(float));
}

static void assert_fast(const struct fixture *fixture, const struct loss_terms *terms, double tolerance,
                        const char *label)
{
    struct step step;
    struct loss_value fast;
    struct plain_value plain;
    size_t n = fixture->plain.n;
    double error = 0;

    fast_open(&step, fixture);
    step_gradient(&step, fixture->pair, n, terms, &fast);
    plain_run(&fixture->plain, terms, NULL, &plain);
    for (size_t i = 0; i < n; i++)
        error += fabs(plain.mass[i] - 1) / (double)n;
    assert_near(fabs(fast.loss - plain.loss), tolerance * fmax(1, fabs(plain.loss)), "the loss", label);
    assert_near(fabs(fast.scale_gradient - plain.scale_gradient), tolerance * fmax(1, fabs(plain.scale_gradient)),
                "the scale's gradient", label);
    assert_near(fabs(fast.error - error), tolerance, "the error", label);
    assert_near(off(step.loss.mass, plain.mass, n), tolerance, "the mass", label);
    for (size_t s = 0; s < 2; s++)
        assert_near(off_floats(step.side[s].gradient, plain.gradient[s], step.side[s].head.count), tolerance,
                    s ? "the videos' gradient" : "the texts' gradient", label);
    plain_close(&plain);
    step_close(&step);
}

struct golden {
    struct fixture fixture;
    struct loss_terms terms;
    char label[80];
};

static void golden_open(struct golden *golden, const json_t *cases, const json_t *made)
{
    size_t n = size_of(cases, "pairs"), d = size_of(cases, "dimension"), h = size_of(cases, "hidden");
    const char *head = json_string_value(json_object_get(made, "head")),
               *loss = json_string_value(json_object_get(made, "loss"));
    enum head_kind kind = strcmp(head, "linear") == 0 ? HEAD_LINEAR : HEAD_MLP;
    const json_t *weights = json_object_get(json_object_get(cases, "heads"), head);
    static const char *const name[2] = {"text", "video"};
    float *x[2], *weight[2];

    for (size_t s = 0; s < 2; s++) {
        size_t count = kind == HEAD_LINEAR ? d * d : 2 * h * d;
        double *rows = numbers(json_object_get(cases, name[s]), n * d);
        double *values = numbers(json_object_get(weights, name[s]), count);
        x[s] = memory_floats(n * d);
        weight[s] = memory_floats(count);
        for (size_t i = 0; i < n * d; i++)
            x[s][i] = (float)rows[i];
        for (size_t i = 0; i < count; i++)
            weight[s][i] = (float)values[i];
        free(rows);
        free(values);
    }
    golden->terms = (struct loss_terms){strcmp(loss, "ncl") == 0 ? LOSS_NCL : LOSS_INFONCE, size_of(made, "iterations"),
                                        json_number_value(json_object_get(made, "scale"))};
    fixture_open(&golden->fixture, kind, n, d, h, x, weight, golden->terms.scale);
    snprintf(golden->label, sizeof golden->label, "%s, %s, %zu iterations, scale %g", head, loss,
             golden->terms.iterations, golden->terms.scale);
}

/* The plain twin and the fast step against PyTorch's automatic differentiation. */
static void test_pytorch(void **state)
{
    (void)state;
    json_t *cases = read_cases(), *made;
    size_t index;

    json_array_foreach (json_object_get(cases, "cases"), index, made) {
        struct golden golden;
        struct plain_value plain;
        golden_open(&golden, cases, made);
        struct fixture *fixture = &golden.fixture;
        plain_run(&fixture->plain, &golden.terms, NULL, &plain);
        double value = json_number_value(json_object_get(made, "value"));
        double slope = json_number_value(json_object_get(made, "scale_gradient"));
        double *mass = numbers(json_object_get(made, "mass"), fixture->plain.n);
        assert_near(fabs(plain.loss - value), 1e-7 * fmax(1, value), "the loss", golden.label);
        assert_near(fabs(plain.scale_gradient - slope), 1e-6, "the scale's gradient", golden.label);
        assert_near(off(plain.mass, mass, fixture->plain.n), 1e-6, "the mass", golden.label);
        for (size_t s = 0; s < 2; s++) {
            size_t count = plain_weights(&fixture->plain.head[s]);
            double *gradient = numbers(json_object_get(made, s ? "video_gradient" : "text_gradient"), count);
            assert_near(off(plain.gradient[s], gradient, count), 1e-6, s ? "videos" : "texts", golden.label);
            free(gradient);
        }
        assert_fast(fixture, &golden.terms, 1e-5, golden.label);
        free(mass);
        plain_close(&plain);
        fixture_close(fixture);
    }
    json_decref(cases);
}

/* Every weight's gradient and the scale's against central differences, with potentials held where they are. */
static void test_central_differences(void **state)
{
    (void)state;
    const double step = 1e-5;
    json_t *cases = read_cases(), *made;
    size_t index;

    json_array_foreach (json_object_get(cases, "cases"), index, made) {
        struct golden golden;
        struct plain_value here, up, down;
        golden_open(&golden, cases, made);
        struct plain_batch *batch = &golden.fixture.plain;
        plain_run(batch, &golden.terms, NULL, &here);
        for (size_t s = 0; s < 2; s++) {
            size_t count = plain_weights(&batch->head[s]);
            double *slope = plain_room(count);
            for (size_t i = 0; i < count; i++) {
                double *weight = &batch->head[s].weight[i], kept = *weight;
                *weight = kept + step;
                plain_run(batch, &golden.terms, &here, &up);
                *weight = kept - step;
                plain_run(batch, &golden.terms, &here, &down);
                *weight = kept;
                slope[i] = (up.loss - down.loss) / (2 * step);
                plain_close(&up);
                plain_close(&down);
            }
            assert_near(off(slope, here.gradient[s], count), 1e-5, s ? "videos" : "texts", golden.label);
            free(slope);
        }
        batch->scale = golden.terms.scale * exp(step);
        plain_run(batch, &golden.terms, &here, &up);
        batch->scale = golden.terms.scale * exp(-step);
        plain_run(batch, &golden.terms, &here, &down);
        assert_near(fabs((up.loss - down.loss) / (2 * step) - here.scale_gradient), 1e-5, "the scale", golden.label);
        plain_close(&up);
        plain_close(&down);
        plain_close(&here);
        fixture_close(&golden.fixture);
    }
    json_decref(cases);
}

/* Batches of less than, exactly and more than a piece of work.  A small scale keeps two pairs from being told apart so
 * surely that no gradient is left. */
static void test_sizes(void **state)
{
    (void)state;
    static const size_t size[] = {1, 2, 63, 64, 65, 150, 259};

    for (size_t i = 0; i < sizeof size / sizeof *size; i++)
        for (int kind = HEAD_LINEAR; kind <= HEAD_MLP; kind++)
            for (int loss = LOSS_INFONCE; loss <= LOSS_NCL; loss++) {
                struct fixture fixture;
                const struct loss_terms terms = {loss, 3, size[i] < 10 ? 2 : 20};
                char label[80];
                snprintf(label, sizeof label, "%zu pairs, head %d, loss %d", size[i], kind, loss);
                fixture_random(&fixture, kind, size[i], i % 2 ? 40 : 13, terms.scale);
                assert_fast(&fixture, &terms, 1e-5, label);
                fixture_close(&fixture);
            }
}

/* The plain kernels give the same up to rounding. */
static void test_kernels(void **state)
{
    (void)state;
    struct fixture fixture;
    const struct loss_terms terms = {LOSS_NCL, 4, 20};

    fixture_random(&fixture, HEAD_MLP, 100, 24, terms.scale);
    for (enum kernel_isa isa = KERNEL_GENERIC; isa < KERNEL_ISAS; isa++)
        if (kernel_set_of(isa)) {
            kernel_use(kernel_set_of(isa));
            assert_fast(&fixture, &terms, 1e-5, kernel_set()->name);
        }
    kernel_use(NULL);
    fixture_close(&fixture);
}

/* The same bytes whatever the number of workers. */
static void test_workers(void **state)
{
    (void)state;
    struct fixture fixture;
    struct step one, other;
    struct loss_value first, second;
    const struct loss_terms terms = {LOSS_NCL, 4, 30};

    for (int kind = HEAD_LINEAR; kind <= HEAD_MLP; kind++) {
        fixture_random(&fixture, kind, 300, 200, terms.scale);
        pool_set_workers(1);
        fast_open(&one, &fixture);
        step_gradient(&one, fixture.pair, 300, &terms, &first);
        for (size_t workers = 2; workers <= 5; workers++) {
            pool_set_workers(workers);
            fast_open(&other, &fixture);
            step_gradient(&other, fixture.pair, 300, &terms, &second);
            assert_memory_equal(&first, &second, sizeof first);
            for (size_t s = 0; s < 2; s++)
                assert_memory_equal(one.side[s].gradient, other.side[s].gradient,
                                    one.side[s].head.count * sizeof(float));
            step_close(&other);
        }
        step_close(&one);
        fixture_close(&fixture);
    }
    pool_set_workers(0);
}

/* With many iterations the masses are 1, with none they are those of an inverted softmax. */
static void test_balance(void **state)
{
    (void)state;
    struct fixture fixture;
    struct step step;
    struct loss_value raw, inverted, balanced;

    fixture_random(&fixture, HEAD_LINEAR, 60, 16, 10);
    fast_open(&step, &fixture);
    step_gradient(&step, fixture.pair, 60, &(struct loss_terms){LOSS_INFONCE, 0, 10}, &raw);
    step_gradient(&step, fixture.pair, 60, &(struct loss_terms){LOSS_NCL, 0, 10}, &inverted);
    step_gradient(&step, fixture.pair, 60, &(struct loss_terms){LOSS_NCL, 500, 10}, &balanced);
    assert_true(inverted.error < raw.error);
    assert_true(balanced.error < 1e-4);
    step_close(&step);
    fixture_close(&fixture);
}

/* Adam with decoupled decay against torch.optim.AdamW. */
static void test_adam(void **state)
{
    (void)state;
    json_t *cases = read_cases();
    const json_t *made = json_object_get(cases, "adam");
    size_t n = json_array_size(json_object_get(made, "weight"));
    size_t steps = json_array_size(json_object_get(made, "gradients")) / n;
    double *weight = numbers(json_object_get(made, "weight"), n);
    double *gradients = numbers(json_object_get(made, "gradients"), steps * n);
    double *after = numbers(json_object_get(made, "steps"), steps * n);
    struct adam adam;
    struct error error;
    float *x = memory_floats(n), *gradient = memory_floats(n);

    assert_int_equal(adam_open(&adam, n, &error), 0);
    for (int again = 0; again < 2; again++) {
        for (size_t i = 0; i < n; i++)
            x[i] = (float)weight[i];
        for (size_t step = 0; step < steps; step++) {
            for (size_t i = 0; i < n; i++)
                gradient[i] = (float)gradients[step * n + i];
            adam_step(&adam, x, gradient, json_number_value(json_object_get(made, "rate")),
                      json_number_value(json_object_get(made, "decay")));
            assert_near(off_floats(x, after + step * n, n), 1e-6, "a step", "Adam");
        }
        adam_restart(&adam);
    }
    adam_close(&adam);
    free(x);
    free(gradient);
    free(weight);
    free(gradients);
    free(after);
    json_decref(cases);
}

/* Many weights: several chunks of work, against the formulas in double. */
static void test_adam_many(void **state)
{
    (void)state;
    enum { COUNT = 40000, STEPS = 3 };
    float *x = random_floats(COUNT, 1, 5);
    double *plain = widen(x, COUNT), *mean = plain_room(COUNT), *square = plain_room(COUNT);
    struct adam adam;
    struct error error;

    assert_int_equal(adam_open(&adam, COUNT, &error), 0);
    for (int step = 1; step <= STEPS; step++) {
        float *gradient = random_floats(COUNT, 1, 6 + (uint32_t)step);
        adam_step(&adam, x, gradient, 1e-2, 0.1);
        for (size_t i = 0; i < COUNT; i++) {
            double g = (double)gradient[i];
            mean[i] = 0.9 * mean[i] + 0.1 * g;
            square[i] = 0.999 * square[i] + 0.001 * g * g;
            plain[i] *= 1 - 1e-3;
            plain[i] -= 1e-2 * mean[i] / (1 - pow(0.9, step)) / (sqrt(square[i] / (1 - pow(0.999, step))) + 1e-8);
        }
        free(gradient);
    }
    assert_near(off_floats(x, plain, COUNT), 1e-6, "a weight", "Adam");
    adam_close(&adam);
    free(x);
    free(plain);
    free(mean);
    free(square);
}

static void test_memory(void **state)
{
    (void)state;
    struct fixture fixture;
    struct step step;
    struct error error;
    long n = 0;

    fixture_random(&fixture, HEAD_MLP, 10, 8, 20);
    const struct pairs pairs = {&fixture.rows[0], &fixture.rows[1], fixture.video};
    for (int status = -1; status; n++) {
        memory_fail_after(n);
        status = step_open(&step, &pairs, HEAD_MLP, 10, &error);
        memory_fail_after(-1);
        if (status)
            assert_int_equal(error.kind, ERROR_MEMORY);
    }
    assert_true(n > 10);
    step_close(&step);
    fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pytorch), cmocka_unit_test(test_central_differences),
        cmocka_unit_test(test_sizes),   cmocka_unit_test(test_kernels),
        cmocka_unit_test(test_workers), cmocka_unit_test(test_balance),
        cmocka_unit_test(test_adam),    cmocka_unit_test(test_adam_many),
        cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
