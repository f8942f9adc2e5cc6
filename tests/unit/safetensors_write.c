/* Written tensors are read back unchanged, and float16 is rounded to the nearest. */
#include "engine/formats/safetensors_write.h"

#include "engine/formats/safetensors.h"
#include "engine/kernels/half.h"
#include "tests/unit/folder.h"
#include <math.h>

static void test_round_trip(void **state)
{
    const char *dir = *state;
    static const float wide[6] = {1, -2, 3.5f, 0, 1e-30f, 7};
    static const unsigned short narrow[3] = {0x3c00, 0xc000, 0x0001};
    const struct safetensors_part parts[] = {
        {"wide", {.data = wide, .rows = 2, .cols = 3, .type = MATRIX_F32}},
        {"narrow", {.data = narrow, .rows = 1, .cols = 3, .type = MATRIX_F16}},
        {"again", {.data = wide, .rows = 3, .cols = 2, .type = MATRIX_F32}},
    };
    const char *path = folder_path(dir, "model.safetensors");
    struct error error = {0};

    assert_int_equal(safetensors_write(path, parts, 3, &error), 0);
    for (size_t i = 0; i < 3; i++) {
        struct matrix matrix;
        const struct matrix *wanted = &parts[i].matrix;
        assert_int_equal(safetensors_open(path, parts[i].name, &matrix, &error), 0);
        assert_int_equal(matrix.rows, wanted->rows);
        assert_int_equal(matrix.cols, wanted->cols);
        assert_int_equal(matrix.type, wanted->type);
        assert_memory_equal(matrix.data, wanted->data,
                            wanted->rows * wanted->cols * (wanted->type == MATRIX_F16 ? 2 : 4));
        matrix_close(&matrix);
    }
    assert_int_equal(folder_count(dir), 1);
    assert_int_equal(safetensors_write("/nonexistent/x", parts, 3, &error), -1);
    assert_non_null(strstr(error.text, "/nonexistent/x"));
}

/* Every half survives conversion to float and back, and values between two halves go to the nearer. */
static void test_half(void **state)
{
    (void)state;
    for (unsigned half = 0; half < 0x7c00; half++) {
        for (int sign = 0; sign < 2; sign++) {
            float here = half_to_float((unsigned short)half), next = half_to_float((unsigned short)(half + 1));
            if (half + 1 == 0x7c00)
                next = 65536;
            float side = sign ? -1.0f : 1.0f, middle = (here + next) / 2;
            const float x[4] = {side * here, side * nextafterf(middle, 0), side * middle,
                                side * nextafterf(middle, 1e9f)};
            unsigned bit = sign ? 0x8000u : 0;
            unsigned short out[4];
            half_from_floats(x, 4, out);
            assert_int_equal(out[0], bit | half);
            assert_int_equal(out[1], bit | half);
            assert_int_equal(out[2], bit | (half + (half & 1))); /* ties to even */
            assert_int_equal(out[3], bit | (half + 1));
        }
    }
    const float special[4] = {INFINITY, -INFINITY, 1e10f, 1e-20f};
    unsigned short out[4];
    half_from_floats(special, 4, out);
    assert_int_equal(out[0], 0x7c00);
    assert_int_equal(out[1], 0xfc00);
    assert_int_equal(out[2], 0x7c00);
    assert_int_equal(out[3], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_round_trip, folder_make, folder_remove),
        cmocka_unit_test(test_half),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
