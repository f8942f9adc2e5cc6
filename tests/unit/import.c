/* Import: what is imported is what opens. */
#include "tests/unit/import_made.h"

static void imports_and_opens(void **state)
{
    (void)state;
    struct error error = {0};
    struct import_report report;
    struct job job = {0};

    if (collection_import(&import, &report, NULL, &job, &error))
        fail_msg("%s", error.text);
    assert_int_equal(report.videos, VIDEOS);
    assert_int_equal(report.queries, QUERIES);
    assert_int_equal(report.banks, 2);
    assert_int_equal(report.video_banks, 1);
    assert_int_equal(report.bank_rows, BANK + OTHER + VIDEO_BANK);
    assert_int_equal(report.thumbnails, 3);
    assert_int_equal(report.queries_without_video, 1);
    assert_int_equal(job.done, job.total);
    assert_true(job.total > 0);
    assert_int_equal(count_destinations(), 1);

    struct collection *collection = open_good();
    assert_string_equal(collection->name, "first");
    assert_string_equal(collection->licence, "CC0");
    assert_string_equal(collection->path, destination);
    assert_true(collection->model[0]->logit_scale == 12.5);
    assert_false(collection->model[0]->stored);
    assert_int_equal(collection->model[0]->dimension, DIMENSION);
    assert_null(collection->model[0]->encoder);
    assert_unit_rows(&collection->model[0]->video, VIDEO, VIDEOS);
    assert_unit_rows(&collection->model[0]->query, QUERY, QUERIES);
    assert_int_equal(collection->model[0]->banks, 2);
    assert_string_equal(collection->model[0]->bank[0].name, "train");
    assert_unit_rows(&collection->model[0]->bank[0].matrix, TRAIN, BANK);
    assert_int_equal(collection->model[0]->bank[0].first_text, 1 + QUERIES);
    assert_string_equal(collection->model[0]->bank[1].name, "plain");
    assert_int_equal(collection->model[0]->bank[1].first_text, 0);
    assert_int_equal(collection->model[0]->video_banks, 1);
    assert_unit_rows(&collection->model[0]->video_bank[0].matrix, CLIPS, VIDEO_BANK);
    static const uint32_t targets[] = {0, 0, 1, 2, 3, 4, 4, UINT32_MAX, 5, 5};
    assert_memory_equal(collection->target, targets, sizeof targets);

    struct catalog *catalog = collection->catalog;
    struct catalog_text text;
    for (size_t row = 0; row < BANK; row++) {
        char caption[8];
        snprintf(caption, sizeof caption, "b%zu", row);
        assert_int_equal(catalog_text(catalog, "train", row, &text, &error), 0);
        assert_string_equal(text.caption, caption);
        assert_int_equal(text.id, collection->model[0]->bank[0].first_text + (int64_t)row);
        assert_int_equal(text.video, row == 2 ? 0 : row == 3 ? 5 : -1);
        catalog_text_close(&text);
    }
    struct catalog_video video;
    assert_int_equal(catalog_video(catalog, 0, &video, &error), 0);
    assert_string_equal(video.title, "Cat, \"the\" tabby");
    assert_string_equal(video.details, "group: pets\n");
    assert_int_equal(video.strip_frames, 4);
    assert_int_equal(video.duration_ms, 3000);
    catalog_video_close(&video);
    assert_int_equal(catalog_video(catalog, 1, &video, &error), 0);
    assert_int_equal(video.strip_frames, 1); /* a poster is one frame, however wide */
    assert_string_equal(video.details, "");
    catalog_video_close(&video);
    size_t size;
    int frames;
    void *image = catalog_thumbnail(catalog, 5, &size, &frames, &error);
    assert_int_equal(size, 54 + 16 * 4 * 3);
    free(image);
    char *digest = catalog_meta(catalog, "digest");
    assert_int_equal(strlen(digest), 16);
    free(digest);
    collection_close(collection);
}

static char *digest_of_made(void)
{
    struct collection *collection = open_good();
    char *digest = catalog_meta(collection->catalog, "digest");
    collection_close(collection);
    return digest;
}

static void digest_distinguishes_matrices(void **state)
{
    (void)state;
    import.replace = true;
    import_good();
    char *first = digest_of_made();
    import_good();
    char *again = digest_of_made();
    banks[1].path = file[CLIPS];
    import_good();
    char *other = digest_of_made();
    assert_string_equal(first, again);
    assert_string_not_equal(first, other);
    free(first);
    free(again);
    free(other);
}

static void imports_an_encoder(void **state)
{
    (void)state;
    float data[16 * 128];
    static const int all[] = {VIDEO, QUERY, TRAIN, PLAIN, CLIPS};
    static const size_t rows[] = {VIDEOS, QUERIES, BANK, OTHER, VIDEO_BANK};

    for (size_t i = 0; i < 5; i++) {
        for (size_t j = 0; j < 16 * 128; j++)
            data[j] = value(i, j);
        npy_write(file[all[i]], NPY_F32, data, rows[i], 128, NULL);
    }
    import.encoder = TESTS_DIR "/../sample_data/encoder";
    import_good();
    struct collection *collection = open_good();
    assert_non_null(collection->model[0]->encoder);
    collection_close(collection);

    char path[128];
    struct error error = {0};
    snprintf(path, sizeof path, "%s/encoder/vocab.txt", destination);
    unlink(path);
    assert_null(collection_open(destination, &error));
    assert_non_null(strstr(error.text, "vocab.txt"));
}

static void assert_unopened(const char *who, const char *why)
{
    struct error error = {0};
    struct collection *collection = collection_open(destination, &error);

    assert_null(collection);
    if (!strstr(error.text, who) || !strstr(error.text, why))
        fail_msg("\"%s\" does not name %s and say \"%s\"", error.text, who, why);
}

static void opens_only_consistent_collections(void **state)
{
    (void)state;
    char path[128];
    float data[16 * DIMENSION] = {0};

    assert_unopened(destination, "No such file");
    mkdir(destination, 0755);
    assert_unopened(destination, "is not a collection");
    import_good();
    snprintf(path, sizeof path, "%s/videos.npy", destination);
    npy_write(path, NPY_F32, data, VIDEOS + 1, DIMENSION, NULL);
    assert_unopened("videos.npy", "is 7 x 8, but the catalog lists 6 rows of 8 dimensions");
    npy_write(path, NPY_F32, data, VIDEOS, DIMENSION, NULL);
    snprintf(path, sizeof path, "%s/bank_plain.npy", destination);
    npy_write(path, NPY_F32, data, OTHER, DIMENSION - 1, NULL);
    assert_unopened("bank_plain.npy", "is 3 x 7");
    unlink(path);
    assert_unopened("bank_plain.npy", "No such file");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(imports_and_opens, make, drop),
        cmocka_unit_test_setup_teardown(digest_distinguishes_matrices, make, drop),
        cmocka_unit_test_setup_teardown(imports_an_encoder, make, drop),
        cmocka_unit_test_setup_teardown(opens_only_consistent_collections, make, drop),
    };
    return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
