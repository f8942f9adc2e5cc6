/* The catalog: what is written is read back, any text is a valid query. */
#include "engine/catalog/catalog.h"

#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "catalog_made.h"

static struct catalog *open_good(void)
{
    struct error error = {0};
    struct catalog *catalog = catalog_open(path, &error);

    if (!catalog)
        fail_msg("%s", error.text);
    return catalog;
}

static void reads_back(void **state)
{
    (void)state;
    struct catalog *catalog = open_good();
    struct error error = {0};
    struct catalog_video video;
    struct catalog_text text;

    char *name = catalog_meta(catalog, "name"), *scale = catalog_meta(catalog, "logit_scale");
    assert_string_equal(name, "motion");
    assert_string_equal(scale, "22.712");
    free(name);
    free(scale);
    assert_true(catalog_meta_number(catalog, "logit_scale") == 22.712);
    assert_true(isnan(catalog_meta_number(catalog, "name")));
    assert_null(catalog_meta(catalog, "nothing"));
    assert_int_equal(catalog_count_videos(catalog), VIDEOS);
    assert_int_equal(catalog_count_texts(catalog, "query"), QUERIES);
    assert_int_equal(catalog_count_texts(catalog, "train"), BANK);
    assert_int_equal(catalog_count_texts(catalog, "other"), 0);

    assert_int_equal(catalog_video(catalog, 2, &video, &error), 0);
    assert_string_equal(video.key, "k02");
    assert_string_equal(video.title, "cat number2");
    assert_string_equal(video.tags, "whiskers");
    assert_string_equal(video.details, "group: g2\nsubgroup: s\n");
    assert_int_equal(video.duration_ms, 3002);
    assert_int_equal(video.frames, 72);
    assert_int_equal(video.strip_frames, 8);
    catalog_video_close(&video);
    assert_int_equal(catalog_video(catalog, 3, &video, &error), 0);
    assert_int_equal(video.strip_frames, 0);
    catalog_video_close(&video);
    assert_int_equal(catalog_video(catalog, VIDEOS, &video, &error), -1);
    assert_non_null(strstr(error.text, path));
    catalog_video_close(&video);

    assert_int_equal(catalog_text(catalog, "query", 7, &text, &error), 0);
    assert_int_equal(text.id, 8);
    assert_int_equal(text.video, 3);
    assert_int_equal(text.row, 7);
    assert_string_equal(text.caption, "a dog barks at caption7");
    catalog_text_close(&text);
    assert_int_equal(catalog_text(catalog, "query", 9, &text, &error), 0);
    assert_int_equal(text.video, -1);
    catalog_text_close(&text);
    assert_int_equal(catalog_text(catalog, "train", BANK, &text, &error), -1);
    assert_non_null(strstr(error.text, path));
    catalog_close(catalog);
}

static void titles_fall_back(void **state)
{
    (void)state;
    struct catalog *catalog = open_good();
    char title[32], narrow[4], none[1];

    catalog_title(catalog, 4, title, sizeof title);
    assert_string_equal(title, "cat number4");
    catalog_title(catalog, 5, title, sizeof title);
    assert_string_equal(title, "a dog barks at caption10");
    catalog_title(catalog, 4000, title, sizeof title);
    assert_string_equal(title, "video 4000");
    catalog_title(catalog, 4, narrow, sizeof narrow);
    assert_string_equal(narrow, "cat");
    catalog_title(catalog, 4, none, 1);
    assert_string_equal(none, "");
    catalog_close(catalog);
}

