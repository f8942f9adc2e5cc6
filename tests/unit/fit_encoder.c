/* Fitting an encoder to a made-up collection: the reported numbers are checked with encoders fitted to collections that
 * lack the measured captions. */
#include "engine/fit_encoder/fit_encoder.h"

#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/encoders/words.h"
#include "engine/formats/npy.h"
#include "engine/import/import.h"
#include "tests/unit/folder.h"
#include "tests/unit/sanitized.h"
#include <ftw.h>
#include <math.h>
#include <sys/stat.h>

enum { VIDEOS = 40, CAPTIONS = 3, QUERIES = VIDEOS * CAPTIONS, BANK = 150, D = 24, LEXICON = 60 };

static float word_vector[LEXICON][D], video[VIDEOS * D], query[QUERIES * D], bank[BANK * D];
static char query_text[QUERIES][128], bank_text[BANK][128];

static void normalise(float *row)
{
    double squares = 0;

    for (size_t c = 0; c < D; c++)
        squares += (double)row[c] * (double)row[c];
    for (size_t c = 0; c < D; c++)
        row[c] = (float)((double)row[c] / sqrt(squares));
}

/* Makes a caption of a few words, and its vector: the sum of the words' vectors with some noise. */
static void make_caption(uint32_t *seed, size_t topic, char *text, float *vector)
{
    static const char *const syllables[] = {"ba", "lo", "ri", "mun", "ke", "sta", "vo", "dri"};
    size_t words = 4 + folder_random(seed) % 3;

    *text = 0;
    for (size_t i = 0; i < words; i++) {
        size_t word = i < 2 ? (topic * 2 + i * 7) % LEXICON : folder_random(seed) % LEXICON;
        sprintf(text + strlen(text), "%s%s%s%s", i ? " " : "", syllables[word % 8], syllables[word / 8],
                syllables[(word * 5 + 3) % 8]);
        for (size_t c = 0; c < D; c++)
            vector[c] += word_vector[word][c];
    }
    for (size_t c = 0; c < D; c++)
        vector[c] += (float)(folder_random(seed) % 1000) / 1000 - 0.5f;
    normalise(vector);
}

static void make_data(void)
{
    uint32_t seed = 3;

    memset(query, 0, sizeof query);
    memset(bank, 0, sizeof bank);
    for (size_t i = 0; i < LEXICON * D; i++)
        word_vector[i / D][i % D] = (float)(folder_random(&seed) % 2001) / 1000 - 1;
    for (size_t i = 0; i < QUERIES; i++)
        make_caption(&seed, i / CAPTIONS, query_text[i], query + i * D);
    for (size_t i = 0; i < BANK; i++)
        make_caption(&seed, i, bank_text[i], bank + i * D);
    strcpy(bank_text[5], query_text[30]); /* must not help when that caption is measured */
    for (size_t v = 0; v < VIDEOS; v++) {
        for (size_t c = 0; c < D; c++)
            video[v * D + c] = query[v * CAPTIONS * D + c] + (float)(folder_random(&seed) % 1000) / 700 - 0.7f;
        normalise(video + v * D);
    }
}

/* Imports the captions that `queries` and `banks` select as DIR/name. */
static struct collection *import_part(const char *dir, const char *name, const bool *queries, const bool *banks)
{
    static float rows[2][QUERIES * D + BANK * D];
    char path[4][512], destination[512];
    static const char *const files[] = {"texts.csv", "videos.npy", "queries.npy", "bank.npy"};
    struct error error = {0};
    size_t kept[2] = {0};

