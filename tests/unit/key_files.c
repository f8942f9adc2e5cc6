/* Finding files by key: extensions of any case, keys with an extension of their own, odd keys. */
#include "engine/import/key_files.h"

#include "tests/unit/folder.h"
#include <sys/stat.h>

static struct key_files *files_of(const char *dir, const char *const *names, size_t count, enum key_files_kind kind)
{
    struct error error = {0};

    for (size_t i = 0; i < count; i++)
        folder_write(dir, names[i], "x", 1);
    struct key_files *files = key_files_open(dir, kind, &error);
    assert_non_null(files);
    return files;
}

static void assert_found(const struct key_files *files, const char *key, const char *name)
{
    const char *found = key_files_find(files, key);

    if (!name)
        assert_null(found);
    else if (!found || strcmp(found, name) != 0)
        fail_msg("%s finds %s, not %s", key, found ? found : "nothing", name);
}

static void test_pictures(void **state)
{
    static const char *const names[] = {"a.jpg", "a.png",  "B.JPEG",    "c.d.PnG",  "e.mp4.gif", "f.mp4",
                                        "g",     ".jpg",   "h.txt",     "v1.5.bmp", "i.jpg",     "i.mp4.tga",
                                        "j.png", "ja.png", "k.psd.jpg", "ö.ppm"};
    struct key_files *files = files_of(*state, names, sizeof names / sizeof *names, KEY_FILES_PICTURES);

    assert_int_equal(key_files_count(files), 12);
    assert_found(files, "a", "a.jpg"); /* the more common extension */
    assert_found(files, "a.png", "a.png");
    assert_found(files, "a.jpg", "a.jpg");
    assert_found(files, "a.mp4", "a.jpg");
    assert_found(files, "B", "B.JPEG");
    assert_found(files, "b", NULL);
    assert_found(files, "c.d", "c.d.PnG");
    assert_found(files, "c", NULL);
    assert_found(files, "e.mp4", "e.mp4.gif");
    assert_found(files, "e", NULL);
    assert_found(files, "f", NULL); /* a video */
    assert_found(files, "g", NULL);
    assert_found(files, "h", NULL);
    assert_found(files, "", NULL);
    assert_found(files, "v1.5", "v1.5.bmp");
    assert_found(files, "v1", NULL);
    assert_found(files, "v1.6", NULL); /* 6 is not an extension */
    assert_found(files, "i.mp4", "i.mp4.tga");
    assert_found(files, "j", "j.png");
    assert_found(files, "ja", "ja.png");
    assert_found(files, "k.psd", "k.psd.jpg");
    assert_found(files, "ö", "ö.ppm");
    key_files_close(files);
}

static void test_videos(void **state)
{
    static const char *const names[] = {"a.MP4", "a.mkv", "b.gif", "c.jpg", "d.webm"};
    struct key_files *files = files_of(*state, names, sizeof names / sizeof *names, KEY_FILES_VIDEOS);

    assert_int_equal(key_files_count(files), 4);
    assert_found(files, "a", "a.MP4");
    assert_found(files, "b", "b.gif");
    assert_found(files, "c", NULL);
    assert_found(files, "d.mp4", "d.webm");
    key_files_close(files);
}

/* No key leads to anything other than a listed file. */
static void test_hostile_keys(void **state)
{
    static const char *const names[] = {"a.jpg"};
    static const char *const keys[] = {"../a",   "./a",    "/etc/passwd",  "x/../a",   "..",
                                       ".",      "a.jpg/", "a\n",          "\xff\xfe", "%s%n",
                                       "a.jpg.", "*",      "a.jpg.jpg.jpg"};
    char path[4200];
    snprintf(path, sizeof path, "%s/sub.jpg", (char *)*state);
    assert_int_equal(mkdir(path, 0700), 0);
    struct key_files *files = files_of(*state, names, 1, KEY_FILES_PICTURES);

    assert_int_equal(key_files_count(files), 1); /* sub.jpg is a directory */
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        assert_found(files, keys[i], NULL);
    char *length = malloc(1 << 20);
    assert_non_null(length);
    memset(length, 'a', (1 << 20) - 1);
    length[(1 << 20) - 1] = 0;
    assert_found(files, length, NULL);
    free(length);
    key_files_close(files);
    rmdir(path);
}

static void test_directories(void **state)
{
    struct error error = {0};

    struct key_files *files = key_files_open(*state, KEY_FILES_PICTURES, &error);
    assert_non_null(files);
    assert_int_equal(key_files_count(files), 0);
    assert_found(files, "a", NULL);
    key_files_close(files);
    assert_null(key_files_open("/nowhere", KEY_FILES_PICTURES, &error));
    assert_non_null(strstr(error.text, "/nowhere: No such file"));
    key_files_close(NULL);
}

static void test_names_inside(void **state)
{
    (void)state;
    assert_true(key_files_inside("a.jpg"));
    assert_true(key_files_inside("b/a..jpg"));
    assert_true(key_files_inside("..a"));
    assert_true(key_files_inside(""));
    assert_false(key_files_inside("/a"));
    assert_false(key_files_inside(".."));
    assert_false(key_files_inside("../a"));
    assert_false(key_files_inside("b/../../a"));
    assert_false(key_files_inside("b/.."));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_pictures, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_videos, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_hostile_keys, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_directories, folder_make, folder_remove),
        cmocka_unit_test(test_names_inside),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
