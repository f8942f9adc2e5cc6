#include "engine/fitting/fit.h"
#include "engine/base/memory.h"
#include "engine/base/pool.h"

#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "golden_case.h"

enum { CASES = 6 };

/* Reads the spec of an expected result; false for rules whose score is not a bias, which golden.c tests. */
static bool read_spec(const json_t *result, struct rule_spec *spec)
{
    const struct rule *rule = rule_find(json_string_value(json_object_get(result, "rule")));

    assert_non_null(rule);
    if (rule->score)
        return false;
    *spec = rule_default(rule, 100);
    for (size_t p = 0; p < rule->parameter_count; p++) {
        const json_t *value = json_object_get(json_object_get(result, "parameters"), rule->parameters[p].name);
        if (value)
            spec->value[p] = json_number_value(value);
    }
    return true;
}

static size_t read_specs(const json_t *expected, struct rule_spec *specs, json_t **results)
{
    json_t *list = json_object_get(expected, "t2v");
    size_t count = 0;

    for (size_t i = 0; i < json_array_size(list); i++)
        if (read_spec(json_array_get(list, i), &specs[count]))
            results[count++] = json_array_get(list, i);
    return count;
}

static void check_fit(const struct fit *fit, const json_t *result)
{
    const json_t *bias = json_object_get(result, "bias"), *active = json_object_get(result, "active");
    const json_t *residual = json_object_get(result, "residual");
    double largest = -INFINITY;

    assert_true(!fit->bias == !bias && !fit->active == !active && isnan(fit->residual) == !residual);
    assert_true(!fit->shift == !bias);
    for (size_t j = 0; bias && j < fit->m; j++) {
        assert_true(fabs(fit->bias[j] - json_number_value(json_array_get(bias, j))) < 1e-4);
        largest = fmax(largest, fit->bias[j]);
    }
    for (size_t j = 0; bias && j < fit->m; j++)
        assert_true(fit->shift[j] == (float)((fit->bias[j] - largest) / fit->scale));
    for (size_t j = 0; active && j < fit->m; j++)
        assert_int_equal(fit->active[j], json_is_true(json_array_get(active, j)));
    if (residual)
        assert_true(fabs(fit->residual - json_number_value(residual)) < 1e-4 * (1 + json_number_value(residual)));
}

static void golden_cases(void **state)
{
    (void)state;
    for (int number = 1; number <= CASES; number++) {
        struct golden golden;
        struct task task;
        struct rule_spec specs[RULES_MAX];
        json_t *results[RULES_MAX];
        struct fit *fits[RULES_MAX], *streamed[RULES_MAX];
        struct job job = {0};
        struct error error = {0};
        golden_open(&golden, number);
        char path[600];
        snprintf(path, sizeof path, "%s/expected.json", golden.folder);
        json_t *expected = json_load_file(path, 0, NULL);
        size_t count = read_specs(expected, specs, results);
        assert_true(count > 0);
        assert_int_equal(task_open(&task, &golden.collection, NULL, T2V, NULL, &error), 0);

        pool_set_workers(1);
        assert_int_equal(fit_rules(&task, specs, count, NULL, fits, &job, &error), 0);
        assert_int_equal(atomic_load(&job.done), atomic_load(&job.total));
        pool_set_workers(2);
        assert_int_equal(fit_rules(&task, specs, count, &(struct fit_options){.memory = 1}, streamed, NULL, &error), 0);
        for (size_t i = 0; i < count; i++) {
            check_fit(fits[i], results[i]);
            check_fit(streamed[i], results[i]);
            if (fits[i]->bias) /* kept or streamed, one worker or two: the same bits */
                assert_memory_equal(fits[i]->bias, streamed[i]->bias, fits[i]->m * sizeof(double));
            if (number == 3 && fits[i]->bias) /* two identical videos */
                assert_memory_equal(&fits[i]->bias[3], &fits[i]->bias[7], sizeof(double));
            fit_release(fits[i]);
            fit_release(streamed[i]);
        }
        task_close(&task);
        json_decref(expected);
        golden_close(&golden);
    }
}