    for (size_t i = 0; i < 4; i++)
        snprintf(path[i], sizeof path[i], "%s/%s", dir, files[i]);
    snprintf(destination, sizeof destination, "%s/%s", dir, name);
    FILE *out = fopen(path[0], "w");
    assert_non_null(out);
    fputs("split,video,caption\n", out);
    for (size_t i = 0; i < QUERIES; i++)
        if (!queries || queries[i]) {
            fprintf(out, "query,v%02zu,%s\n", i / CAPTIONS, query_text[i]);
            memcpy(rows[0] + kept[0]++ * D, query + i * D, D * sizeof(float));
        }
    for (size_t i = 0; i < BANK; i++)
        if (!banks || banks[i]) {
            fprintf(out, "train,,%s\n", bank_text[i]);
            memcpy(rows[1] + kept[1]++ * D, bank + i * D, D * sizeof(float));
        }
    fclose(out);
    char videos[512];
    snprintf(videos, sizeof videos, "%s/videos.csv", dir);
    out = fopen(videos, "w");
    fputs("key\n", out);
    for (size_t v = 0; v < VIDEOS; v++)
        fprintf(out, "v%02zu\n", v);
    fclose(out);
    assert_int_equal(npy_write(path[1], NPY_F32, video, VIDEOS, D, &error), 0);
    assert_int_equal(npy_write(path[2], NPY_F32, rows[0], kept[0], D, &error), 0);
    assert_int_equal(npy_write(path[3], NPY_F32, rows[1], kept[1], D, &error), 0);
    const struct import_bank train = {.name = "train", .path = path[3]};
    const struct import import = {.destination = destination,
                                  .replace = true,
                                  .videos_table = videos,
                                  .texts_table = path[0],
                                  .videos = path[1],
                                  .queries = path[2],
                                  .banks = &train,
                                  .bank_count = 1};
    if (collection_import(&import, NULL, NULL, NULL, &error))
        fail_msg("%s", error.text);
    struct collection *collection = collection_open(destination, &error);
    if (!collection)
        fail_msg("%s", error.text);
    return collection;
}

static struct fit_encoder_report fit(const struct collection *collection, const struct fit_encoder_options *options,
                                     const char *output)
{
    struct fit_encoder_report report;
    struct error error = {0};
    struct job job = {0};

    if (fit_encoder_install(collection, options, output, true, &report, &job, &error))
        fail_msg("%s", error.text);
    assert_int_equal(job.done, job.total);
    return report;
}

static size_t rank_of(const float *vector, uint32_t target)
{
    size_t rank = 1;
    double sims[VIDEOS] = {0};

    for (size_t v = 0; v < VIDEOS; v++)
        for (size_t c = 0; c < D; c++)
            sims[v] += (double)vector[c] * (double)video[v * D + c];
    for (size_t v = 0; v < VIDEOS; v++)
        rank += sims[v] > sims[target];
    return rank;
}

/* How many of the 10 nearest videos of one are among those of the other. */
static size_t shared_top(const float *one, const float *other)
{
    size_t shared = 0;

    for (uint32_t v = 0; v < VIDEOS; v++)
        shared += rank_of(one, v) <= 10 && rank_of(other, v) <= 10;
    return shared;
}

