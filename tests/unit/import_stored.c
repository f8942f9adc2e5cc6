/* Import of stored similarities: what is read back, what is dropped, and what is refused. */
#include "engine/base/findings.h"
#include "engine/import/store.h"
#include "engine/matrices/unit_rows.h"
#include "tests/unit/import_made.h"

enum { ROWS = 2 * VIDEOS };

/* Two queries a video, and a bank of other queries. */
static void make_stored(void)
{
    write_matrix(QUERY, ROWS, VIDEOS);
    write_matrix(TRAIN, BANK, VIDEOS);
    import = (struct import){
        .destination = destination, .sims = file[QUERY], .banks = banks, .bank_count = 1, .logit_scale = 20};
}

static void write_mask(int which, size_t missing)
{
    bool present[ROWS];

    for (size_t i = 0; i < ROWS; i++)
        present[i] = i != missing;
    assert_int_equal(npy_write(file[which], NPY_BOOL, present, VIDEOS, ROWS / VIDEOS, NULL), 0);
}

static struct collection *open_made(void)
{
    struct error error = {0};

    if (collection_import(&import, NULL, NULL, NULL, &error))
        fail_msg("%s", error.text);
    struct collection *collection = collection_open(destination, &error);
    if (!collection)
        fail_msg("%s", error.text);
    assert_true(collection->model[0]->stored);
    assert_int_equal(collection->model[0]->dimension, 0);
    assert_int_equal(collection->videos, VIDEOS);
    assert_null(collection->model[0]->video.data);
    return collection;
}

/* Row `row` of a matrix is row `source` of the file, to the bit. */
static void expect_row(const struct matrix *matrix, size_t row, int which, size_t source)
{
    const float *cells = matrix_rows(matrix, row, 1, NULL);

    assert_int_equal(matrix->cols, VIDEOS);
    for (size_t i = 0; i < VIDEOS; i++) {
        float expected = value((size_t)which, source * VIDEOS + i);
        assert_memory_equal(&cells[i], &expected, sizeof expected);
    }
}

static void without_tables(void **state)
{
    struct catalog_video video;
    struct catalog_text text;
    char title[64];

    (void)state;
    make_stored();
    struct collection *collection = open_made();
    assert_true(collection->wordless);
    assert_int_equal(collection->queries, ROWS);
    assert_int_equal(collection->model[0]->banks, 1);
    assert_int_equal(collection->model[0]->bank[0].first_text, 0);
    assert_float_equal(collection->model[0]->logit_scale, 20, 0);
    for (size_t i = 0; i < ROWS; i++) {
        assert_int_equal(collection->target[i], i / 2);
        expect_row(&collection->model[0]->query, i, QUERY, i);
    }
    for (size_t i = 0; i < BANK; i++)
        expect_row(&collection->model[0]->bank[0].matrix, i, TRAIN, i);
    assert_int_equal(catalog_video(collection->catalog, 4, &video, NULL), 0);
    assert_string_equal(video.key, "4");
    catalog_video_close(&video);
    catalog_title(collection->catalog, 4, title, sizeof title);
    assert_string_equal(title, "video 4");
    assert_int_equal(catalog_text(collection->catalog, "query", 7, &text, NULL), 0);
    assert_string_equal(text.caption, "");
    assert_int_equal(text.video, 3);
    catalog_text_close(&text);
    collection_close(collection);
}

static void masked(void **state)
{
    (void)state;
    make_stored();
    write_mask(PLAIN, 3);
    import.mask = file[PLAIN];
    struct collection *collection = open_made();
    assert_int_equal(collection->queries, ROWS - 1);
    for (size_t i = 0; i < ROWS - 1; i++) {
        size_t source = i < 3 ? i : i + 1;
        assert_int_equal(collection->target[i], source / 2);
        expect_row(&collection->model[0]->query, i, QUERY, source);
    }
    collection_close(collection);
}

static void with_targets(void **state)
{
    uint32_t rows[ROWS];

    (void)state;
    make_stored();
    for (size_t i = 0; i < ROWS; i++)
        rows[i] = (uint32_t)((i * 5) % VIDEOS);
    assert_int_equal(npy_write(file[CLIPS], NPY_U32, rows, ROWS, 0, NULL), 0);
    import.targets = file[CLIPS];
    struct collection *collection = open_made();
    for (size_t i = 0; i < ROWS; i++)
        assert_int_equal(collection->target[i], rows[i]);
    collection_close(collection);
}

