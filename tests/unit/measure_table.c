/* Names of measures, and the sentences about their values. */
#include "engine/results/measure_table.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static double mass[200] = {1};

/* 1000 queries, 200 items, lists of 7. */
static struct analysis made_analysis(struct fit *fit)
{
    *fit = (struct fit){.residual = 0.25};
    return (struct analysis){
        .fit = fit,
        .queries = 1000,
        .gallery = 200,
        .mass = mass,
        .gate_rate = NAN,
        .metrics = {.r1 = 20, .r5 = 40, .r10 = 50, .r50 = 90, .mdr = 10, .mnr = 21, .geometric = 34.2},
        .mass_summary = {.expected = 5, .normalization_error = 1.5, .least = 0.5, .most = 20}};
}

static const struct hubness at_seven = {.k = 7,
                                        .skewness = 2,
                                        .kurtosis = 4,
                                        .robin_hood = 0.25,
                                        .gini = 0.5,
                                        .atkinson = 0.125,
                                        .max = 140,
                                        .antihub_rate = 0.31,
                                        .fair_hub_count = 50,
                                        .fair_hub_occurrence = 0.6,
                                        .groupie_ratio = 0.02};

static const struct measure *measure_of(const char *key, enum measure_group group)
{
    for (size_t i = 0; i < measures_count; i++)
        if (strcmp(measure_table[i].key, key) == 0 && measure_table[i].group == group)
            return &measure_table[i];
    fail_msg("no measure %s", key);
    return NULL;
}

static void readings_name_the_numbers(void **state)
{
    static const struct {
        const char *key;
        enum measure_group group;
        const char *shown, *says;
    } wanted[] = {
        {"R@1", MEASURE_RETRIEVAL, "20.0", "20.0 % of the queries have their own video in first place"},
        {"MdR", MEASURE_RETRIEVAL, "10.0", "half of the queries have their own video at rank 10.0 or better"},
        {"skewness", MEASURE_HUBNESS, "2.00", "strong hubs: few of the videos take many places in the lists"},
        {"kurtosis", MEASURE_HUBNESS, "4.00", "a heavy tail"},
        {"robin_hood", MEASURE_HUBNESS, "25.0", "25.0 % of all list places would have to move"},
        {"gini", MEASURE_HUBNESS, "0.500", "differ by 35.0 lists on average; a fair share is 35.0"},
        {"atkinson", MEASURE_HUBNESS, "0.125", "12.5 % of the list places are wasted"},
        {"max", MEASURE_HUBNESS, "140", "the biggest hub appears in 140 of 1000 top-7 lists; a fair share is 35.0"},
        {"groupie_ratio", MEASURE_HUBNESS, "2.00", "takes 2.00 % of all places in top-7 lists"},
        {"antihub_rate", MEASURE_HUBNESS, "31.0",
         "31.0 % of the videos are never retrieved: they are in no top-7 list"},
        {"fair_hub_count", MEASURE_HUBNESS, "50", "50 of 200 videos appear in at least twice their fair share of"},
        {"fair_hub_occurrence", MEASURE_HUBNESS, "60.0",
         "60.0 % of all places in top-7 lists go to the 50 hubs (25.0 % of"},
        {"normalization_error", MEASURE_MASS, "1.500", "holds 1.50 more or less than its fair share of 5.00"},
        {"min", MEASURE_MASS, "0.50", "holds 10 % of its fair share"},
        {"max", MEASURE_MASS, "20.00", "holds 4.0 times its fair share"},
        {"gate_rate", MEASURE_MASS, "-", "this rule has no gate: it applies to every one of the queries"},
        {"residual", MEASURE_MASS, "0.2500", "0 is fully balanced"},
    };
    struct fit fit;
    struct analysis analysis = made_analysis(&fit);
    struct measured measured = {&analysis, &at_seven, T2V};
    char text[200];

    (void)state;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        const struct measure *measure = measure_of(wanted[i].key, wanted[i].group);
        measure_print(measure, measure_shown(measure, &measured), text, sizeof text);
        assert_string_equal(text, wanted[i].shown);
        measure->reading(&measured, text, sizeof text);
        if (!strstr(text, wanted[i].says))
            fail_msg("%s: '%s' does not say '%s'", wanted[i].key, text, wanted[i].says);
    }
}

/* In the other direction videos search captions; without mass the line says why. */
static void every_measure_has_a_line(void **state)
{
    struct fit fit;
    struct analysis analysis = made_analysis(&fit);
    struct measured measured = {&analysis, &at_seven, V2T};
    char text[200];

    (void)state;
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < measures_count; i++) {
            measure_table[i].reading(&measured, text, sizeof text);
            assert_true(strlen(text) > 10 && strlen(text) < 150);
            assert_null(strchr(text, '\n'));
            assert_null(strstr(text, "nan"));
            assert_null(strstr(text, "of the queries"));
        }
        analysis.mass = NULL;
        analysis.mass_summary = (struct mass_summary){NAN, NAN, NAN, NAN};
        fit.residual = NAN;
    }
    const struct measure *error = measure_of("normalization_error", MEASURE_MASS);
    assert_true(isnan(error->value(&measured)));
    error->reading(&measured, text, sizeof text);
    assert_string_equal(text, "this rule orders without probabilities, so there is no mass");
    measure_print(measure_of("skewness", MEASURE_HUBNESS), -0.004, text, sizeof text);
    assert_string_equal(text, "0.00");
}

static void lines_about_mass(void **state)
{
    struct false_rates rates = {.items = 9, .false_positive = 0.125, .false_negative = 0.5}, none = {0, NAN, NAN};
    char text[200];

    (void)state;
    measure_quantile_reading(T2V, 0.05, 2, 8, text, sizeof text);
    assert_string_equal(text, "5 % of the videos hold less than 25 % of a fair share");
    measure_lorenz_reading(V2T, 0.5, 0.31, text, sizeof text);
    assert_string_equal(text, "the poorest 50 % of the captions hold 31.0 % of the mass");
    measure_over_reading(T2V, 3, 9, text, sizeof text);
    assert_string_equal(text, "3 of 9 videos hold more than their fair share");
    measure_false_positive_reading(T2V, &rates, true, text, sizeof text);
    assert_string_equal(text, "12.5 % of the first places taken by videos over their share are wrong");
    measure_false_negative_reading(T2V, &rates, false, text, sizeof text);
    assert_string_equal(text,
                        "50.0 % of the queries whose target is among the videos under their share rank another first");
    measure_false_positive_reading(T2V, &none, true, text, sizeof text);
    assert_string_equal(text, "none of the videos over their share takes a first place");
    measure_false_negative_reading(V2T, &none, true, text, sizeof text);
    assert_string_equal(text, "none of the videos has a target among the captions over their share");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readings_name_the_numbers),
        cmocka_unit_test(every_measure_has_a_line),
        cmocka_unit_test(lines_about_mass),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
