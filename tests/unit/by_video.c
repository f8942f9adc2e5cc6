/* Conventions of video to text: against golden case 2, CLIP4Clip's evaluation and QB-Norm's with masked texts. */
#include "engine/evaluation/by_video.h"
#include "engine/base/memory.h"
#include "engine/collection/collection.h"
#include "engine/evaluation/analysis.h"
#include "engine/study/study.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "expected.h"

#define CASE TESTS_DIR "/golden/case2"
#define PUBLISHED TESTS_DIR "/golden/published"

static const struct conventions videos = {.videos = true}, kept = {.keep_masked = true},
                                both = {.videos = true, .keep_masked = true};

static struct collection *open_bare(struct bare bare)
{
    struct error error;
    struct collection *collection = collection_bare(&bare, &error);

    if (!collection)
        fail_msg("%s", error.text);
    return collection;
}

/* One rule in one direction. */
struct run {
    struct task task;
    struct fit *fit;
    struct analysis analysis;
};

static void run_open(struct run *run, const struct collection *collection, enum direction direction,
                     const struct conventions *conventions, const struct rule_spec *spec)
{
    struct fit_options options = {.no_cache = true};
    struct error error;

    if (task_open(&run->task, collection, NULL, direction, NULL, &error) ||
        task_follow(&run->task, conventions, &error) ||
        fit_rules(&run->task, spec, 1, &options, &run->fit, NULL, &error) ||
        analysis_run(&run->task, &run->fit, 1, &run->analysis, NULL, &error))
        fail_msg("%s", error.text);
}

static void run_close(struct run *run)
{
    analysis_close(&run->analysis);
    fit_release(run->fit);
    task_close(&run->task);
}

static struct rule_spec parse(const char *text)
{
    struct rule_spec spec;

    assert_int_equal(rule_parse(text, 100, &spec, NULL), 0);
    return spec;
}

static void agrees_with_the_golden_case(void **state)
{
    struct collection *collection = open_bare((struct bare){.queries = CASE "/queries.npy",
                                                            .videos = CASE "/videos.npy",
                                                            .bank = CASE "/bank.npy",
                                                            .video_bank = CASE "/video_bank.npy",
                                                            .targets = CASE "/targets.npy",
                                                            .logit_scale = 20});
    json_t *expected = expected_read(CASE "/expected.json"), *entry;
    size_t index, checked = 0;

    (void)state;
    json_array_foreach (json_object_get(expected, "v2t"), index, entry) {
        json_t *right = json_object_get(entry, "by_video"), *rank = json_object_get(right, "rank");
        struct rule_spec spec;
        struct run run;
        if (!right || !expected_spec(entry, 20, &spec))
            continue;
        run_open(&run, collection, V2T, &videos, &spec);
        assert_int_equal(run.analysis.gallery, collection->videos);
        assert_int_equal(json_array_size(rank), run.analysis.queries);
        assert_null(run.analysis.mass);
        size_t moved = 0;
        for (size_t q = 0; q < run.analysis.queries; q++)
            moved += fabs(run.analysis.rank[q] - json_number_value(json_array_get(rank, q))) > 1e-9;
        if (moved)
            fail_msg("%s: %zu ranks are not as expected", spec.rule->name, moved);
        expected_metrics(json_object_get(right, "metrics"), &run.analysis.metrics);
        run_close(&run);
        checked++;
    }
    assert_true(checked > 0 && checked == index);
    json_decref(expected);
    collection_close(collection);
}

static struct collection *open_uneven(const char *mask)
{
    return open_bare((struct bare){.queries = PUBLISHED "/uneven/queries.npy",
                                   .videos = PUBLISHED "/input/videos.npy",
                                   .bank = PUBLISHED "/input/bank.npy",
                                   .video_bank = PUBLISHED "/input/video_bank.npy",
                                   .targets = PUBLISHED "/uneven/targets.npy",
                                   .mask = mask});
}

