/* Caption features and the ridge solver, against the same problem written out densely. */
#include "engine/fit_encoder/ridge.h"

#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/encoders/words.h"
#include "tests/unit/folder.h"
#include <math.h>

enum { D = 70, CAPTIONS = 24, WIDE = 4096 }; /* more than one slice */

static const char *const captions[CAPTIONS] = {"a red ball",
                                               "the red ball bounces",
                                               "a blue ball rolls",
                                               "the blue car rolls away",
                                               "a red car",
                                               "banana banana",
                                               "a banana and a red ball",
                                               "the cat sleeps",
                                               "a cat sleeps on the car",
                                               "Äpfel und Birnen",
                                               "äpfel rollen",
                                               "a rolling ball",
                                               "",
                                               "the bouncing cat",
                                               "黄色 cat",
                                               "黄色 car",
                                               "blue blue blue",
                                               "a car rolls",
                                               "sleeping cats",
                                               "red birds sleep",
                                               "...",
                                               "a bird on a red car",
                                               "the bird sings",
                                               "singing birds"};

static float vectors[CAPTIONS * D];
static bool learn[CAPTIONS];

static void make(struct features *features)
{
    uint32_t seed = 11;
    struct error error = {0};

    *features = (struct features){0};
    for (size_t i = 0; i < CAPTIONS * D; i++)
        vectors[i] = (float)(folder_random(&seed) % 2001) / 1000 - 1;
    for (size_t i = 0; i < CAPTIONS; i++) {
        learn[i] = i % 7 != 3;
        assert_int_equal(features_add(features, captions[i], &error), 0);
    }
    assert_int_equal(features_finish(features, D, &error), 0);
    assert_int_equal(features->captions, CAPTIONS);
}

static void test_features(void **state)
{
    (void)state;
    struct features features;
    size_t banana = SIZE_MAX, shared = 0;

    make(&features);
    assert_int_equal(features.text_start[13], features.text_start[12]); /* no words */
    assert_int_equal(features.text_start[1] - features.text_start[0], 3);
    assert_int_equal(features.text_start[15] - features.text_start[14], 4); /* 黄 色 黄色 cat */
    assert_int_equal(features.digest[3] == features.digest[4], 0);
    for (size_t type = 0; type < features.types; type++)
        if (strcmp(features.names + features.name[type], "banana") == 0)
            banana = type;
    assert_true(banana != SIZE_MAX);
    assert_int_equal(features.type_start[banana + 1] - features.type_start[banana], 3);
    assert_int_equal(features.type_text[features.type_start[banana]], 5);
    assert_int_equal(features.type_text[features.type_start[banana] + 1], 5);
    assert_int_equal(features.type_text[features.type_start[banana] + 2], 6);
    for (size_t gram = 0; gram < features.grams; gram++) {
        assert_true(gram == 0 || features.slot[gram] > features.slot[gram - 1]);
        shared += features.shared_of[gram] != UINT32_MAX;
    }
    assert_int_equal(shared, features.shared);
    assert_in_range(shared, 5, features.grams - 5);
    features_close(&features);
}

/* Rows X of the training captions and of every type, feature by feature: words first, then one column for each n-gram,
 * none of them merged. */
