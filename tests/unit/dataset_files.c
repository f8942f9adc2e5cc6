/* The files that datasets and feature dumps come in (tests/layouts), imported and compared with expected.json. */
#include "engine/base/memory.h"
#include "engine/collection/collection.h"
#include "engine/formats/matrix_file.h"
#include "engine/formats/npy.h"
#include "engine/import/import.h"

#include "tests/unit/folder.h"

#include <ftw.h>
#include <jansson.h>
#include <math.h>

#define FILES TESTS_DIR "/layouts/"

static json_t *expected;

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

static int make(void **state)
{
    expected = json_load_file(FILES "expected.json", 0, NULL);
    return expected ? folder_make(state) : -1;
}

static int clean(void **state)
{
    json_decref(expected);
    nftw(*state, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(*state);
    return 0;
}

static void compare(const char *file, const char *what, size_t index, const char *found, const json_t *list)
{
    const char *wanted = json_string_value(json_array_get(list, index));

    if (!wanted || strcmp(found, wanted) != 0)
        fail_msg("%s: %s %zu is \"%s\", not \"%s\"", file, what, index, found, wanted ? wanted : "absent");
}

static void compare_texts(const char *file, const struct collection *collection, const json_t *captions)
{
    struct catalog_text text;

    assert_int_equal(collection->queries, json_array_size(captions));
    for (size_t i = 0; i < collection->queries; i++) {
        assert_int_equal(catalog_text(collection->catalog, "query", i, &text, NULL), 0);
        compare(file, "caption", i, text.caption, captions);
        assert_int_equal(text.video, i / (collection->queries / collection->videos));
        catalog_text_close(&text);
    }
}

static void compare_videos(const char *file, const struct collection *collection, const json_t *entry)
{
    const json_t *videos = json_object_get(entry, "videos");
    struct catalog_video video;

    assert_int_equal(collection->videos, json_array_size(videos));
    for (size_t i = 0; i < collection->videos; i++) {
        assert_int_equal(catalog_video(collection->catalog, i, &video, NULL), 0);
        compare(file, "video", i, video.key, videos);
        assert_int_equal(video.duration_ms, json_integer_value(json_object_get(entry, "duration_ms")));
        catalog_video_close(&video);
    }
}

struct table_case {
    const char *file, *layout, *columns[4]; /* ours=theirs in pairs */
    bool no_header, paragraphs;
};

static const struct table_case cases[] = {
    {"MSRVTT_JSFUSION_test.csv", "msrvtt", {NULL}, false, false},
    {"MSRVTT_JSFUSION_test_semicolon.csv", "msrvtt", {NULL}, false, false},
    {"caption_lists.json", NULL, {NULL}, false, false},
    {"MSRVTT_JSFUSION_test.csv", NULL, {NULL}, false, false},
    {"MSRVTT_JSFUSION_test_semicolon.csv", NULL, {NULL}, false, false},
    {"LSMDC16_challenge_1000.csv", "lsmdc", {NULL}, false, false},
    {"LSMDC16_challenge_1000.csv", NULL, {NULL}, false, false},
    {"raw-captions.pkl", "msvd", {NULL}, false, false},
    {"raw-captions.pkl", NULL, {NULL}, false, false},
    {"didemo_test_data.json", "didemo", {NULL}, false, false},
    {"didemo_test_data.json", NULL, {NULL}, false, false},
    {"activitynet_val_1.json", "activitynet", {NULL}, false, false},
    {"activitynet_val_1.json", NULL, {NULL}, false, false},
    {"vatex.json", "vatex", {NULL}, false, false},
    {"vatex.json", NULL, {NULL}, false, false},
    {"captions_val2017.json", "coco", {NULL}, false, false},
    {"captions_val2017.json", NULL, {NULL}, false, false},
    {"results_2M_val.csv", "webvid", {NULL}, false, false},
    {"results_2M_val.csv", NULL, {NULL}, false, false},
    {"clotho_captions_evaluation.csv", "clotho", {NULL}, false, false},
    {"clotho_captions_evaluation.csv", NULL, {NULL}, false, false},
    {"audiocaps_test.csv", "audiocaps", {NULL}, false, false},
    {"audiocaps_test.csv", NULL, {NULL}, false, false},
    {"dataset_coco.json", NULL, {NULL}, false, false},
    {"LSMDC16_challenge_1000.csv", NULL, {"video", "1", "caption", "6"}, true, false},
    {"vatex.json", NULL, {"video", "videoID", "caption", "enCap"}, false, false},
    {"dataset_flickr8k.json", "karpathy", {NULL}, false, false},
    {"dataset_coco.json", "karpathy", {NULL}, false, false},
    {"clotho_captions_evaluation.csv", NULL, {"video", "file_name"}, false, false},
    {"nan.json", NULL, {NULL}, false, false},
};

/* Matrices of any content: (rows, 32), every row another one. */
static const char *write_rows(const char *dir, const char *name, size_t rows)
{
    static char path[2][4200];
    static int next;
    char *made = path[next ^= 1];
    float *data = memory_floats(rows * 32);

    for (size_t i = 0; i < rows * 32; i++)
        data[i] = (float)((i * 37 + i / 32 * 11) % 101 + 1);
    snprintf(made, sizeof path[0], "%s/%s", dir, name);
    assert_int_equal(npy_write(made, NPY_F32, data, rows, 32, NULL), 0);
    free(data);
    return made;
}

/* Imports a case; returns whether that succeeded. */
static int import_case(const char *dir, const struct table_case *one, size_t videos, size_t queries,
                       const char *destination, struct error *error)
{
    struct import_column columns[2];
    char file[4200];
    size_t count = 0;

    for (size_t i = 0; i < 4 && one->columns[i]; i += 2)
        columns[count++] = (struct import_column){one->columns[i], one->columns[i + 1]};
    snprintf(file, sizeof file, FILES "%s", one->file);
    const struct import import = {
        .destination = destination,
        .replace = true,
        .texts_table = file,
        .layout = one->layout,
        .no_header = one->no_header,
        .paragraphs = one->paragraphs,
        .columns = columns,
        .column_count = count,
        .videos = write_rows(dir, "v.npy", videos),
        .queries = write_rows(dir, "q.npy", queries),
    };
    return collection_import(&import, NULL, NULL, NULL, error);
}

static void tables_give_what_they_hold(void **state)
{
    char destination[4200];

    snprintf(destination, sizeof destination, "%s/made", (const char *)*state);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const json_t *entry = json_object_get(expected, cases[i].file);
        const json_t *videos = json_object_get(entry, "videos"), *captions = json_object_get(entry, "captions");
        struct error error = {0};
        if (import_case(*state, &cases[i], json_array_size(videos), json_array_size(captions), destination, &error))
            fail_msg("%s", error.text);
        struct collection *collection = collection_open(destination, &error);
        assert_non_null(collection);
        compare_videos(cases[i].file, collection, entry);
        compare_texts(cases[i].file, collection, captions);
        collection_close(collection);
    }
}