static void check_clip4clip(const struct collection *collection, const char *rule, const json_t *right)
{
    const struct rule_spec spec = parse(rule);
    const json_t *cols = json_object_get(right, "cols");
    struct run run;

    run_open(&run, collection, V2T, &videos, &spec);
    assert_int_equal(json_array_size(cols), run.analysis.queries);
    for (size_t q = 0; q < run.analysis.queries; q++) /* the published ranks count from 0 */
        assert_true(run.analysis.rank[q] == 1 + json_number_value(json_array_get(cols, q)));
    expected_near("R@1", run.analysis.metrics.r1, expected_number(right, "R1"), 1e-9);
    expected_near("R@5", run.analysis.metrics.r5, expected_number(right, "R5"), 1e-9);
    expected_near("R@10", run.analysis.metrics.r10, expected_number(right, "R10"), 1e-9);
    expected_near("MdR", run.analysis.metrics.mdr, expected_number(right, "MedianR"), 1e-9);
    expected_near("MnR", run.analysis.metrics.mnr, expected_number(right, "MeanR"), 1e-9);
    run_close(&run);
}

static void agrees_with_clip4clip(void **state)
{
    struct collection *collection = open_uneven(NULL);
    json_t *expected = expected_read(PUBLISHED "/clip4clip/expected.json"), *right;
    const char *rule;

    (void)state;
    json_object_foreach (expected, rule, right)
        check_clip4clip(collection, rule, json_object_get(right, "v2t"));
    json_decref(expected);
    collection_close(collection);
}

static void check_masked(const struct collection *collection, enum direction direction, const json_t *right)
{
    const struct rule_spec raw = parse("raw");
    const json_t *rank = json_object_get(right, "rank");
    struct run run;

    run_open(&run, collection, direction, &kept, &raw);
    assert_int_equal(json_array_size(rank), run.analysis.queries);
    for (size_t q = 0; q < run.analysis.queries; q++) {
        const json_t *theirs = json_array_get(rank, q);
        assert_true(run.analysis.rank[q] == (json_is_null(theirs) ? INFINITY : json_number_value(theirs)));
    }
    const struct metrics *metrics = &run.analysis.metrics; /* the published ones are rounded to 0.1 */
    expected_near("R@1", metrics->r1, expected_number(right, "R1"), 0.051);
    expected_near("R@5", metrics->r5, expected_number(right, "R5"), 0.051);
    expected_near("R@10", metrics->r10, expected_number(right, "R10"), 0.051);
    expected_near("R@50", metrics->r50, expected_number(right, "R50"), 0.051);
    expected_near("MdR", metrics->mdr, expected_number(right, "MedR"), 0.051);
    if (json_is_null(json_object_get(right, "MeanR")))
        assert_true(isinf(metrics->mnr));
    else
        expected_near("MnR", metrics->mnr, expected_number(right, "MeanR"), 0.051);
    expected_near("geom", metrics->geometric, expected_number(right, "geometric_mean_R1-R5-R10"), 0.051);
    run_close(&run);
}

static struct collection *open_masked(void)
{
    return open_bare((struct bare){.sims = PUBLISHED "/qb-norm-masks/sims.npy",
                                   .targets = PUBLISHED "/input/targets.npy",
                                   .mask = PUBLISHED "/qb-norm-masks/mask.npy"});
}

static void keeps_masked_videos_as_qb_norm_does(void **state)
{
    struct collection *collection = open_masked();
    json_t *expected = expected_read(PUBLISHED "/qb-norm-masks/expected.json");
    const struct rule_spec raw = parse("raw");
    struct run dropped, all, by_video;

    (void)state;
    check_masked(collection, T2V, json_object_get(expected, "t2v"));
    check_masked(collection, V2T, json_object_get(expected, "v2t"));

    run_open(&dropped, collection, V2T, &(struct conventions){0}, &raw);
    run_open(&all, collection, V2T, &kept, &raw);
    run_open(&by_video, collection, V2T, &both, &raw);
    assert_int_equal(dropped.analysis.queries, collection->videos - 1);
    for (size_t q = 0; q < dropped.analysis.queries; q++) {
        size_t row = dropped.task.query_row[q];
        assert_true(all.analysis.rank[row] == dropped.analysis.rank[q]);
    }
    assert_true(isinf(all.analysis.rank[7]) && isinf(by_video.analysis.rank[7]));
    assert_int_equal(by_video.analysis.occurrence[ANALYSIS_KS - 1][7], 0); /* it has no caption to be found by */
    run_close(&dropped);
    run_close(&all);
    run_close(&by_video);
    json_decref(expected);
    collection_close(collection);
}