static size_t write_out(const struct features *features, double *x, double *type_row)
{
    size_t words = 0, texts = 0;
    size_t *own = memory_array(features->types, sizeof *own);
    double *idf = memory_array(features->types, sizeof *idf);

    for (size_t i = 0; i < CAPTIONS; i++)
        texts += learn[i];
    for (size_t type = 0; type < features->types; type++) {
        size_t count = 0;
        for (size_t i = 0; i < CAPTIONS; i++) {
            bool has = false;
            for (size_t at = features->text_start[i]; at < features->text_start[i + 1]; at++)
                has |= features->text_type[at] == type;
            count += has && learn[i];
        }
        own[type] = count >= 2 ? words++ : SIZE_MAX;
        idf[type] = count >= 2                       ? log((double)(texts + 1) / (double)(count + 1)) + 1
                    : count && !features->pair[type] ? log((double)(texts + 1) / 2) + 1
                                                     : 0;
    }
    for (size_t type = 0; type < features->types; type++) {
        const char *name = features->names + features->name[type];
        uint32_t rows[WORD_GRAMS];
        size_t grams = words_grams(name, strlen(name), 3, 5, features->table, rows);
        for (size_t i = 0; i < grams && idf[type] > 0; i++) {
            size_t gram = 0;
            while (features->slot[gram] != rows[i])
                gram++;
            type_row[type * WIDE + words + gram] += 1 / sqrt((double)grams);
        }
        if (own[type] != SIZE_MAX)
            type_row[type * WIDE + own[type]] = 1;
    }
    for (size_t i = 0; i < CAPTIONS; i++) {
        double squares = 0;
        for (size_t at = features->text_start[i]; at < features->text_start[i + 1]; at++)
            squares += idf[features->text_type[at]] * idf[features->text_type[at]];
        for (size_t at = features->text_start[i]; at < features->text_start[i + 1] && learn[i]; at++)
            for (size_t f = 0; f < WIDE; f++)
                x[i * WIDE + f] +=
                    idf[features->text_type[at]] / sqrt(squares) * type_row[features->text_type[at] * WIDE + f];
    }
    assert_true(words + features->grams < WIDE);
    free(own);
    free(idf);
    return words;
}

/* W = X' (X X' + ridge)^-1 (Y - m) by elimination, for column c. */
static void solve_densely(const double *x, const double *y, double ridge, double *w)
{
    static double a[CAPTIONS][CAPTIONS + 1];

    for (size_t i = 0; i < CAPTIONS; i++) {
        for (size_t j = 0; j < CAPTIONS; j++) {
            a[i][j] = i == j ? ridge : 0;
            for (size_t f = 0; f < WIDE; f++)
                a[i][j] += x[i * WIDE + f] * x[j * WIDE + f];
        }
        a[i][CAPTIONS] = y[i];
    }
    for (size_t i = 0; i < CAPTIONS; i++)
        for (size_t j = 0; j < CAPTIONS; j++) {
            double factor = j == i ? 0 : a[j][i] / a[i][i];
            for (size_t k = i; k <= CAPTIONS && factor != 0; k++)
                a[j][k] -= factor * a[i][k];
        }
    for (size_t f = 0; f < WIDE; f++) {
        w[f] = 0;
        for (size_t i = 0; i < CAPTIONS; i++)
            w[f] += x[i * WIDE + f] * a[i][CAPTIONS] / a[i][i];
    }
}

struct taken {
    size_t types;
    float *type; /* (types, D) */
    float mean[D];
    size_t slices;
};

static void take(void *context, const struct ridge_slice *slice)
{
    struct taken *taken = context;

    assert_int_equal(slice->first, taken->slices++ * RIDGE_COLUMNS);
    for (size_t c = 0; c < slice->columns; c++)
        taken->mean[slice->first + c] = slice->mean[c];
    for (size_t type = 0; type < taken->types; type++)
        memcpy(taken->type + type * D + slice->first, slice->type + type * RIDGE_COLUMNS,
               slice->columns * sizeof(float));
}

static void solve(const struct features *features, double ridge, struct taken *taken)
{
    struct feature_weights weights;
    struct error error = {0};
    struct job job = {0};
    const struct matrix matrix = matrix_view(vectors, CAPTIONS - 10, D);
    const struct matrix rest = matrix_view(vectors + (CAPTIONS - 10) * D, 10, D);
    const struct ridge_part parts[] = {{&matrix, 0}, {&rest, CAPTIONS - 10}};

    assert_int_equal(feature_weights_make(&weights, features, learn, &error), 0);
    const struct ridge problem = {.features = features,
                                  .weights = &weights,
                                  .learn = learn,
                                  .parts = parts,
                                  .part_count = 2,
                                  .dimension = D,
                                  .columns = D,
                                  .ridge = ridge,
                                  .tolerance = 1e-5};
    *taken = (struct taken){.types = features->types, .type = memory_floats(features->types * D)};
    assert_int_equal(ridge_solve(&problem, take, taken, &job, &error), 0);
    assert_int_equal(taken->slices, ridge_steps(D));
    assert_int_equal(job.done, ridge_steps(D));
    feature_weights_close(&weights);
}

