/* Models of learned heads: which captions are paired with which clips, what is refused, and that the model in memory is
 * the one on disk. */
#include "engine/learned_model/learn.h"

#include "engine/heads/head_file.h"
#include "tests/unit/import_made.h"

static struct bank_pairs_options how;

static int make_collection(void **state)
{
    how = (struct bank_pairs_options){.texts = "plain", .videos = "train"};
    return make(state);
}

/* Overwrites row `row` of a matrix file with row `from` of another. */
static void copy_row(int which, size_t rows, size_t row, int other, size_t from)
{
    float data[16 * DIMENSION];

    for (size_t i = 0; i < rows * DIMENSION; i++)
        data[i] = value((size_t)which, i);
    for (size_t c = 0; c < DIMENSION; c++)
        data[row * DIMENSION + c] = value((size_t)other, from * DIMENSION + c);
    assert_int_equal(npy_write(file[which], NPY_F32, data, rows, DIMENSION, NULL), 0);
}

static void expect_refused(const struct collection *collection, const char *why)
{
    struct bank_pairs pairs;
    struct error error = {0};

    assert_int_equal(bank_pairs_open(&pairs, collection, collection->model[0], &how, &error), -1);
    if (!strstr(error.text, why))
        fail_msg("\"%s\" does not say \"%s\"", error.text, why);
}

/* Expects pairs from that source; `video` (captions of the bank). */
static void expect_pairs(const struct collection *collection, enum bank_pairs_source source, const uint32_t *video,
                         size_t rows, size_t left_out)
{
    struct bank_pairs pairs;
    struct error error = {0};
    size_t captions = 0;

    if (bank_pairs_open(&pairs, collection, collection->model[0], &how, &error))
        fail_msg("%s", error.text);
    assert_int_equal(pairs.source, source);
    assert_int_equal(pairs.pairs.texts->rows, rows);
    assert_true(pairs.pairs.video == pairs.video);
    assert_true((pairs.pairs.videos == &collection->model[0]->video) == (source == BANK_PAIRS_KEYS));
    for (size_t i = 0; i < rows; i++) {
        assert_int_equal(pairs.video[i], video[i]);
        captions += video[i] != PAIRS_NONE;
    }
    assert_int_equal(pairs.captions, captions);
    assert_int_equal(pairs.left_out, left_out);
    bank_pairs_close(&pairs);
}

static void pairs_are_given_or_in_order(void **state)
{
    (void)state;
    static const int64_t row[OTHER] = {3, -1, 0}, beyond[OTHER] = {3, 4, 0};
    static const uint32_t given[OTHER] = {3, PAIRS_NONE, 0}, ordered[6] = {0, 0, 1, 1, 2, 2};

    import_good();
    struct collection *collection = open_good();
    expect_refused(collection, "bank plain: its 3 captions are not a multiple of the 4 clips of video bank train");
    how.row = row;
    how.rows = OTHER;
    expect_pairs(collection, BANK_PAIRS_ROWS, given, OTHER, 0);
    how.rows = OTHER + 1;
    expect_refused(collection, "4 pairs are given, but it has 3 captions");
    how.rows = OTHER;
    how.row = beyond;
    expect_refused(collection, "pair 1 is 4, but clips are 0 to 3 (-1: none)");
    how.texts = "nothing";
    expect_refused(collection, "unknown query bank 'nothing'; known: train, plain");
    how.texts = "plain";
    how.videos = "nothing";
    expect_refused(collection, "unknown video bank 'nothing'; known: train");
    collection_close(collection);

    how = (struct bank_pairs_options){.texts = "plain", .videos = "train"};
    write_matrix(PLAIN, 6, DIMENSION);
    write_matrix(CLIPS, 3, DIMENSION);
    import.replace = true;
    import_good();
    collection = open_good();
    expect_pairs(collection, BANK_PAIRS_ORDER, ordered, 6, 0);
    how.videos = NULL; /* then the bank's own name */
    expect_refused(collection, "unknown video bank 'plain'");
    collection_close(collection);
}

