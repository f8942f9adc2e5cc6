/* Curves over a parameter: their points, and when they are measured or reused. */
#include "engine/base/memory.h"
#include "made_model.h"
#include "ui/model/curves.h"
#include "ui/model/differences.h"
#include "ui/model/selection.h"
#include "ui/model/session.h"
#include "ui/model/work.h"

static const struct model_curve *whole_curve(struct model *model, enum direction direction)
{
    const struct model_curve *curve = model_curve(model, direction);

    assert_non_null(curve);
    settle(model);
    assert_ptr_equal(model_curve(model, direction), curve);
    assert_string_equal(curve->failed, "");
    assert_int_equal(curve->known, curve->count);
    return curve;
}

static double value_of(const struct model_curve *curve, size_t i)
{
    assert_true(i < curve->count);
    return curve->point[i].spec.value[curve->parameter];
}

static void equals_a_sweep(void **state)
{
    struct model model;
    struct sweep_axis axis = {0};
    struct sweep sweep;
    struct error error;

    (void)state;
    begin(&model);
    const struct model_curve *curve = model_curve(&model, T2V);
    assert_int_equal(curve->count, MODEL_CURVE);
    assert_int_equal(curve->known, 0);
    curve = whole_curve(&model, T2V);
    assert_int_equal(curve->pick.rule, rule("ncl"));
    assert_int_equal(curve->parameter, 0);
    assert_true(value_of(curve, MODEL_CURVE / 2) == 20);
    for (size_t i = 0; i < curve->count; i++) {
        assert_true(curve->is_known[i]);
        assert_true(i == 0 || value_of(curve, i) > value_of(curve, i - 1));
        axis.value[axis.count++] = value_of(curve, i);
    }
    assert_int_equal(sweep_run(model.source[0]->side[T2V].task, &model.source[0]->spec[model.current.rule], &axis, 1,
                               &sweep, NULL, &error),
                     0);
    for (size_t i = 0; i < curve->count; i++) {
        assert_true(sweep.point[i].spec.value[0] == value_of(curve, i));
        assert_memory_equal(&sweep.point[i].metrics, &curve->point[i].metrics, sizeof curve->point[i].metrics);
        assert_true(fabs(sweep.point[i].mass.normalization_error - curve->point[i].mass.normalization_error) < 1e-9);
    }
    sweep_close(&sweep);
    const struct analysis *now = model_analysis(&model, model.current);
    assert_true(curve->point[MODEL_CURVE / 2].metrics.mnr == now->metrics.mnr);
    assert_true(curve->point[MODEL_CURVE / 2].hubness[2].skewness == now->hubness[2].skewness);
    model_close(&model);
}

/* Pressing ] and [ on the curve does not measure it again. */
static void stays_while_the_value_is_on_it(void **state)
{
    struct model model;
    size_t ncl;

    (void)state;
    begin(&model);
    ncl = rule("ncl");
    const struct model_curve *curve = whole_curve(&model, T2V);
    double last = value_of(curve, MODEL_CURVE - 1), first = value_of(curve, 0), value = 20;
    for (; value < last * 0.99; value *= 1.25) {
        model_set_parameter(&model, of(ncl), 0, value);
        assert_ptr_equal(model_curve(&model, T2V), curve);
        assert_int_equal(curve->known, curve->count);
        settle(&model);
    }
    model_set_parameter(&model, of(ncl), 0, value); /* the last point, but for rounding */
    assert_ptr_equal(model_curve(&model, T2V), curve);
    assert_true(value_of(curve, 0) == first);
    model_set_parameter(&model, of(ncl), 0, last * 1.25);
    settle(&model);
    curve = whole_curve(&model, T2V);
    assert_true(value_of(curve, MODEL_CURVE / 2) == last * 1.25);
    model_close(&model);
}

static void belongs_to_its_settings(void **state)
{
    struct model model;

    (void)state;
    begin(&model);
    const struct model_curve *first = whole_curve(&model, T2V);
    struct sweep_point point = first->point[3];
    model_set_parameter(&model, of(rule("ncl")), 1, 0); /* not the parameter along the axis */
    settle(&model);
    const struct model_curve *second = model_curve(&model, T2V);
    assert_true(second != first && second->known == 0);
    assert_true(value_of(second, 3) == point.spec.value[0] && second->point[3].spec.value[1] == 0);
    whole_curve(&model, T2V);
    model_set_bank(&model, 1);
    settle(&model);
    const struct model_curve *third = model_curve(&model, T2V);
    assert_true(third != second && third != first && third->known == 0);
    whole_curve(&model, T2V);
    model_set_bank(&model, 0);
    model_set_parameter(&model, of(rule("ncl")), 1, 4);
    settle(&model);
    const struct model_curve *again = model_curve(&model, T2V);
    assert_ptr_equal(again, first);
    assert_int_equal(again->known, again->count);
    assert_memory_equal(&again->point[3].metrics, &point.metrics, sizeof point.metrics);
    model_set_rule(&model, rule("is"));
    assert_true(model_curve(&model, T2V) != first);
    assert_int_equal(model_curve(&model, T2V)->pick.rule, rule("is"));
    assert_null(model_curve(&model, V2T)); /* no captions here */
    settle(&model);
    model_close(&model);
}