/* NCL's pulls: the bank queries' weights add up to the bias, exp(-bias[j]) ~ sum_i exp(scale B[i][j] + log a[i]). */
static void row_bias_explains_the_bias(void **state)
{
    struct golden golden;
    struct task task;
    struct rule_spec spec;
    struct fit *fit;
    double first = 0;

    (void)state;
    golden_open(&golden, 4);
    assert_int_equal(task_open(&task, &golden.collection, NULL, T2V, NULL, NULL), 0);
    assert_int_equal(rule_parse("ncl:scale=1000,iterations=4", 100, &spec, NULL), 0);
    assert_int_equal(fit_rules(&task, &spec, 1, NULL, &fit, NULL, NULL), 0);
    assert_non_null(fit->row_bias);
    const float *b = golden.bank.matrix.data;
    for (size_t j = 0; j < fit->m; j++) {
        double most = -INFINITY, sum = 0;
        for (size_t i = 0; i < fit->n; i++)
            most = fmax(most, fit->pull_scale * (double)b[i * fit->m + j] + fit->row_bias[i]);
        for (size_t i = 0; i < fit->n; i++)
            sum += exp(fit->pull_scale * (double)b[i * fit->m + j] + fit->row_bias[i] - most);
        double constant = fit->bias[j] + most + log(sum); /* the bias is centred: the same for all items */
        first = j == 0 ? constant : first;
        assert_true(fabs(constant - first) < 1e-4);
    }
    fit_release(fit);
    task_close(&task);
    golden_close(&golden);
}

static void v2t_uses_the_video_bank(void **state)
{
    struct golden golden;
    struct task task;
    struct rule_spec specs[2];
    struct fit *fits[2];

    (void)state;
    golden_open(&golden, 2);
    assert_int_equal(task_open(&task, &golden.collection, NULL, V2T, "video_bank", NULL), 0);
    assert_int_equal(task_queries(&task), 90);
    assert_int_equal(task_gallery(&task), 270);
    assert_int_equal(task_bank(&task), 40);
    for (uint32_t q = 0; q < 90; q++) {
        assert_int_equal(task.query_row[q], q);
        assert_int_equal(task.target_start[q + 1] - task.target_start[q], 3);
        for (uint32_t t = 0; t < 3; t++)
            assert_int_equal(task.target[task.target_start[q] + t], 3 * q + t);
    }
    assert_int_equal(rule_parse("is:beta=20", 100, &specs[0], NULL), 0);
    assert_int_equal(rule_parse("ncl:scale=20,iterations=0", 100, &specs[1], NULL), 0);
    assert_int_equal(fit_rules(&task, specs, 2, NULL, fits, NULL, NULL), 0);
    assert_int_equal(fits[0]->m, 270);
    assert_int_equal(fits[0]->n, 40);
    assert_string_equal(fits[0]->bank, "video_bank");
    const float *x = golden.video_bank.matrix.data, *y = golden.collection.model[0]->query.data;
    for (size_t j = 0; j < 270; j++) {
        double sum = 0;
        for (size_t i = 0; i < 40; i++) {
            double dot = 0;
            for (size_t k = 0; k < 16; k++)
                dot += (double)x[i * 16 + k] * (double)y[j * 16 + k];
            sum += exp(20 * dot);
        }
        assert_true(fabs(fits[0]->bias[j] + log(sum)) < 1e-4);
        /* zero iterations give the inverted softmax, up to a constant */
        assert_true(fabs(fits[1]->bias[j] - fits[1]->bias[0] - fits[0]->bias[j] + fits[0]->bias[0]) < 1e-9);
    }
    fit_release(fits[0]);
    fit_release(fits[1]);
    task_close(&task);
    golden_close(&golden);
}