static void links_captions_videos_and_banks(void **state)
{
    (void)state;
    struct catalog *catalog = open_good();
    struct error error = {0};
    uint32_t rows[4] = {9, 9, 9, 9}, targets[QUERIES];
    char name[64], file[64];
    int64_t first;

    assert_int_equal(catalog_captions_of(catalog, 3, rows, 4), 2);
    assert_int_equal(rows[0], 6);
    assert_int_equal(rows[1], 7);
    assert_int_equal(catalog_captions_of(catalog, 3, rows, 0), 2);
    assert_int_equal(catalog_captions_of(catalog, VIDEOS + 1, rows, 4), 0);
    assert_int_equal(catalog_targets(catalog, targets, QUERIES, &error), 0);
    for (uint32_t row = 0; row < QUERIES; row++)
        assert_int_equal(targets[row], row == 9 ? UINT32_MAX : row / 2);
    assert_int_equal(catalog_targets(catalog, targets, QUERIES - 1, &error), -1);

    assert_true(catalog_bank(catalog, 0, 0, name, sizeof name, file, sizeof file, &first));
    assert_string_equal(name, "train");
    assert_string_equal(file, "bank_train.npy");
    assert_int_equal(first, 1 + QUERIES);
    assert_true(catalog_bank(catalog, 1, 0, name, sizeof name, file, sizeof file, &first));
    assert_string_equal(file, "video_bank_train.npy");
    assert_int_equal(first, 0);
    assert_false(catalog_bank(catalog, 0, 1, name, sizeof name, file, sizeof file, &first));
    catalog_close(catalog);
}

static void returns_thumbnails(void **state)
{
    (void)state;
    struct catalog *catalog = open_good();
    struct error error = {.kind = ERROR_INPUT};
    size_t size;
    int frames;

    void *image = catalog_thumbnail(catalog, 2, &size, &frames, &error);
    assert_int_equal(size, 9);
    assert_int_equal(frames, 8);
    assert_memory_equal(image, "\x89PNG-like", 9);
    free(image);
    assert_null(catalog_thumbnail(catalog, 3, &size, &frames, &error));
    assert_int_equal(error.kind, ERROR_NONE);
    catalog_close(catalog);
}

static size_t found(struct catalog *catalog, const char *words)
{
    struct error error = {0};
    uint32_t rows[QUERIES];
    size_t count = catalog_find_captions(catalog, words, rows, QUERIES, &error);

    if (count == SIZE_MAX)
        fail_msg("\"%s\": %s", words, error.text);
    return count;
}

static void finds_words(void **state)
{
    (void)state;
    struct catalog *catalog = open_good();
    struct error error = {0};
    uint32_t rows[VIDEOS];

    assert_int_equal(found(catalog, "dog"), QUERIES);
    assert_int_equal(found(catalog, "DOG ba"), QUERIES - 1);
    assert_int_equal(found(catalog, "do"), QUERIES);
    assert_int_equal(found(catalog, "ＤＯＧ　ｂａ"), QUERIES - 1); /* the question in full width */
    assert_int_equal(found(catalog, "do barks"), 0);               /* only the last word is a prefix */
    assert_int_equal(found(catalog, "caption7"), 1 + 10);
    assert_int_equal(found(catalog, "cafe"), 1);
    assert_int_equal(found(catalog, "dog's"), 1);
    assert_int_equal(found(catalog, "— dog"), QUERIES);
    assert_int_equal(found(catalog, "dog —"), QUERIES);
    assert_int_equal(found(catalog, "unicorn"), 0); /* banks are not searched */
    assert_int_equal(found(catalog, "whiskers"), 0);
    assert_int_equal(catalog_find_captions(catalog, "dog", rows, 3, &error), 3);

    assert_int_equal(catalog_find_videos(catalog, "whisk", rows, VIDEOS, &error), VIDEOS);
    assert_int_equal(catalog_find_videos(catalog, "number12", rows, VIDEOS, &error), 1);
    assert_int_equal(rows[0], 12);
    assert_int_equal(catalog_find_videos(catalog, "number1 caption3", rows, VIDEOS, &error), 0);
    assert_int_equal(catalog_find_videos(catalog, "number1 cafe", rows, VIDEOS, &error), 1);
    assert_int_equal(rows[0], 1);
    catalog_close(catalog);
}

