/* The Search view's pure parts: layouts, which rows show what, labels and the sentence. */
#include "ui/draw/label.h"
#include "ui/views/search.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct search_layout laid_out(int rows, int columns, unsigned wanted, bool detail)
{
    struct search_layout layout;
    search_lay_out((struct rect){1, 0, rows, columns}, wanted, wanted - 1, detail, &layout);
    return layout;
}

static bool inside(struct rect part, struct rect whole)
{
    return part.y >= whole.y && part.x >= whole.x && part.y + part.rows <= whole.y + whole.rows &&
           part.x + part.columns <= whole.x + whole.columns;
}

static void layout_follows_the_size(void **state)
{
    (void)state;
    assert_int_equal(laid_out(34, 120, 2, false).shape, SHAPE_WIDE);
    assert_int_equal(laid_out(34, 120, 3, false).shape, SHAPE_MEDIUM); /* columns would be too narrow */
    assert_int_equal(laid_out(58, 200, 3, false).shape, SHAPE_WIDE);
    assert_int_equal(laid_out(22, 80, 2, false).shape, SHAPE_MEDIUM);
    assert_int_equal(laid_out(22, 60, 2, false).shape, SHAPE_SMALL);
    assert_int_equal(laid_out(10, 40, 2, false).shape, SHAPE_SMALL);
}

static void small_screens_show_one_pane(void **state)
{
    (void)state;
    struct search_layout layout = laid_out(10, 40, 3, false);
    assert_int_equal(layout.columns, 1);
    assert_int_equal(layout.first, 2);
    assert_int_equal(layout.detail.rows, 0);
    layout = laid_out(10, 40, 3, true);
    assert_int_equal(layout.columns, 0);
    assert_int_equal(layout.detail.rows, 8);
}

static void the_detail_grows_with_the_focus(void **state)
{
    (void)state;
    int without = laid_out(22, 80, 2, false).detail.rows, with = laid_out(22, 80, 2, true).detail.rows;
    assert_true(with > without);
    assert_true(laid_out(22, 80, 2, true).column[0].rows >= 4);
}

static void parts_stay_inside_and_apart(void **state)
{
    (void)state;
    for (int rows = 1; rows < 70; rows += 3) {
        for (int columns = 20; columns < 250; columns += 7) {
            for (unsigned wanted = 1; wanted <= 3; wanted++) {
                struct rect whole = {1, 0, rows, columns};
                struct search_layout layout = laid_out(rows, columns, wanted, rows % 2);
                for (unsigned i = layout.first; i < layout.first + layout.columns; i++) {
                    assert_true(inside(layout.column[i], whole));
                    if (i > layout.first)
                        assert_true(layout.column[i].x >= layout.column[i - 1].x + layout.column[i - 1].columns + 3);
                }
                if (layout.detail.rows)
                    assert_true(inside(layout.detail, whole));
            }
        }
    }
}

static void rows_are_pinned_when_out_of_sight(void **state)
{
    (void)state;
    struct search_rows rows = search_rows_of(0, 200, 10, 3, 0); /* selected third, no target */
    assert_int_equal(rows.listed, 10);
    assert_int_equal(rows.selected, 2);
    assert_int_equal(rows.target, -1);
    rows = search_rows_of(0, 200, 10, 3, 37);
    assert_int_equal(rows.listed, 9);
    assert_int_equal(rows.target, 9);
    rows = search_rows_of(0, 200, 10, 50, 37);
    assert_int_equal(rows.listed, 8);
    assert_int_equal(rows.selected, 8);
    assert_int_equal(rows.target, 9);
    rows = search_rows_of(0, 200, 10, 37, 37); /* one row for both */
    assert_int_equal(rows.listed, 9);
    assert_int_equal(rows.selected, 9);
    assert_int_equal(rows.target, 9);
    rows = search_rows_of(20, 200, 10, 22, 3); /* scrolled past the target */
    assert_int_equal(rows.selected, 1);
    assert_int_equal(rows.target, 9);
}

static void a_pin_may_push_the_other_out(void **state)
{
    (void)state;
    struct search_rows rows =
        search_rows_of(0, 200, 10, 10, 37); /* the selected item is in the row that the pin takes */
    assert_int_equal(rows.listed, 8);
    assert_int_equal(rows.selected, 8);
    assert_int_equal(rows.target, 9);
    rows = search_rows_of(0, 5, 10, 400, 0); /* beyond a short list */
    assert_int_equal(rows.listed, 9);
    assert_int_equal(rows.selected, 9);
    rows = search_rows_of(0, 200, 0, 1, 1);
    assert_int_equal(rows.listed, 0);
}

