/* The lines that explain a score lead to the score: for every rule, in both directions, with several parameters. */
#include "engine/evaluation/search.h"
#include "engine/fitting/explain.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "golden_case.h"

enum { CASES = 7, SPECS = 3, ASKED = 5, LABEL = 15, NOTE = 20 };

/* The default, and each parameter lower and higher at once. */
static struct rule_spec vary(const struct rule *rule, double logit_scale, int which)
{
    static const double factor[SPECS] = {1, 0.4, 2.5};
    struct rule_spec spec = rule_default(rule, logit_scale);

    for (size_t p = 0; p < rule->parameter_count; p++) {
        const struct rule_parameter *parameter = &rule->parameters[p];
        double value = spec.value[p] * factor[which];
        value = parameter->whole ? ceil(value) : value;
        spec.value[p] = fmin(fmax(value, parameter->least), parameter->most);
    }
    return spec;
}

/* Works the lines through once more. */
static double worked_through(const struct arithmetic *arithmetic)
{
    double total = NAN;

    for (size_t i = 0; i < arithmetic->count; i++) {
        const struct term *term = &arithmetic->term[i];
        if (term->out)
            continue;
        switch (term->kind) {
        case TERM_START:
            total = term->value;
            break;
        case TERM_PLUS:
            total += term->value;
            break;
        case TERM_MINUS:
            total -= term->value;
            break;
        case TERM_TIMES:
            total *= term->value;
            break;
        case TERM_OVER:
            total /= term->value;
            break;
        case TERM_EXP:
            total = exp(total);
            break;
        case TERM_EQUALS:
            assert_true(i + 1 == arithmetic->count && term->value == term->total);
            break;
        default:
            continue;
        }
        assert_true(total == term->total);
    }
    return total;
}

static void lines_are_sound(const struct rule *rule, const struct arithmetic *arithmetic, float similarity)
{
    bool shown = false;

    assert_true(arithmetic->count >= 3 && arithmetic->count <= ARITHMETIC_TERMS);
    for (size_t i = 0; i < arithmetic->count; i++) {
        const struct term *term = &arithmetic->term[i];
        size_t label = strlen(term_operator(term)) + 1 + strlen(term->label);
        if (!*term->label || label > LABEL + 2 * (strstr(term->label, "caption") != NULL) || strlen(term->note) > NOTE)
            fail_msg("%s: '%s', '%s' is empty or too wide", rule->name, term->label, term->note);
        shown = shown || (strcmp(term->label, "similarity") == 0 && term->value == (double)similarity);
    }
    assert_true(shown);
    const struct term *last = &arithmetic->term[arithmetic->count - 1];
    assert_int_equal(last->kind, TERM_EQUALS);
    assert_string_equal(last->label, rule->order_only ? "score" : "logit");
}

/* Results of two items are as far apart as their logits; those of a rule that only orders are in the same order. */
static void compare(const struct search_list *list, const double *total, size_t a, size_t b)
{
    const struct rule *rule = list->fit->spec.rule;
    double apart = list->fit->scale * ((double)list->score[a] - (double)list->score[b]);
    double shown = total[a] - total[b], slack = 1e-4 * (1 + fabs(total[a]) + fabs(total[b]));

    if (rule->order_only ? (shown > slack && !(apart > 0)) || (apart > 0 && !(shown > -slack))
                         : !(fabs(shown - apart) <= slack))
        fail_msg("%s: items %zu and %zu are %g apart, their arithmetic %g", rule->name, a, b, apart, shown);
}

static void explain_list(const struct task *task, const struct search *search, size_t rule, double *total)
{
    const struct search_list *list = &search->list[rule];

    for (size_t j = 0; j < search->m; j++) {
        struct arithmetic arithmetic;
        search_explain(task, search, rule, (uint32_t)j, &arithmetic);
        lines_are_sound(list->fit->spec.rule, &arithmetic, search->similarity[j]);
        total[j] = worked_through(&arithmetic);
        assert_true(isfinite(total[j]));
        compare(list, total, j, 0);
        compare(list, total, 0, j);
        compare(list, total, j, j / 2);
        compare(list, total, j / 2, j);
    }
}

