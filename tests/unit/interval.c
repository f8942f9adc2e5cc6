/* Differences with their intervals, as numbers and in words. */
#include "screen.h"

#include "ui/draw/interval.h"

#include <math.h>

static const struct measure *measure(const char *name)
{
    for (size_t i = 0; i < measures_count; i++)
        if (strcmp(measure_table[i].name, name) == 0)
            return &measure_table[i];
    fail_msg("no measure %s", name);
    return NULL;
}

static void print(const char *name, double difference, double low, double high, const char *expected)
{
    struct interval interval = {difference, low, high, 0.5};
    char text[INTERVAL_TEXT];

    interval_print(measure(name), &interval, text);
    assert_string_equal(text, expected);
}

static void numbers_have_signs_and_one_width(void **state)
{
    (void)state;
    print("R@1", 2.8, 0.5, 5.1, "+2.8 [+0.5 +5.1]");
    print("R@1", -0.04, -1.96, 0.01, "+0.0 [-2.0 +0.0]");
    print("R@10", 12.34, 8.88, 15.55, "+12.3 [+8.9 +15.6]");
    print("MnR", -2.698, -3.894, -1.514, "-2.70 [-3.89 -1.51]");
    print("MnR", -12.698, -13.894, -1.514, "-12.7 [-13.9 -1.5]");
    print("MnR", 120.4, -4, 250.6, "+120 [-4 +251]");
}

static void verdicts_know_which_way_is_better(void **state)
{
    (void)state;
    struct interval above = {2, 1, 3, 0.01}, below = {-2, -3, -1, 0.01}, around = {1, -1, 3, 0.4},
                    touching = {1, 0, 2, 0.05}, none = {NAN, NAN, NAN, NAN};

    assert_int_equal(interval_verdict(measure("R@1"), &above), 1);
    assert_int_equal(interval_verdict(measure("R@1"), &below), -1);
    assert_int_equal(interval_verdict(measure("MnR"), &above), -1);
    assert_int_equal(interval_verdict(measure("MnR"), &below), 1);
    assert_int_equal(interval_verdict(measure("R@10"), &around), 0);
    assert_int_equal(interval_verdict(measure("R@10"), &touching), 0);
    assert_int_equal(interval_verdict(measure("R@10"), &none), 0);
}

static void says(struct interval r1, struct interval r10, struct interval mnr, const char *expected)
{
    struct bootstrap difference = {.r1 = r1, .r10 = r10, .mnr = mnr};
    char text[INTERVAL_SENTENCE];

    interval_sentence(&difference, "raw", text);
    assert_string_equal(text, expected);
}

static void sentences_name_what_differs(void **state)
{
    (void)state;
    struct interval above = {2, 1, 3, 0.01}, below = {-2, -3, -1, 0.01}, around = {1, -1, 3, 0.4};

    says(above, above, below, "better than raw beyond chance");
    says(below, below, above, "worse than raw beyond chance");
    says(around, around, around, "no difference from raw beyond chance");
    says(above, around, around, "better than raw beyond chance in R@1");
    says(around, above, below, "better than raw beyond chance in R@10 and MnR");
    says(below, around, around, "worse than raw beyond chance in R@1");
    says(above, below, above, "beyond chance better than raw in R@1, worse in R@10 and MnR");
    says((struct interval){NAN, NAN, NAN, NAN}, around, around, "no query has a target, so nothing can be compared");
}

static void verdict_is(const char *name, struct interval interval, const char *expected)
{
    struct bootstrap difference = {.mass = MASS_SAMPLED};
    const struct measure *of = measure(name);
    char text[INTERVAL_SENTENCE];

    if (of->interval)
        *(struct interval *)((char *)&difference + of->interval) = interval;
    interval_verdict_sentence(of, &difference, "raw", text);
    assert_string_equal(text, expected);
}