/* By equal rows: one evaluation caption, one evaluation video. */
static void evaluation_rows_are_refused(void **state)
{
    (void)state;
    static const int64_t row[OTHER] = {3, 2, 0};
    static const uint32_t without_caption[OTHER] = {3, PAIRS_NONE, 0}, without_video[OTHER] = {PAIRS_NONE, 2, 0};

    how.row = row;
    how.rows = OTHER;
    copy_row(PLAIN, OTHER, 1, QUERY, 4);
    import_good();
    struct collection *collection = open_good();
    expect_refused(collection, "bank plain: 1 of its 3 rows equal evaluation captions, the first in row 1");
    how.leave_out = true;
    expect_pairs(collection, BANK_PAIRS_ROWS, without_caption, OTHER, 1);
    collection_close(collection);

    write_matrix(PLAIN, OTHER, DIMENSION);
    copy_row(CLIPS, VIDEO_BANK, 3, VIDEO, 0);
    import.replace = true;
    import_good();
    collection = open_good();
    expect_pairs(collection, BANK_PAIRS_ROWS, without_video, OTHER, 1);
    how.leave_out = false;
    expect_refused(collection, "video bank train: 1 of its 4 rows equal evaluation videos, the first in row 3");
    collection_close(collection);
}

/* By key: captions of evaluation videos are refused, those of other videos of the gallery are pairs. */
static void keys_are_known(void **state)
{
    (void)state;
    static const uint32_t none[BANK] = {PAIRS_NONE, PAIRS_NONE, PAIRS_NONE, PAIRS_NONE, PAIRS_NONE};
    static const uint32_t others[BANK] = {4, PAIRS_NONE, 5, 5, PAIRS_NONE};

    how = (struct bank_pairs_options){.texts = "train"};
    import_good();
    struct collection *collection = open_good();
    expect_refused(collection, "bank train: 2 of its 5 rows are captions of evaluation videos, the first in row 2");
    how.leave_out = true;
    expect_pairs(collection, BANK_PAIRS_KEYS, none, BANK, 2);
    collection_close(collection);

    write_text(TEXTS_CSV, "split,video,caption\ntrain,e,b0\ntrain,zz,b1\ntrain,f,b2\ntrain,f,b3\ntrain,,b4\n"
                          "query,a,q\nquery,a,q\nquery,b,q\nquery,b,q\nquery,c,q\nquery,c,q\nquery,d,q\nquery,d,q\n"
                          "query,d,q\nquery,,q\n");
    import.replace = true;
    import_good();
    collection = open_good();
    how.leave_out = false;
    expect_pairs(collection, BANK_PAIRS_KEYS, others, BANK, 0);
    collection_close(collection);
}

static void open_heads(struct head *text, struct head *video)
{
    struct error error;

    assert_int_equal(head_open(text, HEAD_LINEAR, DIMENSION, &error), 0);
    assert_int_equal(head_open(video, HEAD_MLP, DIMENSION, &error), 0);
    for (size_t i = 0; i < text->count; i++)
        text->weight[i] = value(20, i) / 9;
    for (size_t i = 0; i < video->count; i++)
        video->weight[i] = value(21, i) / 9;
}

static void expect_equal(const struct matrix *a, const struct matrix *b)
{
    assert_int_equal(a->rows, b->rows);
    assert_int_equal(a->cols, b->cols);
    if (a->rows)
        assert_memory_equal(a->data, b->data, a->rows * a->cols * sizeof(float));
}

static void expect_equal_models(const struct collection_model *a, const struct collection_model *b)
{
    assert_string_equal(a->name, b->name);
    assert_string_equal(a->description, b->description);
    assert_string_equal(a->provenance, b->provenance);
    assert_true(a->logit_scale == b->logit_scale);
    assert_int_equal(a->dimension, b->dimension);
    assert_int_equal(a->repeated_queries, b->repeated_queries);
    assert_int_equal(a->repeated_videos, b->repeated_videos);
    expect_equal(&a->video, &b->video);
    expect_equal(&a->query, &b->query);
    assert_int_equal(a->banks, b->banks);
    assert_int_equal(a->video_banks, b->video_banks);
    for (size_t i = 0; i < a->banks; i++)
        expect_equal(&a->bank[i].matrix, &b->bank[i].matrix);
    for (size_t i = 0; i < a->video_banks; i++)
        expect_equal(&a->video_bank[i].matrix, &b->video_bank[i].matrix);
}

/* Every matrix goes through its head, and the same comes back from disk; the head lies where an encoder command finds
 * it. */
