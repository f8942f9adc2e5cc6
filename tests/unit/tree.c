/* Linking trees of files: exceptions are left out, and symbolic links kept. */
#include "engine/collection/tree.h"

#include "tests/unit/folder.h"
#include <stdbool.h>
#include <sys/stat.h>

static int make(void **state)
{
    return folder_make(state);
}

static int drop(void **state)
{
    char command[300];

    snprintf(command, sizeof command, "rm -rf '%s'", (char *)*state);
    free(*state);
    return system(command) ? -1 : 0;
}

static void test_links(void **state)
{
    const char *dir = *state;
    static const char *const except[] = {"left", "out.txt", NULL};
    struct error error = {0};
    char from[200], to[200], path[300];
    struct stat first, second;

    snprintf(from, sizeof from, "%s/from", dir);
    snprintf(to, sizeof to, "%s/to", dir);
    mkdir(from, 0755);
    mkdir(to, 0755);
    static const char *const folders[] = {"sub", "left"};
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", from, folders[i]);
        mkdir(path, 0755);
    }
    static const char *const files[] = {"a", "out.txt", "sub/b", "left/c", "sub/out.txt"};
    for (int i = 0; i < 5; i++)
        folder_write(from, files[i], files[i], strlen(files[i]));
    snprintf(path, sizeof path, "%s/link", from);
    assert_int_equal(symlink("a", path), 0);
    if (tree_link(from, to, except, &error))
        fail_msg("%s", error.text);
    static const bool there[] = {true, false, true, false, true};
    for (int i = 0; i < 5; i++) {
        snprintf(path, sizeof path, "%s/%s", to, files[i]);
        assert_int_equal(stat(path, &second) == 0, there[i]);
        if (!there[i])
            continue;
        snprintf(path, sizeof path, "%s/%s", from, files[i]);
        assert_int_equal(stat(path, &first), 0);
        assert_true(first.st_ino == second.st_ino);
    }
    snprintf(path, sizeof path, "%s/link", to);
    assert_int_equal(lstat(path, &second), 0);
    assert_true(S_ISLNK(second.st_mode));
    assert_int_equal(tree_link(from, to, except, &error), -1); /* existing files are not replaced */
    assert_non_null(strstr(error.text, "File exists"));
    assert_int_equal(tree_link("/nowhere/x", to, NULL, &error), -1);
    assert_non_null(strstr(error.text, "/nowhere/x: No such file"));
}

static void test_copies(void **state)
{
    const char *dir = *state;
    struct error error = {0};
    char from[200], to[200], bytes[8] = "";

    folder_write(dir, "a", "content", 7);
    snprintf(from, sizeof from, "%s/a", dir);
    snprintf(to, sizeof to, "%s/b", dir);
    assert_int_equal(tree_copy_file(from, to, &error), 0);
    FILE *file = fopen(to, "rb");
    assert_int_equal(fread(bytes, 1, 7, file), 7);
    fclose(file);
    assert_string_equal(bytes, "content");
    assert_int_equal(tree_copy_file(from, to, &error), -1);
    assert_non_null(strstr(error.text, "cannot be copied: File exists"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_links, make, drop),
        cmocka_unit_test_setup_teardown(test_copies, make, drop),
    };
    return cmocka_run_group_tests_name("trees", tests, NULL, NULL);
}
