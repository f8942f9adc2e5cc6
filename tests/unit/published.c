/* The rules against the output of their published code on the same small matrices: tests/golden/published/README.md.
 * The test prints the largest difference of each.  Similarities are sums of floats here and of doubles there. */
#include "engine/collection/collection.h"
#include "engine/evaluation/analysis.h"
#include "engine/evaluation/search.h"
#include "engine/formats/npy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "expected.h"

#define FOLDER TESTS_DIR "/golden/published"
#define CLOSE 5e-7        /* logits and biases, divided by the scale: in units of similarity */
#define CLOSE_SCORES 5e-6 /* distances as ratios, proximities as probabilities */
#define ROUNDED 0.051     /* the published metrics are rounded to 0.1 */

static struct collection *open_collection(struct bare bare)
{
    struct error error;
    struct collection *collection = collection_bare(&bare, &error);

    if (!collection)
        fail_msg("%s", error.text);
    return collection;
}

static struct collection *open_input(const char *bank)
{
    return open_collection((struct bare){.queries = FOLDER "/input/queries.npy",
                                         .videos = FOLDER "/input/videos.npy",
                                         .bank = bank ? bank : FOLDER "/input/bank.npy",
                                         .video_bank = FOLDER "/input/video_bank.npy",
                                         .targets = FOLDER "/input/targets.npy"});
}

static json_t *read_expected(const char *folder)
{
    char path[600];

    snprintf(path, sizeof path, FOLDER "/%s/expected.json", folder);
    return expected_read(path);
}

static const char *text_of(const json_t *entry, const char *name)
{
    return json_string_value(json_object_get(entry, name));
}

static double number_of(const json_t *list, size_t index)
{
    return json_number_value(json_array_get(list, index));
}

/* One rule fitted, with its analysis. */
struct run {
    struct task task;
    struct fit *fit;
    struct analysis analysis;
};

static void run_open(struct run *run, const struct collection *collection, enum direction direction,
                     const json_t *entry)
{
    struct rule_spec spec;
    struct fit_options options = {.no_cache = true};
    struct error error;

    if (task_open(&run->task, collection, NULL, direction, NULL, &error))
        fail_msg("%s", error.text);
    assert_true(expected_spec(entry, run->task.logit_scale, &spec));
    if (fit_rules(&run->task, &spec, 1, &options, &run->fit, NULL, &error) ||
        analysis_run(&run->task, &run->fit, 1, &run->analysis, NULL, &error))
        fail_msg("%s", error.text);
}

static void run_close(struct run *run)
{
    analysis_close(&run->analysis);
    fit_release(run->fit);
    task_close(&run->task);
}

/* Ranks are equal; `skipped` (Q) marks queries that are not compared, or is null. */
static void check_evaluation(const struct analysis *analysis, const json_t *right, const bool *skipped)
{
    const json_t *rank = json_object_get(right, "rank");
    const struct metrics *metrics = &analysis->metrics;

    assert_int_equal(json_array_size(rank), analysis->queries);
    for (size_t q = 0; q < analysis->queries; q++)
        if (!skipped || !skipped[q])
            expected_near("rank", analysis->rank[q], number_of(rank, q), 0);
    if (skipped)
        return;
    expected_near("R@1", metrics->r1, expected_number(right, "R1"), ROUNDED);
    expected_near("R@5", metrics->r5, expected_number(right, "R5"), ROUNDED);
    expected_near("R@10", metrics->r10, expected_number(right, "R10"), ROUNDED);
    expected_near("R@50", metrics->r50, expected_number(right, "R50"), ROUNDED);
    expected_near("MdR", metrics->mdr, expected_number(right, "MedR"), ROUNDED);
    expected_near("MnR", metrics->mnr, expected_number(right, "MeanR"), ROUNDED);
    expected_near("geom", metrics->geometric, expected_number(right, "geometric_mean_R1-R5-R10"), ROUNDED);
}

/* One query under one rule, and its published values. */
struct row {
    const struct fit *fit;
    const struct search *search;
    const float *values;         /* (M) */
    const float *gallery_values; /* (M) a second factor, or null */
    bool open, gallery_open;
    double factor;
};

/* Logit of item j from the published value, up to a constant of the row. */
static double published_logit(const struct row *row, const char *kind, size_t j)
{
    const struct rule_spec *spec = &row->fit->spec;
    double s = (double)row->search->similarity[j], value = (double)row->values[j];

    if (strcmp(kind, "scores") == 0)
        return row->factor * value;
    if (strcmp(kind, "exponentials") == 0)
        return row->open ? log(value) : row->fit->scale * value;
    double first = row->open ? log(value) : rule_value(spec, "beta_query") * s;
    double second = row->gallery_open ? log((double)row->gallery_values[j]) : rule_value(spec, "beta_gallery") * s;
    return first + second;
}

