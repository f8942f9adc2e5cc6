/* The header's row of rules: which are shown, where, and what a click on them does. */
#include "ui/explorer/rule_bar.h"
#include "made_model.h"
#include "screen.h"
#include "ui/explorer/bars.h"
#include "ui/model/first_look.h"
#include "ui/model/selection.h"
#include "ui/views/search.h"

enum { ROWS = 4, COLUMNS = 240, NARROWEST = 40, DRAWN_EVERY = 20 };

static struct model model;
static struct rule_bar bar;
static struct zones zones;

static int open_model(void **state)
{
    (void)state;
    screen_start("xterm-256color", "C.UTF-8", ROWS, COLUMNS, (struct terminal_options){0});
    begin(&model);
    return 0;
}

static int close_model(void **state)
{
    (void)state;
    model_close(&model);
    terminal_stop();
    return 0;
}

static const char *draw(int columns)
{
    struct rect row = {0, 0, 1, columns};

    zones.count = 0;
    draw_clear((struct rect){0, 0, ROWS, COLUMNS});
    rule_bar_lay_out(&bar, &model, columns);
    rule_bar_draw(&bar, &model, &zones, row);
    return screen_text("");
}

static void favourites_are_rules_by_their_digits(void **state)
{
    (void)state;
    for (size_t i = 0; i < FAVOURITES; i++) {
        const struct favourite *favourite = &favourites[i];
        assert_true(favourite_rule(favourite) < rules_count);
        assert_ptr_equal(favourite_of_rule(favourite_rule(favourite)), favourite);
        assert_ptr_equal(favourite_of_action(favourite->action), favourite);
        assert_int_equal(action_of_key(favourite->key, SCOPE_GLOBAL), favourite->action);
    }
    assert_null(favourite_of_action(ACTION_NONE));
    assert_null(favourite_of_rule(rules_count));
}

static void unknown_favourites_are_ignored(void **state)
{
    (void)state;
    assert_true(favourite_rule(&(struct favourite){.name = "no such rule"}) == SIZE_MAX);
}

/* At every width, rules are separated and within the row, and the two that matter are always shown. */
static void check_width(int columns)
{
    size_t marked = 0;
    int end = -1;

    rule_bar_lay_out(&bar, &model, columns);
    for (size_t i = 0; i < bar.count; i++) {
        assert_true(bar.entry[i].x + 1 > end);
        end = bar.entry[i].x + 1 + text_columns(bar.entry[i].text);
        assert_true(end < columns);
        marked += bar.entry[i].pick.rule == model.current.rule || bar.entry[i].pick.rule == model.versus.rule;
    }
    assert_int_equal(marked, 2);
    if (columns % DRAWN_EVERY)
        return;
    const char *text = draw(columns);
    assert_true(strcspn(text, "\n") <= (size_t)columns);
    assert_int_equal(strstr(text, bar.bank) != NULL, bar.shows_bank);
    assert_int_equal(strstr(text, bar.parameters) != NULL, bar.shows_parameters);
}

static void fits_every_width(void **state)
{
    static const char *const pairs[][2] = {{"ncl", "raw"}, {"raw", "ncl"}, {"is", "gc"}, {"csls", "nnn"}};

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        model_set_rule(&model, rule(pairs[i][0]));
        model_set_versus(&model, rule(pairs[i][1]));
        for (int columns = NARROWEST; columns <= COLUMNS; columns++)
            check_width(columns);
    }
    model.current.rule = rule("dualdis"); /* neither is a favourite, whatever they need */
    model.versus.rule = rule("dualis");
    for (int columns = NARROWEST; columns <= COLUMNS; columns++)
        check_width(columns);
}

static enum action action_at(const char *line, const char *text)
{
    const char *at = strstr(line, text);

    assert_non_null(at);
    return zones_find(&zones, 0, (int)(at - line) + 1);
}

static void clicks_choose(void **state)
{
    (void)state;
    const char *line = draw(120);
    assert_int_equal(action_at(line, "[2 NCL]"), ACTION_RULE);
    assert_int_equal(action_at(line, "(1 raw)"), ACTION_VERSUS);
    assert_int_equal(action_at(line, "5 CSLS"), ACTION_RULE_5);
    assert_int_equal(action_at(line, "NCL scale 20"), ACTION_RULE);
    assert_int_equal(zones_find(&zones, 1, 1), ACTION_NONE);
    assert_int_equal(zones_find(&zones, 0, 119), ACTION_NONE);
}

static const char *draw_header(int columns)
{
    struct rect top = {0, 0, ROWS, columns};

    zones.count = 0;
    draw_clear((struct rect){0, 0, ROWS, COLUMNS});
    bars_draw_header(&zones, &model, &search_view, top);
    return screen_text("");
}

/* Of a collection taken for a large one, from the first results to the last. */
static void first_looks_are_marked(void **state)
{
    static const struct look_limits limits = {.rows = 10, .queries = 15, .products = 0};
    const struct model_options options = {.limits = &limits};
    struct first_look look;
    size_t partial = 0, both = 0;

    (void)state;
    model_close(&model);
    assert_int_equal(model_open(&model, &collection, &options, NULL), 0);
    while (model_collect(&model) || !model_idle(&model)) {
        struct pollfd fd = {.fd = model_wake_fd(&model), .events = POLLIN};
        bool marked = model_first_look(&model, &look);
        char expected[64];
        snprintf(expected, sizeof expected, "bank first on %zu of 50", look.rows);
        assert_true(!look.rows || strstr(draw_header(160), expected));
        assert_true(!look.queries || strstr(draw_header(160), "on 15 of 40 queries: R@1 +-"));
        assert_true(!look.queries || strstr(draw_header(100), "15 of 40 queries"));
        assert_true(!look.queries || look.rows || strstr(draw_header(90), "first look"));
        partial += marked && look.rows;
        both += marked && look.rows && look.queries;
        if (!model_idle(&model))
            assert_true(poll(&fd, 1, 20000) > 0);
    }
    assert_true(partial && both);
    assert_non_null(strstr(draw_header(160), "60 videos  40 queries"));
    assert_non_null(strstr(draw_header(160), "bank first 50"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(favourites_are_rules_by_their_digits),
        cmocka_unit_test(unknown_favourites_are_ignored),
        cmocka_unit_test_setup_teardown(fits_every_width, open_model, close_model),
        cmocka_unit_test_setup_teardown(clicks_choose, open_model, close_model),
        cmocka_unit_test_setup_teardown(first_looks_are_marked, open_model, close_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
