/* Sinkhorn's iterations in Mass: played, paused, stepped through, and the sum behind a bias. */
#include "made_model.h"
#include "ui/model/fits.h"
#include "ui/views/mass.h"

enum { MANY_FRAMES = 200 };

static double iterations(const struct model *model)
{
    return rule_value(model_spec(model, model->current), "iterations");
}

static double shown_error(const struct model *model)
{
    return model_analysis(model, model->current)->mass_summary.normalization_error;
}

static struct mass_state *enter(struct model *model)
{
    struct mass_state *mass = calloc(1, mass_view.state_size);

    assert_non_null(mass);
    view_set_frame(0);
    begin(model);
    mass_view.enter(mass, model);
    assert_true(mass->ready);
    assert_false(mass_steps_shown(model));
    return mass;
}

static void leave(struct mass_state *mass, struct model *model)
{
    mass_view.close(mass);
    free(mass);
    model_close(model);
}

static void next_frame(struct mass_state *mass, struct model *model)
{
    view_set_frame(view_frame() + 1);
    mass_view.tick(mass, model);
}

/* From 0 to what it was set to, each shown for a while and only once it has been computed. */
static void plays_through(void **state)
{
    struct model model;
    struct mass_state *mass = enter(&model);
    double error[5] = {0}, to = iterations(&model);
    int frames[5] = {0}, frame = 0;

    (void)state;
    assert_true(to == 4);
    assert_true(mass_view.act(mass, &model, ACTION_PLAY));
    assert_true(mass_view.animated(mass, &model));
    assert_true(mass_steps_shown(&model));
    assert_true(iterations(&model) == 0);
    for (int i = 0; i < 20; i++)
        next_frame(mass, &model); /* nothing has arrived yet, and nothing waits for it */
    assert_true(iterations(&model) == 0);
    while (mass_view.animated(mass, &model) && frame++ < MANY_FRAMES) {
        settle(&model);
        assert_true(iterations(&model) <= 4);
        frames[(int)iterations(&model)]++;
        error[(int)iterations(&model)] = shown_error(&model);
        next_frame(mass, &model);
    }
    assert_true(frame < MANY_FRAMES);
    assert_true(iterations(&model) == to);
    for (int i = 0; i < 4; i++)
        assert_true(frames[i] >= 5);
    assert_true(error[1] < error[0]);
    leave(mass, &model);
}

static void pauses_and_steps(void **state)
{
    struct model model;
    struct mass_state *mass = enter(&model);
    char name[64];

    (void)state;
    mass_view.act(mass, &model, ACTION_PLAY);
    for (int i = 0; i < MANY_FRAMES && iterations(&model) < 2; i++) {
        settle(&model);
        next_frame(mass, &model);
    }
    mass_view.act(mass, &model, ACTION_PLAY);
    assert_false(mass_view.animated(mass, &model));
    mass_steps_name(&mass->steps, &model, name, sizeof name);
    assert_string_equal(name, "iteration 1 of 4"); /* until the second is computed */
    settle(&model);
    mass_steps_name(&mass->steps, &model, name, sizeof name);
    assert_string_equal(name, "iteration 2 of 4");
    for (int i = 0; i < MANY_FRAMES; i++)
        next_frame(mass, &model);
    assert_true(iterations(&model) == 2);
    mass_view.act(mass, &model, ACTION_PLAY); /* on from there */
    assert_true(iterations(&model) == 2 && mass->steps.playing);
    model_set_parameter(&model, model.current, model.parameter, 1); /* as [ does, which takes over */
    mass_view.tick(mass, &model);
    assert_false(mass->steps.playing);
    assert_true(mass->steps.last == 4);
    model_set_parameter(&model, model.current, model.parameter, 9);
    mass_steps_follow(&mass->steps, &model);
    assert_true(mass->steps.last == 9);
    leave(mass, &model);
}

static void stands_still(void **state)
{
    struct model model;
    struct mass_state *mass = enter(&model);

    (void)state;
    model.still = true;
    for (int i = 0; i < 6; i++) {
        mass_view.act(mass, &model, ACTION_PLAY);
        settle(&model);
        assert_false(mass_view.animated(mass, &model));
        assert_true(iterations(&model) == i % 5);
    }
    model_set_rule(&model, rule("is"));
    settle(&model);
    mass_view.act(mass, &model, ACTION_PLAY);
    assert_non_null(strstr(model.message, "does not iterate"));
    assert_false(mass_steps_shown(&model));
    leave(mass, &model);
}

/* The terms of an item's sum, rounded as shown, add up to it, and its logarithm is the bias. */
static void the_sum_makes_the_bias(void **state)
{
    struct model model;
    struct pull pulls[3];
    struct arithmetic sum;

    (void)state;
    begin(&model);
    for (double step = 0; step <= 2; step++) {
        model_set_parameter(&model, model.current, 1, step);
        settle(&model);
        const struct fit *fit = model_analysis(&model, model.current)->fit;
        for (uint32_t item = 0; item < VIDEOS; item++) {
            size_t count = search_pulls(model_side(&model, T2V, model.current)->task, fit, item, pulls, 3, NULL);
            assert_int_equal(count, 3);
            mass_steps_sum(fit, item, pulls, count, &sum);
            const struct term *last = &sum.term[sum.count - 1];
            assert_int_equal(last->kind, TERM_EQUALS);
            assert_true(fabs(log(last->value) + fit->bias[item] - fit_mean_bias(fit)) < 1e-9);
            assert_true(fabs(last->total - last->value) <= 0.5001 * pow(10, -last->decimals));
            assert_true(fabs(sum.term[0].value - pulls[0].share * last->value) <= 0.5001 * pow(10, -last->decimals));
        }
    }
    model_close(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plays_through),
        cmocka_unit_test(pauses_and_steps),
        cmocka_unit_test(stands_still),
        cmocka_unit_test(the_sum_makes_the_bias),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
