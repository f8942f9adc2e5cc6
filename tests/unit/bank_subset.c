/* Rows of a bank: which are chosen, and that fits, pulls and cached fits use them. */
#include "engine/evaluation/bank_subset.h"
#include "engine/collection/collection.h"
#include "engine/evaluation/search.h"
#include "engine/fitting/fit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "made.h"

enum { Q = 12, M = 7, N = 40 };

struct bed {
    struct collection collection;
    struct collection_model model, *models[1];
    struct bank bank[2];
    uint32_t target[Q];
    float *data[3];
    struct task task;
};

static void bed_open(struct bed *bed)
{
    *bed = (struct bed){.data = {made_floats(Q * M, 0, 5), made_floats(N * M, 0, 6), made_floats(9 * M, 0, 7)}};
    bed->bank[0] = (struct bank){.name = "a", .matrix = matrix_view(bed->data[1], N, M)};
    bed->bank[1] = (struct bank){.name = "b:c", .matrix = matrix_view(bed->data[2], 9, M)};
    bed->model = (struct collection_model){.name = "base",
                                           .logit_scale = 10,
                                           .stored = true,
                                           .query = matrix_view(bed->data[0], Q, M),
                                           .bank = bed->bank,
                                           .banks = 2};
    bed->models[0] = &bed->model;
    bed->collection =
        (struct collection){.videos = M, .queries = Q, .target = bed->target, .model = bed->models, .models = 1};
    assert_int_equal(task_open(&bed->task, &bed->collection, NULL, T2V, NULL, NULL), 0);
}

static void bed_close(struct bed *bed)
{
    task_close(&bed->task);
    for (size_t i = 0; i < 3; i++)
        free(bed->data[i]);
}

static void texts(void **state)
{
    (void)state;
    static const struct {
        const char *text, *again;
        struct bank_subset subset;
    } right[] = {
        {"", "", {"", 0, 0, 0}},
        {"train", "train", {"train", 0, 0, 0}},
        {"a:b", "a:b", {"a:b", 0, 0, 0}},
        {"a:b:size=3", "a:b:size=3,seed=0", {"a:b", 3, 0, 0}},
        {":size=12,seed=18446744073709551615", ":size=12,seed=18446744073709551615", {"", 12, UINT64_MAX, 0}},
        {"t:adversarial=5000", "t:adversarial=5000", {"t", 0, 0, 5000}},
    };
    static const char *const wrong[] = {"t:size=",
                                        "t:size=0",
                                        "t:size=-1",
                                        "t:size=3,",
                                        "t:size=3,size=4",
                                        "t:seed=3",
                                        "t:size=3,seed=",
                                        "t:adversarial=2,seed=1",
                                        "t:adversarial=0x",
                                        "t:size=99999999999999999999",
                                        "0123456789012345678901234567890123456789012345678901234567890123"};
    struct bank_subset subset;
    struct error error;
    char text[128];

    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        assert_int_equal(bank_name_parse(right[i].text, &subset, &error), 0);
        assert_string_equal(subset.name, right[i].subset.name);
        assert_int_equal(subset.size, right[i].subset.size);
        assert_true(subset.seed == right[i].subset.seed);
        assert_int_equal(subset.adversarial, right[i].subset.adversarial);
        bank_name_print(&subset, text, sizeof text);
        assert_string_equal(text, right[i].again);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (bank_name_parse(wrong[i], &subset, &error) != -1)
            fail_msg("'%s' was read", wrong[i]);
}

static void choose(struct bed *bed, const char *text)
{
    struct bank_subset subset;
    struct error error;

    if (bank_name_parse(text, &subset, &error) || task_choose_bank(&bed->task, &subset, NULL, &error))
        fail_msg("%s", error.text);
}

static void random_subsets(void **state)
{
    (void)state;
    struct bed bed;
    uint32_t first[10];
    size_t drawn[N] = {0};

    bed_open(&bed);
    choose(&bed, ":size=10,seed=1");
    assert_string_equal(bed.task.bank_name, "a");
    assert_string_equal(bed.task.bank_subset.name, "a");
    assert_int_equal(task_bank(&bed.task), 10);
    memcpy(first, bed.task.bank_row, sizeof first);
    choose(&bed, "a:size=10,seed=1");
    assert_memory_equal(first, bed.task.bank_row, sizeof first);
    choose(&bed, "a:size=10,seed=2");
    assert_memory_not_equal(first, bed.task.bank_row, sizeof first);
    for (size_t seed = 0; seed < 2000; seed++) {
        struct bank_subset subset = {.size = 10, .seed = seed};
        assert_int_equal(task_choose_bank(&bed.task, &subset, NULL, NULL), 0);
        for (size_t i = 0; i < 10; i++) {
            assert_true(i == 0 || bed.task.bank_row[i] > bed.task.bank_row[i - 1]);
            drawn[bed.task.bank_row[i]]++;
        }
    }
    for (size_t i = 0; i < N; i++) /* 500 expected, standard deviation 19 */
        assert_in_range(drawn[i], 400, 600);
    choose(&bed, "a:size=40");
    for (size_t i = 0; i < N; i++)
        assert_int_equal(task_bank_row(&bed.task, i), i);
    choose(&bed, "b:c");
    assert_null(bed.task.bank_row);
    assert_int_equal(task_bank(&bed.task), 9);
    bed_close(&bed);
}