static void sentences_become_paragraphs(void **state)
{
    static const struct table_case joined[] = {{"didemo_test_data.json", NULL, {NULL}, false, true},
                                               {"activitynet_val_1.json", NULL, {NULL}, false, true}};
    char destination[4200];

    snprintf(destination, sizeof destination, "%s/made", (const char *)*state);
    for (size_t i = 0; i < sizeof joined / sizeof *joined; i++) {
        const json_t *paragraphs = json_object_get(json_object_get(expected, joined[i].file), "paragraphs");
        struct error error = {0};
        if (import_case(*state, &joined[i], 6, 6, destination, &error))
            fail_msg("%s", error.text);
        struct collection *collection = collection_open(destination, &error);
        assert_non_null(collection);
        compare_texts(joined[i].file, collection, paragraphs);
        collection_close(collection);
    }
}

static void tables_are_refused(void **state)
{
    static const struct {
        struct table_case one;
        const char *reason;
    } refused[] = {
        {{"LSMDC16_challenge_1000.csv", "msvd", {NULL}, false, false}, ":1: has fields between tabs after the key"},
        {{"LSMDC16_challenge_1000.csv", "flickr", {NULL}, false, false}, ":1: is neither"},
        {{"LSMDC16_challenge_1000.csv", NULL, {"video", "1", "caption", "6"}, false, false}, "give --no-header"},
        {{"LSMDC16_challenge_1000.csv", "msrvtt", {NULL}, true, false}, "omit --no-header"},
        {{"dataset_coco.json", NULL, {"video", "filename", "caption", "sentences"}, false, false},
         "(row 1): holds a list of something else than texts"},
        {{"nan.json", NULL, {"caption", "score"}, false, false}, "(row 1): the caption is not a text (NaN"},
        {{"nan.json", NULL, {"video", "big"}, false, false}, "(row 1): the video is not a text (NaN"},
    };
    char destination[4200];

    snprintf(destination, sizeof destination, "%s/none", (const char *)*state);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct error error = {0};
        assert_int_equal(import_case(*state, &refused[i].one, 6, 6, destination, &error), -1);
        if (!strstr(error.text, refused[i].reason))
            fail_msg("\"%s\" does not say \"%s\"", error.text, refused[i].reason);
    }
}