static void test_numbers_are_measured(void **state)
{
    const char *dir = *state;
    struct fit_encoder_options options = {0};
    unsigned char group[QUERIES];
    char output[512], vectors[512];
    struct error error = {0};
    struct matrix written;
    double cosine = 0, hits = 0, true_hits = 0, shared = 0, farthest = 0;
    size_t measured = 0;
    const unsigned groups = SANITIZED ? 2 : FIT_ENCODER_GROUPS;

    make_data();
    struct collection *all = import_part(dir, "all", NULL, NULL);
    snprintf(output, sizeof output, "%s/encoder", dir);
    snprintf(vectors, sizeof vectors, "%s/vectors.npy", dir);
    options.vectors = vectors;
    options.tolerance = 1e-6; /* so that fits with other features agree */
    struct fit_encoder_report report = fit(all, &options, output);
    assert_int_equal(fit_encoder_groups(all, group), 0);
    assert_int_equal(npy_open(vectors, &written, &error), 0);
    const float *held_out = written.data;

    options = (struct fit_encoder_options){.ridge = report.ridge, .tolerance = 1e-6};
    for (unsigned g = 0; g < groups; g++) {
        bool queries[QUERIES], banks[BANK];
        for (size_t i = 0; i < QUERIES; i++) {
            queries[i] = group[i] != g;
            assert_true(group[i] == group[i / CAPTIONS * CAPTIONS]); /* a video's captions stay together */
            assert_true(isnan(held_out[i * D]) == (group[i] == 0));
        }
        if (g == 0)
            continue;
        for (size_t b = 0; b < BANK; b++)
            banks[b] = !(b == 5 && group[30] == g);
        struct collection *part = import_part(dir, "part", queries, banks);
        fit(part, &options, output);
        collection_close(part);
        struct encoder *encoder = encoder_open(output, &error);
        assert_non_null(encoder);
        for (size_t i = 0; i < QUERIES; i++) {
            float vector[D];
            struct encoding encoding;
            if (group[i] != g)
                continue;
            assert_int_equal(encoder_encode(encoder, query_text[i], vector, &encoding, &error), 0);
            for (size_t c = 0; c < D; c++) {
                double off = fabs((double)vector[c] - (double)held_out[i * D + c]);
                farthest = off > farthest ? off : farthest;
                cosine += (double)vector[c] * (double)query[i * D + c];
            }
            hits += rank_of(vector, (uint32_t)(i / CAPTIONS)) <= 10;
            true_hits += rank_of(query + i * D, (uint32_t)(i / CAPTIONS)) <= 10;
            shared += (double)shared_top(vector, query + i * D) / 10;
            measured++;
        }
        encoder_close(encoder);
    }
    if (!(farthest < 2e-3)) /* the rounding of float16 */
        fail_msg("%g apart", farthest);
    matrix_close(&written);
    collection_close(all);
    if (SANITIZED) /* the report is of all groups */
        return;
    assert_int_equal(report.quality.captions, measured);
    assert_int_equal(report.with_video, measured);
    assert_true(fabs(report.quality.cosine - cosine / (double)measured) < 1e-4);
    assert_true(fabs(report.quality.recall_of_true - true_hits / (double)measured) < 1e-9);
    assert_true(fabs(report.quality.recall - hits / (double)measured) <= 1.0 / (double)measured);
    assert_true(fabs(report.quality.overlap - shared / (double)measured) < 2e-3);
    assert_true(report.quality.cosine > 0.6 && report.quality.cosine < 0.99);
}

static void test_in_place(void **state)
{
    const char *dir = *state;
    const struct fit_encoder_options options = {0};
    struct encoder_quality quality;
    struct error error = {0};

    make_data();
    struct collection *collection = import_part(dir, "all", NULL, NULL);
    assert_null(collection->model[0]->encoder);
    assert_null(fit_encoder_unavailable(collection, NULL));
    struct fit_encoder_report report = fit(collection, &options, NULL);
    assert_int_equal(report.captions, QUERIES + BANK);
    assert_int_equal(report.banks, 1);
    assert_string_equal(report.other, "");
    char path[512];
    snprintf(path, sizeof path, "%s", collection->path);
    collection_close(collection);

    collection = collection_open(path, &error);
    assert_non_null(collection);
    assert_non_null(collection->model[0]->encoder);
    assert_true(encoder_quality(collection->model[0]->encoder, &quality));
    assert_true(fabs(quality.cosine - report.quality.cosine) < 1e-12);
    assert_true(fabs(encoder_quality_kept(&quality) - encoder_quality_kept(&report.quality)) < 1e-12);
    assert_int_equal(quality.captions, report.quality.captions);

    /* fits again only on request, and then compares with the previous one */
    struct fit_encoder_report again;
    assert_int_equal(fit_encoder_install(collection, &options, NULL, false, &again, NULL, &error), -1);
    assert_non_null(strstr(error.text, "has a fitted encoder already"));
    again = fit(collection, &options, NULL);
    assert_string_equal(again.other, "fitted");
    assert_true(again.quality.cosine == report.quality.cosine);
    assert_true(again.other_quality.cosine > again.quality.cosine); /* the previous encoder has seen these captions */
    assert_true(again.other_overlap > 0.3 && again.other_overlap <= 1);
    collection_close(collection);
}