static void refusals(void **state)
{
    (void)state;
    struct bed bed;
    struct error error;

    bed_open(&bed);
    assert_int_equal(task_choose_bank(&bed.task, &(struct bank_subset){.name = "z"}, NULL, &error), -1);
    assert_non_null(strstr(error.text, "known: a, b:c"));
    assert_int_equal(task_choose_bank(&bed.task, &(struct bank_subset){.size = N + 1}, NULL, &error), -1);
    assert_non_null(strstr(error.text, "only 40 rows"));
    assert_int_equal(task_choose_bank(&bed.task, &(struct bank_subset){.adversarial = N + 1}, NULL, &error), -1);
    assert_int_equal(task_bank(&bed.task), N); /* unchanged */
    bed.collection.model[0]->banks = 0;
    assert_int_equal(task_choose_bank(&bed.task, &(struct bank_subset){.size = 1}, NULL, &error), -1);
    assert_non_null(strstr(error.text, "no bank"));
    bed_close(&bed);
}

/* A plain implementation of the published recipe. */
static void adversarial(void **state)
{
    (void)state;
    struct bed bed;
    size_t best[N], count[M] = {0}, taken = 0;
    bool right[N] = {false}, done[M] = {false};
    enum { SIZE = 17 };

    bed_open(&bed);
    for (size_t i = 0; i < N; i++) {
        const float *row = bed.data[1] + i * M;
        best[i] = 0;
        for (size_t j = 1; j < M; j++)
            best[i] = row[j] > row[best[i]] ? j : best[i];
        count[best[i]]++;
    }
    while (taken < SIZE) {
        size_t item = M;
        for (size_t j = 0; j < M; j++)
            if (!done[j] && (item == M || count[j] > count[item]))
                item = j;
        done[item] = true;
        for (size_t i = 0; i < N && taken < SIZE; i++)
            if (best[i] == item) {
                right[i] = true;
                taken++;
            }
    }
    choose(&bed, "a:adversarial=17");
    assert_int_equal(task_bank(&bed.task), SIZE);
    for (size_t i = 0; i < SIZE; i++) {
        assert_true(right[bed.task.bank_row[i]]);
        assert_true(i == 0 || bed.task.bank_row[i] > bed.task.bank_row[i - 1]);
    }
    bed_close(&bed);
}

/* A fit on some rows of a bank equals a fit on a bank of just those rows. */
static void fits_follow(void **state)
{
    (void)state;
    struct bed bed;
    struct rule_spec specs[4];
    struct fit *fits[4], *plain[4];
    struct pull pulls[3], plain_pulls[3];
    float copy[10 * M];

    bed_open(&bed);
    choose(&bed, "a:size=10,seed=3");
    for (size_t i = 0; i < 10; i++)
        memcpy(copy + i * M, bed.data[1] + bed.task.bank_row[i] * M, M * sizeof *copy);
    struct matrix matrix = matrix_view(copy, 10, M);
    struct task task = bed.task;
    task.b = (struct sims){.rows = 10, .cols = M, .stored = &matrix};
    task.bank_row = NULL;
    assert_int_equal(rule_parse("qbnorm", 10, &specs[0], NULL), 0);
    assert_int_equal(rule_parse("ncl", 10, &specs[1], NULL), 0);
    assert_int_equal(rule_parse("nnn:k=4", 10, &specs[2], NULL), 0);
    assert_int_equal(rule_parse("csls:k=2", 10, &specs[3], NULL), 0);
    assert_int_equal(fit_rules(&bed.task, specs, 4, NULL, fits, NULL, NULL), 0);
    assert_int_equal(fit_rules(&task, specs, 4, NULL, plain, NULL, NULL), 0);
    assert_string_equal(fits[0]->bank, "a:size=10,seed=3");
    assert_memory_equal(fits[0]->active, plain[0]->active, M);
    for (size_t r = 0; r < 4; r++) {
        assert_int_equal(fits[r]->n, 10);
        assert_memory_equal(fits[r]->bias, plain[r]->bias, M * sizeof(double));
    }
    assert_int_equal(search_pulls(&bed.task, fits[0], 2, pulls, 3, NULL), 3);
    assert_int_equal(search_pulls(&task, plain[0], 2, plain_pulls, 3, NULL), 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(pulls[i].bank_row, bed.task.bank_row[plain_pulls[i].bank_row]);
        assert_true(pulls[i].share == plain_pulls[i].share);
    }
    for (size_t r = 0; r < 4; r++) {
        fit_release(fits[r]);
        fit_release(plain[r]);
    }
    bed_close(&bed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts),       cmocka_unit_test(random_subsets), cmocka_unit_test(refusals),
        cmocka_unit_test(adversarial), cmocka_unit_test(fits_follow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
