/* The reader of .npz archives. */
#include "tests/unit/matrices.h"

static void test_members(void **state)
{
    (void)state;
    expect_matrix(fixture("stored.npz"));
    expect_matrix(fixture("stored.npz:text"));
    expect_matrix(fixture("stored.npz:text.npy"));
    expect_rows(fixture("stored.npz"));
    expect_rows(fixture("stored.npz:ids"));
    expect_matrix(fixture("deflated.npz"));
    expect_rows(fixture("deflated.npz:ids"));
    expect_matrix(fixture("several.npz:text"));
    expect_matrix(fixture("several.npz:order"));
    expect_rows(fixture("several.npz"));
    expect_matrix(fixture("streamed.npz")); /* sizes follow the data */
}

static void test_refusals(void **state)
{
    static const struct {
        const char *name, *part;
    } cases[] = {
        {"several.npz", "holds 3 2-D arrays of floats; say which as FILE:NAME: text (2, 3), video "
                        "(1, 3), order (2, 3)"},
        {"several.npz:none", "several.npz:none: the archive has no member of that name"},
        {"several.npz:ids", "several.npz:ids: is 1-D, of shape (3,); a matrix has 2 dimensions"},
        {"several.npz:cube", "is 3-D, of shape (2, 2, 2)"},
        {"several.npz:names", "element type '<U1' is not supported"},
        {"several.npz:objects", "is a pickled object array"},
        {"other.npz", "is a zip archive without .npy members; write the matrices with numpy.savez"},
        {"bzip2.npz:text", "is compressed by method 12; write it with numpy.savez_compressed"},
        {"bomb.npz:text", "has trailing bytes: shape (2, 3) needs 48 bytes of data, the file has "
                          "4194352"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_no_matrix(fixture(cases[i].name), cases[i].part);
}

/* Copies a fixture into the folder, with `value` in the field at `offset` of the central directory's first entry. */
static const char *change_entry(const char *dir, const char *name, size_t offset, uint32_t value)
{
    static unsigned char bytes[1 << 14];
    FILE *file = fopen(fixture(name), "rb");

    assert_non_null(file);
    size_t size = fread(bytes, 1, sizeof bytes, file), at = 0;
    fclose(file);
    while (at + 46 < size && memcmp(bytes + at, "PK\1\2", 4) != 0)
        at++;
    assert_true(at + 46 < size);
    for (size_t i = 0; i < 4; i++)
        bytes[at + offset + i] = (unsigned char)(value >> 8 * i);
    folder_write(dir, "x.npz", bytes, size);
    return folder_path(dir, "x.npz");
}

static void name_text(char spec[5000], const char *path)
{
    snprintf(spec, 5000, "%s:text", path);
}

static void test_wrong_directories(void **state)
{
    enum { CHECKSUM = 16, COMPRESSED = 20, SIZE = 24, PLACE = 42 };
    const char *dir = *state;

    char spec[5000];

    expect_no_matrix(change_entry(dir, "streamed.npz", CHECKSUM, 1), "x.npz:text: is damaged: CRC error");
    name_text(spec, change_entry(dir, "deflated.npz", CHECKSUM, 1));
    expect_no_matrix(spec, "is damaged");
    name_text(spec, change_entry(dir, "deflated.npz", SIZE, 0xfffffff0));
    expect_no_matrix(spec, "x.npz:text: declares 4294967280 bytes");
    name_text(spec, change_entry(dir, "streamed.npz", SIZE, 150));
    expect_no_matrix(spec, "x.npz:text: is");
    name_text(spec, change_entry(dir, "stored.npz", PLACE, 0x7fffffff));
    expect_no_matrix(spec, "x.npz");
    name_text(spec, change_entry(dir, "streamed.npz", COMPRESSED, 5));
    expect_no_matrix(spec, "x.npz");
}

static void test_damage(void **state)
{
    expect_survival(*state, "stored.npz", 2000);
    expect_survival(*state, "deflated.npz", 2000);
    expect_survival(*state, "streamed.npz", 2000);
}

static void test_out_of_memory(void **state)
{
    (void)state;
    expect_memory_errors(fixture("deflated.npz"));
    expect_memory_errors(fixture("several.npz:order"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(test_members), TEST(test_refusals),      TEST(test_wrong_directories),
        TEST(test_damage),  TEST(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
