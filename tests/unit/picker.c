/* The picker of rules: filter, keys, mouse, and what it refuses. */
#include "made_model.h"
#include "screen.h"
#include "ui/explorer/rule_picker.h"
#include "ui/model/selection.h"

enum { ROWS = 24, COLUMNS = 80, TOP = 2 };

static struct model model;
static struct picker picker;

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

static void draw(void)
{
    picker_draw(&picker, (struct rect){0, 0, ROWS, COLUMNS}, TOP);
}

static void press(const char *key)
{
    struct event event = event_of_key(key);

    picker_event(&picker, &model, &event);
    draw();
}

static void type(const char *text)
{
    for (char key[2] = {*text}; *text; key[0] = *++text)
        press(key);
}

static void click(int y, int x, bool twice)
{
    struct event event = {.type = EVENT_MOUSE, .mouse = {.y = y, .x = x, .twice = twice}};

    picker_event(&picker, &model, &event);
    draw();
}

static void begin_with(const char *current, const char *compared)
{
    model_set_rule(&model, rule(current));
    model_set_versus(&model, rule(compared));
    rule_picker_open(&picker, &model);
    draw();
}

static const char *selected(void)
{
    assert_true(picker.list.selected < picker.list.count);
    return rules[picker.line[picker.shown[picker.list.selected]].value]->name;
}

static void lists_every_rule_once(void **state)
{
    bool listed[RULES_MAX] = {false};

    (void)state;
    begin_with("ncl", "raw");
    assert_int_equal(picker.list.count, rules_count);
    for (size_t i = 0; i < picker.lines; i++) {
        assert_false(listed[picker.line[i].value]);
        listed[picker.line[i].value] = true;
    }
    assert_string_equal(selected(), "ncl");
    assert_non_null(strstr(screen_text(""), "[NCL]"));
    assert_non_null(strstr(screen_text(""), "(raw)"));
    assert_non_null(strstr(screen_text(""), "transductive"));
    assert_non_null(strstr(screen_text(""), rules[rule("ncl")]->formula)); /* of the selected rule */
}

static void names_come_before_descriptions(void **state)
{
    (void)state;
    begin_with("ncl", "raw");
    type("is");
    assert_string_equal(selected(), "is");
    assert_true(picker.list.count > 1);
    press("Enter");
    assert_false(picker.open);
    assert_int_equal(model.current.rule, rule("is"));
    assert_int_equal(model.versus.rule, rule("raw"));
}

static void every_word_must_occur(void **state)
{
    (void)state;
    begin_with("ncl", "raw");
    type("GATE soft");
    for (size_t i = 0; i < picker.list.count; i++) {
        const char *brief = picker.line[picker.shown[i]].brief;
        assert_true(strstr(brief, "gate") && strstr(brief, "soft"));
    }
    assert_string_equal(selected(), "qbnorm");
    type(" zzz");
    assert_int_equal(picker.list.count, 0);
    press("Enter"); /* nothing is selected */
    assert_true(picker.open);
    press("Ctrl-U");
    assert_int_equal(picker.list.count, rules_count);
}

static void keys_move(void **state)
{
    (void)state;
    begin_with("raw", "ncl");
    press("Down");
    press("Down");
    press("Up");
    assert_int_equal(picker.list.selected, 1);
    press("PageDown");
    assert_true(picker.list.selected > 1);
    press("Esc");
    assert_false(picker.open);
    assert_int_equal(model.current.rule, rule("raw"));
}

static void refuses_rules_that_lack_something(void **state)
{
    (void)state;
    begin_with("ncl", "raw");
    type("dualis");
    assert_string_equal(selected(), "dualis"); /* without a bank of videos */
    assert_non_null(strstr(screen_text(""), "needs a second bank"));
    press("Enter");
    assert_true(picker.open);
    assert_int_equal(model.current.rule, rule("ncl"));
}

static void the_mouse_selects_then_chooses(void **state)
{
    (void)state;
    begin_with("raw", "ncl");
    click(picker.rows.y + 2, picker.rows.x + 5, false);
    assert_true(picker.open);
    assert_int_equal(picker.list.selected, 2);
    const char *name = selected();
    click(picker.rows.y + 2, picker.rows.x + 5, false);
    assert_false(picker.open);
    assert_int_equal(model.current.rule, rule(name));

    begin_with("raw", "ncl");
    click(0, 0, false); /* outside */
    assert_false(picker.open);
    assert_int_equal(model.current.rule, rule("raw"));
}

static void the_compared_rule_is_chosen_the_same_way(void **state)
{
    (void)state;
    model_set_rule(&model, rule("ncl"));
    model_set_versus(&model, rule("raw"));
    versus_picker_open(&picker, &model);
    draw();
    assert_string_equal(selected(), "raw");
    type("csls");
    press("Enter");
    assert_int_equal(model.versus.rule, rule("csls"));
    assert_int_equal(model.current.rule, rule("ncl"));
}

static void only_rules_on_offer_are_listed(void **state)
{
    static const char *const names[] = {"ncl:iterations=2", "is"};
    const struct model_options options = {.rule = names, .rules = 2};
    size_t list[RULES_MAX];

    (void)state;
    model_close(&model);
    assert_int_equal(model_open(&model, &collection, &options, NULL), 0);
    settle(&model);
    assert_int_equal(model_rules(&model, 0, list), 2);
    assert_true(rule_value(&model.source[0]->spec[rule("ncl")], "iterations") == 2);
    assert_int_equal(model.current.rule, rule("ncl"));
    assert_int_equal(model.versus.rule, rule("is"));
    rule_picker_open(&picker, &model);
    assert_int_equal(picker.lines, 2);
    model_set_rule(&model, rule("raw"));
    assert_true(model.message_is_error);
    assert_int_equal(model.current.rule, rule("ncl"));
}

static void an_offer_that_cannot_be_used_is_refused(void **state)
{
    static const char *const dual[] = {"dualis"}, *const misspelt[] = {"nlc"};
    struct error error = {0};

    (void)state;
    model_close(&model);
    assert_int_equal(model_open(&model, &collection, &(struct model_options){.rule = dual, .rules = 1}, &error), -1);
    assert_non_null(strstr(error.text, "dualis needs a second bank"));
    assert_int_equal(model_open(&model, &collection, &(struct model_options){.rule = misspelt, .rules = 1}, &error),
                     -1);
    assert_non_null(strstr(error.text, "unknown rule 'nlc'"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lists_every_rule_once, open_model, close_model),
        cmocka_unit_test_setup_teardown(names_come_before_descriptions, open_model, close_model),
        cmocka_unit_test_setup_teardown(every_word_must_occur, open_model, close_model),
        cmocka_unit_test_setup_teardown(keys_move, open_model, close_model),
        cmocka_unit_test_setup_teardown(refuses_rules_that_lack_something, open_model, close_model),
        cmocka_unit_test_setup_teardown(the_mouse_selects_then_chooses, open_model, close_model),
        cmocka_unit_test_setup_teardown(the_compared_rule_is_chosen_the_same_way, open_model, close_model),
        cmocka_unit_test_setup_teardown(only_rules_on_offer_are_listed, open_model, close_model),
        cmocka_unit_test_setup_teardown(an_offer_that_cannot_be_used_is_refused, open_model, close_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
