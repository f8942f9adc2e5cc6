/* The safetensors reader: tensors, alignment, and wrong headers. */
#include "engine/formats/safetensors.h"

#include "engine/base/memory.h"
#include "tests/unit/folder.h"
#include <stdbool.h>

struct image {
    unsigned char bytes[512];
    size_t size;
};

/* A file with this JSON, and `length` in the length field. */
static struct image make(const char *json, uint64_t length, const void *data, size_t size)
{
    struct image image = {.size = 8 + strlen(json) + size};

    for (size_t i = 0; i < 8; i++)
        image.bytes[i] = (unsigned char)(length >> 8 * i);
    memcpy(image.bytes + 8, json, strlen(json));
    memcpy(image.bytes + 8 + strlen(json), data, size);
    return image;
}

static const char *save(const char *dir, const struct image *image)
{
    folder_write(dir, "x.safetensors", image->bytes, image->size);
    return folder_path(dir, "x.safetensors");
}

static const float VALUES[6] = {0, -1, 2.5f, 3, 1024, -0.125f};
static const uint16_t HALVES[6] = {0, 0xbc00, 0x4100, 0x4200, 0x6400, 0xb000};
#define ENTRY(type, shape, offsets) "{\"t\":{\"dtype\":\"" type "\",\"shape\":" shape ",\"data_offsets\":" offsets "}}"

/* The data begin `lead` bytes after a multiple of 8. */
static void expect_values(const char *dir, const char *json, size_t lead, const void *data, size_t size, bool mapped)
{
    char padded[256];
    size_t length = (strlen(json) + 7) / 8 * 8 + lead;

    snprintf(padded, sizeof padded, "%-*s", (int)length, json);
    struct image image = make(padded, length, data, size);
    struct error error = {0};
    struct matrix matrix;
    float buffer[6];

    if (safetensors_open(save(dir, &image), "t", &matrix, &error))
        fail_msg("%s", error.text);
    assert_int_equal(matrix.rows, 2);
    assert_int_equal(matrix.cols, 3);
    assert_int_equal(matrix.map != NULL, mapped);
    assert_memory_equal(matrix_rows(&matrix, 0, 2, buffer), VALUES, sizeof VALUES);
    matrix_close(&matrix);
}

static void test_tensors(void **state)
{
    const char *dir = *state;
    unsigned char shifted[sizeof VALUES + 2] = {0};
    static const char f32[] = ENTRY("F32", "[2,3]", "[0,24]");
    static const char f16[] = ENTRY("F16", "[2, 3]", "[0, 12]");

    expect_values(dir, f32, 0, VALUES, sizeof VALUES, true);
    expect_values(dir, f32, 4, VALUES, sizeof VALUES, true);
    expect_values(dir, f32, 2, VALUES, sizeof VALUES, false);
    expect_values(dir, f16, 2, HALVES, sizeof HALVES, true);
    expect_values(dir, f16, 1, HALVES, sizeof HALVES, false);
    memcpy(shifted + 2, VALUES, sizeof VALUES);
    expect_values(dir, ENTRY("F32", "[2,3]", "[2,26]"), 0, shifted, sizeof shifted, false);
    expect_values(dir,
                  "{\"__metadata__\":{\"format\":\"pt\"},\"other\":{\"dtype\":\"I64\",\"shape\":[],"
                  "\"data_offsets\":[0,0]},"
                  "\"t\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}}",
                  0, VALUES, sizeof VALUES, true);
}

static const double DOUBLES[6] = {0, -1, 2.5, 3, 1024, -0.125};
static const uint16_t BRAINS[6] = {0, 0xbf80, 0x4020, 0x4040, 0x4480, 0xbe00};

static void test_types_that_are_converted(void **state)
{
    const char *dir = *state;

    expect_values(dir, ENTRY("F64", "[2,3]", "[0,48]"), 0, DOUBLES, sizeof DOUBLES, false);
    expect_values(dir, ENTRY("F64", "[2,3]", "[0,48]"), 1, DOUBLES, sizeof DOUBLES, false);
    expect_values(dir, ENTRY("BF16", "[2,3]", "[0,12]"), 0, BRAINS, sizeof BRAINS, false);
    expect_values(dir, ENTRY("BF16", "[2,3]", "[0,12]"), 1, BRAINS, sizeof BRAINS, false);
}

