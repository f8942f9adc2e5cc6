/* Reading, mapping and replacing whole files. */
#include "engine/formats/file.h"

#include "engine/base/mapping.h"
#include "engine/base/memory.h"
#include "tests/unit/folder.h"
#include <pthread.h>
#include <sys/stat.h>

static void test_reading(void **state)
{
    const char *dir = *state;
    struct error error = {0};
    size_t size;

    folder_write(dir, "x", "ab\0c", 4);
    char *bytes = file_read(folder_path(dir, "x"), 4, &size, &error);
    assert_non_null(bytes);
    assert_int_equal(size, 4);
    assert_memory_equal(bytes, "ab\0c", 5); /* including the terminating zero */
    free(bytes);
    assert_null(file_read(folder_path(dir, "x"), 3, &size, &error));
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_non_null(strstr(error.text, "/x: is larger than the limit of 3 bytes"));
    assert_int_equal(size, 0);
    folder_write(dir, "x", "", 0);
    bytes = file_read(folder_path(dir, "x"), 3, &size, &error);
    assert_non_null(bytes);
    assert_int_equal(size, 0);
    assert_int_equal(bytes[0], 0);
    free(bytes);
    assert_null(file_read(dir, 3, &size, &error));
    assert_non_null(strstr(error.text, "is a directory, not a file"));
    assert_null(file_read(folder_path(dir, "none"), 3, &size, &error));
    assert_int_equal(error.kind, ERROR_SYSTEM);
    memory_fail_after(0);
    assert_null(file_read(folder_path(dir, "x"), 3, &size, &error));
    memory_fail_after(-1);
    assert_int_equal(error.kind, ERROR_MEMORY);
}

enum { PIPED = 200000 };

static void *feed(void *path)
{
    FILE *pipe = fopen(path, "wb");

    for (int i = 0; pipe && i < PIPED; i++)
        fputc(i & 0xff, pipe);
    if (pipe)
        fclose(pipe);
    return NULL;
}

/* The size of a pipe is not known beforehand. */
static void test_reading_a_pipe(void **state)
{
    char *path = strdup(folder_path(*state, "pipe"));
    struct error error = {0};
    pthread_t writer;
    size_t size;

    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(pthread_create(&writer, NULL, feed, path), 0);
    char *bytes = file_read(path, PIPED, &size, &error);
    pthread_join(writer, NULL);
    assert_non_null(bytes);
    assert_int_equal(size, PIPED);
    for (size_t i = 0; i < size; i++)
        assert_true((unsigned char)bytes[i] == (i & 0xff));
    free(bytes);
    assert_null(file_map(path, &size, &error)); /* at once, although there is no writer */
    assert_non_null(strstr(error.text, "is not a regular file"));
    free(path);
}

static void test_mapping(void **state)
{
    const char *dir = *state;
    struct error error = {.kind = ERROR_INPUT};
    size_t size;

    folder_write(dir, "x", "abc", 3);
    char *map = file_map(folder_path(dir, "x"), &size, &error);
    assert_non_null(map);
    assert_int_equal(size, 3);
    assert_memory_equal(map, "abc", 3);
    mapping_close(map, size);
    folder_write(dir, "x", "", 0);
    assert_null(file_map(folder_path(dir, "x"), &size, &error));
    assert_int_equal(error.kind, ERROR_NONE);
    assert_null(file_map(folder_path(dir, "none"), &size, &error));
    assert_int_equal(error.kind, ERROR_SYSTEM);
}

static void test_replacing(void **state)
{
    const char *dir = *state;
    const struct file_part parts[] = {{"abc", 3}, {NULL, 0}, {"de", 2}};
    char *path = strdup(folder_path(dir, "x"));
    struct error error = {0};
    struct stat status;
    size_t size;

    mode_t mask = umask(027);
    assert_int_equal(file_write(path, parts, 3, &error), 0);
    umask(mask);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
    assert_int_equal(file_write(path, parts, 1, &error), 0);
    char *bytes = file_read(path, 100, &size, &error);
    assert_string_equal(bytes, "abc");
    free(bytes);
    assert_int_equal(file_write(path, parts, 3, &error), 0);
    bytes = file_read(path, 100, &size, &error);
    assert_string_equal(bytes, "abcde");
    free(bytes);
    assert_int_equal(folder_count(dir), 1);

    /* a failed write leaves the old file and nothing else */
    const struct file_part bad[] = {{"xyz", 3}, {(void *)8, 4096}}; /* no such address: EFAULT */
    assert_int_equal(file_write(path, bad, 2, &error), -1);
    assert_non_null(strstr(error.text, "/x: cannot be written: Bad address"));
    bytes = file_read(path, 100, &size, &error);
    assert_string_equal(bytes, "abcde");
    free(bytes);
    assert_int_equal(folder_count(dir), 1);
    free(path);
}

static void test_joining(void **state)
{
    char buffer[8];
    struct error error = {0};

    (void)state;
    assert_int_equal(file_join(buffer, sizeof buffer, "abc", "def", &error), 0);
    assert_string_equal(buffer, "abc/def");
    assert_int_equal(file_join(buffer, sizeof buffer, "ab/", "cd", &error), 0);
    assert_string_equal(buffer, "ab/cd");
    assert_int_equal(file_join(buffer, sizeof buffer, "", "cd", &error), 0);
    assert_string_equal(buffer, "cd");
    assert_int_equal(file_join(buffer, sizeof buffer, "abcd", "def", &error), -1);
    assert_non_null(strstr(error.text, "abcd/def: the path is too long"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(test_reading), TEST(test_reading_a_pipe), TEST(test_mapping), TEST(test_replacing), TEST(test_joining),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