/* The largest difference over the row after subtracting the mean difference. */
static double apart_in_logits(const struct row *row, const char *kind)
{
    size_t m = row->search->m;
    const float *score = row->search->list[0].score;
    double mean = 0, worst = 0;

    for (size_t j = 0; j < m; j++)
        mean += (row->fit->scale * (double)score[j] - published_logit(row, kind, j)) / (double)m;
    for (size_t j = 0; j < m; j++)
        worst = fmax(worst, fabs(row->fit->scale * (double)score[j] - published_logit(row, kind, j) - mean));
    return worst;
}

/* For rules without logits. */
static double apart_in_scores(const struct row *row, const char *kind)
{
    size_t m = row->search->m;
    const float *score = row->search->list[0].score;
    double worst = 0, first = (double)row->values[0] / (double)-score[0];

    if (strcmp(kind, "order") == 0)
        return 0;
    for (size_t j = 0; j < m; j++) {
        double value = (double)row->values[j];
        if (strcmp(kind, "distances") == 0) /* we leave out a factor of the row */
            worst = fmax(worst, fabs(value / (double)-score[j] / first - 1));
        else
            worst = fmax(worst, fabs(1 - value - exp((double)score[j])));
    }
    return worst;
}

static bool has_logits(const char *kind)
{
    return strcmp(kind, "scores") == 0 || strcmp(kind, "exponentials") == 0 || strcmp(kind, "factors") == 0;
}

/* The published values descend along our list. */
static void check_order(const struct row *row, const char *kind)
{
    bool rising = strcmp(kind, "distances") == 0 || strcmp(kind, "proximities") == 0;
    const uint32_t *item = row->search->list[0].item;

    for (size_t place = 1; place < row->search->k; place++) {
        double before = (double)row->values[item[place - 1]], after = (double)row->values[item[place]];
        double falls = rising ? after - before : before - after;
        if (falls < -1e-6 * fabs(before))
            fail_msg("items %u and %u change places: %.9g, %.9g", item[place - 1], item[place], before, after);
    }
}

static struct matrix read_values(const char *folder, const json_t *entry, const char *name)
{
    char path[600];
    struct matrix matrix;
    struct error error;

    snprintf(path, sizeof path, FOLDER "/%s/%s", folder, text_of(entry, name));
    if (npy_open(path, &matrix, &error))
        fail_msg("%s", error.text);
    return matrix;
}

/* Compares biases absolutely: all kinds except `scores` have them in full. */
static double apart_in_bias(const struct run *run, const struct row *row, const json_t *entry, const char *kind)
{
    const json_t *bias = json_object_get(entry, "bias");
    const struct fit *fit = run->fit;
    double worst = 0;

    for (size_t j = 0; bias && j < fit->m; j++)
        worst = fmax(worst, fabs(fit->bias[j] - number_of(bias, j)));
    if (strcmp(kind, "exponentials") == 0 && row->open)
        for (size_t j = 0; j < fit->m; j++) {
            double published = log((double)row->values[j]) - fit->scale * (double)row->search->similarity[j];
            worst = fmax(worst, fabs(fit->bias[j] - published));
        }
    return worst;
}

/* DualDIS with one gate open: the published code then multiplies by the similarity itself, ours by exp(beta S). */
static bool half_open(const struct row *row)
{
    return row->gallery_values && row->open != row->gallery_open;
}