/* Many tensors of one file, opened once. */
static void test_containers(void **state)
{
    static const char json[] = "{\"__metadata__\":{\"format\":\"pt\"},"
                               "\"weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
                               "\"bias\":{\"dtype\":\"F32\",\"shape\":[6],\"data_offsets\":[0,24]},"
                               "\"brain\":{\"dtype\":\"BF16\",\"shape\":[4],\"data_offsets\":[0,8]},"
                               "\"scale\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]},"
                               "\"ids\":{\"dtype\":\"I64\",\"shape\":[3],\"data_offsets\":[0,24]},"
                               "\"odd\":{\"dtype\":\"C64\",\"shape\":[1,3],\"data_offsets\":[0,24]}}";
    struct error error = {0};
    struct array array;
    struct matrix matrix;
    size_t length = (sizeof json - 1 + 7) / 8 * 8;
    unsigned char bytes[1024] = {(unsigned char)(length & 0xff), (unsigned char)(length >> 8)};

    memset(bytes + 8, ' ', length);
    memcpy(bytes + 8, json, sizeof json - 1);
    memcpy(bytes + 8 + length, VALUES, sizeof VALUES);
    folder_write(*state, "x.safetensors", bytes, 8 + length + sizeof VALUES);

    struct safetensors *file = safetensors_load(folder_path(*state, "x.safetensors"), &error);
    assert_non_null(file);
    assert_int_equal(safetensors_count(file), 6);
    for (size_t i = 0; i < 6; i++)
        assert_string_not_equal(safetensors_name(file, i), "__metadata__");
    assert_false(safetensors_describe(file, "none", &array));
    assert_false(safetensors_describe(file, "__metadata__", &array));
    assert_true(safetensors_describe(file, "weight", &array));
    assert_int_equal(array.kind, ARRAY_FLOAT);
    assert_int_equal(array.dimensions, 2);
    assert_int_equal(array.shape[0], 2);
    assert_int_equal(array.shape[1], 3);
    assert_true(safetensors_describe(file, "scale", &array));
    assert_int_equal(array.dimensions, 0);
    assert_true(safetensors_describe(file, "odd", &array));
    assert_int_equal(array.kind, ARRAY_OTHER);

    assert_int_equal(safetensors_tensor(file, "weight", &matrix, &error), 0);
    assert_null(matrix.owned); /* borrowed */
    assert_null(matrix.map);
    assert_memory_equal(matrix.data, VALUES, sizeof VALUES);
    matrix_close(&matrix);
    assert_int_equal(safetensors_tensor(file, "bias", &matrix, &error), 0);
    assert_int_equal(matrix.rows, 1);
    assert_int_equal(matrix.cols, 6);
    assert_memory_equal(matrix.data, VALUES, sizeof VALUES);
    matrix_close(&matrix);
    assert_int_equal(safetensors_tensor(file, "brain", &matrix, &error), 0);
    assert_int_equal(matrix.type, MATRIX_F32);
    assert_int_equal(matrix.cols, 4);
    assert_float_equal(((const float *)matrix.data)[3], -1, 0); /* the upper half of -1.0f */
    matrix_close(&matrix);
    assert_int_equal(safetensors_tensor(file, "none", &matrix, &error), -1);
    assert_non_null(strstr(error.text, "x.safetensors: tensor \"none\" is not in the file"));
    assert_int_equal(safetensors_tensor(file, "scale", &matrix, &error), -1);
    assert_non_null(strstr(error.text, "is 0-D"));
    assert_int_equal(safetensors_array(file, "ids", &array, &error), 0);
    assert_true(array_is_vector(&array));
    safetensors_close(file);
    safetensors_close(NULL);
}

static void expect_refusal(const char *dir, const struct image *image, const char *part)
{
    struct error error = {0};
    struct matrix matrix;

    assert_int_equal(safetensors_open(save(dir, image), "t", &matrix, &error), -1);
    assert_null(matrix.data);
    if (!strstr(error.text, part) || !strstr(error.text, "x.safetensors"))
        fail_msg("\"%s\" does not say \"%s\"", error.text, part);
}

