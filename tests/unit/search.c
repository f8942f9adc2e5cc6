#include "engine/evaluation/search.h"
#include "engine/base/pool.h"
#include "engine/evaluation/shortlist.h"
#include "engine/kernels/kernels.h"
#include "engine/matrices/row_codes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "made.h"

enum { RULES = 4 };

static void make_fits(const struct task *task, float grain, struct fit **fits)
{
    fits[0] = made_fit(task, 20, false, false, grain);
    fits[1] = made_fit(task, 50, true, false, grain);
    fits[2] = made_fit(task, 20, true, true, grain);
    fits[3] = made_fit(task, 1000, true, false, grain);
}

static void release_fits(struct fit **fits)
{
    for (size_t r = 0; r < RULES; r++) {
        assert_int_equal(fits[r]->references, 1);
        fit_release(fits[r]);
    }
}

/* The rank by plain counting. */
static size_t counted_rank(const float *score, size_t m, size_t item)
{
    size_t rank = 1;

    for (size_t j = 0; j < m; j++)
        rank += score[j] > score[item] || (score[j] == score[item] && j < item);
    return rank;
}

static size_t item_of_best(const struct search_list *list, size_t m)
{
    size_t j = 0;

    while (j < m && list->score[j] != list->best)
        j++;
    assert_true(j < m);
    return j;
}

static void check_search(const struct made *made, const struct search *search, size_t query)
{
    size_t m = search->m;
    const float *s = made->s_data + query * m;
    uint32_t *items = calloc(m, sizeof *items);
    size_t *ranks = calloc(m, sizeof *ranks);

    assert_memory_equal(search->similarity, s, m * sizeof *s);
    assert_int_equal(counted_rank(s, m, search->top1), 1);
    for (size_t r = 0; r < search->rules; r++) {
        const struct search_list *list = &search->list[r];
        const struct fit *fit = list->fit;
        assert_int_equal(list->open, !fit->active || search->top1 % 3 == 0);
        for (size_t j = 0; j < m; j++)
            assert_true(list->score[j] == (list->open && fit->shift ? s[j] + fit->shift[j] : s[j]));
        for (size_t i = 0; i < search->k; i++)
            assert_int_equal(counted_rank(list->score, m, list->item[i]), i + 1);
        assert_int_equal(counted_rank(list->score, m, item_of_best(list, m)), 1);
        double sum = 0, total = 0;
        for (size_t j = 0; j < m; j++)
            sum += exp(fit->scale * ((double)list->score[j] - list->best));
        assert_true(fabs(list->log_sum - log(sum)) < 1e-6);
        for (size_t j = 0; j < m; j++) {
            total += search_probability(search, r, (uint32_t)j);
            items[j] = (uint32_t)((j * 31 + 5) % m); /* unordered, some twice */
        }
        assert_true(fabs(total - 1) < 1e-6);
        search_ranks(search, r, items, m, ranks);
        for (size_t i = 0; i < m; i += 1 + m / 100) {
            assert_int_equal(ranks[i], counted_rank(list->score, m, items[i]));
            assert_int_equal(search_rank(search, r, items[i]), ranks[i]);
        }
        search_ranks(search, r, items, 0, ranks);
    }
    free(items);
    free(ranks);
}

static void check_task(size_t m, float grain, size_t k)
{
    struct made made;
    struct fit *fits[RULES];
    bool open = false, shut = false, large = m > 1000;

    made_open(&made, 12, m, 1, grain);
    make_fits(&made.task, grain, fits);
    for (size_t query = 0; query < (large ? 2 : 12); query++) {
        struct search *search = search_run(&made.task, NULL, query, fits, RULES, k, NULL);
        assert_non_null(search);
        assert_int_equal(search->k, k < m ? k : m);
        check_search(&made, search, query);
        open = open || search->list[2].open;
        shut = shut || !search->list[2].open;
        search_free(search);
    }
    assert_true(m < 10 || large || (open && shut)); /* both kinds occurred */
    release_fits(fits);
    made_close(&made);
}

static void ranks_and_lists(void **state)
{
    (void)state;
    check_task(61, 0.125f, 10); /* nothing but ties */
    check_task(700, 0x1p-12f, 100);
    check_task(700, 0, 1);
}

static void galleries_smaller_than_the_list(void **state)
{
    (void)state;
    check_task(1, 0, 10);
    check_task(7, 0.125f, 1000);
    check_task(30, 0.125f, 30);
    check_task(30, 0.125f, 0);
}

static void large_enough_for_the_pool(void **state)
{
    (void)state;
    check_task(20000, 0x1p-12f, 50);
}