static void v2t_of_stored_similarities(void **state)
{
    struct golden golden;
    struct task task;
    float block[4], scratch[1];

    (void)state;
    golden_open(&golden, 4);
    assert_int_equal(task_open(&task, &golden.collection, NULL, V2T, "", NULL), 0);
    assert_int_equal(task_queries(&task), 50);
    assert_int_equal(task_gallery(&task), 80);
    assert_int_equal(task_bank(&task), 0);
    assert_string_equal(task.bank_name, "");
    assert_int_equal(task.target_start[50], 80);
    assert_int_equal(task.target[task.target_start[7]], 7);
    assert_int_equal(task.target[task.target_start[7] + 1], 57);
    sims_block(&task.s, 7, 1, 57, 1, block, 1, scratch);
    assert_true(block[0] == ((const float *)golden.collection.model[0]->query.data)[57 * 50 + 7]);
    task_close(&task);
    golden_close(&golden);
}

static void videos_without_captions_are_not_queries(void **state)
{
    struct golden golden;
    struct task task;

    (void)state;
    golden_open(&golden, 6);
    golden.collection.target[0] = UINT32_MAX; /* captions without a video are not targets either */
    assert_int_equal(task_open(&task, &golden.collection, NULL, V2T, NULL, NULL), 0);
    assert_true(task_queries(&task) < 64);
    assert_int_equal(task.target_start[task_queries(&task)], 100);
    for (size_t q = 0; q < task_queries(&task); q++)
        for (uint32_t t = task.target_start[q]; t < task.target_start[q + 1]; t++) {
            assert_int_equal(golden.collection.target[task.target[t]], task.query_row[q]);
            assert_true(t == task.target_start[q] || task.target[t - 1] < task.target[t]);
        }
    task_close(&task);
    assert_int_equal(task_open(&task, &golden.collection, NULL, T2V, NULL, NULL), 0);
    assert_int_equal(task.target_start[1], 0);
    assert_int_equal(task.target_start[101], 100);
    task_close(&task);
    for (size_t q = 0; q < 101; q++)
        golden.collection.target[q] = UINT32_MAX;
    struct error error = {0};
    assert_int_equal(task_open(&task, &golden.collection, NULL, V2T, NULL, &error), -1);
    assert_string_equal(error.text, "the collection has no captions that belong to a video: v2t needs some");
    golden_close(&golden);
}

static void refusal(const struct task *task, const char *rule, const char *text)
{
    struct rule_spec spec;
    struct fit *fit = NULL;
    struct error error = {0};

    assert_int_equal(rule_parse(rule, 100, &spec, NULL), 0);
    assert_int_equal(fit_rules(task, &spec, 1, NULL, &fit, NULL, &error), -1);
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_string_equal(error.text, text);
    assert_null(fit);
}

static void refusals(void **state)
{
    struct golden golden;
    struct task task;
    struct error error = {0};

    (void)state;
    golden_open(&golden, 1);
    golden.collection.model[0]->video_banks = 0;
    assert_int_equal(task_open(&task, &golden.collection, NULL, T2V, "nobank", &error), -1);
    assert_string_equal(error.text, "unknown query bank 'nobank'; known: bank");
    assert_int_equal(task_open(&task, &golden.collection, NULL, V2T, "bank", &error), -1);
    assert_string_equal(error.text, "unknown video bank 'bank': the collection has none");
    assert_int_equal(task_open(&task, &golden.collection, NULL, T2V, "bank", &error), 0);
    refusal(&task, "qbnorm:k=121", "qbnorm: k=121 is more than the gallery's 120 items");
    task_close(&task);
    golden.bank.matrix.rows = 0; /* another model has it */
    assert_int_equal(task_open(&task, &golden.collection, NULL, T2V, "bank", &error), -1);
    assert_string_equal(error.text, "model base has no query bank 'bank', which other models have");
    assert_int_equal(task_open(&task, &golden.collection, NULL, T2V, NULL, &error), 0);
    refusal(&task, "ncl", "ncl: needs a bank of queries, and there is none");
    task_close(&task);
    golden.collection.model[0]->banks = 0;
    assert_int_equal(task_open(&task, &golden.collection, NULL, T2V, NULL, &error), 0);
    refusal(&task, "is", "is: needs a bank of queries, and there is none");
    struct rule_spec raw = rule_default(rule_find("raw"), 22);
    struct fit *fit;
    assert_int_equal(fit_rules(&task, &raw, 1, NULL, &fit, NULL, &error), 0);
    assert_true(fit->scale == 22 && fit->n == 0 && !fit->bias && !*fit->bank);
    fit_release(fit);
    task_close(&task);
    golden_close(&golden);
}