/* Derives ranks and lists of every rule by hand from its caption scores. */
static void ranks_videos_by_their_best_caption(void **state)
{
    struct collection *collection = open_uneven(NULL);
    size_t m = collection->videos;

    (void)state;
    for (size_t i = 0; i < rules_count; i++) {
        const struct rule_spec spec = rule_default(rules[i], 100);
        struct run run;
        run_open(&run, collection, V2T, &videos, &spec);
        const struct task *task = &run.task;
        float *s = calloc(task_gallery(task), sizeof *s), *score = calloc(task_gallery(task), sizeof *score);
        float *best = calloc(m, sizeof *best), *scratch = memory_floats(sims_scratch(&task->s, 1, task_gallery(task)));
        for (size_t q = 0; q < task_queries(task); q++) {
            struct asker asker = {.task = task, .row = q};
            size_t better = 0, equal = 0, place = 0;
            sims_block(&task->s, q, 1, 0, task_gallery(task), s, task_gallery(task), scratch);
            for (uint32_t j = 1; j < task_gallery(task); j++)
                asker.top1 = s[j] > s[asker.top1] ? j : asker.top1;
            assert_int_equal(fit_score(run.fit, fit_open(run.fit, asker.top1), &asker, s, score), 0);
            for (size_t v = 0; v < m; v++)
                best[v] = -INFINITY;
            for (size_t j = 0; j < task_gallery(task); j++)
                best[collection->target[j]] = fmaxf(best[collection->target[j]], score[j]);
            for (size_t v = 0; v < m; v++) {
                better += best[v] > best[q];
                equal += v != q && best[v] == best[q];
            }
            /* a pass multiplies a panel of rows, this test one row: nearly equal scores may change places */
            expected_near(rules[i]->name, run.analysis.rank[q], 1 + (double)better + (double)equal / 2, 1);
            for (; place + 1 < run.analysis.top_k; place++) {
                const uint32_t *top = run.analysis.top + q * run.analysis.top_k + place;
                assert_true(best[top[0]] >= best[top[1]] - 1e-4f * fabsf(best[top[1]]));
            }
        }
        free(s);
        free(score);
        free(best);
        free(scratch);
        run_close(&run);
    }
    collection_close(collection);
}

static void leaves_text_to_video_alone(void **state)
{
    struct collection *collection = open_uneven(NULL);
    const struct rule_spec raw = parse("raw");
    struct run plain, other;

    (void)state;
    run_open(&plain, collection, T2V, &(struct conventions){0}, &raw);
    run_open(&other, collection, T2V, &both, &raw);
    assert_int_equal(other.task.videos, 0);
    assert_non_null(other.analysis.mass);
    assert_memory_equal(plain.analysis.rank, other.analysis.rank, plain.analysis.queries * sizeof(double));
    run_close(&plain);
    run_close(&other);
    collection_close(collection);
}

/* The bank is compared over the gallery's rows, but its rules are measured under the convention. */
static void reports_on_banks(void **state)
{
    struct collection *collection = open_uneven(NULL);
    const struct rule_spec ncl = parse("ncl");
    struct bank_report report[2];
    struct run run;
    struct error error;

    (void)state;
    for (int i = 0; i < 2; i++) {
        const struct study_options options = {.direction = V2T, .conventions = {.videos = i}};
        struct study study;
        if (study_open(&study, collection, &options, NULL, &error) ||
            study_report_bank(&study, &(struct bank_subset){0}, &ncl, 1, &report[i], NULL, &error))
            fail_msg("%s", error.text);
        study_close(&study);
    }
    assert_int_equal(report[0].gallery, collection->queries);
    assert_int_equal(report[1].gallery, collection->queries);
    assert_true(report[0].correlation == report[1].correlation);
    run_open(&run, collection, V2T, &videos, &ncl);
    assert_true(report[1].rule[0].metrics.mnr == run.analysis.metrics.mnr);
    run_close(&run);
    bank_report_close(&report[0]);
    bank_report_close(&report[1]);
    collection_close(collection);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_golden_case),         cmocka_unit_test(agrees_with_clip4clip),
        cmocka_unit_test(keeps_masked_videos_as_qb_norm_does), cmocka_unit_test(ranks_videos_by_their_best_caption),
        cmocka_unit_test(leaves_text_to_video_alone),          cmocka_unit_test(reports_on_banks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