static void open_expected(const char *name, struct matrix *matrix)
{
    char path[256];

    snprintf(path, sizeof path, FILES "%s.npy", name);
    assert_int_equal(npy_open(path, matrix, NULL), 0);
}

static void compare_matrix(const char *spec, const struct matrix *found, const json_t *name, double tolerance)
{
    struct matrix wanted;
    float buffer[2][32];

    open_expected(json_string_value(name), &wanted);
    assert_int_equal(found->rows, wanted.rows);
    assert_int_equal(found->cols, wanted.cols);
    for (size_t row = 0; row < wanted.rows; row++) {
        const float *a = matrix_rows(found, row, 1, buffer[0]), *b = matrix_rows(&wanted, row, 1, buffer[1]);
        for (size_t i = 0; i < wanted.cols; i++)
            if (!(fabs((double)a[i] - (double)b[i]) <= tolerance))
                fail_msg("%s: element (%zu, %zu) is %g, not %g", spec, row, i, a[i], b[i]);
    }
    matrix_close(&wanted);
}

static void read_and_compare(const char *file, const char *member, const json_t *entry, const json_t *name,
                             enum array_pool pool)
{
    const json_t *list = json_object_get(entry, "keys"), *tolerance = json_object_get(entry, "tolerance");
    const char *key[16];
    struct matrix_keys keys = {.key = key, .count = json_array_size(list), .from = "the table"};
    struct matrix matrix;
    struct error error = {0};
    char spec[256];

    for (size_t i = 0; i < keys.count; i++)
        key[i] = json_string_value(json_array_get(list, i));
    snprintf(spec, sizeof spec, FILES "%s%s%s", file, member ? ":" : "", member ? member : "");
    const struct matrix_request request = {.spec = spec, .pool = pool, .keys = keys.count ? &keys : NULL};
    if (matrix_file_read(&request, &matrix, &error)) {
        if (strstr(error.text, "which this build does not read"))
            return;
        fail_msg("%s", error.text);
    }
    compare_matrix(spec, &matrix, name, tolerance ? json_number_value(tolerance) : 0);
    assert_int_equal(keys.surplus, 0);
    matrix_close(&matrix);
}

/* Kinds that are read, each with all its files. */
static bool is_read(const char *file)
{
    static const char *const read[] = {".pt",     ".pth",   ".pkl",        ".npy",     ".h5",
                                       "img_emb", ".faiss", "vectors.csv", ".parquet", NULL};

    for (size_t i = 0; read[i]; i++) {
        size_t length = strlen(file), tail = strlen(read[i]);
        if (length >= tail && strcmp(file + length - tail, read[i]) == 0)
            return true;
    }
    return false;
}

static void dumps_give_what_they_hold(void **state)
{
    const char *file, *member;
    json_t *entry, *name;
    size_t read = 0;

    (void)state;
    json_object_foreach (expected, file, entry) {
        const json_t *matrix = json_object_get(entry, "matrix"), *pooled = json_object_get(entry, "pooled");
        if (!is_read(file))
            continue;
        if (matrix)
            read_and_compare(file, NULL, entry, matrix, POOL_NONE);
        if (pooled)
            read_and_compare(file, NULL, entry, pooled, POOL_MEAN);
        json_object_foreach (json_object_get(entry, "members"), member, name)
            read_and_compare(file, member, entry, name, POOL_NONE);
        read += matrix || pooled || json_object_get(entry, "members");
    }
    assert_int_equal(read, 30);
}

