/* The safetensors reader: tensors, alignment, and headers that lie. */
#include "engine/formats/safetensors.h"

#include "engine/memory.h"
#include "tests/unit/folder.h"
#include <stdbool.h>

struct image {
    unsigned char bytes[512];
    size_t size;
};

/* A file with this JSON, its length field told as `length`. */
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
#define ENTRY(type, shape, offsets)                                                                \
    "{\"t\":{\"dtype\":\"" type "\",\"shape\":" shape ",\"data_offsets\":" offsets "}}"

/* The data begin `lead` bytes after a multiple of 8. */
static void expect_values(const char *dir, const char *json, size_t lead, const void *data,
                          size_t size, bool mapped)
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

static void expect_refusal(const char *dir, const struct image *image, const char *part)
{
    struct error error = {0};
    struct matrix matrix;

    assert_int_equal(safetensors_open(save(dir, image), "t", &matrix, &error), -1);
    assert_null(matrix.data);
    if (!strstr(error.text, part) || !strstr(error.text, "x.safetensors"))
        fail_msg("\"%s\" does not say \"%s\"", error.text, part);
}

static void test_headers_that_lie(void **state)
{
    static const struct {
        const char *json, *part;
    } cases[] = {
        {"{}", "has no tensor \"t\""},
        {"[]", "has no tensor \"t\""},
        {"{\"t\":[]}", "has no tensor \"t\""},
        {"{\"t\":{}}", "is of type unknown"},
        {"{\"t\"", "its header is no JSON"},
        {"", "its header is no JSON"},
        {"{\"t\":{},\"t\":{}}", "its header is no JSON: duplicate"},
        {ENTRY("BF16", "[2,3]", "[0,12]"), "is of type BF16; F16 and F32 are supported"},
        {ENTRY("I64", "[1,3]", "[0,24]"), "is of type I64"},
        {ENTRY("F32", "[6]", "[0,24]"), "is no 2-D matrix"},
        {ENTRY("F32", "[1,2,3]", "[0,24]"), "is no 2-D matrix"},
        {ENTRY("F32", "\"2,3\"", "[0,24]"), "is no 2-D matrix"},
        {ENTRY("F32", "[2,-3]", "[0,24]"), "is no 2-D matrix"},
        {ENTRY("F32", "[2,3.0]", "[0,24]"), "is no 2-D matrix"},
        {ENTRY("F32", "[0,3]", "[0,0]"), "or is empty"},
        {ENTRY("F32", "[2,0]", "[0,0]"), "or is empty"},
        {ENTRY("F32", "[2,3]", "[0,25]"), "reaches beyond the file's end"},
        {ENTRY("F32", "[2,3]", "[24,0]"), "reaches beyond the file's end"},
        {ENTRY("F32", "[2,3]", "[0]"), "reaches beyond the file's end"},
        {ENTRY("F32", "[2,3]", "[-24,0]"), "reaches beyond the file's end"},
        {ENTRY("F32", "[2,3]", "[0,9223372036854775807]"), "reaches beyond the file's end"},
        {ENTRY("F32", "[2,4]", "[0,24]"), "of shape (2, 4) does not fit its 24 bytes"},
        {ENTRY("F32", "[2,2]", "[0,24]"), "does not fit"},
        {ENTRY("F16", "[2,3]", "[0,24]"), "does not fit"},
        {ENTRY("F32", "[4611686018427387904,4]", "[0,0]"), "does not fit"},
        {ENTRY("F32", "[4611686018427387904,1]", "[0,0]"), "does not fit"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct image image = make(cases[i].json, strlen(cases[i].json), VALUES, sizeof VALUES);
        expect_refusal(*state, &image, cases[i].part);
    }
}

static void test_files_that_are_none(void **state)
{
    static const char json[] = ENTRY("F32", "[2,3]", "[0,24]");
    struct image image = make(json, sizeof json - 1, VALUES, sizeof VALUES);
    static const uint64_t lengths[] = {sizeof json + sizeof VALUES, (uint64_t)1 << 32, INT64_MAX,
                                       UINT64_MAX, UINT64_MAX - 7};

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
        expect_refusal(*state, &image, "is no safetensors file");
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

    for (int i = 0; i < 4000; i++) {
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
    assert_in_range(accepted, 1, 3999);
}

static void test_out_of_memory(void **state)
{
    static const char json[] = ENTRY("F32", "[2,3]", "[0,24]") " "; /* not aligned: copied */
    struct image image = make(json, sizeof json - 1, VALUES, sizeof VALUES);
    struct error error = {0};
    struct matrix matrix;

    memory_fail_after(0);
    int result = safetensors_open(save(*state, &image), "t", &matrix, &error);
    memory_fail_after(-1);
    assert_int_equal(result, -1);
    assert_int_equal(error.kind, ERROR_MEMORY);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(test_tensors),   TEST(test_headers_that_lie), TEST(test_files_that_are_none),
        TEST(test_mutations), TEST(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