static void any_text_is_a_valid_query(void **state)
{
    (void)state;
    static const char *const nasty[] = {
        "",
        " ",
        "\t\n",
        "\"",
        "\"\"",
        "\"\"\"",
        "'",
        "''; DROP TABLE videos; --",
        "*",
        "**",
        "dog*",
        "^dog",
        "-dog",
        "+",
        "a AND",
        "AND",
        "OR OR",
        "NOT dog",
        "NEAR(",
        "NEAR(a b, 3)",
        "caption:",
        "caption : dog",
        "{caption}: x",
        "(",
        ")",
        "((((",
        "a)b",
        "\\",
        "%",
        "?1",
        ":x",
        "@x",
        "$x",
        "\xff\xfe",
        "dog \xc3",
        "\xed\xa0\x80",
        "\x01\x02",
        "\xe2\x80\xae",
        "日本語",
        "🐶",
        "— … ·",
        "a\"b\"c",
        "dog\"",
        "\"dog",
        "0",
        "1e999",
        "rank",
        "rowid",
    };
    struct catalog *catalog = open_good();
    struct error error = {0};
    uint32_t rows[4];

    for (size_t i = 0; i < sizeof nasty / sizeof *nasty; i++) {
        found(catalog, nasty[i]);
        if (catalog_find_videos(catalog, nasty[i], rows, 4, &error) == SIZE_MAX)
            fail_msg("\"%s\": %s", nasty[i], error.text);
    }
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(found(catalog, nasty[i]), 0);

    static char big[200001];
    for (size_t i = 0; i < sizeof big - 1; i++)
        big[i] = i % 2 ? ' ' : 'a';
    assert_int_equal(found(catalog, big), QUERIES - 1);
    memset(big, '.', sizeof big - 1);
    found(catalog, big);
    for (size_t i = 0; i < sizeof big - 1; i++)
        big[i] = i % 2 ? '(' : 'a';
    found(catalog, big);

    unsigned seed = 7;
    for (int round = 0; round < 300; round++) {
        char text[24];
        for (size_t i = 0; i < sizeof text; i++)
            text[i] = (char)((seed = seed * 1103515245u + 12345u) >> 16);
        text[sizeof text - 1] = 0;
        found(catalog, text);
    }
    catalog_close(catalog);
}

static void caches_fits(void **state)
{
    (void)state;
    struct catalog *catalog = open_good();
    size_t size;

    assert_null(catalog_fit_load(catalog, "ncl:scale=1", &size));
    catalog_fit_store(catalog, "ncl:scale=1", "abc", 3);
    catalog_fit_store(catalog, "ncl:scale=1", "abcd", 4);
    catalog_fit_store(catalog, "ncl:scale=2", "xy", 2);
    catalog_close(catalog);
    catalog = open_good();
    char *fit = catalog_fit_load(catalog, "ncl:scale=1", &size);
    assert_int_equal(size, 4);
    assert_memory_equal(fit, "abcd", 4);
    free(fit);
    fit = catalog_fit_load(catalog, "ncl:scale=2", &size);
    assert_int_equal(size, 2);
    free(fit);
    catalog_close(catalog);
}

/* The file that replaces the open one is read, and written, after reopening; one that cannot be opened is not. */
static void follows_a_replaced_file(void **state)
{
    char kept[96], first[sizeof folder], made[sizeof path];
    struct catalog *catalog = open_good();
    size_t size;

    catalog_fit_store(catalog, "old", "o", 1);
    snprintf(kept, sizeof kept, "%s/kept", folder);
    assert_int_equal(rename(path, kept), 0);
    strcpy(first, folder);
    assert_int_equal(make(state), 0); /* in another folder */
    strcpy(made, path);
    snprintf(path, sizeof path, "%s/catalog.db", first);
    assert_int_equal(catalog_reopen(catalog, NULL), -1);
    void *fit = catalog_fit_load(catalog, "old", &size);
    assert_non_null(fit);
    free(fit);
    assert_int_equal(rename(made, path), 0);
    rmdir(folder);
    strcpy(folder, first);
    assert_int_equal(catalog_reopen(catalog, NULL), 0);
    assert_null(catalog_fit_load(catalog, "old", &size));
    catalog_fit_store(catalog, "new", "n", 1);
    catalog_close(catalog);
    unlink(kept);
    catalog = open_good();
    fit = catalog_fit_load(catalog, "new", &size);
    assert_non_null(fit);
    free(fit);
    catalog_close(catalog);
}

