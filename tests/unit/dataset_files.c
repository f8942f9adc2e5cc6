/* The files that datasets and feature dumps come in (tests/layouts), imported and compared with expected.json. */
#include "engine/base/memory.h"
#include "engine/collection/collection.h"
#include "engine/formats/npy.h"
#include "engine/import/import.h"

#include "tests/unit/folder.h"

#include <ftw.h>
#include <jansson.h>

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
    bool no_header;
};

static const struct table_case cases[] = {
    {"MSRVTT_JSFUSION_test.csv", "msrvtt", {NULL}, false},
    {"MSRVTT_JSFUSION_test_semicolon.csv", "msrvtt", {NULL}, false},
    {"caption_lists.json", NULL, {NULL}, false},
    {"LSMDC16_challenge_1000.csv", "lsmdc", {NULL}, false},
    {"LSMDC16_challenge_1000.csv", NULL, {"video", "1", "caption", "6"}, true},
    {"vatex.json", NULL, {"video", "videoID", "caption", "enCap"}, false},
    {"dataset_flickr8k.json", "karpathy", {NULL}, false},
    {"dataset_coco.json", "karpathy", {NULL}, false},
    {"clotho_captions_evaluation.csv", NULL, {"video", "file_name"}, false},
    {"nan.json", NULL, {NULL}, false},
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

static void tables_are_refused(void **state)
{
    static const struct {
        struct table_case one;
        const char *reason;
    } refused[] = {
        {{"LSMDC16_challenge_1000.csv", "msvd", {NULL}, false}, ":1: has fields between tabs after the key"},
        {{"LSMDC16_challenge_1000.csv", "flickr", {NULL}, false}, ":1: is neither"},
        {{"LSMDC16_challenge_1000.csv", NULL, {"video", "1", "caption", "6"}, false}, "give --no-header"},
        {{"LSMDC16_challenge_1000.csv", "msrvtt", {NULL}, true}, "omit --no-header"},
        {{"dataset_coco.json", NULL, {"video", "filename", "caption", "sentences"}, false},
         "(row 1): holds a list of something else than texts"},
        {{"nan.json", NULL, {"caption", "score"}, false}, "(row 1): the caption is not a text (NaN"},
        {{"nan.json", NULL, {"video", "big"}, false}, "(row 1): the video is not a text (NaN"},
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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clean)
    const struct CMUnitTest tests[] = {
        TEST(tables_give_what_they_hold),
        TEST(tables_are_refused),
    };
    return cmocka_run_group_tests_name("dataset files", tests, NULL, NULL);
}
