/* Sorting lists by their columns, by keys and by clicks on heads. */
#include "ui/draw/sort.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

struct row {
    uint32_t number;
    double value;
    char letter;
};

static int by_value(const void *a, const void *b, const void *context)
{
    (void)context;
    return sort_numbers(((const struct row *)a)->value, ((const struct row *)b)->value);
}

static int by_letter(const void *a, const void *b, const void *context)
{
    (void)context;
    return ((const struct row *)a)->letter - ((const struct row *)b)->letter;
}

enum { BY_VALUE, BY_LETTER, COLUMNS, ROWS = 5 };
static const struct sort_column columns[COLUMNS] = {[BY_VALUE] = {by_value, true}, [BY_LETTER] = {by_letter, false}};

static void sorted(const struct sort *sort, const uint32_t expected[ROWS])
{
    struct row rows[ROWS] = {{4, 2, 'b'}, {0, 1, 'c'}, {3, 2, 'a'}, {1, 9, 'a'}, {2, -1, 'd'}};

    sort_rows(sort, columns, rows, ROWS, sizeof *rows, NULL);
    for (int i = 0; i < ROWS; i++)
        assert_int_equal(rows[i].number, expected[i]);
}

static void rows_are_sorted_by_any_column(void **state)
{
    struct sort sort = {0};

    (void)state;
    sorted(&sort, (uint32_t[]){1, 3, 4, 0, 2}); /* ties in order of the numbers */
    sort.reverse = true;
    sorted(&sort, (uint32_t[]){2, 0, 3, 4, 1});
    sort = (struct sort){.column = BY_LETTER};
    sorted(&sort, (uint32_t[]){1, 3, 4, 0, 2});
    sort.reverse = true;
    sorted(&sort, (uint32_t[]){2, 0, 4, 1, 3});
    sort_rows(&sort, columns, NULL, 0, sizeof(struct row), NULL);
}

static void keys_choose_column_and_direction(void **state)
{
    struct sort sort = {0};

    (void)state;
    assert_false(sort_act(&sort, COLUMNS, ACTION_DOWN));
    assert_true(sort_falls(&sort, columns));
    assert_true(sort_act(&sort, COLUMNS, ACTION_REVERSE));
    assert_true(sort.reverse && !sort_falls(&sort, columns));
    assert_true(sort_act(&sort, COLUMNS, ACTION_ORDER));
    assert_int_equal(sort.column, BY_LETTER);
    assert_false(sort.reverse || sort_falls(&sort, columns));
    assert_true(sort_act(&sort, COLUMNS, ACTION_ORDER));
    assert_int_equal(sort.column, BY_VALUE);
    assert_true(sort_act(&sort, COLUMNS, ACTION_ORDER_BACK));
    assert_int_equal(sort.column, BY_LETTER);
}

static void heads_are_clicked(void **state)
{
    struct sort sort = {.head = {{3, 10, 1, 5}, {3, 20, 1, 5}}};

    (void)state;
    assert_false(sort_click(&sort, COLUMNS, &(struct mouse){.y = 3, .x = 15}));
    assert_false(sort_click(&sort, COLUMNS, &(struct mouse){.y = 4, .x = 20}));
    assert_false(sort_click(&sort, COLUMNS, &(struct mouse){.y = 3, .x = 20, .wheel = 1}));
    assert_true(sort_click(&sort, COLUMNS, &(struct mouse){.y = 3, .x = 20}));
    assert_int_equal(sort.column, BY_LETTER);
    assert_false(sort.reverse);
    assert_true(sort_click(&sort, COLUMNS, &(struct mouse){.y = 3, .x = 24}));
    assert_int_equal(sort.column, BY_LETTER);
    assert_true(sort.reverse);
    assert_true(sort_click(&sort, COLUMNS, &(struct mouse){.y = 3, .x = 10}));
    assert_int_equal(sort.column, BY_VALUE);
    assert_false(sort.reverse);
    sort_no_heads(&sort);
    assert_false(sort_click(&sort, COLUMNS, &(struct mouse){.y = 3, .x = 10}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_sorted_by_any_column),
        cmocka_unit_test(keys_choose_column_and_direction),
        cmocka_unit_test(heads_are_clicked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