static void old_fits_make_room(void **state)
{
    (void)state;
    enum { SIZE = 15 << 20 };
    struct catalog *catalog = open_good();
    char *blob = calloc(SIZE, 1), key[16];
    size_t size;

    for (int i = 0; i < 6; i++) {
        snprintf(key, sizeof key, "fit%d", i);
        catalog_fit_store(catalog, key, blob, SIZE);
    }
    free(blob);
    assert_null(catalog_fit_load(catalog, "fit1", &size));
    blob = catalog_fit_load(catalog, "fit2", &size);
    assert_int_equal(size, SIZE);
    free(blob);
    catalog_close(catalog);
}

static void *reader(void *catalog)
{
    static char no_video[] = "no video", not_found[] = "not found";
    struct error error = {0};

    for (int round = 0; round < 40; round++) {
        struct catalog_video video;
        uint32_t rows[8];
        if (catalog_video(catalog, (size_t)round % VIDEOS, &video, &error))
            return no_video;
        bool right = video.duration_ms == 3000 + round % VIDEOS;
        catalog_video_close(&video);
        if (!right || catalog_find_captions(catalog, "dog", rows, 8, &error) != 8)
            return not_found;
        catalog_fit_store(catalog, "shared", "z", 1);
    }
    return NULL;
}

static void many_threads_may_read(void **state)
{
    (void)state;
    struct catalog *catalog = open_good();
    pthread_t threads[4];

    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, reader, catalog), 0);
    for (int i = 0; i < 4; i++) {
        void *complaint;
        pthread_join(threads[i], &complaint);
        assert_null(complaint);
    }
    catalog_close(catalog);
}

/* Runs as user nobody on a file and in a directory that this user may not change. */
static void opens_read_only_files(void **state)
{
    (void)state;
    assert_int_equal(chmod(path, 0444), 0);
    assert_int_equal(chmod(folder, 0555), 0);
    pid_t child = fork();
    if (child == 0) {
        struct error error = {0};
        size_t size;
        if (geteuid() == 0 && seteuid(65534))
            _exit(1);
        struct catalog *catalog = catalog_open(path, &error);
        if (!catalog)
            _exit(2);
        catalog_fit_store(catalog, "key", "abc", 3);
        int wrong = catalog_fit_load(catalog, "key", &size) ? 3 : found(catalog, "dog") == QUERIES ? 0 : 4;
        catalog_close(catalog);
        _exit(wrong);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(chmod(folder, 0755), 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_back, make, drop),
        cmocka_unit_test_setup_teardown(titles_fall_back, make, drop),
        cmocka_unit_test_setup_teardown(links_captions_videos_and_banks, make, drop),
        cmocka_unit_test_setup_teardown(returns_thumbnails, make, drop),
        cmocka_unit_test_setup_teardown(finds_words, make, drop),
        cmocka_unit_test_setup_teardown(any_text_is_a_valid_query, make, drop),
        cmocka_unit_test_setup_teardown(caches_fits, make, drop),
        cmocka_unit_test_setup_teardown(follows_a_replaced_file, make, drop),
        cmocka_unit_test_setup_teardown(old_fits_make_room, make, drop),
        cmocka_unit_test_setup_teardown(many_threads_may_read, make, drop),
        cmocka_unit_test_setup_teardown(opens_read_only_files, make, drop),
    };
    return cmocka_run_group_tests_name("catalog", tests, NULL, NULL);
}