static void check_rule(const struct collection *collection, const char *folder, const json_t *entry)
{
    enum direction direction = strcmp(text_of(entry, "direction"), "t2v") == 0 ? T2V : V2T;
    const char *kind = text_of(entry, "kind");
    bool factors = strcmp(kind, "factors") == 0;
    struct matrix values = read_values(folder, entry, "values"), gallery_values = {0};
    struct run run;
    struct error error;
    char name[128];
    double logits = 0, scores = 0, bias = 0;
    size_t open = 0, halves = 0, moved = 0;

    run_open(&run, collection, direction, entry);
    if (factors)
        gallery_values = read_values(folder, entry, "gallery_values");
    assert_int_equal(values.rows, task_queries(&run.task));
    assert_int_equal(values.cols, task_gallery(&run.task));
    bool *skipped = calloc(values.rows, sizeof *skipped);
    const json_t *evaluation = json_object_get(entry, "evaluation");
    for (size_t q = 0; q < values.rows; q++) {
        struct search *search = search_run(&run.task, NULL, q, &run.fit, 1, values.cols, &error);
        assert_non_null(search);
        struct row row = {.fit = run.fit,
                          .search = search,
                          .values = matrix_rows(&values, q, 1, NULL),
                          .gallery_values = factors ? matrix_rows(&gallery_values, q, 1, NULL) : NULL,
                          .open = !run.fit->active || run.fit->active[search->top1],
                          .gallery_open = run.fit->gallery_active && run.fit->gallery_active[search->top1],
                          .factor = json_number_value(json_object_get(entry, "factor"))};
        open += row.open;
        skipped[q] = half_open(&row);
        halves += skipped[q];
        moved += skipped[q] && run.analysis.rank[q] != number_of(json_object_get(evaluation, "rank"), q);
        if (has_logits(kind))
            logits = fmax(logits, apart_in_logits(&row, kind));
        else
            scores = fmax(scores, apart_in_scores(&row, kind));
        bias = fmax(bias, apart_in_bias(&run, &row, entry, kind));
        if (!factors)
            check_order(&row, kind);
        search_free(search);
    }
    logits /= run.fit->scale;
    bias /= run.fit->scale;
    check_evaluation(&run.analysis, evaluation, halves ? skipped : NULL);
    rule_print(&run.fit->spec, name, sizeof name);
    print_message("  %s %-50s", text_of(entry, "direction"), name);
    if (has_logits(kind))
        print_message(" apart: logits %.1e, bias %.1e", logits, bias);
    else
        print_message(" apart: scores %.1e", scores);
    if (run.fit->active)
        print_message("; open %zu of %zu", open, values.rows);
    if (halves)
        print_message("; %zu half open, of them %zu of another rank than published", halves, moved);
    print_message("\n");
    expected_near("largest difference of logits", logits, 0, CLOSE);
    expected_near("largest difference of scores", scores, 0, CLOSE_SCORES);
    expected_near("largest difference of a bias", bias, 0, CLOSE);
    free(skipped);
    matrix_close(&values);
    matrix_close(&gallery_values);
    run_close(&run);
}

/* scikit-hubness divides the share of hubs by the number of items where the number of queries is meant. */
static void check_hubness(const struct collection *collection, const json_t *entry)
{
    enum direction direction = strcmp(text_of(entry, "direction"), "t2v") == 0 ? T2V : V2T;
    const json_t *right = json_object_get(entry, "hubness"), *counts = json_object_get(right, "k_occurrence");
    size_t k = (size_t)expected_number(entry, "k");
    struct run run;
    struct hubness hubness;

    run_open(&run, collection, direction, entry);
    size_t items = run.analysis.gallery;
    double unfair = (double)run.analysis.queries / (double)items;
    uint32_t *occurrence = calloc(items, sizeof *occurrence);
    assert_int_equal(analysis_occurrence(&run.analysis, k, occurrence, &hubness), 0);
    assert_int_equal(json_array_size(counts), items);
    for (size_t j = 0; j < items; j++)
        assert_int_equal(occurrence[j], number_of(counts, j));
    expected_near("skewness", hubness.skewness, expected_number(right, "k_skewness"), 1e-9);
    expected_near("robin_hood", hubness.robin_hood, expected_number(right, "robinhood"), 1e-9);
    expected_near("gini", hubness.gini, expected_number(right, "gini"), 1e-9);
    expected_near("atkinson", hubness.atkinson, expected_number(right, "atkinson"), 1e-9);
    expected_near("antihub_rate", hubness.antihub_rate, expected_number(right, "antihub_occurrence"), 1e-12);
    expected_near("hub_occurrence", hubness.hub_occurrence * unfair, expected_number(right, "hub_occurrence"), 1e-9);
    free(occurrence);
    run_close(&run);
}

static void check_entries(const char *folder, const json_t *entries, size_t least)
{
    struct collection *collection = open_input(NULL);
    const json_t *entry;
    size_t i;

    assert_true(json_array_size(entries) >= least);
    json_array_foreach (entries, i, entry)
        if (strcmp(text_of(entry, "kind"), "hubness") == 0)
            check_hubness(collection, entry);
        else
            check_rule(collection, folder, entry);
    collection_close(collection);
}

static void check_folder(const char *folder, size_t least)
{
    json_t *expected = read_expected(folder);

    check_entries(folder, expected, least);
    json_decref(expected);
}

static void qb_norm(void **state)
{
    (void)state;
    check_folder("qb-norm", 8);
}

static void balance_act(void **state)
{
    (void)state;
    check_folder("balance-act", 8);
}

static void dbsn(void **state)
{
    (void)state;
    check_folder("dbsn", 8);
}

static void nnn(void **state)
{
    (void)state;
    check_folder("nnn", 4);
}

static void ucofia(void **state)
{
    (void)state;
    check_folder("ucofia", 8);
}

static void scikit_hubness(void **state)
{
    (void)state;
    check_folder("scikit-hubness", 10);
}

static void hub_toolbox(void **state)
{
    (void)state;
    check_folder("hub-toolbox", 4);
}

static void camoe(void **state)
{
    (void)state;
    check_folder("camoe", 4);
}