static void dumps_are_refused(void **state)
{
    static const struct {
        const char *file, *reason;
    } refused[] = {
        {"list.pt", "list.pt: holds a list of dicts"},
        {"frames3d.npy", "is 3-D, of shape (6, 4, 32); a matrix has 2 dimensions (--pool mean or max"},
        {"frames.h5", "holds 6 2-D arrays of floats; say which as FILE:NAME, or give --pool mean or max"},
        {"feats.pt", "holds 2 2-D arrays of floats; say which as FILE:NAME: video_features (6, 32), text"},
        {"per_video.pth", "holds a vector for each of 6 keys, and nothing says which row each is"},
        {"per_video.h5", "holds a vector for each of 6 keys, and nothing says which row each is"},
        {"clip_retrieval", "is a directory, and its files"},
        {"clip_retrieval/img_emb/img_*_1.npy", "no file has such a name and a number"},
        {"feats.pt:text", "holds no array of the name \"text\""},
        {"v.pt:text", "a single array without a name: omit \":text\""},
        {"raw-captions.pkl", "holds no array; only arrays"},
        {"v.mat", "v.mat: is a MATLAB 5 file: store it with save('FILE', '-v7.3')"},
        {"webdataset_00000.tar", "is a tar archive: unpack it"},
        {"vectors.csv", "holds a vector for each of 6 keys, and nothing says"},
        {"vectors.csv:id", "has no column \"id\" of vectors"},
        {"nan.json", "is not a .npy"},
        {"parquet/file.arrow", "is an Arrow file: store"},
        {"parquet/stream.arrow", "is an Arrow stream: store"},
    };
    char spec[256];

    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct matrix matrix;
        struct error error = {0};
        snprintf(spec, sizeof spec, FILES "%s", refused[i].file);
        assert_int_equal(matrix_file_open(spec, &matrix, &error), -1);
        if (!strstr(error.text, refused[i].reason))
            fail_msg("\"%s\" does not say \"%s\"", error.text, refused[i].reason);
    }
}

/* Keys match without their endings; what is missing or left over is named. */
static void vectors_go_by_key(void **state)
{
    static const char *const whole[] = {"video7010.mp4", "video7011.webm", "video7012",
                                        "video7013",     "video7014",      "video7015"};
    static const char *const other[] = {"video7010", "video1", "video2"};
    static const char *const twice[] = {"video7010", "video7010.mp4"};
    struct matrix_keys keys = {.key = whole, .count = 6, .from = "t.csv"};
    struct matrix matrix;
    struct error error = {0};
    struct matrix_request request = {.spec = FILES "per_video.pth", .keys = &keys};

    (void)state;
    assert_int_equal(matrix_file_read(&request, &matrix, &error), 0);
    compare_matrix(request.spec, &matrix, json_object_get(json_object_get(expected, "v.pt"), "matrix"), 0);
    matrix_close(&matrix);
    keys.count = 4;
    assert_int_equal(matrix_file_read(&request, &matrix, &error), 0);
    assert_int_equal(keys.surplus, 2);
    assert_string_equal(keys.surplus_text, "\"video7015\", \"video7014\"");
    assert_int_equal(matrix.rows, 4);
    matrix_close(&matrix);
    keys = (struct matrix_keys){.key = other, .count = 3, .from = "t.csv"};
    assert_int_equal(matrix_file_read(&request, &matrix, &error), -1);
    assert_non_null(strstr(error.text, "has no vector for 2 of the 3 keys of t.csv: \"video1\", \"video2\""));
    keys = (struct matrix_keys){.key = twice, .count = 2, .from = "t.csv"};
    assert_int_equal(matrix_file_read(&request, &matrix, &error), -1);
    assert_non_null(strstr(error.text, "several of its keys"));
    request = (struct matrix_request){.spec = FILES "per_video.h5", .any_order = true};
    assert_int_equal(matrix_file_read(&request, &matrix, &error), 0);
    assert_int_equal(matrix.rows, 6);
    matrix_close(&matrix);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clean)
    const struct CMUnitTest tests[] = {
        TEST(tables_give_what_they_hold), TEST(sentences_become_paragraphs), TEST(tables_are_refused),
        TEST(dumps_give_what_they_hold),  TEST(dumps_are_refused),           TEST(vectors_go_by_key),
    };
    return cmocka_run_group_tests_name("dataset files", tests, NULL, NULL);
}
