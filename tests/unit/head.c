/* Heads: what they map to, against the plain twin; their file, whole, damaged and of other shapes. */
#include "engine/heads/head_file.h"

#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/formats/safetensors_write.h"
#include "tests/unit/folder.h"
#include "tests/unit/learning_plain.h"

#include <sys/stat.h>

static void fill(float *x, size_t n, float size, uint32_t seed)
{
    for (size_t i = 0; i < n; i++)
        x[i] = size * ((float)(folder_random(&seed) % 20001) / 10000 - 1);
}

static void open_random(struct head *head, enum head_kind kind, size_t d)
{
    struct error error;

    if (head_open(head, kind, d, &error))
        fail_msg("%s", error.text);
    fill(head->weight, head->count, 0.3f, 5);
}

/* A head that has learned nothing gives unit rows back; another one what the formula says, in float16 too. */
static void test_apply(void **state)
{
    (void)state;
    enum { ROWS = 2 * HEAD_ROWS + 7, D = 18 };
    float *x = memory_floats(ROWS * D), *y = memory_floats(ROWS * D), *again = memory_floats(ROWS * D);
    unsigned short *half = calloc(ROWS * D, sizeof *half);
    const struct matrix matrix = matrix_view(x, ROWS, D);
    const struct matrix halves = {.data = half, .rows = ROWS, .cols = D, .type = MATRIX_F16};
    struct error error;

    fill(x, ROWS * D, 1, 3);
    memset(x + D, 0, D * sizeof *x); /* no direction: remains as it is */
    half_from_floats(x, ROWS * D, half);
    for (int kind = HEAD_LINEAR; kind <= HEAD_MLP; kind++) {
        struct head head;
        struct job job = {0};
        assert_int_equal(head_open(&head, kind, D, &error), 0);
        assert_int_equal(head_apply(&head, &matrix, y, &job, &error), 0);
        assert_int_equal(atomic_load(&job.done), 3);
        assert_int_equal(atomic_load(&job.total), 3);
        for (size_t i = 0; i < ROWS; i++) {
            double square = 0;
            for (size_t c = 0; c < D; c++)
                square += (double)x[i * D + c] * (double)x[i * D + c];
            for (size_t c = 0; c < D; c++)
                assert_float_equal(y[i * D + c], square > 0 ? x[i * D + c] / sqrt(square) : 0, 1e-6);
        }
        fill(head.weight, head.count, 0.3f, 7);
        double *weight = plain_room(head.count), wide[D], hidden[D], out[D];
        for (size_t i = 0; i < head.count; i++)
            weight[i] = (double)head.weight[i];
        const struct plain_head plain = {kind, D, head.hidden, (double)head.ratio, weight};
        assert_int_equal(head_apply(&head, &matrix, y, NULL, &error), 0);
        for (size_t i = 0; i < ROWS; i++) {
            double square = 0;
            for (size_t c = 0; c < D; c++)
                wide[c] = (double)x[i * D + c];
            plain_forward(&plain, wide, hidden, out);
            for (size_t c = 0; c < D; c++)
                square += out[c] * out[c];
            for (size_t c = 0; c < D; c++)
                assert_float_equal(y[i * D + c], square > 0 ? out[c] / sqrt(square) : 0, 1e-5);
        }
        pool_set_workers(3);
        assert_int_equal(head_apply(&head, &matrix, again, NULL, &error), 0);
        pool_set_workers(0);
        assert_memory_equal(y, again, ROWS * D * sizeof *y);
        assert_int_equal(head_apply(&head, &halves, again, NULL, &error), 0);
        for (size_t i = 0; i < ROWS * D; i++)
            assert_float_equal(y[i], again[i], 2e-3);
        free(weight);
        head_close(&head);
    }
    free(x);
    free(y);
    free(again);
    free(half);
}

