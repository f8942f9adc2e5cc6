/* libhubscope through its public headers alone: matrices that it reads in place, what it refuses, results, and two
 * collections in two threads. */
#include <hubscope/hubscope.h>

#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { VIDEOS = 90, QUERIES = 2 * VIDEOS, BANK = 70, DIMENSION = 12, ROUNDS = 6 };

struct made { /* embeddings (rows, DIMENSION) of unit length, each in one piece */
    float videos[VIDEOS * DIMENSION], queries[QUERIES * DIMENSION], bank[BANK * DIMENSION];
};

static void fill(float *rows, size_t count, unsigned seed)
{
    for (size_t i = 0; i < count; i++) {
        double square = 0;
        for (size_t d = 0; d < DIMENSION; d++) {
            seed = seed * 1664525u + 1013904223u;
            rows[i * DIMENSION + d] = (float)(seed >> 8) / (float)(1 << 24) - 0.5f;
            square += rows[i * DIMENSION + d] * rows[i * DIMENSION + d];
        }
        for (size_t d = 0; d < DIMENSION; d++)
            rows[i * DIMENSION + d] /= (float)sqrt(square);
    }
}

static void make(struct made *made, unsigned seed)
{
    fill(made->videos, VIDEOS, seed);
    fill(made->queries, QUERIES, seed + 1);
    fill(made->bank, BANK, seed + 2);
}

static struct hubscope_matrix plain(const float *data, size_t rows)
{
    return (struct hubscope_matrix){data, rows, DIMENSION, DIMENSION, 1};
}

static struct hubscope_matrices of(const struct made *made)
{
    return (struct hubscope_matrices){.size = sizeof(struct hubscope_matrices),
                                      .videos = plain(made->videos, VIDEOS),
                                      .queries = plain(made->queries, QUERIES),
                                      .bank = plain(made->bank, BANK),
                                      .logit_scale = 20};
}

static void good(struct hubscope_error error)
{
    if (error.code)
        fail_msg("%d: %s", error.code, error.message);
}

static void refused(struct hubscope_error error, enum hubscope_code code, const char *part)
{
    assert_int_equal(error.code, code);
    if (!strstr(error.message, part))
        fail_msg("'%s' does not say '%s'", error.message, part);
}

/* Studies all rules of the matrices; the caller closes both. */
static struct hubscope_error study_of(const struct hubscope_matrices *matrices, struct hubscope_collection **collection,
                                      struct hubscope_study **study)
{
    struct hubscope_error error = hubscope_collection_borrow(matrices, collection);

    *study = NULL;
    if (!error.code)
        error = hubscope_study_open(*collection, NULL, study);
    if (!error.code)
        error = hubscope_study_add(*study, "all");
    if (!error.code)
        error = hubscope_study_fit(*study, NULL);
    return error.code ? error : hubscope_study_analyse(*study, 0, NULL);
}

/* Whether two studies found the same to the bit. */
static bool same(const struct hubscope_study *a, const struct hubscope_study *b)
{
    size_t entries = hubscope_study_entries(a), places;
    bool equal = entries == hubscope_study_entries(b);

    for (size_t e = 0; equal && e < entries; e++) {
        const uint32_t *lists = hubscope_result_lists(a, e, &places);
        equal = memcmp(hubscope_result_ranks(a, e), hubscope_result_ranks(b, e), QUERIES * sizeof(double)) == 0 &&
                memcmp(lists, hubscope_result_lists(b, e, &places), QUERIES * places * sizeof *lists) == 0;
        for (size_t m = 0; equal && m < hubscope_measures(); m++) {
            double x = hubscope_result_measure(a, e, hubscope_measure_name(m));
            double y = hubscope_result_measure(b, e, hubscope_measure_name(m));
            equal = x == y || (isnan(x) && isnan(y));
        }
    }
    return equal;
}