static void check_direction(struct golden *golden, enum direction direction)
{
    struct task task;
    struct rule_spec specs[SPECS * RULES_MAX];
    struct fit *fits[SPECS * RULES_MAX];
    struct error error;
    size_t count = 0;

    assert_int_equal(task_open(&task, &golden->collection, NULL, direction, NULL, &error), 0);
    for (size_t r = 0; r < rules_count; r++)
        for (int which = 0; which < SPECS && !rule_unavailable(rules[r], &task); which++)
            specs[count++] = vary(rules[r], task.logit_scale, which);
    if (fit_rules(&task, specs, count, NULL, fits, NULL, &error))
        fail_msg("%s", error.text);
    double *total = calloc(task_gallery(&task), sizeof *total);
    for (size_t i = 0; i < ASKED; i++) {
        bool typed = i == ASKED - 1 && !golden->model.stored;
        const float *vector = direction == T2V ? golden->model.query.data : golden->model.video.data;
        struct search *search =
            search_run(&task, typed ? vector : NULL, i * (task_queries(&task) - 1) / ASKED, fits, count, 3, &error);
        assert_non_null(search);
        for (size_t r = 0; r < count; r++)
            explain_list(&task, search, r, total);
        search_free(search);
    }
    free(total);
    for (size_t r = 0; r < count; r++)
        fit_release(fits[r]);
    task_close(&task);
}

static void the_lines_lead_to_the_score(void **state)
{
    (void)state;
    for (int number = 1; number <= CASES; number++) {
        struct golden golden;
        golden_open(&golden, number);
        check_direction(&golden, T2V);
        check_direction(&golden, V2T);
        golden_close(&golden);
    }
}

static int score_as_similarity(const struct fit *fit, const struct asker *asker, const float *s, float *score)
{
    (void)asker;
    memcpy(score, s, fit->m * sizeof *score);
    return 0;
}

static void a_rule_without_explanation_shows_its_score(void **state)
{
    const struct rule rule = {.name = "new", .score = score_as_similarity, .order_only = true};
    const struct fit fit = {.spec.rule = &rule, .m = 2, .scale = 1};
    const struct asker asker = {0};
    const float s[2] = {0.5f, 0.25f};
    struct arithmetic arithmetic;

    (void)state;
    fit_explain(&fit, &asker, s, s, 1, &arithmetic);
    assert_int_equal(arithmetic.count, 3);
    assert_string_equal(arithmetic.term[0].label, "similarity");
    assert_string_equal(arithmetic.term[1].note, "its steps are not shown");
    assert_true(arithmetic_total(&arithmetic) == 0.25);
}

static void printed_as_one_expression(void **state)
{
    struct arithmetic arithmetic = {0};
    char text[80];

    (void)state;
    arithmetic_add(&arithmetic, TERM_FACT, 3, 0, "fact");
    arithmetic_add(&arithmetic, TERM_START, 0.5, 3, "similarity");
    struct term *term = arithmetic_add(&arithmetic, TERM_MINUS, 9, 2, "gated");
    arithmetic_gate(&arithmetic, term, false);
    arithmetic_add(&arithmetic, TERM_PLUS, -0.25, 2, "bias");
    arithmetic_add(&arithmetic, TERM_TIMES, 4, 2, "scale");
    arithmetic_add(&arithmetic, TERM_MINUS, 1, 2, "one");
    arithmetic_add(&arithmetic, TERM_EXP, 0, 2, "exp");
    arithmetic_add(&arithmetic, TERM_OVER, 2, 2, "two");
    arithmetic_add(&arithmetic, TERM_EQUALS, arithmetic_total(&arithmetic), 2, "score");
    assert_true(arithmetic_print(&arithmetic, text, sizeof text));
    assert_string_equal(text, "exp((0.500 - 0.25) x 4 - 1.00) / 2 = 0.50");
    assert_false(arithmetic_print(&arithmetic, text, 10));
    for (int i = 0; i < 2 * ARITHMETIC_TERMS; i++) /* more than fit: the last is replaced */
        arithmetic_add(&arithmetic, TERM_PLUS, i, 0, "%d", i);
    assert_int_equal(arithmetic.count, ARITHMETIC_TERMS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lines_lead_to_the_score),
        cmocka_unit_test(a_rule_without_explanation_shows_its_score),
        cmocka_unit_test(printed_as_one_expression),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