static void test_cancel(void **state)
{
    (void)state;
    float x[4] = {1, 2, 3, 4}, y[4];
    const struct matrix matrix = matrix_view(x, 1, 4);
    struct head head;
    struct job job = {0};
    struct error error;

    open_random(&head, HEAD_LINEAR, 4);
    atomic_store(&job.cancel, true);
    assert_int_equal(head_apply(&head, &matrix, y, &job, &error), -1);
    assert_int_equal(error.kind, ERROR_CANCELLED);
    memory_fail_after(0);
    assert_int_equal(head_apply(&head, &matrix, y, NULL, &error), -1);
    memory_fail_after(-1);
    assert_int_equal(error.kind, ERROR_MEMORY);
    head_close(&head);
}

/* What is written is read again to the bit, with every allocation failed once before. */
static void test_round_trip(void **state)
{
    for (int kind = HEAD_LINEAR; kind <= HEAD_MLP; kind++) {
        struct head head, read;
        struct error error;
        long n = 0;
        open_random(&head, kind, 9);
        head.ratio = 0.35f;
        const char *path = folder_path(*state, "head.safetensors");
        if (head_write(&head, path, &error))
            fail_msg("%s", error.text);
        for (int status = -1; status; n++) {
            memory_fail_after(n);
            status = head_read(&read, path, &error);
            memory_fail_after(-1);
            assert_true(n < 100);
        }
        assert_int_equal(read.kind, kind);
        assert_int_equal(read.dimension, 9);
        assert_int_equal(read.hidden, kind == HEAD_MLP ? 2 : 0);
        assert_true(kind == HEAD_LINEAR || read.ratio == head.ratio);
        assert_int_equal(read.count, head.count);
        assert_memory_equal(read.weight, head.weight, head.count * sizeof *head.weight);
        head_close(&read);
        head_close(&head);
    }
}

static void assert_refused(const char *path, const char *text)
{
    struct head head;
    struct error error = {0};

    assert_int_equal(head_read(&head, path, &error), -1);
    assert_null(head.weight);
    if (!strstr(error.text, text))
        fail_msg("%s", error.text);
}

static void test_refusals(void **state)
{
    float x[12] = {0};
    const char *path = folder_path(*state, "head.safetensors");
    struct error error;

    assert_refused(path, "No such file");
    const struct safetensors_part other[] = {{"embeddings", matrix_view(x, 3, 3)}};
    assert_int_equal(safetensors_write(path, other, 1, &error), 0);
    assert_refused(path, "is not a head");
    const struct safetensors_part wide[] = {{"linear.weight", matrix_view(x, 3, 4)}};
    assert_int_equal(safetensors_write(path, wide, 1, &error), 0);
    assert_refused(path, "linear.weight is (3, 4), not square");
    const struct safetensors_part lone[] = {{"down.weight", matrix_view(x, 1, 4)}};
    assert_int_equal(safetensors_write(path, lone, 1, &error), 0);
    assert_refused(path, "up.weight");
    const struct safetensors_part ill[] = {
        {"down.weight", matrix_view(x, 1, 4)}, {"up.weight", matrix_view(x, 3, 4)}, {"ratio", matrix_view(x, 1, 1)}};
    assert_int_equal(safetensors_write(path, ill, 3, &error), 0);
    assert_refused(path, "up.weight is (3, 4) where (4, 1) is needed");
    x[4] = INFINITY;
    const struct safetensors_part infinite[] = {{"linear.weight", matrix_view(x, 3, 3)}};
    assert_int_equal(safetensors_write(path, infinite, 1, &error), 0);
    assert_refused(path, "not finite");
}

/* Damaged files are refused or read, never worse. */
static void test_damage(void **state)
{
    enum { TIMES = 2000, MOST = 4096 };
    unsigned char bytes[MOST], damaged[MOST + 16];
    struct head head;
    struct error error;
    uint32_t seed = 17;

    open_random(&head, HEAD_MLP, 8);
    assert_int_equal(head_write(&head, folder_path(*state, "whole"), &error), 0);
    head_close(&head);
    FILE *file = fopen(folder_path(*state, "whole"), "rb");
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    for (int time = 0; time < TIMES; time++) {
        folder_write(*state, "damaged", damaged, folder_mutate(bytes, size, damaged, &seed));
        if (head_read(&head, folder_path(*state, "damaged"), &error) == 0)
            head_close(&head);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_apply),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test_setup_teardown(test_round_trip, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_refusals, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_damage, folder_make, folder_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
