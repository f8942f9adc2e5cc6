/* Files written through a stream, completely or not at all. */
#include "engine/formats/output.h"

#include "engine/base/memory.h"
#include "engine/formats/file.h"
#include "tests/unit/folder.h"
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>

static void assert_holds(const char *dir, const char *name, const char *text)
{
    struct error error = {0};
    size_t size;
    char *bytes = file_read(folder_path(dir, name), 1000, &size, &error);

    assert_non_null(bytes);
    assert_string_equal(bytes, text);
    free(bytes);
}

static void write_text(const char *dir, const char *name, const char *text, bool replace)
{
    struct output output;
    struct error error = {0};

    assert_int_equal(output_open(&output, folder_path(dir, name), replace, &error), 0);
    fputs(text, output.stream);
    assert_int_equal(output_commit(&output, &error), 0);
    assert_null(output.stream);
    output_abandon(&output); /* harmless */
}

static void assert_refused(const char *path, bool replace, const char *why)
{
    struct output output;
    struct error error = {0};

    assert_int_equal(output_open(&output, path, replace, &error), -1);
    assert_null(output.stream);
    if (!strstr(error.text, why))
        fail_msg("'%s' does not say '%s'", error.text, why);
    output_abandon(&output);
}

static void test_writing(void **state)
{
    const char *dir = *state;
    struct stat status;

    mode_t mask = umask(027);
    write_text(dir, "a", "one", false);
    umask(mask);
    assert_holds(dir, "a", "one");
    assert_int_equal(stat(folder_path(dir, "a"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
    assert_true(output_exists(folder_path(dir, "a")));
    assert_false(output_exists(dir));
    assert_false(output_exists(folder_path(dir, "b")));
    assert_refused(folder_path(dir, "a"), false, "/a: already exists");
    write_text(dir, "a", "two", true);
    assert_holds(dir, "a", "two");
    assert_int_equal(folder_count(dir), 1);
}

static void test_abandoning(void **state)
{
    const char *dir = *state;
    struct output output;
    struct error error = {0};

    folder_write(dir, "a", "old", 3);
    assert_int_equal(output_open(&output, folder_path(dir, "a"), true, &error), 0);
    fputs("new", output.stream);
    fflush(output.stream);
    output_abandon(&output);
    assert_holds(dir, "a", "old");
    assert_int_equal(folder_count(dir), 1);
}

/* A file that appears under that name during writing is not overwritten. */
static void test_overtaken(void **state)
{
    const char *dir = *state;
    struct output output;
    struct error error = {0};

    assert_int_equal(output_open(&output, folder_path(dir, "a"), false, &error), 0);
    fputs("mine", output.stream);
    folder_write(dir, "a", "theirs", 6);
    assert_int_equal(output_commit(&output, &error), -1);
    assert_non_null(strstr(error.text, "/a: cannot be written: File exists"));
    assert_holds(dir, "a", "theirs");
    assert_int_equal(folder_count(dir), 1);
}

static void test_refusals(void **state)
{
    const char *dir = *state;

    assert_refused("", false, "the file name is missing");
    assert_refused(dir, true, "cannot be written: it is a directory");
    assert_refused(folder_path(dir, "none/a"), false, "none/a: cannot be written: No such file or directory");
    assert_refused("/proc/none", false, "/proc/none: cannot be written");
    assert_int_equal(symlink("nowhere", folder_path(dir, "link")), 0);
    assert_refused(folder_path(dir, "link"), true, "is a dangling symbolic link");
    memory_fail_after(0);
    assert_refused(folder_path(dir, "a"), false, "out of memory");
    memory_fail_after(-1);
    assert_int_equal(folder_count(dir), 1); /* the link */
}

/* The target of a symbolic link is replaced, not the link. */
static void test_link(void **state)
{
    const char *dir = *state;
    struct stat status;

    folder_write(dir, "a", "old", 3);
    assert_int_equal(symlink("a", folder_path(dir, "link")), 0);
    write_text(dir, "link", "new", true);
    assert_holds(dir, "a", "new");
    assert_int_equal(lstat(folder_path(dir, "link"), &status), 0);
    assert_true(S_ISLNK(status.st_mode));
}

static void *read_pipe(void *path)
{
    static char text[16];
    FILE *pipe = fopen(path, "re");

    if (pipe && !fgets(text, sizeof text, pipe))
        text[0] = 0;
    if (pipe)
        fclose(pipe);
    return text;
}

/* Pipes and devices are written to, never replaced. */
static void test_pipe(void **state)
{
    const char *dir = *state;
    char *path = strdup(folder_path(dir, "pipe"));
    pthread_t reader;
    void *text;
    struct stat status;

    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(pthread_create(&reader, NULL, read_pipe, path), 0);
    write_text(dir, "pipe", "through", false);
    pthread_join(reader, &text);
    assert_string_equal(text, "through");
    assert_int_equal(stat(path, &status), 0);
    assert_true(S_ISFIFO(status.st_mode));
    assert_int_equal(folder_count(dir), 1);
    free(path);
    if (access("/dev/full", W_OK) == 0) {
        struct output output;
        struct error error = {0};
        assert_int_equal(output_open(&output, "/dev/full", false, &error), 0);
        fputs("much", output.stream);
        assert_int_equal(output_commit(&output, &error), -1);
        assert_non_null(strstr(error.text, "/dev/full: cannot be written: No space left on device"));
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(test_writing),  TEST(test_abandoning), TEST(test_overtaken),
        TEST(test_refusals), TEST(test_link),       TEST(test_pipe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