static void one_measure_has_its_own_verdict(void **state)
{
    (void)state;
    struct interval less = {-0.71, -0.95, -0.46, 0.0001}, open = {0.04, -0.02, 0.1, 0.2}, more = {3, 1, 5, 0.01};

    verdict_is("skew", less, "better than raw beyond chance in skewness: -0.71 [-0.95 -0.46] p<.001");
    verdict_is("R@1", more, "better than raw beyond chance in R@1: +3.0 [+1.0 +5.0] p .010");
    verdict_is("RobinH", open, "no difference from raw beyond chance in robin hood: +4.0 [-2.0 +10.0] p .200");
    verdict_is("max", more, "worse than raw beyond chance in max: +3 [+1 +5] p .010");
    verdict_is("hubs", more, "more than raw beyond chance in fair hub count: +3 [+1 +5] p .010");
    verdict_is("error", less, "better than raw beyond chance in normalization error: -0.710 [-0.950 -0.460] p<.001");
    verdict_is("least", more, "better than raw beyond chance in min: +3.00 [+1.00 +5.00] p .010");
    verdict_is("gate%", less, "gate rate: not tested by the bootstrap");
    verdict_is("R@5", (struct interval){NAN, NAN, NAN, NAN}, "no query has a target, so R@5 cannot be compared");
}

static void says_why_mass_is_not_tested(void **state)
{
    (void)state;
    struct bootstrap difference = {.mass = MASS_UNASKED};
    char text[INTERVAL_SENTENCE];

    interval_verdict_sentence(measure("error"), &difference, "raw", text);
    assert_string_equal(text, "normalization error: not tested yet");
    difference.mass = MASS_NONE;
    interval_verdict_sentence(measure("error"), &difference, "raw", text);
    assert_string_equal(text, "normalization error: not tested: one of the rules has no probabilities, so no mass");
    difference.mass = MASS_TOO_LARGE;
    difference.mass_memory = 5 << 20;
    interval_verdict_sentence(measure("error"), &difference, "raw", text);
    assert_string_equal(text, "normalization error: not tested: needs 5 MiB of memory");
}

static void fits_its_rows(void **state)
{
    (void)state;
    struct bootstrap difference = {
        .r1 = {2.8, 0.5, 5.1, 0.0149}, .r10 = {1, -1, 3, 0.99996}, .mnr = {-2.7, -3.9, -1.5, 0}};
    struct rect screen = screen_start("xterm-256color", "C", 12, 120, (struct terminal_options){0});

    assert_int_equal(interval_rows(110, true), 1);
    assert_int_equal(interval_rows(78, true), 2);
    assert_int_equal(interval_rows(78, false), 1);
    assert_int_equal(interval_rows(46, true), 3);
    assert_int_equal(interval_rows(10, true), 3);
    interval_draw_all(screen, &difference, true);
    interval_draw_all(rect_left(rect_below(screen, 2), 78), &difference, false);
    interval_draw_all(rect_top(rect_left(rect_below(screen, 4), 46), 2), &difference, true); /* no room for the third */
    const char *text = screen_text("");
    assert_non_null(
        strstr(text, "R@1 +2.8 [+0.5 +5.1] ^ p .015  R@10 +1.0 [-1.0 +3.0] p 1  MnR -2.70 [-3.90 -1.50] ^ p<.001"));
    assert_non_null(strstr(text, "R@1 +2.8 [+0.5 +5.1] ^  R@10 +1.0 [-1.0 +3.0]   MnR -2.70 [-3.90 -1.50] ^"));
    assert_non_null(strstr(text, "\nR@1   +2.8 [+0.5 +5.1] ^ p .015"));
    assert_non_null(strstr(text, "\nR@10  +1.0 [-1.0 +3.0] p 1"));
    assert_null(strstr(text, "\nMnR"));
    terminal_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_signs_and_one_width), cmocka_unit_test(verdicts_know_which_way_is_better),
        cmocka_unit_test(sentences_name_what_differs),      cmocka_unit_test(one_measure_has_its_own_verdict),
        cmocka_unit_test(says_why_mass_is_not_tested),      cmocka_unit_test(fits_its_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
