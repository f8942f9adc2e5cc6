/* Damaged catalogs and other files do no harm. */
#include "engine/base/memory.h"
#include "engine/catalog/catalog.h"
#include "engine/catalog/header.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "catalog_made.h"
#include "tests/unit/folder.h"

static char *contents(size_t *size)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    char *bytes = malloc(*size);
    assert_int_equal(fread(bytes, 1, *size, file), *size);
    fclose(file);
    return bytes;
}

static void replace_contents(const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

static void assert_refused(const char *why)
{
    struct error error = {0};
    struct catalog *catalog = catalog_open(path, &error);

    assert_null(catalog);
    assert_non_null(strstr(error.text, path));
    if (!strstr(error.text, why))
        fail_msg("\"%s\" does not say \"%s\"", error.text, why);
}

static void refuses_other_files(void **state)
{
    (void)state;
    size_t size;
    char *bytes = contents(&size);
    bool known;

    assert_int_equal(catalog_recognise(path, &known, NULL), 0);
    assert_true(known);
    bytes[68] ^= 1;
    replace_contents(bytes, size);
    assert_refused("not a hubscope catalog");
    assert_int_equal(catalog_recognise(path, &known, NULL), 0);
    assert_false(known);
    bytes[68] ^= 1;
    bytes[63] = 9;
    replace_contents(bytes, size);
    assert_refused("schema version 9, this program reads 1");
    assert_int_equal(catalog_recognise(path, &known, NULL), 0);
    assert_true(known);
    bytes[63] = CATALOG_VERSION;
    memset(bytes + 100, 0xa5, size - 100);
    replace_contents(bytes, size);
    assert_refused("damaged");
    replace_contents("", 0);
    assert_refused("not a hubscope catalog");
    memset(bytes, '.', size);
    replace_contents(bytes, size);
    assert_refused("not a hubscope catalog");
    unlink(path);
    assert_refused("No such file");
    mkdir(path, 0755);
    assert_refused("not a regular file");
    rmdir(path);
    free(bytes);
}

/* Calls everything; whatever the file contains, answers stay within bounds and refusals name the file. */
static void ask_everything(void)
{
    struct error error = {0};
    struct catalog *catalog = catalog_open(path, &error);

    if (!catalog) {
        assert_non_null(strstr(error.text, path));
        return;
    }
    size_t videos = catalog_count_videos(catalog), queries = catalog_count_texts(catalog, "query");
    assert_true(videos < UINT32_MAX && queries < UINT32_MAX);
    for (size_t row = 0; row < VIDEOS; row += 3) {
        struct catalog_video video;
        struct catalog_text text;
        char title[32];
        uint32_t rows[QUERIES];
        size_t size;
        int frames;
        if (catalog_video(catalog, row, &video, &error) == 0)
            assert_true(video.duration_ms >= 0 && video.strip_frames >= 0);
        catalog_video_close(&video);
        if (catalog_text(catalog, "query", row, &text, &error) == 0)
            assert_true(text.video >= -1 && text.video < (int64_t)videos);
        catalog_text_close(&text);
        catalog_title(catalog, row, title, sizeof title);
        catalog_captions_of(catalog, row, rows, QUERIES);
        free(catalog_thumbnail(catalog, row, &size, &frames, &error));
    }
    uint32_t rows[QUERIES];
    size_t count = catalog_find_captions(catalog, "dog ba", rows, QUERIES, &error);
    for (size_t i = 0; count != SIZE_MAX && i < count; i++)
        assert_true(rows[i] < queries);
    count = catalog_find_videos(catalog, "cat", rows, QUERIES, &error);
    for (size_t i = 0; count != SIZE_MAX && i < count; i++)
        assert_true(rows[i] < videos);
    if (queries <= QUERIES && catalog_targets(catalog, rows, queries, &error) == 0)
        for (size_t i = 0; i < queries; i++)
            assert_true(rows[i] == UINT32_MAX || rows[i] < videos);
    char name[64], file[64];
    int64_t first;
    catalog_bank(catalog, 0, 0, name, sizeof name, file, sizeof file, &first);
    free(catalog_meta(catalog, "name"));
    catalog_fit_store(catalog, "a", "b", 1);
    catalog_close(catalog);
}

static void survives_truncation(void **state)
{
    (void)state;
    size_t size;
    char *bytes = contents(&size), journal[112];

    snprintf(journal, sizeof journal, "%s-journal", path);
    for (size_t step = 0; step < 24; step++) {
        replace_contents(bytes, size * step / 24);
        assert_refused(step ? "damaged" : "not a hubscope catalog");
        ask_everything();
        unlink(journal);
    }
    free(bytes);
}

static void survives_flipped_bytes(void **state)
{
    (void)state;
    size_t size;
    char *bytes = contents(&size), journal[112];
    unsigned seed = 20;

    snprintf(journal, sizeof journal, "%s-journal", path);
    for (int round = 0; round < folder_mutations(400); round++) {
        seed = seed * 1103515245u + 12345u;
        size_t at = (size_t)(seed >> 4) % (round % 4 ? size : 200); /* more often in the headers */
        char mask = (char)(1 << (seed >> 28 & 7));
        bytes[at] ^= mask;
        replace_contents(bytes, size);
        ask_everything();
        unlink(journal);
        bytes[at] ^= mask;
    }
    free(bytes);
}

static void survives_out_of_memory(void **state)
{
    (void)state;
    struct error error = {0};
    struct catalog *catalog = NULL;

    for (long n = 0; !catalog; n++) {
        memory_fail_after(n);
        catalog = catalog_open(path, &error);
        memory_fail_after(-1);
        assert_true(catalog || error.kind == ERROR_MEMORY);
        assert_true(n < 100);
    }
    struct catalog_video video;
    int failed = -1;
    for (long n = 0; failed; n++) {
        memory_fail_after(n);
        failed = catalog_video(catalog, 1, &video, &error);
        memory_fail_after(-1);
        assert_true(!failed || error.kind == ERROR_MEMORY);
    }
    catalog_video_close(&video);
    catalog_close(catalog);
}
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(refuses_other_files, make, drop),
        cmocka_unit_test_setup_teardown(survives_truncation, make, drop),
        cmocka_unit_test_setup_teardown(survives_flipped_bytes, make, drop),
        cmocka_unit_test_setup_teardown(survives_out_of_memory, make, drop),
    };
    return cmocka_run_group_tests_name("catalog_damage", tests, NULL, NULL);
}
