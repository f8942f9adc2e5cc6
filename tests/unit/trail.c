/* Going back and forward over whole states of the explorer. */
#include "ui/explorer/trail.h"
#include "made_model.h"
#include "ui/model/marks.h"
#include "ui/model/query.h"
#include "ui/model/where.h"

struct state {
    size_t view, bank, query;
    uint32_t video;
    struct pick current, versus;
    double scale;
};

static struct state state_of(const struct model *model, size_t view)
{
    return (struct state){view,
                          model->bank,
                          model->query,
                          model->video,
                          model->current,
                          model->versus,
                          rule_value(&model->source[0]->spec[rule("ncl")], "scale")};
}

static void check(const struct state *a, const struct state *b)
{
    assert_int_equal(a->view, b->view);
    assert_int_equal(a->bank, b->bank);
    assert_int_equal(a->query, b->query);
    assert_int_equal(a->video, b->video);
    assert_true(pick_same(a->current, b->current) && pick_same(a->versus, b->versus));
    assert_true(a->scale == b->scale);
}

static size_t take_step(struct model *model, int step, size_t view)
{
    switch (step) {
    case 0:
        return 1;
    case 1:
        model_set_rule(model, rule("csls"));
        return view;
    case 2:
        model_set_video(model, 7);
        return 4;
    case 3:
        model_set_bank(model, 1);
        return view;
    case 4:
        model_set_versus(model, rule("is"));
        return view;
    case 5:
        model_set_query(model, 5);
        return 0;
    case 6:
        model_set_parameter(model, of(rule("ncl")), 0, 33);
        return view;
    case 7:
        model_set_model(model, 1);
        return view;
    case 8:
        model_swap(model);
        return view;
    default:
        return 2;
    }
}

static void ten_steps_are_undone_one_by_one(void **state)
{
    enum { STEPS = 10 };
    static struct trail trail;
    struct state was[STEPS + 1], now;
    struct model model;
    size_t view = 0;

    (void)state;
    begin_two(&model);
    trail_note(&trail, &model, view);
    model.opening = false;
    was[0] = state_of(&model, view);
    for (int step = 0; step < STEPS; step++) {
        trail_update(&trail, &model, view);
        view = take_step(&model, step, view);
        trail_note(&trail, &model, view);
        settle(&model);
        was[step + 1] = state_of(&model, view);
    }
    trail_update(&trail, &model, view);
    for (int step = STEPS; step-- > 0;) {
        view = trail_go(&trail, &model, false);
        trail_note(&trail, &model, view);
        settle(&model);
        now = state_of(&model, view);
        check(&now, &was[step]);
    }
    assert_int_equal(trail_go(&trail, &model, false), SIZE_MAX);
    assert_non_null(strstr(model.message, "where you began"));
    for (int step = 1; step <= STEPS; step++) {
        view = trail_go(&trail, &model, true);
        trail_note(&trail, &model, view);
        settle(&model);
        now = state_of(&model, view);
        check(&now, &was[step]);
    }
    assert_int_equal(trail_go(&trail, &model, true), SIZE_MAX);
    trail_go(&trail, &model, false);
    model_set_query(&model, 9); /* another way from there */
    trail_note(&trail, &model, view);
    assert_int_equal(trail_go(&trail, &model, true), SIZE_MAX);
    model_close(&model);
}

static void a_subset_of_marks_is_of_those_there_are(void **state)
{
    static struct trail trail;
    struct model model;

    (void)state;
    begin(&model);
    trail_note(&trail, &model, 1);
    model.opening = false;
    model_mark(&model, 3, true);
    model_set_where(&model, "marked");
    trail_note(&trail, &model, 1);
    model_set_where(&model, "");
    trail_note(&trail, &model, 1);
    trail_go(&trail, &model, false);
    trail_note(&trail, &model, 1);
    assert_string_equal(model_where(&model), "marked");
    trail_go(&trail, &model, true);
    trail_note(&trail, &model, 1);
    model_unmark_all(&model);
    trail_go(&trail, &model, false);
    trail_note(&trail, &model, 1); /* which is not another way from there */
    assert_string_equal(model_where(&model), "");
    assert_int_equal(trail_go(&trail, &model, true), 1);
    settle(&model);
    model_close(&model);
}

static void the_oldest_steps_are_forgotten(void **state)
{
    static struct trail trail;
    struct model model;
    size_t back = 0;

    (void)state;
    begin(&model);
    model.opening = false;
    for (size_t i = 0; i < 2 * TRAIL; i++)
        trail_note(&trail, &model, i % 3);
    while (trail_go(&trail, &model, false) != SIZE_MAX)
        back++;
    assert_int_equal(back, TRAIL - 1);
    model_close(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_steps_are_undone_one_by_one),
        cmocka_unit_test(a_subset_of_marks_is_of_those_there_are),
        cmocka_unit_test(the_oldest_steps_are_forgotten),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
