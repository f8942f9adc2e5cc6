/* Sweeps against single fits, reading axes, and the split of a bank for tuning. */
#include "engine/evaluation/sweep.h"
#include "engine/collection/collection.h"
#include "engine/evaluation/bank_report.h"
#include "engine/evaluation/tuning.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "made.h"

static void near(double value, double right, double slack)
{
    if (!(fabs(value - right) <= slack))
        fail_msg("%.17g should be %.17g", value, right);
}

static void axes(void **state)
{
    (void)state;
    const struct rule *rule = rule_find("qbnorm");
    struct sweep_axis axis;
    struct error error;

    assert_int_equal(sweep_axis_parse(rule, "beta=1:100:log3", &axis, &error), 0);
    assert_int_equal(axis.parameter, 0);
    assert_int_equal(axis.count, 3);
    assert_true(axis.value[0] == 1 && axis.value[1] == 10 && axis.value[2] == 100);
    assert_int_equal(sweep_axis_parse(rule, "beta=100:1:4", &axis, &error), 0);
    assert_true(axis.value[0] == 100 && axis.value[1] == 67 && axis.value[2] == 34 && axis.value[3] == 1);
    assert_int_equal(sweep_axis_parse(rule, "k=5,1,5,2", &axis, &error), 0);
    assert_int_equal(axis.parameter, 1);
    assert_int_equal(axis.count, 3);
    assert_true(axis.value[0] == 5 && axis.value[1] == 1 && axis.value[2] == 2);
    assert_int_equal(sweep_axis_parse(rule, "k=1:3:10", &axis, &error), 0);
    assert_int_equal(axis.count, 3); /* rounded, each once */
    static const char *const wrong[] = {"beta",         "beta=",         "beta=1:",       "beta=1:2",  "beta=1:2:1",
                                        "beta=1:2:x",   "beta=0:1:log3", "beta=-1:1:3",   "beta=1,,2", "beta=1,",
                                        "k=1.5",        "k=0,1",         "gamma=1,2",     "=1",        "beta=1:2:257",
                                        "beta=1:2:3:4", "beta=nan",      "beta=1e999:2:3"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (sweep_axis_parse(rule, wrong[i], &axis, &error) != -1)
            fail_msg("'%s' was read", wrong[i]);
    assert_int_equal(sweep_axis_parse(rule, "gamma=1", &axis, &error), -1);
    assert_non_null(strstr(error.text, "known: beta, k"));
}

/* 70 values of beta and 2 of k: more than one batch.  Each point equals the result of fitting it alone. */
static void points(void **state)
{
    (void)state;
    struct made made;
    struct rule_spec base;
    struct sweep_axis axis[2];
    struct sweep sweep;

    made_open(&made, 40, 11, 30, 0);
    assert_int_equal(rule_parse("qbnorm", 10, &base, NULL), 0);
    assert_int_equal(sweep_axis_parse(base.rule, "beta=1:70:70", &axis[0], NULL), 0);
    assert_int_equal(sweep_axis_parse(base.rule, "k=1,3", &axis[1], NULL), 0);
    assert_int_equal(sweep_run(&made.task, &base, axis, 2, &sweep, NULL, NULL), 0);
    assert_int_equal(sweep.count, 140);
    for (size_t i = 0; i < sweep.count; i++) {
        struct rule_spec spec = base;
        struct fit *fit;
        struct analysis alone;
        spec.value[0] = (double)(i / 2 + 1);
        spec.value[1] = i % 2 ? 3 : 1;
        assert_memory_equal(spec.value, sweep.point[i].spec.value, sizeof spec.value);
        assert_int_equal(fit_rules(&made.task, &spec, 1, &(struct fit_options){.no_cache = true}, &fit, NULL, NULL), 0);
        assert_int_equal(analysis_run(&made.task, &fit, 1, &alone, NULL, NULL), 0);
        assert_memory_equal(&alone.metrics, &sweep.point[i].metrics, sizeof alone.metrics);
        near(sweep.point[i].mass.normalization_error, alone.mass_summary.normalization_error, 1e-6);
        near(sweep.point[i].gate_rate, alone.gate_rate, 0);
        near(sweep.point[i].hubness[2].skewness, alone.hubness[2].skewness, 0);
        analysis_close(&alone);
        fit_release(fit);
    }
    size_t best = sweep_best(&sweep, GOAL_MNR);
    for (size_t i = 0; i < sweep.count; i++) {
        assert_true(sweep.point[i].metrics.mnr >= sweep.point[best].metrics.mnr);
        assert_true(i >= best || sweep.point[i].metrics.mnr > sweep.point[best].metrics.mnr);
    }
    sweep_close(&sweep);
    assert_int_equal(sweep_run(&made.task, &base, NULL, 0, &sweep, NULL, NULL), 0);
    assert_int_equal(sweep.count, 1);
    sweep_close(&sweep);
    struct error error;
    assert_int_equal(sweep_axis_parse(base.rule, "k=12", &axis[1], NULL), 0);
    assert_int_equal(sweep_run(&made.task, &base, axis, 2, &sweep, NULL, &error), -1); /* of 11 items */
    assert_non_null(strstr(error.text, "more than the gallery's 11"));
    made_close(&made);
}

enum { D = 6, CLIPS = 9, CAPTIONS = 18, VIDEOS = 5, ASKED = 7 };

struct bed {
    struct collection collection;
    struct collection_model model, *models[1];
    struct bank bank, clips;
    uint32_t target[ASKED];
    float *data[4];
    struct task task;
};

static void bed_open(struct bed *bed)
{
    *bed = (struct bed){.data = {made_floats(VIDEOS * D, 0, 1), made_floats(ASKED * D, 0, 2),
                                 made_floats(CAPTIONS * D, 0, 3), made_floats(CLIPS * D, 0, 4)}};
    bed->bank = (struct bank){.name = "a", .matrix = matrix_view(bed->data[2], CAPTIONS, D)};
    bed->clips = (struct bank){.name = "a", .matrix = matrix_view(bed->data[3], CLIPS, D)};
    bed->model = (struct collection_model){.name = "base",
                                           .logit_scale = 10,
                                           .dimension = D,
                                           .video = matrix_view(bed->data[0], VIDEOS, D),
                                           .query = matrix_view(bed->data[1], ASKED, D),
                                           .bank = &bed->bank,
                                           .banks = 1,
                                           .video_bank = &bed->clips,
                                           .video_banks = 1};
    bed->models[0] = &bed->model;
    bed->collection = (struct collection){
        .videos = VIDEOS, .queries = ASKED, .target = bed->target, .model = bed->models, .models = 1};
    assert_int_equal(task_open(&bed->task, &bed->collection, NULL, T2V, NULL, NULL), 0);
}

static void bed_close(struct bed *bed)
{
    task_close(&bed->task);
    for (size_t i = 0; i < 4; i++)
        free(bed->data[i]);
}

static void splits(void **state)
{
    (void)state;
    struct bed bed;
    struct tuning tuning, again;
    bool held[CLIPS] = {false};

    bed_open(&bed);
    assert_int_equal(tuning_open(&bed.task, NULL, 0, true, 7, &tuning, NULL), 0);
    assert_int_equal(tuning.videos, CLIPS);
    assert_int_equal(task_gallery(&tuning.task), 4);
    assert_int_equal(task_queries(&tuning.task), 8);
    assert_int_equal(task_bank(&tuning.task), 10);
    for (size_t q = 0; q < 8; q++) { /* the target is the caption's own video */
        size_t clip = tuning.query_row[q] / 2;
        held[clip] = true;
        assert_int_equal(tuning.task.target_start[q], q);
        assert_memory_equal((const float *)tuning.gallery.data + tuning.task.target[q] * D, bed.data[3] + clip * D,
                            D * sizeof(float));
    }
    for (size_t i = 0; i < 10; i++)
        assert_false(held[tuning.bank_row[i] / 2]);
    assert_int_equal(tuning_open(&bed.task, NULL, 0, true, 7, &again, NULL), 0);
    assert_memory_equal(again.query_row, tuning.query_row, 8 * sizeof *again.query_row);
    tuning_close(&again);
    size_t differ = 0;
    for (uint64_t seed = 0; seed < 20; seed++) {
        assert_int_equal(tuning_open(&bed.task, NULL, 0, true, seed, &again, NULL), 0);
        differ += memcmp(again.query_row, tuning.query_row, 8 * sizeof *again.query_row) != 0;
        tuning_close(&again);
    }
    assert_true(differ > 10);
    /* it can be swept over */
    struct rule_spec base;
    struct sweep sweep;
    assert_int_equal(rule_parse("is", 10, &base, NULL), 0);
    assert_int_equal(sweep_run(&tuning.task, &base, NULL, 0, &sweep, NULL, NULL), 0);
    assert_true(sweep.point[0].metrics.mnr >= 1 && sweep.point[0].metrics.mnr <= 4);
    sweep_close(&sweep);
    tuning_close(&tuning);

    int64_t targets[CAPTIONS]; /* a third of the captions have no video: they go to the bank */
    for (size_t i = 0; i < CAPTIONS; i++)
        targets[i] = i % 3 ? (int64_t)(i % 3) : -1;
    assert_int_equal(tuning_open(&bed.task, targets, CAPTIONS, false, 0, &tuning, NULL), 0);
    assert_int_equal(tuning.videos, 2);
    assert_int_equal(task_queries(&tuning.task), 6);
    assert_int_equal(task_bank(&tuning.task), 12);
    tuning_close(&tuning);
    bed_close(&bed);
}

static void refusals(void **state)
{
    (void)state;
    struct bed bed;
    struct tuning tuning;
    struct error error;
    int64_t targets[CAPTIONS] = {0};

    bed_open(&bed);
    assert_int_equal(tuning_open(&bed.task, NULL, 0, false, 0, &tuning, &error), -1);
    assert_non_null(strstr(error.text, "tuning needs a bank whose captions"));
    assert_int_equal(tuning_open(&bed.task, targets, 3, false, 0, &tuning, &error), -1);
    assert_non_null(strstr(error.text, "3 targets are given, but it has 18"));
    assert_int_equal(tuning_open(&bed.task, targets, CAPTIONS, false, 0, &tuning, &error), -1);
    assert_non_null(strstr(error.text, "of 1 videos are too few"));
    targets[4] = CLIPS;
    assert_int_equal(tuning_open(&bed.task, targets, CAPTIONS, false, 0, &tuning, &error), -1);
    assert_non_null(strstr(error.text, "target 4 is 9"));
    bed.collection.model[0]->video_banks = 0;
    assert_int_equal(tuning_open(&bed.task, NULL, 0, true, 0, &tuning, &error), -1);
    assert_non_null(strstr(error.text, "no video bank of that name"));
    bed_close(&bed);
}

static void correlation(void **state)
{
    (void)state;
    const uint32_t x[] = {1, 2, 3, 4, 5}, y[] = {5, 6, 7, 8, 7}, flat[] = {2, 2, 2, 2, 2};
    const uint32_t tied[] = {0, 0, 3, 3, 9};
    bool failed;

    near(rank_correlation(x, y, 5, &failed), 0.8207826816681233, 1e-15);
    assert_false(failed);
    near(rank_correlation(x, tied, 5, &failed), 0.9486832980505138, 1e-15);
    near(rank_correlation(x, x, 5, &failed), 1, 1e-15);
    assert_true(isnan(rank_correlation(x, flat, 5, &failed)));
}

/* A bank that equals the evaluation queries agrees with them in everything. */
static void perfect_bank(void **state)
{
    (void)state;
    struct made made;
    struct rule_spec specs[2];
    struct bank_report report;
    char text[256];

    made_open(&made, 60, 12, 60, 0);
    made.task.b.stored = &made.s;
    made.task.collection = &(struct collection){.models = 0};
    made.task.model = &(struct collection_model){.stored = true};
    assert_int_equal(rule_parse("is:beta=5", 10, &specs[0], NULL), 0);
    assert_int_equal(rule_parse("qbnorm:beta=5", 10, &specs[1], NULL), 0);
    assert_int_equal(bank_report_make(&made.task, specs, 2, &report, NULL, NULL), 0);
    near(report.correlation, 1, 1e-15);
    near(report.gate_rate, 1, 0);
    near(report.bank_top1, report.query_top1, 0);
    assert_int_equal(report.bank_hubs, report.shared_hubs);
    assert_true(isnan(report.distance));
    bool first[12] = {false};
    size_t active = 0;
    for (size_t q = 0; q < 60; q++) {
        size_t best = 0;
        for (size_t j = 1; j < 12; j++)
            best = made.s_data[q * 12 + j] > made.s_data[q * 12 + best] ? j : best;
        active += !first[best];
        first[best] = true;
    }
    near(report.coverage, (double)active / 12, 1e-15);
    near(report.rule[0].metrics.r1, report.rule[1].metrics.r1, 0); /* every gate is open */
    near(report.rule[1].gate_rate, 1, 0);
    bank_report_reading(&report, text, sizeof text);
    assert_non_null(strstr(text, "knows the queries' hubs"));
    bank_report_close(&report);
    made.task.b.rows = 0;
    assert_int_equal(bank_report_make(&made.task, specs, 0, &report, NULL, NULL), -1);
    made_close(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(axes),     cmocka_unit_test(points),      cmocka_unit_test(splits),
        cmocka_unit_test(refusals), cmocka_unit_test(correlation), cmocka_unit_test(perfect_bank),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