static void scores(void **state)
{
    struct golden golden;
    struct task task;
    struct rule_spec spec;
    struct fit *fit;
    float s[120], score[120];

    (void)state;
    golden_open(&golden, 1);
    assert_int_equal(task_open(&task, &golden.collection, NULL, T2V, NULL, NULL), 0);
    assert_int_equal(rule_parse("qbnorm", 100, &spec, NULL), 0);
    assert_int_equal(fit_rules(&task, &spec, 1, NULL, &fit, NULL, NULL), 0);
    for (uint32_t j = 0; j < 120; j++) {
        s[j] = (float)j / 120;
        assert_int_equal(fit_open(fit, j), fit->active[j]);
    }
    struct asker asker = {.task = &task};
    assert_int_equal(fit_score(fit, false, &asker, s, score), 0);
    assert_memory_equal(s, score, sizeof s);
    assert_int_equal(fit_score(fit, true, &asker, s, score), 0);
    for (size_t j = 0; j < 120; j++)
        assert_true(score[j] == s[j] + fit->shift[j]);
    assert_ptr_equal(fit_keep(fit), fit);
    fit_release(fit);
    assert_int_equal(atomic_load(&fit->references), 1);
    fit_release(fit);
    fit_release(NULL);
    task_close(&task);
    golden_close(&golden);
}

static void cancelling(void **state)
{
    struct golden golden;
    struct task task;
    struct rule_spec spec = rule_default(rule_find("ncl"), 50);
    struct fit *fit;
    struct job job = {.cancel = true};
    struct error error = {0};

    (void)state;
    golden_open(&golden, 1);
    assert_int_equal(task_open(&task, &golden.collection, NULL, T2V, NULL, NULL), 0);
    assert_int_equal(fit_rules(&task, &spec, 1, NULL, &fit, &job, &error), -1);
    assert_int_equal(error.kind, ERROR_CANCELLED);
    task_close(&task);
    golden_close(&golden);
}

/* Every allocation fails once; the sanitizer checks for leaks. */
static void out_of_memory(void **state)
{
    struct golden golden;
    struct rule_spec specs[3];
    bool done = false;

    (void)state;
    golden_open(&golden, 2);
    assert_int_equal(rule_parse("ncl:scale=50,iterations=1", 100, &specs[0], NULL), 0);
    assert_int_equal(rule_parse("qbnorm", 100, &specs[1], NULL), 0);
    assert_int_equal(rule_parse("raw", 100, &specs[2], NULL), 0);
    for (long n = 0; !done; n++) {
        struct task task;
        struct fit *fits[3];
        struct error error = {0};
        assert_true(n < 1000);
        memory_fail_after(n);
        done = task_open(&task, &golden.collection, NULL, T2V, NULL, &error) == 0;
        if (done) {
            done = fit_rules(&task, specs, 3, NULL, fits, NULL, &error) == 0;
            task_close(&task);
        }
        memory_fail_after(-1);
        assert_true(done || error.kind == ERROR_MEMORY);
        for (size_t i = 0; done && i < 3; i++)
            fit_release(fits[i]);
    }
    golden_close(&golden);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_cases),
        cmocka_unit_test(row_bias_explains_the_bias),
        cmocka_unit_test(v2t_uses_the_video_bank),
        cmocka_unit_test(v2t_of_stored_similarities),
        cmocka_unit_test(videos_without_captions_are_not_queries),
        cmocka_unit_test(refusals),
        cmocka_unit_test(scores),
        cmocka_unit_test(cancelling),
        cmocka_unit_test(out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