static void test_solution(void **state)
{
    (void)state;
    struct features features;
    struct taken taken;
    double *x = memory_array(CAPTIONS * WIDE, sizeof *x), *w = memory_array(WIDE, sizeof *w);
    double y[CAPTIONS];

    make(&features);
    double *type_row = memory_array(features.types * WIDE, sizeof *type_row);
    write_out(&features, x, type_row);
    for (double ridge = 0.1; ridge < 20; ridge *= 10) {
        double error = 0, size = 0;
        size_t compared = 0;
        solve(&features, ridge, &taken);
        for (size_t c = 0; c < D; c += 23) {
            double mean = 0, texts = 0;
            for (size_t i = 0; i < CAPTIONS; i++) {
                mean += learn[i] ? (double)vectors[i * D + c] : 0;
                texts += learn[i];
            }
            mean /= texts;
            assert_true(fabs(mean - (double)taken.mean[c]) < 1e-6);
            for (size_t i = 0; i < CAPTIONS; i++)
                y[i] = learn[i] ? (double)vectors[i * D + c] - mean : 0;
            solve_densely(x, y, ridge, w);
            for (size_t type = 0; type < features.types; type++) {
                double wanted = 0, weight = 0;
                for (size_t f = 0; f < WIDE; f++) {
                    wanted += type_row[type * WIDE + f] * w[f];
                    weight += type_row[type * WIDE + f];
                }
                if (weight == 0) /* a word that is not learned */
                    continue;
                compared++;
                double off = wanted - (double)taken.type[type * D + c];
                error += off * off;
                size += wanted * wanted;
            }
        }
        assert_in_range(compared, 100, 1000);
        if (!(sqrt(error / size) < 2e-4))
            fail_msg("ridge %g: relative error %g", ridge, sqrt(error / size));
        free(taken.type);
    }
    free(x);
    free(w);
    free(type_row);
    features_close(&features);
}

static void test_workers(void **state)
{
    (void)state;
    struct features features;
    struct taken one, other;

    make(&features);
    pool_set_workers(1);
    solve(&features, 0.3, &one);
    pool_set_workers(5);
    solve(&features, 0.3, &other);
    pool_set_workers(0);
    assert_memory_equal(one.type, other.type, features.types * D * sizeof(float));
    assert_memory_equal(one.mean, other.mean, sizeof one.mean);
    free(one.type);
    free(other.type);
    features_close(&features);
}

static void test_cancelled(void **state)
{
    (void)state;
    struct features features;
    struct feature_weights weights;
    struct error error = {0};
    struct job job = {.cancel = true};
    const struct matrix matrix = matrix_view(vectors, CAPTIONS, D);
    const struct ridge_part part = {&matrix, 0};
    struct taken taken = {0};

    make(&features);
    assert_int_equal(feature_weights_make(&weights, &features, learn, &error), 0);
    const struct ridge problem = {.features = &features,
                                  .weights = &weights,
                                  .learn = learn,
                                  .parts = &part,
                                  .part_count = 1,
                                  .dimension = D,
                                  .columns = D,
                                  .ridge = 1};
    assert_int_equal(ridge_solve(&problem, take, &taken, &job, &error), -1);
    assert_int_equal(error.kind, ERROR_CANCELLED);
    assert_int_equal(taken.slices, 0);
    feature_weights_close(&weights);
    features_close(&features);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_features),
        cmocka_unit_test(test_solution),
        cmocka_unit_test(test_workers),
        cmocka_unit_test(test_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
