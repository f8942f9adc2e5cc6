/* Marked videos: which lists show them, and what exports and copies take of them. */
#include "ui/model/marks.h"
#include "made_model.h"
#include "ui/keys/action.h"
#include "ui/model/export_job.h"
#include "ui/model/filter.h"

static size_t listed(const struct model *model)
{
    size_t count = 0;

    for (uint32_t v = 0; v < VIDEOS; v++)
        count += model_lists_video(model, v);
    return count;
}

static void lists_show_them_alone_or_not(void **state)
{
    struct model model;
    char label[FILTER_LABEL];

    (void)state;
    begin(&model);
    model_set_marked_rows(&model, MARKED_ALONE); /* none is marked */
    assert_int_equal(model_marked_rows(&model), MARKED_AMONG_ALL);
    model_mark(&model, 5, true);
    model_mark(&model, 7, true);
    model_mark(&model, 7, true);
    model_mark(&model, VIDEOS, true); /* does not exist */
    assert_int_equal(model_marks(&model), 2);
    assert_true(model_is_marked(&model, 5) && !model_is_marked(&model, 6));
    assert_int_equal(listed(&model), VIDEOS);

    unsigned long results = model.results;
    model_set_marked_rows(&model, MARKED_ALONE);
    assert_true(model.results != results); /* lists are made again */
    assert_int_equal(listed(&model), 2);
    assert_true(model_lists_query(&model, 5) && !model_lists_query(&model, 6) && !model_lists_query(&model, 3));
    filter_label(&model, 2, VIDEOS, label);
    assert_string_equal(label, "marked 2/60  ");
    model_set_filter(&model, "video 5");
    settle(&model);
    assert_int_equal(listed(&model), 1);
    model_set_filter(&model, "");
    model_set_marked_rows(&model, MARKED_HIDDEN);
    assert_int_equal(listed(&model), VIDEOS - 2);
    assert_true(model_lists_query(&model, 3)); /* of no video */
    model_mark(&model, 5, false);
    assert_int_equal(listed(&model), VIDEOS - 1);
    model_unmark_all(&model);
    assert_int_equal(listed(&model), VIDEOS);
    assert_int_equal(model_marked_rows(&model), MARKED_AMONG_ALL);
    model_close(&model);
}

static struct exhibit exhibit_of(const struct export_kind *kind, const uint32_t *rows, size_t count)
{
    struct exhibit exhibit = {.kind = kind, .shown = count, .order = malloc(count * sizeof *rows)};

    memcpy(exhibit.order, rows, count * sizeof *rows);
    return exhibit;
}

static void exhibits_keep_marked_rows(void **state)
{
    const uint32_t rows[] = {9, 3, 7, 5};
    struct exhibit exhibit = exhibit_of(&export_hubs, rows, 4);
    struct model model;

    (void)state;
    begin(&model);
    assert_false(exhibit_marked(&model, &(struct exhibit){0}));
    assert_true(exhibit_keep_marked(&model, &exhibit)); /* no marks: all rows */
    assert_int_equal(exhibit.shown, 4);
    model_mark(&model, 5, true);
    model_mark(&model, 9, true);
    assert_true(exhibit_keep_marked(&model, &exhibit));
    assert_int_equal(exhibit.shown, 2);
    assert_int_equal(exhibit.order[0], 9);
    assert_int_equal(exhibit.order[1], 5);
    free(exhibit.order);
    exhibit = exhibit_of(&export_shifts, rows + 1, 2); /* the queries of videos 3 and 7, one of them of no video */
    assert_false(exhibit_keep_marked(&model, &exhibit));
    free(exhibit.order);
    assert_true(exhibit_marked(&model, &exhibit));
    assert_int_equal(exhibit.shown, 2);
    assert_int_equal(exhibit.order[0], 5);
    assert_int_equal(exhibit.order[1], 9);
    free(exhibit.order);
    model_close(&model);
}

static void space_is_a_key_of_the_table(void **state)
{
    (void)state;
    assert_int_equal(action_of_key(" ", SCOPE_HUBS | SCOPE_LISTS), ACTION_MARK);
    assert_int_equal(action_of_key(" ", SCOPE_LEARNING), ACTION_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_show_them_alone_or_not),
        cmocka_unit_test(exhibits_keep_marked_rows),
        cmocka_unit_test(space_is_a_key_of_the_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
