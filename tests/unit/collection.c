/* Bare matrices as a collection: the golden cases stay unchanged to the bit, others are normalised, or refused with
 * file and reason. */
#include "engine/collection/collection.h"
#include "engine/base/memory.h"
#include "engine/formats/npy.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define GOLDEN TESTS_DIR "/golden/"

static char path[64];

static int make(void **state)
{
    (void)state;
    strcpy(path, "/tmp/hubscope-bare-XXXXXX");
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int drop(void **state)
{
    (void)state;
    memory_fail_after(-1);
    return unlink(path);
}

static struct collection *open_good(const struct bare *bare)
{
    struct error error = {0};
    struct collection *collection = collection_bare(bare, &error);

    if (!collection)
        fail_msg("%s", error.text);
    return collection;
}

static void assert_same(const struct matrix *matrix, const char *file)
{
    struct matrix golden;

    assert_int_equal(npy_open(file, &golden, NULL), 0);
    assert_int_equal(matrix->rows, golden.rows);
    assert_int_equal(matrix->cols, golden.cols);
    assert_memory_equal(matrix->data, golden.data, golden.rows * golden.cols * sizeof(float));
    matrix_close(&golden);
}

static void keeps_embeddings_unchanged(void **state)
{
    (void)state;
    const struct bare bare = {.queries = GOLDEN "case2/queries.npy",
                              .videos = GOLDEN "case2/videos.npy",
                              .bank = GOLDEN "case2/bank.npy",
                              .video_bank = GOLDEN "case2/video_bank.npy",
                              .targets = GOLDEN "case2/targets.npy",
                              .logit_scale = 20};
    struct collection *collection = open_good(&bare);

    assert_false(collection->model[0]->stored);
    assert_int_equal(collection->videos, 90);
    assert_int_equal(collection->queries, 270);
    assert_int_equal(collection->model[0]->dimension, 16);
    assert_true(collection->model[0]->logit_scale == 20);
    assert_null(collection->catalog);
    assert_null(collection->path);
    assert_same(&collection->model[0]->video, bare.videos);
    assert_same(&collection->model[0]->query, bare.queries);
    assert_int_equal(collection->model[0]->banks, 1);
    assert_string_equal(collection->model[0]->bank[0].name, "bank");
    assert_same(&collection->model[0]->bank[0].matrix, bare.bank);
    assert_int_equal(collection->model[0]->video_banks, 1);
    assert_string_equal(collection->model[0]->video_bank[0].name, "bank");
    assert_same(&collection->model[0]->video_bank[0].matrix, bare.video_bank);
    for (uint32_t i = 0; i < 270; i++)
        assert_int_equal(collection->target[i], i / 3);
    collection_close(collection);
}

static void takes_similarities(void **state)
{
    (void)state;
    const struct bare bare = {.sims = GOLDEN "case3/sims.npy",
                              .bank_sims = GOLDEN "case3/bank_sims.npy",
                              .targets = GOLDEN "case3/targets.npy"};
    struct collection *collection = open_good(&bare);

    assert_true(collection->model[0]->stored);
    assert_int_equal(collection->videos, 30);
    assert_int_equal(collection->queries, 60);
    assert_int_equal(collection->model[0]->dimension, 0);
    assert_true(collection->model[0]->logit_scale == 100);
    assert_int_equal(collection->model[0]->video.rows, 0);
    assert_same(&collection->model[0]->query, bare.sims);
    assert_same(&collection->model[0]->bank[0].matrix, bare.bank_sims);
    collection_close(collection);
}

static void distributes_queries_equally(void **state)
{
    (void)state;
    struct bare bare = {.queries = GOLDEN "case2/queries.npy", .videos = GOLDEN "case2/videos.npy"};
    struct collection *collection = open_good(&bare);

    assert_int_equal(collection->model[0]->banks, 0);
    for (uint32_t i = 0; i < 270; i++)
        assert_int_equal(collection->target[i], i / 3);
    collection_close(collection);
}

static void normalises_rows_to_unit_length(void **state)
{
    (void)state;
    float data[3 * 16] = {0};
    struct bare bare = {.queries = path, .videos = GOLDEN "case2/videos.npy", .targets = NULL};
    char targets[80];

    data[0] = 3, data[1] = 4;
    data[16] = 1.0005f; /* within the tolerance */
    data[32] = -1e-30f;
    assert_int_equal(npy_write(path, NPY_F32, data, 3, 16, NULL), 0);
    snprintf(targets, sizeof targets, "%s.targets", path);
    const uint32_t rows[] = {2, 0, 89};
    assert_int_equal(npy_write(targets, NPY_U32, rows, 3, 0, NULL), 0);
    bare.targets = targets;
    struct collection *collection = open_good(&bare);
    const float *query = matrix_rows(&collection->model[0]->query, 0, 3, NULL);
    assert_true(fabsf(query[0] - 0.6f) < 1e-7f && fabsf(query[1] - 0.8f) < 1e-7f);
    assert_true(query[16] == 1.0005f);
    assert_true(query[32] == -1);
    assert_memory_equal(collection->target, rows, sizeof rows);
    collection_close(collection);
    unlink(targets);
}

static void assert_refused(const struct bare *bare, const char *who, const char *why)
{
    struct error error = {0};

    assert_null(collection_bare(bare, &error));
    if (!strstr(error.text, who) || !strstr(error.text, why))
        fail_msg("\"%s\" does not name %s and say \"%s\"", error.text, who, why);
}

static void refuses_mismatches(void **state)
{
    (void)state;
    const struct bare good = {.queries = GOLDEN "case2/queries.npy", .videos = GOLDEN "case2/videos.npy"};
    struct bare bare = good;
    float data[100 * 16];
    uint32_t targets[270] = {0};

    for (size_t i = 0; i < 100 * 16; i++)
        data[i] = 1;
    assert_refused(&(struct bare){0}, "", "both queries and videos");
    assert_refused(&(struct bare){.queries = good.queries}, "", "both queries and videos");
    bare.sims = GOLDEN "case3/sims.npy";
    assert_refused(&bare, "", "together");
    assert_refused(&(struct bare){.bank_sims = GOLDEN "case3/bank_sims.npy"}, "", "also need similarities");
    bare = good;
    bare.videos = "/nowhere.npy";
    assert_refused(&bare, "/nowhere.npy", "No such file");
    bare = good;
    bare.bank = GOLDEN "case1/bank.npy";
    assert_refused(&bare, "case1/bank.npy", "24 dimensions, those of the videos 16");
    assert_refused(&(struct bare){.sims = GOLDEN "case3/sims.npy", .bank_sims = GOLDEN "case4/bank_sims.npy"},
                   "case4/bank_sims.npy", "has 50 columns, but there are 30 videos");

    bare = (struct bare){.queries = path, .videos = good.videos};
    npy_write(path, NPY_F32, data, 100, 16, NULL);
    assert_refused(&bare, path, "100 queries are not a multiple of 90 videos");
    npy_write(path, NPY_F32, data, 45, 16, NULL);
    assert_refused(&bare, path, "45 queries are not a multiple of 90 videos");
    data[16 * 7 + 1] = NAN;
    memset(data + 16 * 11, 0, 16 * sizeof *data);
    npy_write(path, NPY_F32, data, 90, 16, NULL);
    assert_refused(&bare, path,
                   "1 row holds NaN or infinite values (row 7, in column 1); 1 row is all zeros "
                   "(row 11)");

    bare = good;
    bare.targets = path;
    npy_write(path, NPY_U32, targets, 269, 0, NULL);
    assert_refused(&bare, path, "has 269 targets, but there are 270 queries");
    targets[5] = 90;
    npy_write(path, NPY_U32, targets, 270, 0, NULL);
    assert_refused(&bare, path, "target 5 is 90, but videos are 0 to 89");
}

static void refuses_wild_similarities_but_not_zeros(void **state)
{
    (void)state;
    float data[6 * 3] = {0};
    struct bare bare = {.sims = path};

    npy_write(path, NPY_F32, data, 6, 3, NULL);
    collection_close(open_good(&bare));
    data[7] = INFINITY;
    npy_write(path, NPY_F32, data, 6, 3, NULL);
    assert_refused(&bare, path, "1 row holds NaN or infinite values (row 2, in column 1)");
}

static void survives_out_of_memory(void **state)
{
    (void)state;
    const struct bare bare = {.queries = GOLDEN "case2/queries.npy",
                              .videos = GOLDEN "case2/videos.npy",
                              .bank = GOLDEN "case2/bank.npy",
                              .video_bank = GOLDEN "case2/video_bank.npy",
                              .targets = GOLDEN "case2/targets.npy"};
    struct collection *collection = NULL;
    long n = 0;

    for (; !collection; n++) {
        struct error error = {0};
        memory_fail_after(n);
        collection = collection_bare(&bare, &error);
        memory_fail_after(-1);
        assert_true(collection || error.kind == ERROR_MEMORY);
    }
    assert_true(n > 3);
    collection_close(collection);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keeps_embeddings_unchanged, make, drop),
        cmocka_unit_test_setup_teardown(takes_similarities, make, drop),
        cmocka_unit_test_setup_teardown(distributes_queries_equally, make, drop),
        cmocka_unit_test_setup_teardown(normalises_rows_to_unit_length, make, drop),
        cmocka_unit_test_setup_teardown(refuses_mismatches, make, drop),
        cmocka_unit_test_setup_teardown(refuses_wild_similarities_but_not_zeros, make, drop),
        cmocka_unit_test_setup_teardown(survives_out_of_memory, make, drop),
    };
    return cmocka_run_group_tests_name("collection", tests, NULL, NULL);
}