static void test_wrong_headers(void **state)
{
    static const struct {
        const char *json, *part;
    } cases[] = {
        {"{}", "tensor \"t\" is not in the file"},
        {"[]", "tensor \"t\" is not in the file"},
        {"{\"t\":[]}", "tensor \"t\" is not in the file"},
        {"{\"t\":{}}", "is of type unknown"},
        {"{\"t\"", "its header is not JSON"},
        {"", "its header is not JSON"},
        {"{\"t\":{},\"t\":{}}", "its header is not JSON: duplicate"},
        {ENTRY("C64", "[1,3]", "[0,24]"), "is of type C64; F32, F16, BF16 and F64 are supported"},
        {ENTRY("I64", "[1,3]", "[0,24]"), "\"t\": holds integers"},
        {ENTRY("F32", "[6]", "[0,24]"), "is 1-D, of shape (6,)"},
        {ENTRY("F32", "[1,2,3]", "[0,24]"), "is 3-D, of shape (1, 2, 3)"},
        {ENTRY("F32", "\"2,3\"", "[0,24]"), "malformed shape"},
        {ENTRY("F32", "[2,-3]", "[0,24]"), "malformed shape"},
        {ENTRY("F32", "[2,3.0]", "[0,24]"), "malformed shape"},
        {ENTRY("F32", "[0,3]", "[0,0]"), "is empty, of shape (0, 3)"},
        {ENTRY("F32", "[2,0]", "[0,0]"), "is empty, of shape (2, 0)"},
        {ENTRY("F32", "[2,3]", "[0,25]"), "reaches beyond the file's end"},
        {ENTRY("F32", "[2,3]", "[24,0]"), "reaches beyond the file's end"},
        {ENTRY("F32", "[2,3]", "[0]"), "reaches beyond the file's end"},
        {ENTRY("F32", "[2,3]", "[-24,0]"), "reaches beyond the file's end"},
        {ENTRY("F32", "[2,3]", "[0,9223372036854775807]"), "reaches beyond the file's end"},
        {ENTRY("F32", "[2,4]", "[0,24]"), "of shape (2, 4) does not fit its 24 bytes"},
        {ENTRY("F32", "[2,2]", "[0,24]"), "does not fit"},
        {ENTRY("F16", "[2,3]", "[0,24]"), "does not fit"},
        {ENTRY("F32", "[4611686018427387904,4]", "[0,0]"), "larger than any file"},
        {ENTRY("F32", "[4611686018427387904,1]", "[0,0]"), "larger than any file"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct image image = make(cases[i].json, strlen(cases[i].json), VALUES, sizeof VALUES);
        expect_refusal(*state, &image, cases[i].part);
    }
}

static void test_other_files(void **state)
{
    static const char json[] = ENTRY("F32", "[2,3]", "[0,24]");
    struct image image = make(json, sizeof json - 1, VALUES, sizeof VALUES);
    static const uint64_t lengths[] = {sizeof json + sizeof VALUES, (uint64_t)1 << 32, INT64_MAX, UINT64_MAX,
                                       UINT64_MAX - 7};

    for (size_t size = 0; size < image.size; size++) {
        struct image cut = image;
        cut.size = size;
        expect_refusal(*state, &cut,
                       size < 8                     ? "too short"
                       : size < 8 + sizeof json - 1 ? "cut short in its header"
                                                    : "beyond the file's end");
    }
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        image = make(json, lengths[i], VALUES, sizeof VALUES);
        expect_refusal(*state, &image, "is not a safetensors file");
    }
    struct error error = {0};
    struct matrix matrix;
    assert_int_equal(safetensors_open(folder_path(*state, "none"), "t", &matrix, &error), -1);
    assert_int_equal(error.kind, ERROR_SYSTEM);
}

static void test_mutations(void **state)
{
    static const char json[] = ENTRY("F32", "[2,3]", "[0,24]") "  ";
    struct image original = make(json, sizeof json - 1, VALUES, sizeof VALUES), image;
    uint32_t seed = 20261121;
    size_t accepted = 0;

    for (int i = 0; i < folder_mutations(4000); i++) {
        struct matrix matrix;
        image.size = folder_mutate(original.bytes, original.size, image.bytes, &seed);
        if (safetensors_open(save(*state, &image), "t", &matrix, NULL))
            continue;
        volatile float sum = 0;
        for (size_t row = 0; row < matrix.rows; row++) {
            float buffer[64];
            assert_true(matrix.cols <= 64);
            const float *read = matrix_rows(&matrix, row, 1, buffer);
            for (size_t j = 0; j < matrix.cols; j++)
                sum = sum + read[j];
        }
        accepted++;
        matrix_close(&matrix);
    }
    assert_in_range(accepted, 1, folder_mutations(4000) - 1);
}

static void test_out_of_memory(void **state)
{
    static const char json[] = ENTRY("F32", "[2,3]", "[0,24]") " "; /* not aligned: copied */
    struct image image = make(json, sizeof json - 1, VALUES, sizeof VALUES);
    struct error error = {0};
    struct matrix matrix;

    int result = -1;
    long n = 0;
    for (; result && n < 100; n++) { /* every allocation fails once */
        memory_fail_after(n);
        result = safetensors_open(save(*state, &image), "t", &matrix, &error);
        memory_fail_after(-1);
        if (result)
            assert_int_equal(error.kind, ERROR_MEMORY);
    }
    assert_int_equal(result, 0);
    assert_in_range(n, 3, 99);
    matrix_close(&matrix);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(test_tensors),       TEST(test_types_that_are_converted),
        TEST(test_containers),    TEST(test_wrong_headers),
        TEST(test_other_files),   TEST(test_mutations),
        TEST(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
