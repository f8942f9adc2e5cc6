#include "ui/draw/list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void check(const struct list *list, size_t selected, size_t first)
{
    assert_int_equal(list->selected, selected);
    assert_int_equal(list->first, first);
}

static void moves(void **state)
{
    struct list list = {0};

    (void)state;
    list_fit(&list, 100, 10);
    check(&list, 0, 0);
    assert_true(list_act(&list, ACTION_UP));
    check(&list, 0, 0);
    assert_true(list_act(&list, ACTION_PAGE_DOWN));
    check(&list, 9, 0);
    assert_true(list_act(&list, ACTION_DOWN));
    check(&list, 10, 1);
    assert_true(list_act(&list, ACTION_HALF_DOWN));
    check(&list, 15, 6);
    assert_true(list_act(&list, ACTION_HALF_UP));
    check(&list, 10, 6);
    assert_true(list_act(&list, ACTION_LAST));
    check(&list, 99, 90);
    assert_true(list_act(&list, ACTION_DOWN));
    check(&list, 99, 90);
    assert_true(list_act(&list, ACTION_PAGE_UP));
    check(&list, 90, 90);
    assert_true(list_act(&list, ACTION_FIRST));
    check(&list, 0, 0);
    assert_false(list_act(&list, ACTION_OPEN));
    assert_false(list_act(&list, ACTION_NONE));
}

static void fits(void **state)
{
    struct list list = {0};

    (void)state;
    list_fit(&list, 100, 10);
    list_select(&list, 1000);
    check(&list, 99, 90);
    list_fit(&list, 50, 10); /* fewer rows */
    check(&list, 49, 40);
    list_fit(&list, 50, 30); /* a taller pane leaves no rows empty */
    check(&list, 49, 20);
    list_fit(&list, 50, 5);
    check(&list, 49, 45);
    list_fit(&list, 3, 10);
    check(&list, 2, 0);
    list_fit(&list, 0, 10);
    check(&list, 0, 0);
    list_act(&list, ACTION_DOWN);
    list_act(&list, ACTION_LAST);
    check(&list, 0, 0);
    list_fit(&list, 5, 0); /* a pane without height */
    list_act(&list, ACTION_DOWN);
    assert_int_equal(list.selected, 1);
}

/* A row selected elsewhere is pinned to the last row of the pane, below a gap, until the first move. */
static void pins(void **state)
{
    struct list list = {0};

    (void)state;
    list_fit(&list, 100, 0); /* not drawn yet */
    list_pin(&list, 70);
    list_fit(&list, 100, 10);
    check(&list, 70, 0);
    assert_int_equal(list_row(&list, 0), 0);
    assert_int_equal(list_row(&list, 7), 7);
    assert_true(list_row(&list, 8) == LIST_GAP);
    assert_int_equal(list_row(&list, 9), 70);
    assert_true(list_act(&list, ACTION_UP));
    check(&list, 7, 0);
    list_pin(&list, 70);
    list_click(&list, 8); /* opens the list there */
    check(&list, 8, 0);
    list_pin(&list, 70);
    list_click(&list, 9);
    check(&list, 70, 61);
    list_pin(&list, 70);
    assert_true(list_act(&list, ACTION_DOWN));
    check(&list, 71, 62);
    assert_int_equal(list_row(&list, 9), 71);
    list_pin(&list, 5); /* visible anyway */
    assert_int_equal(list_row(&list, 9), 9);
    list_fit(&list, 100, 4);
    check(&list, 5, 2);
    list_fit(&list, 100, 3);
    list_pin(&list, 70); /* no room for a gap */
    assert_int_equal(list_row(&list, 1), 1);
    assert_int_equal(list_row(&list, 2), 70);
}

/* A list of other rows: a pinned row was one of the earlier ones, a row moved to is a place that stays. */
static void renews(void **state)
{
    struct list list = {0};

    (void)state;
    list_fit(&list, 100, 10);
    list_pin(&list, 70);
    list_renew(&list, 90);
    check(&list, 0, 0);
    assert_int_equal(list_row(&list, 9), 9);
    list_select(&list, 70);
    list_renew(&list, 90);
    check(&list, 70, 61);
    list_renew(&list, 20);
    check(&list, 19, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(moves), cmocka_unit_test(fits), cmocka_unit_test(pins),
                                       cmocka_unit_test(renews)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