static void a_free_vector_and_its_row_agree(void **state)
{
    (void)state;
    enum { M = 300, D = 17 };
    float *left = made_floats(3 * D, 0, 8), *right = made_floats(M * D, 0, 9);
    struct matrix rows = matrix_view(left, 3, D), gallery = matrix_view(right, M, D);
    const uint32_t map[] = {2, 0};
    struct task task = {.s = {.rows = 2, .cols = M, .left = &rows, .right = &gallery, .row_map = map}};
    struct fit *fit = made_fit(&task, 20, true, false, 0);
    struct search *typed = search_run(&task, left + 2 * D, 0, &fit, 1, 10, NULL);
    struct search *stored = search_run(&task, NULL, 0, &fit, 1, 10, NULL);

    assert_non_null(typed);
    assert_non_null(stored);
    for (size_t j = 0; j < M; j++) {
        double right_value = 0;
        for (size_t i = 0; i < D; i++)
            right_value += (double)left[2 * D + i] * (double)right[j * D + i];
        assert_true(fabs(typed->similarity[j] - right_value) < 1e-6);
    }
    assert_memory_equal(typed->similarity, stored->similarity, M * sizeof(float));
    assert_memory_equal(typed->list->item, stored->list->item, 10 * sizeof(uint32_t));
    search_free(typed);
    search_free(stored);
    fit_release(fit);
    free(left);
    free(right);
}

static void wrong_queries_are_refused(void **state)
{
    (void)state;
    struct made made;
    struct error error = {0};
    const float vector[5] = {1};

    made_open(&made, 4, 5, 1, 0);
    assert_null(search_run(&made.task, NULL, 4, NULL, 0, 1, &error));
    assert_int_equal(error.kind, ERROR_INPUT);
    error.kind = ERROR_NONE;
    assert_null(search_run(&made.task, vector, 0, NULL, 0, 1, &error));
    assert_int_equal(error.kind, ERROR_INPUT);
    search_free(NULL);
    made_close(&made);
}

static void check_pulls(bool weighted, size_t count)
{
    enum { M = 9, N = 200, ITEM = 4 };
    struct made made;
    struct pull *pulls = calloc(N + 5, sizeof *pulls);
    double weight[N], most = -INFINITY, sum = 0;

    made_open(&made, 1, M, N, 0.125f);
    struct fit *fit = made_fit(&made.task, 20, true, false, 0);
    if (weighted) {
        uint32_t seed = 4;
        fit->row_bias = calloc(N, sizeof *fit->row_bias);
        for (size_t i = 0; i < N; i++)
            fit->row_bias[i] = -900 + 30 * (double)made_uniform(&seed);
    }
    for (size_t i = 0; i < N; i++) {
        weight[i] = 20 * (double)made.b_data[i * M + ITEM] + (weighted ? fit->row_bias[i] : 0);
        most = fmax(most, weight[i]);
    }
    for (size_t i = 0; i < N; i++)
        sum += exp(weight[i] - most);
    size_t got = search_pulls(&made.task, fit, ITEM, pulls, count, NULL);
    assert_int_equal(got, count < N ? count : N);
    double total = 0;
    for (size_t i = 0; i < got; i++) {
        uint32_t row = pulls[i].bank_row;
        size_t before = 0;
        assert_true(pulls[i].similarity == made.b_data[row * M + ITEM]);
        assert_true(fabs(pulls[i].share - exp(weight[row] - most) / sum) < 1e-6);
        for (size_t other = 0; other < N; other++)
            before += weight[other] > weight[row] || (weight[other] == weight[row] && other < row);
        assert_int_equal(before, i);
        total += pulls[i].share;
    }
    if (got == N)
        assert_true(fabs(total - 1) < 1e-6);
    fit_release(fit);
    made_close(&made);
    free(pulls);
}

static void pulls_and_their_shares(void **state)
{
    (void)state;
    for (int weighted = 0; weighted < 2; weighted++) {
        check_pulls(weighted, 5);
        check_pulls(weighted, 200);
        check_pulls(weighted, 205);
    }
}

static void pulls_that_do_not_exist(void **state)
{
    (void)state;
    struct made made;
    struct pull pull;
    struct error error = {0};

    made_open(&made, 1, 5, 20, 0);
    struct fit *raw = made_fit(&made.task, 20, false, false, 0);
    struct fit *biased = made_fit(&made.task, 20, true, false, 0);
    assert_int_equal(search_pulls(&made.task, raw, 0, &pull, 1, &error), 0);
    assert_int_equal(search_pulls(&made.task, biased, 0, &pull, 0, &error), 0);
    for (long allowed = 0; allowed < 4; allowed++) {
        memory_fail_after(allowed);
        size_t got = search_pulls(&made.task, biased, 0, &pull, 1, &error);
        memory_fail_after(-1);
        assert_true(got == SIZE_MAX);
        assert_int_equal(error.kind, ERROR_MEMORY);
    }
    biased->n = 19; /* fitted on another bank */
    assert_true(search_pulls(&made.task, biased, 0, &pull, 1, &error) == SIZE_MAX);
    assert_int_equal(error.kind, ERROR_INPUT);
    fit_release(raw);
    fit_release(biased);
    made_close(&made);
}