/* Any number of workers gives the same bytes. */
static void test_workers(void **state)
{
    const char *dir = *state;
    const struct fit_encoder_options options = {0};
    char output[2][512], path[600];
    char *bytes[2][2];
    size_t size[2][2];

    make_data();
    struct collection *collection = import_part(dir, "all", NULL, NULL);
    for (size_t i = 0; i < 2; i++) {
        pool_set_workers(i ? 4 : 1);
        snprintf(output[i], sizeof output[i], "%s/encoder%zu", dir, i);
        fit(collection, &options, output[i]);
        for (size_t j = 0; j < 2; j++) {
            snprintf(path, sizeof path, "%s/%s", output[i], j ? "config.json" : "model.safetensors");
            bytes[i][j] = NULL;
            FILE *file = fopen(path, "rb");
            assert_non_null(file);
            bytes[i][j] = memory_array(1 << 22, 1);
            size[i][j] = fread(bytes[i][j], 1, 1 << 22, file);
            fclose(file);
        }
    }
    pool_set_workers(0);
    for (size_t j = 0; j < 2; j++) {
        assert_int_equal(size[0][j], size[1][j]);
        assert_in_range(size[0][j], 100, (1 << 22) - 1);
        assert_memory_equal(bytes[0][j], bytes[1][j], size[0][j]);
        free(bytes[0][j]);
        free(bytes[1][j]);
    }
    collection_close(collection);
}

static void test_refused(void **state)
{
    const char *dir = *state;
    const struct fit_encoder_options options = {0};
    struct fit_encoder_report report;
    struct error error = {0};
    bool queries[QUERIES], banks[BANK];
    char output[512], file[600];

    make_data();
    for (size_t b = 0; b < BANK; b++)
        banks[b] = true;
    for (size_t i = 0; i < QUERIES; i++)
        queries[i] = i < 59;
    struct collection *few = import_part(dir, "few", queries, banks);
    snprintf(output, sizeof output, "%s/encoder", dir);
    assert_int_equal(fit_encoder_install(few, &options, output, false, &report, NULL, &error), -1);
    assert_non_null(strstr(error.text, "fewer than 60 evaluation captions"));
    assert_true(access(output, F_OK) != 0);
    collection_close(few);

    /* a folder that is not an encoder is left alone */
    struct collection *collection = import_part(dir, "all", NULL, NULL);
    mkdir(output, 0777);
    snprintf(file, sizeof file, "%s/notes.txt", output);
    fclose(fopen(file, "w"));
    assert_int_equal(fit_encoder_install(collection, &options, output, true, &report, NULL, &error), -1);
    assert_non_null(strstr(error.text, "is not a fitted encoder"));
    assert_int_equal(fit_encoder_install(collection, &options, output, false, &report, NULL, &error), -1);
    assert_non_null(strstr(error.text, "already exists"));
    assert_true(access(file, F_OK) == 0);

    /* cancelled: nothing is left behind */
    struct job job = {.cancel = true};
    unlink(file);
    rmdir(output);
    assert_int_equal(fit_encoder_install(collection, &options, output, false, &report, &job, &error), -1);
    assert_int_equal(error.kind, ERROR_CANCELLED);
    assert_true(access(output, F_OK) != 0);
    collection_close(collection);
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

static int tree_remove(void **state)
{
    int failed = nftw(*state, remove_one, 8, FTW_DEPTH | FTW_PHYS);

    free(*state);
    return failed;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_numbers_are_measured, folder_make, tree_remove),
        cmocka_unit_test_setup_teardown(test_in_place, folder_make, tree_remove),
        cmocka_unit_test_setup_teardown(test_workers, folder_make, tree_remove),
        cmocka_unit_test_setup_teardown(test_refused, folder_make, tree_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