/* MUSE's complete evaluation uses all source words as the bank. */
static void muse(void **state)
{
    (void)state;
    json_t *expected = read_expected("muse"), *whole = json_object_get(expected, "source"), *entry;
    size_t i;

    check_entries("muse", json_object_get(expected, "rules"), 2);
    struct collection *collection = open_input(FOLDER "/muse/source.npy");
    assert_int_equal(json_array_size(whole), 2);
    json_array_foreach (whole, i, entry) {
        const json_t *precision = json_object_get(entry, "precision"), *best = json_object_get(entry, "best");
        struct run run;
        run_open(&run, collection, T2V, entry);
        expected_near("R@1", run.analysis.metrics.r1, expected_number(precision, "precision_at_1"), 1e-9);
        expected_near("R@5", run.analysis.metrics.r5, expected_number(precision, "precision_at_5"), 1e-9);
        expected_near("R@10", run.analysis.metrics.r10, expected_number(precision, "precision_at_10"), 1e-9);
        assert_int_equal(json_array_size(best), run.analysis.queries);
        for (size_t q = 0; q < run.analysis.queries; q++)
            assert_int_equal(run.analysis.top[q * run.analysis.top_k], number_of(best, q));
        run_close(&run);
    }
    collection_close(collection);
    json_decref(expected);
}

static void check_raw(const struct collection *collection, enum direction direction, const json_t *right)
{
    json_t *raw = json_pack("{s:s}", "rule", "raw");
    struct run run;

    run_open(&run, collection, direction, raw);
    check_evaluation(&run.analysis, right, NULL);
    run_close(&run);
    json_decref(raw);
}

static void ties(void **state)
{
    (void)state;
    json_t *expected = read_expected("qb-norm-ties");
    struct collection *collection = open_collection((struct bare){.sims = TESTS_DIR "/golden/case3/sims.npy"});

    check_raw(collection, T2V, json_object_get(expected, "t2v"));
    check_raw(collection, V2T, json_object_get(expected, "v2t"));
    collection_close(collection);
    json_decref(expected);
}

/* QB-Norm's evaluation keeps a video whose texts are all masked, at infinite rank (null); ours drops it. */
static void masks(void **state)
{
    (void)state;
    json_t *expected = read_expected("qb-norm-masks"), *raw = json_pack("{s:s}", "rule", "raw");
    json_t *rank = json_object_get(json_object_get(expected, "v2t"), "rank");
    struct collection *collection = open_collection(
        (struct bare){.sims = FOLDER "/qb-norm-masks/sims.npy", .mask = FOLDER "/qb-norm-masks/mask.npy"});
    struct run run;
    size_t q = 0;

    check_raw(collection, T2V, json_object_get(expected, "t2v"));
    run_open(&run, collection, V2T, raw);
    for (size_t v = 0; v < json_array_size(rank); v++) {
        if (json_is_null(json_array_get(rank, v)))
            continue;
        assert_int_equal(run.task.query_row[q], v);
        expected_near("rank", run.analysis.rank[q++], number_of(rank, v), 0);
    }
    assert_int_equal(q, run.analysis.queries);
    assert_int_equal(q + 1, json_array_size(rank));
    run_close(&run);
    collection_close(collection);
    json_decref(raw);
    json_decref(expected);
}

/* One to three texts per video. */
static void clip4clip(void **state)
{
    (void)state;
    json_t *expected = read_expected("clip4clip"), *raw = json_pack("{s:s}", "rule", "raw");
    const json_t *right = json_object_get(json_object_get(expected, "raw"), "t2v");
    struct collection *collection = open_collection((struct bare){.queries = FOLDER "/uneven/queries.npy",
                                                                  .videos = FOLDER "/input/videos.npy",
                                                                  .targets = FOLDER "/uneven/targets.npy"});
    struct run run;

    run_open(&run, collection, T2V, raw);
    expected_near("R@1", run.analysis.metrics.r1, expected_number(right, "R1"), 1e-5);
    expected_near("R@5", run.analysis.metrics.r5, expected_number(right, "R5"), 1e-5);
    expected_near("R@10", run.analysis.metrics.r10, expected_number(right, "R10"), 1e-5);
    expected_near("MdR", run.analysis.metrics.mdr, expected_number(right, "MedianR"), 1e-9);
    expected_near("MnR", run.analysis.metrics.mnr, expected_number(right, "MeanR"), 1e-9);
    run_close(&run);
    collection_close(collection);
    json_decref(raw);
    json_decref(expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(qb_norm),     cmocka_unit_test(balance_act),
        cmocka_unit_test(dbsn),        cmocka_unit_test(muse),
        cmocka_unit_test(nnn),         cmocka_unit_test(ucofia),
        cmocka_unit_test(camoe),       cmocka_unit_test(scikit_hubness),
        cmocka_unit_test(hub_toolbox), cmocka_unit_test(ties),
        cmocka_unit_test(masks),       cmocka_unit_test(clip4clip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