static void survives_out_of_memory(void **state)
{
    (void)state;
    struct made made;
    struct fit *fits[RULES];
    struct error error;
    struct search *search = NULL;
    long allowed = 0;

    made_open(&made, 3, 50, 1, 0);
    make_fits(&made.task, 0, fits);
    for (; !search; allowed++) {
        assert_true(allowed < 1000);
        memory_fail_after(allowed);
        search = search_run(&made.task, NULL, 1, fits, RULES, 10, &error);
        memory_fail_after(-1);
        if (!search)
            assert_int_equal(error.kind, ERROR_MEMORY);
    }
    assert_true(allowed > 10);
    search_free(search);
    release_fits(fits);
    made_close(&made);
}

enum { INDEXED = 5000, NUMBERS = 70, NAMED = 20 };

/* An index of a gallery in which whole rows are repeated, so that there are ties. */
struct indexed {
    float *left, *right, *scale, *off;
    int8_t *code;
    struct matrix rows, gallery;
    struct row_codes codes;
    struct task task;
};

static void indexed_open(struct indexed *indexed)
{
    *indexed = (struct indexed){.left = made_floats(4 * NUMBERS, 0, 8),
                                .right = made_floats(INDEXED * NUMBERS, 0x1p-6f, 9),
                                .scale = memory_floats(2 * INDEXED),
                                .code = calloc(INDEXED, NUMBERS)};
    indexed->off = indexed->scale + INDEXED;
    indexed->codes = (struct row_codes){
        .rows = INDEXED, .cols = NUMBERS, .code = indexed->code, .scale = indexed->scale, .off = indexed->off};
    memset(indexed->right + NUMBERS, 0, NUMBERS * sizeof(float));
    for (size_t j = 0; j < INDEXED; j++) {
        float *row = indexed->right + j * NUMBERS;
        if (j % 3 == 2)
            memcpy(row, row - NUMBERS, NUMBERS * sizeof *row);
        double length =
            row_codes_encode(row, NUMBERS, indexed->code + j * NUMBERS, &indexed->scale[j], &indexed->off[j]);
        indexed->codes.longest = fmax(indexed->codes.longest, length);
    }
    indexed->rows = matrix_view(indexed->left, 4, NUMBERS);
    indexed->gallery = matrix_view(indexed->right, INDEXED, NUMBERS);
    indexed->task =
        (struct task){.s = {.rows = 4, .cols = INDEXED, .left = &indexed->rows, .right = &indexed->gallery}};
    indexed->task.s.codes = &indexed->codes;
}

static void indexed_close(struct indexed *indexed)
{
    free(indexed->left);
    free(indexed->right);
    free(indexed->scale);
    free(indexed->code);
}

static void compare_lists(const struct search *search, const struct shortlist *lists, bool indexed)
{
    for (size_t r = 0; r < search->rules; r++) {
        const struct search_list *all = &search->list[r];
        assert_int_equal(lists[r].count, search->k);
        assert_int_equal(lists[r].open, all->open);
        assert_int_equal(lists[r].read < search->m, indexed);
        assert_memory_equal(lists[r].item, all->item, search->k * sizeof *all->item);
        for (size_t i = 0; i < search->k; i++) {
            assert_true(lists[r].similarity[i] == search->similarity[all->item[i]]);
            assert_true(lists[r].score[i] == all->score[all->item[i]]);
        }
    }
}

/* With every instruction set, and with one worker and two; a stored query or a vector. */
static void an_index_changes_no_list(void **state)
{
    (void)state;
    struct indexed indexed;
    struct fit *fits[RULES];
    struct shortlist lists[RULES];

    indexed_open(&indexed);
    make_fits(&indexed.task, 0x1p-8f, fits);
    for (size_t round = 0; round < 2 * KERNEL_ISAS; round++) {
        kernel_use(kernel_set_of((enum kernel_isa)(round / 2)));
        pool_set_workers(1 + round % 2);
        for (size_t q = 0; q < 4; q++) {
            const float *vector = q < 2 ? NULL : indexed.left + q * NUMBERS;
            struct search *search = search_run(&indexed.task, vector, q, fits, RULES, NAMED, NULL);
            assert_int_equal(shortlist_run(&indexed.task, vector, q, fits, RULES, NAMED, lists, NULL), 0);
            compare_lists(search, lists, true);
            shortlist_close(lists, RULES);
            search_free(search);
        }
    }
    kernel_use(NULL);
    pool_set_workers(0);
    release_fits(fits);
    indexed_close(&indexed);
}