static void keeps_to_the_range(void **state)
{
    struct model model;

    (void)state;
    begin(&model);
    model.parameter = 1; /* iterations, from 0 on */
    const struct model_curve *curve = model_curve(&model, T2V);
    assert_int_equal(curve->count, MODEL_CURVE);
    assert_true(value_of(curve, 0) == 0 && value_of(curve, 24) == 24);
    model_set_parameter(&model, model.current, 1, 600); /* around the value, which is far beyond */
    curve = model_curve(&model, T2V);
    assert_true(value_of(curve, 0) == 588 && value_of(curve, 24) == 612);
    model_set_rule(&model, rule("nnn"));
    model.parameter = 1; /* k, whole numbers by factors: 1, 2, 4, ... */
    curve = whole_curve(&model, T2V);
    assert_int_equal(curve->count, 13);
    for (size_t i = 0; i < curve->count; i++)
        assert_true(value_of(curve, i) == 1 << i);
    model_set_rule(&model, rule("gc"));
    assert_null(model_curve(&model, T2V));
    settle(&model);
    model_close(&model);
}

static void resumes_after_being_cancelled(void **state)
{
    struct model model;

    (void)state;
    begin(&model);
    const struct model_curve *curve = model_curve(&model, T2V);
    model_cancel(&model);
    settle(&model);
    assert_true(curve->known < curve->count);
    assert_ptr_equal(model_curve(&model, T2V), curve);
    settle(&model);
    assert_true(curve->known < curve->count); /* it does not resume by itself */
    model_resume(&model);
    whole_curve(&model, T2V);
    model_close(&model);
}

static void does_not_begin_for_a_closed_screen(void **state)
{
    struct model model;

    (void)state;
    begin(&model);
    model_set_parameter(&model, model.current, 0, 21); /* keeps the heavy lane busy */
    const struct model_curve *curve = model_curve(&model, T2V);
    model_forget_asked(&model);
    settle(&model);
    assert_int_equal(curve->known, 0);
    model_close(&model);
}

static void survives_out_of_memory(void **state)
{
    (void)state;
    for (long n = 0; n < 30; n++) {
        struct model model;
        begin(&model);
        memory_fail_after(n);
        const struct model_curve *curve = model_curve(&model, T2V);
        model_difference(&model, T2V, model.current);
        settle(&model);
        memory_fail_after(-1);
        assert_true(curve->known == curve->count || curve->failed[0]);
        model_close(&model);
    }
}

static void up_to_a_value(void **state)
{
    struct model model;

    (void)state;
    begin(&model);
    model.parameter = 1;
    const struct model_curve *curve = model_curve_up_to(&model, T2V, 4);
    settle(&model);
    assert_ptr_equal(model_curve_up_to(&model, T2V, 4), curve);
    assert_int_equal(curve->count, 5);
    assert_int_equal(curve->known, 5);
    for (size_t i = 0; i < curve->count; i++)
        assert_true(value_of(curve, i) == (double)i);
    const struct analysis *now = model_analysis(&model, model.current);
    assert_true(fabs(curve->point[4].mass.normalization_error - now->mass_summary.normalization_error) < 1e-9);
    assert_ptr_not_equal(model_curve(&model, T2V), curve); /* around the default */
    curve = model_curve_up_to(&model, T2V, 100);
    assert_true(curve->count <= MODEL_CURVE);
    assert_true(value_of(curve, 0) == 0 && value_of(curve, curve->count - 1) == 100);
    for (size_t i = 1; i < curve->count; i++)
        assert_true(value_of(curve, i) > value_of(curve, i - 1));
    model_close(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_a_sweep),
        cmocka_unit_test(up_to_a_value),
        cmocka_unit_test(stays_while_the_value_is_on_it),
        cmocka_unit_test(belongs_to_its_settings),
        cmocka_unit_test(keeps_to_the_range),
        cmocka_unit_test(resumes_after_being_cancelled),
        cmocka_unit_test(does_not_begin_for_a_closed_screen),
        cmocka_unit_test(survives_out_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
