/* The filter of the lists, and the folding that it compares by. */
#include "ui/model/filter.h"
#include "engine/base/fold.h"
#include "made_model.h"
#include "ui/explorer/trail.h"

static void folds(const char *text, const char *expected)
{
    char *folded = fold_text(text);

    assert_non_null(folded);
    assert_string_equal(folded, expected);
    free(folded);
}

static void case_accents_and_forms_are_folded(void **state)
{
    (void)state;
    folds("", "");
    folds("Frog FACE 1F438", "frog face 1f438");
    folds("Café Naïve Ångström", "cafe naive angstrom");
    folds("cafe\u0301", "cafe"); /* an accent of its own */
    folds("Stra\u00dfe", "strasse");
    folds("\uff26\uff52\uff4f\uff47", "frog"); /* full width */
    folds("\u039f\u0394\u039f\u03a3", "\u03bf\u03b4\u03bf\u03c3");
    folds("\U0001f438\ufe0f", "\U0001f438"); /* an emoji without its variation selector */
    folds("a\tb\xff\xfe", "a b\ufffd\ufffd");
}

static size_t listed(const struct model *model)
{
    size_t count = 0;

    for (uint32_t v = 0; v < VIDEOS; v++)
        count += model_lists_video(model, v);
    return count;
}

static void words_narrow_videos_and_queries(void **state)
{
    struct model model;

    (void)state;
    begin(&model);
    assert_int_equal(listed(&model), VIDEOS);
    model_set_filter(&model, "Vid 7"); /* the texts are being read */
    assert_int_equal(listed(&model), VIDEOS);
    settle(&model);
    assert_false(model_lists_video(&model, 5));
    assert_true(model_lists_video(&model, 6)); /* its caption is "query 7" */
    assert_true(model_lists_video(&model, 7)); /* "video 7" */
    assert_true(model_lists_video(&model, 57));
    assert_false(model_lists_video(&model, 58));
    model_set_filter(&model, "QUERY 13"); /* the caption of query 12; query 13 has it with its video's title */
    assert_int_equal(listed(&model), 2);
    assert_true(model_lists_video(&model, 12) && model_lists_video(&model, 13));
    assert_true(model_lists_query(&model, 12) && model_lists_query(&model, 13));
    assert_false(model_lists_query(&model, 14));
    model_set_filter(&model, "video query"); /* each of the words in one of its texts */
    assert_int_equal(listed(&model), QUERIES - 1);
    assert_false(model_lists_query(&model, 3)); /* has no video */
    model_set_filter(&model, "nowhere");
    assert_int_equal(listed(&model), 0);
    model_set_filter(&model, "  ");
    assert_int_equal(listed(&model), VIDEOS);
    model_close(&model);
}

static void the_label_counts(void **state)
{
    struct model model;
    char label[FILTER_LABEL];

    (void)state;
    begin(&model);
    filter_label(&model, 60, 60, label);
    assert_string_equal(label, "");
    model_set_filter(&model, "cat");
    filter_label(&model, 12, 500, label);
    assert_string_equal(label, "\\cat 12/500  ");
    model_set_filter(&model, "a filter of very many words indeed");
    filter_label(&model, 0, 1000000, label);
    assert_string_equal(label, "\\a filter of very many wo.. 0/1000000  ");
    model_close(&model);
}

static void the_trail_keeps_it(void **state)
{
    static struct trail trail;
    struct model model;

    (void)state;
    begin(&model);
    model.opening = false;
    trail_note(&trail, &model, 1);
    model_set_filter(&model, "cat");
    trail_note(&trail, &model, 1);
    model_set_filter(&model, "");
    trail_note(&trail, &model, 1);
    assert_int_equal(trail_go(&trail, &model, false), 1);
    assert_string_equal(model_filter(&model), "cat");
    assert_int_equal(trail_go(&trail, &model, false), 1);
    assert_string_equal(model_filter(&model), "");
    assert_int_equal(trail_go(&trail, &model, true), 1);
    assert_string_equal(model_filter(&model), "cat");
    model_close(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(case_accents_and_forms_are_folded),
        cmocka_unit_test(words_narrow_videos_and_queries),
        cmocka_unit_test(the_label_counts),
        cmocka_unit_test(the_trail_keeps_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