static void memory_and_disk_agree(void **state)
{
    (void)state;
    struct head text, video, kept;
    struct error error = {0};
    struct collection_model made = {0};
    float expected[QUERIES * DIMENSION];
    char path[256];

    import_good();
    struct collection *collection = open_good();
    open_heads(&text, &video);
    const struct learned_model learned = {.collection = collection,
                                          .from = collection->model[0],
                                          .text = &text,
                                          .video = &video,
                                          .scale = 17,
                                          .name = "new",
                                          .description = "heads",
                                          .provenance = "a test"};
    assert_int_equal(learned_model_make(&learned, &made, NULL, &error), 0);
    assert_int_equal(head_apply(&text, &collection->model[0]->query, expected, NULL, &error), 0);
    assert_memory_equal(made.query.data, expected, sizeof expected);
    assert_int_equal(made.bank[0].first_text, collection->model[0]->bank[0].first_text);

    snprintf(path, sizeof path, "%s/copy", folder);
    if (learned_model_install(&learned, path, false, NULL, &error))
        fail_msg("%s", error.text);
    assert_int_equal(learned_model_writable(collection, path, false, &error), -1);
    assert_int_equal(learned_model_writable(collection, path, true, &error), 0);
    assert_int_equal(learned_model_writable(collection, NULL, false, &error), 0);
    struct collection *copy = collection_open(path, &error);
    assert_non_null(copy);
    assert_int_equal(copy->models, 2);
    expect_equal_models(copy->model[1], &made);
    assert_null(copy->model[1]->encoder);
    snprintf(path, sizeof path, "%s/copy/models/new/encoder/" ENCODER_HEAD, folder);
    assert_int_equal(head_read(&kept, path, &error), 0);
    assert_memory_equal(kept.weight, text.weight, text.count * sizeof *text.weight);
    head_close(&kept);

    struct learn learn;
    struct learn_options options = {.from = "new", .pairs = how, .train = train_defaults(0)};
    assert_int_equal(learn_open(&learn, copy, &options, &error), -1);
    assert_non_null(strstr(error.text, "model new was made by heads"));
    options = (struct learn_options){.name = "new", .pairs = how, .train = train_defaults(0)};
    assert_int_equal(learn_open(&learn, copy, &options, &error), -1);
    assert_non_null(strstr(error.text, "already has a model \"new\""));
    options.name = "a/b";
    assert_int_equal(learn_open(&learn, copy, &options, &error), -1);
    assert_non_null(strstr(error.text, "cannot name a model"));
    collection_close(copy);

    assert_int_equal(learned_model_install(&learned, NULL, false, NULL, &error), 0);
    struct collection *changed = open_good();
    expect_equal_models(changed->model[1], &made);
    collection_close(changed);
    collection_model_close(&made);
    head_close(&text);
    head_close(&video);
    collection_close(collection);
}

/* Every allocation fails once: nothing leaks, and what was there stays. */
static void survives_out_of_memory(void **state)
{
    (void)state;
    struct head text, video;
    struct error error = {0};
    long failed = 0;
    int status = -1;

    import_good();
    struct collection *collection = open_good();
    open_heads(&text, &video);
    const struct learned_model learned = {collection, collection->model[0], &text, &video, 10, "new", "", ""};
    for (; status; failed++) {
        struct collection_model made = {0};
        memory_fail_after(failed);
        status = learned_model_make(&learned, &made, NULL, &error);
        memory_fail_after(-1);
        if (status)
            assert_int_equal(error.kind, ERROR_MEMORY);
        collection_model_close(&made);
    }
    assert_true(failed > 8);
    how.texts = "train";
    how.leave_out = true;
    how.row = (int64_t[]){0, 1, 2, 3, 0};
    how.rows = BANK;
    for (failed = 0, status = -1; status; failed++) {
        struct bank_pairs pairs;
        memory_fail_after(failed);
        status = bank_pairs_open(&pairs, collection, collection->model[0], &how, &error);
        memory_fail_after(-1);
        if (!status)
            bank_pairs_close(&pairs);
    }
    assert_true(failed > 5);
    for (failed = 0, status = -1; status && failed < 400; failed += 7) {
        memory_fail_after(failed);
        status = learned_model_install(&learned, NULL, false, NULL, &error);
        memory_fail_after(-1);
        assert_int_equal(count_destinations(), 1);
    }
    head_close(&text);
    head_close(&video);
    collection_close(collection);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pairs_are_given_or_in_order, make_collection, drop),
        cmocka_unit_test_setup_teardown(evaluation_rows_are_refused, make_collection, drop),
        cmocka_unit_test_setup_teardown(keys_are_known, make_collection, drop),
        cmocka_unit_test_setup_teardown(memory_and_disk_agree, make_collection, drop),
        cmocka_unit_test_setup_teardown(survives_out_of_memory, make_collection, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