static void matrices_are_read_where_they_lie(void **state)
{
    enum { ROW = 2 * DIMENSION + 3 };
    static struct made made;
    static float wide[QUERIES * ROW], turned[DIMENSION * VIDEOS], back[BANK * DIMENSION];
    struct hubscope_collection *collection[2];
    struct hubscope_study *study[2];
    struct hubscope_matrices matrices;

    (void)state;
    make(&made, 5);
    for (size_t d = 0; d < DIMENSION; d++) {
        for (size_t q = 0; q < QUERIES; q++)
            wide[q * ROW + 2 * d] = made.queries[q * DIMENSION + d]; /* every other column of wider rows */
        for (size_t v = 0; v < VIDEOS; v++)
            turned[d * VIDEOS + v] = made.videos[v * DIMENSION + d]; /* column by column */
        for (size_t b = 0; b < BANK; b++)
            back[(BANK - 1 - b) * DIMENSION + d] = made.bank[b * DIMENSION + d]; /* from the last row to the first */
    }
    matrices = of(&made);
    good(study_of(&matrices, &collection[0], &study[0]));
    matrices.queries = (struct hubscope_matrix){wide, QUERIES, DIMENSION, ROW, 2};
    matrices.videos = (struct hubscope_matrix){turned, VIDEOS, DIMENSION, 1, VIDEOS};
    matrices.bank = (struct hubscope_matrix){back + (BANK - 1) * DIMENSION, BANK, DIMENSION, -DIMENSION, 1};
    good(study_of(&matrices, &collection[1], &study[1]));
    assert_true(same(study[0], study[1]));

    /* Not copies: a study of the same collection finds the queries that lie there now. */
    hubscope_study_close(study[1]);
    for (size_t q = 0; q < QUERIES; q++)
        for (size_t d = 0; d < DIMENSION; d++)
            wide[q * ROW + 2 * d] = made.videos[q / 2 * DIMENSION + d];
    good(hubscope_study_open(collection[1], NULL, &study[1]));
    good(hubscope_study_add(study[1], "raw"));
    good(hubscope_study_fit(study[1], NULL));
    good(hubscope_study_analyse(study[1], 0, NULL));
    assert_true(hubscope_result_measure(study[1], 0, "R@1") == 100);
    for (size_t i = 0; i < 2; i++) {
        hubscope_study_close(study[i]);
        hubscope_collection_close(collection[i]);
    }
}

static void results_belong_together(void **state)
{
    static struct made made;
    struct hubscope_collection *collection;
    struct hubscope_study *study;
    static float scores[VIDEOS], twice[DIMENSION];
    uint32_t items[10];
    double probabilities[10], sum = 0;
    size_t places, within = 0;

    (void)state;
    make(&made, 9);
    struct hubscope_matrices matrices = of(&made);
    good(study_of(&matrices, &collection, &study));
    assert_int_equal(hubscope_study_queries(study), QUERIES);
    assert_int_equal(hubscope_study_gallery(study), VIDEOS);
    size_t ncl = 0;
    while (strcmp(hubscope_result_rule(study, ncl), "ncl") != 0)
        ncl++;
    assert_string_equal(hubscope_result_bank(study, ncl), "bank");
    assert_true(hubscope_result_parameter(study, ncl, "scale") == 20);
    assert_non_null(hubscope_result_bias(study, ncl));

    /* The lists, the best scores of each query, its rank and R@5 agree; so do a vector twice as long and its query. */
    const double *ranks = hubscope_result_ranks(study, ncl);
    const uint32_t *lists = hubscope_result_lists(study, ncl, &places);
    assert_int_equal(places, 10);
    for (size_t q = 0; q < QUERIES; q++)
        within += ranks[q] < 6;
    assert_true(fabs(hubscope_result_measure(study, ncl, "R@5") - 100. * (double)within / QUERIES) < 1e-9);
    good(hubscope_study_search(study, ncl, NULL, 7, 10, items, probabilities));
    assert_memory_equal(items, lists + 7 * places, sizeof items);
    good(hubscope_study_score(study, ncl, NULL, 7, scores));
    for (size_t v = 0; v < VIDEOS; v++)
        assert_true(scores[v] <= scores[items[0]]);
    for (size_t d = 0; d < DIMENSION; d++)
        twice[d] = 2 * made.queries[7 * DIMENSION + d];
    good(hubscope_study_search(study, ncl, twice, 0, 10, items, NULL));
    assert_memory_equal(items, lists + 7 * places, sizeof items);
    for (size_t i = 0; i < 10; i++)
        sum += probabilities[i];
    assert_true(probabilities[0] >= probabilities[9] && sum > 0 && sum < 1 + 1e-9);
    const double *mass = hubscope_result_mass(study, ncl);
    const uint32_t *occurrences = hubscope_result_occurrences(study, ncl, 10);
    double all = 0, listed = 0;
    for (size_t v = 0; v < VIDEOS; v++) {
        all += mass[v];
        listed += occurrences[v];
    }
    assert_true(fabs(all - QUERIES) < 1e-3 && listed == 10. * QUERIES);
    assert_null(hubscope_result_occurrences(study, ncl, 7));
    assert_true(isnan(hubscope_result_measure(study, ncl, "R@2")));
    assert_null(hubscope_result_rule(study, hubscope_study_entries(study)));
    hubscope_study_close(study);
    hubscope_collection_close(collection);
}

static void rules_are_described(void **state)
{
    (void)state;
    assert_true(hubscope_rules() > 10);
    for (size_t r = 0; r < hubscope_rules(); r++) {
        struct hubscope_rule rule = hubscope_rule(r);
        assert_true(*rule.name && *rule.title && *rule.formula);
        for (size_t p = 0; p < rule.parameters; p++)
            assert_true(hubscope_rule_parameter(r, p).least <= hubscope_rule_parameter(r, p).most);
        assert_null(hubscope_rule_parameter(r, rule.parameters).name);
    }
    assert_null(hubscope_rule(hubscope_rules()).name);
}

