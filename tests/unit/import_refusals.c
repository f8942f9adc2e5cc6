/* Import: everything wrong is reported at once, with file and reason. */
#include "tests/unit/import_made.h"

static void refuses_tables(void **state)
{
    (void)state;
    static const struct {
        int which;
        const char *text, *who, *why;
    } cases[] = {
        {VIDEOS_CSV, "title\nx\n", "videos.csv", "has no column \"key\""},
        {VIDEOS_CSV, "key,strip\n", "videos.csv", "has no videos"},
        {VIDEOS_CSV, "key,strip\na,\nb,\n,\n", "videos.csv:4", "key is empty"},
        {VIDEOS_CSV, "key,strip\nz,\nb,\na,\nb,\n", "videos.csv:5", "\"b\" is taken: line 3 has it"},
        {VIDEOS_CSV, "key,strip\na,\nb,\nc,\nd,\ne,\nf,\ng,\n", "v.npy", "has 6 rows, but"},
        {VIDEOS_CSV, "key,strip,frames\na,,\nb,,x1\nc,,\nd,,\ne,,\nf,,\n", "videos.csv:3",
         "frames is not a whole number: \"x1\""},
        {VIDEOS_CSV, "key,strip,frames\na,,\nb,,-1\nc,,\nd,,\ne,,\nf,,\n", "videos.csv:3",
         "frames is not a whole number: \"-1\""},
        {VIDEOS_CSV, "key,strip,duration_ms\na,,99999999999\nb,,\nc,,\nd,,\ne,,\nf,,\n", "videos.csv:2",
         "duration_ms is not a whole number"},
        {VIDEOS_CSV, "key,strip\na,../s.bmp\nb,\nc,\nd,\ne,\nf,\n", "videos.csv:2", "is not inside"},
        {VIDEOS_CSV, "key,strip\na,/etc/passwd\nb,\nc,\nd,\ne,\nf,\n", "videos.csv:2", "is not inside"},
        {VIDEOS_CSV, "key,strip\na,x/../../s.bmp\nb,\nc,\nd,\ne,\nf,\n", "videos.csv:2", "is not inside"},
        {VIDEOS_CSV, "key,strip\na,gone.jpg\nb,\nc,\nd,\ne,\nf,\n", "gone.jpg", "No such file"},
        {TEXTS_CSV, "split,caption\nquery,x\n", "texts.csv", "has no column \"video\""},
        {TEXTS_CSV, "video,caption\na,x\n", "q.npy", "1 texts of queries"},
        {TEXTS_CSV, "split,video\nquery,a\n", "texts.csv", "has no column \"caption\""},
        {TEXTS_CSV, "split,video,caption\ntrain,a,x\n", "texts.csv", "no text of the split \"query\""},
        {TEXTS_CSV, "split,video,caption\nquery,a,x\nvalid,a,y\n", "texts.csv:3",
         "split \"valid\" (1 texts) is neither \"query\" nor the name of a query bank"},
        {TEXTS_CSV, "split,video,caption\nquery,a,x\nquery,nobody,y\n", "texts.csv:3",
         "no video has the key \"nobody\""},
        {TEXTS_CSV, "split,video,caption\nquery,a,x\n", "q.npy", "has 10 rows, but"},
        {TEXTS_CSV,
         "split,video,caption\nquery,,x\nquery,,x\nquery,,x\nquery,,x\nquery,,x\nquery,,x\nquery,,"
         "x\nquery,,x\nquery,,x\nquery,,x\ntrain,,y\n",
         "train.npy", "1 texts of the bank \"train\""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_text(VIDEOS_CSV, videos_table);
        write_text(TEXTS_CSV, texts_table);
        write_text(cases[i].which, cases[i].text);
        assert_refused(cases[i].who, cases[i].why);
    }
    write_text(VIDEOS_CSV, videos_table);
    write_text(TEXTS_CSV, texts_table);
    import.strip_frames = 3;
    assert_refused("s.bmp", "16 pixels wide, which 3 frames");
    import.strip_frames = 0;
    import.texts_table = "/nowhere/t.csv";
    assert_refused("/nowhere/t.csv", "No such file");
}

static void refuses_matrices(void **state)
{
    (void)state;
    float data[QUERIES * DIMENSION];

    write_matrix(TRAIN, BANK, DIMENSION - 1);
    assert_refused("train.npy", "its vectors have 7 dimensions, those of");
    write_matrix(TRAIN, BANK, DIMENSION);

    for (size_t i = 0; i < QUERIES * DIMENSION; i++)
        data[i] = 1 + (float)i;
    data[2 * DIMENSION] = NAN;
    data[4 * DIMENSION + 3] = -INFINITY;
    npy_write(file[QUERY], NPY_F32, data, QUERIES, DIMENSION, NULL);
    assert_refused("q.npy", "2 rows hold NaN or infinite values (rows 2, 4; the first in column 0)");
    memset(data + 9 * DIMENSION, 0, DIMENSION * sizeof *data);
    npy_write(file[QUERY], NPY_F32, data, QUERIES, DIMENSION, NULL);
    assert_refused("q.npy", "(rows 2, 4; the first in column 0); 1 row is all zeros (row 9), counted from 0");
    memset(data, 0, sizeof data);
    npy_write(file[QUERY], NPY_F32, data, QUERIES, DIMENSION, NULL);
    assert_refused("q.npy", "10 rows are all zeros (rows 0, 1, 2, 3, 4, 5, ...)");
    data[0] = 1e-45f;
    for (size_t i = 1; i < QUERIES; i++)
        data[i * DIMENSION] = 3e38f;
    npy_write(file[QUERY], NPY_F32, data, QUERIES, DIMENSION, NULL);
    import_good(); /* extreme lengths are valid too */
    struct collection *collection = open_good();
    assert_true(matrix_rows(&collection->model[0]->query, 0, 1, NULL)[0] == 1);
    assert_true(matrix_rows(&collection->model[0]->query, 1, 1, NULL)[0] == 1);
    collection_close(collection);
}

static void refuses_options(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", "query", "a/b", "../x", "a b", "é", "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        banks[1].name = bad[i];
        assert_refused(bad[i], "cannot name a query bank");
    }
    banks[1].name = "train";
    assert_refused("train", "two query banks are named");
    banks[1].name = "plain";
    import.logit_scale = -1;
    assert_refused("logit scale", "positive");
    import.logit_scale = NAN;
    assert_refused("logit scale", "positive");
    import.logit_scale = 0;
    import.encoder = TESTS_DIR "/../sample_data/encoder";
    assert_refused("sample_data/encoder", "encodes to 128 dimensions");
    import.encoder = "/nowhere/encoder";
    assert_refused("/nowhere/encoder", "No such file");
    import.encoder = NULL;
    import.destination = "/nowhere/deep/made";
    assert_refused("/nowhere/deep", "No such file");
    import.destination = "";
    assert_refused("", "has no name");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(refuses_tables, make, drop),
        cmocka_unit_test_setup_teardown(refuses_matrices, make, drop),
        cmocka_unit_test_setup_teardown(refuses_options, make, drop),
    };
    return cmocka_run_group_tests_name("import refusals", tests, NULL, NULL);
}