/* No index is made of a matrix with NaN: where one came later, only rows that are read refuse it. */
static void an_index_spares_other_rows(void **state)
{
    (void)state;
    struct indexed indexed;
    struct fit *fits[RULES];
    struct shortlist lists[RULES];
    struct error error = {0};
    size_t worst = 0;

    indexed_open(&indexed);
    make_fits(&indexed.task, 0x1p-8f, fits);
    struct search *search = search_run(&indexed.task, NULL, 1, fits, RULES, NAMED, NULL);
    for (size_t j = 1; j < INDEXED; j++)
        worst = search->similarity[j] < search->similarity[worst] ? j : worst;
    indexed.right[worst * NUMBERS + 3] = NAN;
    assert_int_equal(shortlist_run(&indexed.task, NULL, 1, fits, RULES, NAMED, lists, NULL), 0);
    compare_lists(search, lists, true);
    shortlist_close(lists, RULES);
    indexed.right[search->list[0].item[0] * NUMBERS] = INFINITY;
    assert_int_equal(shortlist_run(&indexed.task, NULL, 1, fits, RULES, NAMED, lists, &error), -1);
    assert_non_null(strstr(error.text, "2 rows hold NaN or infinite values"));
    search_free(search);
    release_fits(fits);
    indexed_close(&indexed);
}

static void an_index_of_no_use(void **state)
{
    (void)state;
    struct indexed indexed;
    struct fit *fits[RULES];
    struct shortlist lists[RULES];
    struct error error = {0};

    indexed_open(&indexed);
    make_fits(&indexed.task, 0, fits);
    struct search *search = search_run(&indexed.task, NULL, 1, fits, RULES, 10, NULL);
    for (size_t j = 0; j < INDEXED; j++) /* bounds of another matrix */
        indexed.off[j] = 0;
    for (size_t i = 0; i < NUMBERS; i++)
        indexed.code[search->list[0].item[0] * NUMBERS + i] ^= 8;
    assert_int_equal(shortlist_run(&indexed.task, NULL, 1, fits, RULES, 10, lists, NULL), 0);
    compare_lists(search, lists, false);
    shortlist_close(lists, RULES);
    for (size_t j = 0; j < INDEXED; j++) /* bounds that say nothing */
        indexed.off[j] = 9;
    assert_int_equal(shortlist_run(&indexed.task, NULL, 1, fits, RULES, 10, lists, NULL), 0);
    compare_lists(search, lists, false);
    shortlist_close(lists, RULES);
    search_free(search);
    indexed.task.s.codes = NULL;
    assert_int_equal(shortlist_run(&indexed.task, NULL, 1, fits, RULES, SIZE_MAX, lists, NULL), 0);
    assert_int_equal(lists[3].count, INDEXED);
    shortlist_close(lists, RULES);
    assert_int_equal(shortlist_run(&indexed.task, NULL, 4, fits, RULES, 10, lists, &error), -1);
    assert_int_equal(error.kind, ERROR_INPUT);
    release_fits(fits);
    indexed_close(&indexed);
}

static void an_index_survives_out_of_memory(void **state)
{
    (void)state;
    struct indexed indexed;
    struct fit *fits[RULES];
    struct shortlist lists[RULES];
    struct error error;
    int status = -1;

    indexed_open(&indexed);
    make_fits(&indexed.task, 0, fits);
    for (long allowed = 0; status; allowed++) {
        assert_true(allowed < 100);
        memory_fail_after(allowed);
        status = shortlist_run(&indexed.task, NULL, 1, fits, RULES, 10, lists, &error);
        memory_fail_after(-1);
        if (status)
            assert_int_equal(error.kind, ERROR_MEMORY);
    }
    shortlist_close(lists, RULES);
    release_fits(fits);
    indexed_close(&indexed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_and_lists),           cmocka_unit_test(galleries_smaller_than_the_list),
        cmocka_unit_test(large_enough_for_the_pool), cmocka_unit_test(a_free_vector_and_its_row_agree),
        cmocka_unit_test(wrong_queries_are_refused), cmocka_unit_test(pulls_and_their_shares),
        cmocka_unit_test(pulls_that_do_not_exist),   cmocka_unit_test(survives_out_of_memory),
        cmocka_unit_test(an_index_changes_no_list),  cmocka_unit_test(an_index_spares_other_rows),
        cmocka_unit_test(an_index_of_no_use),        cmocka_unit_test(an_index_survives_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