static void shifts_have_sign_and_size(void **state)
{
    (void)state;
    struct shift_label label = label_shift(7, 3);
    assert_int_equal(label.glyph, GLYPH_UP);
    assert_int_equal(label.style, STYLE_UP);
    assert_string_equal(label.number, "4");
    label = label_shift(3, 25003);
    assert_int_equal(label.glyph, GLYPH_DOWN);
    assert_int_equal(label.style, STYLE_DOWN);
    assert_string_equal(label.number, "25.0k");
    assert_int_equal(label_shift(5, 5).glyph, GLYPH_SAME);
    assert_string_equal(label_shift(0, 5).number, "");
}

static void numbers_are_short(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *probability, *amount;
    } cases[] = {{0.1824, ".182", "0.18"}, {0.0001, "~0", "0.00"},  {0.9999, "1.00", "1.00"}, {1, "1.00", "1"},
                 {NAN, "-", "-"},          {12.34, "1.00", "12.3"}, {20, "1.00", "20"},       {123456, "1.00", "123k"}};
    char text[LABEL_NUMBER];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        label_probability(cases[i].value, text);
        assert_string_equal(text, cases[i].probability);
        label_amount(cases[i].value, text);
        assert_string_equal(text, cases[i].amount);
    }
}

static void parameters_read_well(void **state)
{
    (void)state;
    char text[96];
    struct rule_spec spec = rule_default(rule_find("ncl"), 22.712);
    label_parameters(&spec, text, sizeof text);
    assert_string_equal(text, "scale 22.7, 4 iterations");
    spec.value[1] = 1;
    label_parameters(&spec, text, sizeof text);
    assert_string_equal(text, "scale 22.7, 1 iteration");
    spec = rule_default(rule_find("qbnorm"), 100);
    label_parameters(&spec, text, sizeof text);
    assert_string_equal(text, "beta 20, k 1");
    label_parameters(&spec, text, 6);
    assert_string_equal(text, "beta ");
}

static size_t index_of(const char *name)
{
    size_t i = 0;
    while (strcmp(rules[i]->name, name) != 0)
        i++;
    return i;
}

static void the_sentence_says_what_moved_it(void **state)
{
    (void)state;
    struct model model = {.current = {0, index_of("ncl")}, .versus = {0, index_of("raw")}};
    struct search_why why = {.known = true, .rank = 1, .rank_versus = 4, .has_bias = true, .bias = 0.42, .place = 0.81};
    char text[256];
    search_why_sentence(&why, &model, text, sizeof text);
    assert_string_equal(text, "Up 3 against raw. Its NCL bias is higher than that of 81 % of the videos.");
    why = (struct search_why){.known = true, .rank = 9, .rank_versus = 4, .has_bias = true, .bias = -1, .place = 0.04};
    search_why_sentence(&why, &model, text, sizeof text);
    assert_string_equal(text, "Down 5 against raw. Its NCL bias is lower than that of 96 % of the videos.");
    why.rank = 4;
    search_why_sentence(&why, &model, text, sizeof text);
    assert_string_equal(text, "Same rank as under raw. Its NCL bias is lower than that of 96 % of the videos.");
    why.gated = true; /* and the gate is shut */
    search_why_sentence(&why, &model, text, sizeof text);
    assert_string_equal(text, "The gate is shut: NCL leaves this query as raw has it.");
    model.current.rule = model.versus.rule;
    why = (struct search_why){.known = true, .rank = 4};
    search_why_sentence(&why, &model, text, sizeof text);
    assert_string_equal(text, "Similarity alone decides: raw has no bias.");
    why.known = false;
    search_why_sentence(&why, &model, text, sizeof text);
    assert_string_equal(text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layout_follows_the_size),
        cmocka_unit_test(small_screens_show_one_pane),
        cmocka_unit_test(the_detail_grows_with_the_focus),
        cmocka_unit_test(parts_stay_inside_and_apart),
        cmocka_unit_test(rows_are_pinned_when_out_of_sight),
        cmocka_unit_test(a_pin_may_push_the_other_out),
        cmocka_unit_test(shifts_have_sign_and_size),
        cmocka_unit_test(numbers_are_short),
        cmocka_unit_test(parameters_read_well),
        cmocka_unit_test(the_sentence_says_what_moved_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