static void faults_are_named(void **state)
{
    static struct made made;
    struct hubscope_collection *collection;
    struct hubscope_study *study;
    struct hubscope_job *job = hubscope_job_new();
    static int64_t targets[QUERIES];
    float scores[VIDEOS];

    (void)state;
    make(&made, 3);
    refused(hubscope_collection_open("/nowhere/at/all", &collection), HUBSCOPE_SYSTEM, "/nowhere/at/all");
    assert_null(collection);
    struct hubscope_matrices matrices = of(&made);
    matrices.size = 1;
    refused(hubscope_collection_borrow(&matrices, &collection), HUBSCOPE_USAGE, "size");
    matrices = of(&made);
    matrices.bank.columns = DIMENSION - 1;
    refused(hubscope_collection_borrow(&matrices, &collection), HUBSCOPE_INPUT, "11 dimensions");
    matrices = of(&made);
    matrices.queries.rows = QUERIES - 1;
    refused(hubscope_collection_borrow(&matrices, &collection), HUBSCOPE_INPUT, "179");
    matrices = of(&made);
    matrices.similarities = plain(made.videos, VIDEOS);
    refused(hubscope_collection_borrow(&matrices, &collection), HUBSCOPE_INPUT, "together");
    matrices = of(&made);
    targets[4] = VIDEOS;
    matrices.targets = targets;
    refused(hubscope_collection_borrow(&matrices, &collection), HUBSCOPE_INPUT, "target 4 is 90");
    made.videos[DIMENSION] = NAN;
    matrices.targets = NULL;
    refused(hubscope_collection_borrow(&matrices, &collection), HUBSCOPE_INPUT, "row 1");
    make(&made, 3);
    good(hubscope_collection_borrow(&matrices, &collection));
    good(hubscope_study_open(collection, NULL, &study));
    refused(hubscope_study_add(study, "nlc"), HUBSCOPE_INPUT, "nlc");
    refused(hubscope_study_add(study, "ncl@nowhere"), HUBSCOPE_INPUT, "nowhere");
    assert_int_equal(hubscope_study_entries(study), 0);
    good(hubscope_study_add(study, "ncl"));
    refused(hubscope_study_score(study, 0, NULL, 0, scores), HUBSCOPE_USAGE, "not fitted");
    refused(hubscope_study_score(study, 1, NULL, 0, scores), HUBSCOPE_USAGE, "no entry 1");
    assert_true(isnan(hubscope_result_measure(study, 0, "R@1")));
    hubscope_job_cancel(job);
    refused(hubscope_study_fit(study, job), HUBSCOPE_CANCELLED, "cancelled");
    good(hubscope_study_fit(study, NULL));
    refused(hubscope_study_score(study, 0, NULL, QUERIES, scores), HUBSCOPE_INPUT, "180");
    refused(hubscope_study_analyse(study, 7, NULL), HUBSCOPE_USAGE, "10 to 100");
    hubscope_study_close(study);
    hubscope_collection_close(collection);
    hubscope_study_close(NULL);
    hubscope_collection_close(NULL);
    hubscope_job_free(job);
}

struct work { /* of one thread */
    struct made made;
    struct hubscope_study *expected;
    unsigned wrong;
};

static void *work(void *argument)
{
    struct work *own = argument;

    for (size_t round = 0; round < ROUNDS; round++) {
        struct hubscope_matrices matrices = of(&own->made);
        struct hubscope_collection *collection;
        struct hubscope_study *study;
        own->wrong += study_of(&matrices, &collection, &study).code || !same(own->expected, study);
        hubscope_study_close(study);
        hubscope_collection_close(collection);
    }
    return NULL;
}

static void two_threads_have_a_collection_each(void **state)
{
    static struct work own[2];
    struct hubscope_collection *collection[2];
    pthread_t thread[2];

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        make(&own[i].made, 20 + i);
        struct hubscope_matrices matrices = of(&own[i].made);
        good(study_of(&matrices, &collection[i], &own[i].expected));
    }
    assert_false(same(own[0].expected, own[1].expected));
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, work, &own[i]), 0);
    for (size_t i = 0; i < 2; i++) {
        pthread_join(thread[i], NULL);
        assert_int_equal(own[i].wrong, 0);
        hubscope_study_close(own[i].expected);
        hubscope_collection_close(collection[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matrices_are_read_where_they_lie),
        cmocka_unit_test(results_belong_together),
        cmocka_unit_test(rules_are_described),
        cmocka_unit_test(faults_are_named),
        cmocka_unit_test(two_threads_have_a_collection_each),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
