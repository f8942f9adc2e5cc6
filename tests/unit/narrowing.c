/* Measures of some videos alone in the explorer's model. */
#include "ui/model/narrowing.h"
#include "made_model.h"
#include "ui/explorer/trail.h"
#include "ui/model/filter.h"
#include "ui/model/marks.h"
#include "ui/model/where.h"

static size_t ranked(const struct analysis *analysis)
{
    size_t count = 0;

    for (size_t q = 0; q < analysis->queries; q++)
        count += !isnan(analysis->rank[q]);
    return count;
}

static void begin_marked(struct model *model)
{
    begin(model);
    for (uint32_t v = 2; v < 12; v++)
        model_mark(model, v, true);
}

static void analyses_are_of_the_marked_videos(void **state)
{
    struct model model;
    char label[FILTER_LABEL];

    (void)state;
    begin_marked(&model);
    const struct analysis *whole = model_analysis(&model, model.current);
    assert_ptr_equal(whole, model_whole_analysis(&model, model.current));
    assert_int_equal(ranked(whole), QUERIES - 1); /* query 3 has no video */
    unsigned long results = model.results;
    model_set_where(&model, WHERE_MARKED);
    assert_true(model.results != results);
    const struct analysis *part = model_analysis(&model, model.current);
    assert_ptr_equal(part, model_analysis(&model, model.current)); /* made once */
    assert_int_equal(ranked(part), 9);
    assert_int_equal(part->subset->items, 10);
    assert_ptr_equal(whole, model_whole_analysis(&model, model.current));
    assert_false(model_lists_video(&model, 1) || model_lists_query(&model, 3) || model_lists_query(&model, 12));
    assert_true(model_lists_video(&model, 2) && model_lists_query(&model, 11));
    filter_label(&model, 10, VIDEOS, label);
    assert_string_equal(label, "marked 10/60  ");

    model_set_rule(&model, rule("csls")); /* a rule analysed later is narrowed, too */
    settle(&model);
    assert_int_equal(ranked(model_analysis(&model, model.current)), 9);
    model_set_where(&model, "");
    assert_int_equal(ranked(model_analysis(&model, model.current)), QUERIES - 1);
    assert_string_equal(model_where(&model), "");
    model_close(&model);
}

static void conditions_without_a_table_are_refused(void **state)
{
    struct model model;

    (void)state;
    begin(&model);
    model_set_where(&model, WHERE_MARKED); /* none is */
    assert_true(model.message_is_error);
    assert_string_equal(model_where(&model), "");
    model_set_where(&model, "group=smileys");
    assert_string_equal(model_where(&model), "group=smileys"); /* wanted */
    settle(&model);
    assert_string_equal(model_where(&model), "");
    assert_non_null(strstr(model.message, "matrices have no table"));
    assert_null(model_analysis(&model, model.current)->subset);
    model_close(&model);
}

static void the_trail_keeps_it(void **state)
{
    static struct trail trail;
    struct model model;

    (void)state;
    begin_marked(&model);
    model.opening = false;
    trail_note(&trail, &model, 1);
    model_set_where(&model, WHERE_MARKED);
    trail_note(&trail, &model, 1);
    model_set_where(&model, "");
    trail_note(&trail, &model, 1);
    assert_int_equal(trail_go(&trail, &model, false), 1);
    assert_string_equal(model_where(&model), WHERE_MARKED);
    assert_int_equal(trail_go(&trail, &model, false), 1);
    assert_string_equal(model_where(&model), "");
    model_close(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(analyses_are_of_the_marked_videos),
        cmocka_unit_test(conditions_without_a_table_are_refused),
        cmocka_unit_test(the_trail_keeps_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