static void with_tables(void **state)
{
    struct catalog_text text;
    char title[64];

    (void)state;
    make_stored();
    write_matrix(QUERY, QUERIES + 1, VIDEOS);
    bool present[QUERIES + 1] = {false, true, true, true, true, true, true, true, true, true, true};
    assert_int_equal(npy_write(file[PLAIN], NPY_BOOL, present, QUERIES + 1, 0, NULL), 0);
    import.mask = file[PLAIN];
    import.videos_table = file[VIDEOS_CSV];
    import.texts_table = file[TEXTS_CSV];
    struct collection *collection = open_made();
    assert_false(collection->wordless);
    assert_int_equal(collection->queries, QUERIES);
    expect_row(&collection->model[0]->query, 0, QUERY, 1);
    assert_int_equal(collection->target[2], 1);
    assert_int_equal(collection->target[7], UINT32_MAX);
    catalog_title(collection->catalog, 3, title, sizeof title);
    assert_string_equal(title, "Emu");
    assert_true(collection->model[0]->bank[0].first_text > 0);
    assert_int_equal(catalog_text(collection->catalog, "train", 2, &text, NULL), 0);
    assert_string_equal(text.caption, "b2");
    catalog_text_close(&text);
    collection_close(collection);
}

/* Everything wrong is reported at once, and nothing is written. */
static void faults(void **state)
{
    static const char *const parts[] = {
        "plain.npy: has 4 columns, but there are 6 videos in ", "clips.npy: masks 12 queries, but there are 13",
        "q.npy: 13 queries are not a multiple of 6 videos", "train.npy: 1 row holds NaN or infinite values"};
    struct findings findings = {0};
    struct error error = {0};
    float bank[BANK * VIDEOS] = {0};
    char line[FINDINGS_LINE], all[4096] = "";
    bool remark;

    (void)state;
    make_stored();
    write_matrix(QUERY, ROWS + 1, VIDEOS);
    write_matrix(PLAIN, OTHER, 4);
    write_mask(CLIPS, 1);
    bank[7] = NAN;
    assert_int_equal(npy_write(file[TRAIN], NPY_F32, bank, BANK, VIDEOS, NULL), 0);
    banks[1] = (struct import_bank){.name = "plain", .path = file[PLAIN]};
    import.bank_count = 2;
    import.mask = file[CLIPS];
    assert_int_equal(collection_import(&import, NULL, &findings, NULL, &error), -1);
    for (size_t i = 0; i < findings.lines; i++) {
        findings_line(&findings, i, line, sizeof line, &remark);
        strncat(all, line, sizeof all - strlen(all) - 2);
        strcat(all, "\n");
    }
    assert_int_equal(findings.faults, sizeof parts / sizeof *parts);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!strstr(all, parts[i]))
            fail_msg("\"%s\" is not in: %s", parts[i], all);
    findings_close(&findings);
    assert_int_not_equal(access(destination, F_OK), 0);
}

static void survives_out_of_memory(void **state)
{
    int failed = -1;
    long n = 0;

    (void)state;
    make_stored();
    write_mask(PLAIN, 3);
    import.mask = file[PLAIN];
    for (; failed; n++) {
        struct error error = {0};
        memory_fail_after(n);
        failed = collection_import(&import, NULL, NULL, NULL, &error);
        memory_fail_after(-1);
        assert_true(!failed || error.kind == ERROR_MEMORY);
        assert_true(failed == (access(destination, F_OK) != 0 ? -1 : 0));
        assert_true(n < 3000);
    }
    assert_true(n > 10);
}

/* What import does with large ones. */
static void halves_stay_as_they_are(void **state)
{
    static const uint16_t half[2][4] = {{0x3c00, 0, 0x8000, 0}, {0x3800, 0xb800, 0x3801, 0x0001}};
    const struct matrix given = {.data = half, .rows = 2, .cols = 4, .type = MATRIX_F16};
    struct store store = {.halves = true};
    struct matrix kept;
    float rows[2 * 4];

    (void)state;
    assert_int_equal(store_matrix(&store, &given, file[TRAIN], NULL, NULL), 0);
    assert_int_equal(npy_open(file[TRAIN], &kept, NULL), 0);
    assert_int_equal(kept.type, MATRIX_F16);
    assert_int_equal(kept.rows, 2);
    assert_memory_equal(kept.data, half, sizeof half);
    assert_true(store.digest == unit_rows_digest(matrix_rows(&kept, 0, 2, rows), 2, 4, 0));
    matrix_close(&kept);
}

static void cancel_leaves_nothing(void **state)
{
    struct error error = {0};
    struct job job = {0};

    (void)state;
    make_stored();
    atomic_store(&job.cancel, true);
    assert_int_equal(collection_import(&import, NULL, NULL, &job, &error), -1);
    assert_int_equal(error.kind, ERROR_CANCELLED);
    assert_int_not_equal(access(destination, F_OK), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)
    const struct CMUnitTest tests[] = {
        TEST(without_tables),
        TEST(masked),
        TEST(with_targets),
        TEST(with_tables),
        TEST(faults),
        TEST(survives_out_of_memory),
        TEST(cancel_leaves_nothing),
        TEST(halves_stay_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
