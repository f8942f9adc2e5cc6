#include "engine/fitting/rule.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void table_is_sound(void **state)
{
    static const char *const order[] = {"raw", "is",     "qbnorm",  "ncl",    "csls", "nnn",
                                        "gc",  "dualis", "dualdis", "center", "dsl"};

    (void)state;
    assert_true(rules_count <= RULES_MAX);
    assert_int_equal(rules_count, sizeof order / sizeof *order);
    for (size_t i = 0; i < rules_count; i++)
        assert_string_equal(rules[i]->name, order[i]);
    for (size_t i = 0; i < rules_count; i++) {
        const struct rule *rule = rules[i];
        assert_ptr_equal(rule_find(rule->name), rule);
        assert_true(rule->title && rule->formula && rule->about && rule->source && rule->fit);
        assert_true(rule->parameter_count <= RULE_PARAMETERS);
        assert_true(!rule->score == !rule->explain);
        assert_true(!rule_transductive(rule) || strcmp(rule->label, "transductive") == 0);
        for (size_t p = 0; p < rule->parameter_count; p++) {
            const struct rule_parameter *parameter = &rule->parameters[p];
            assert_true(parameter->name && parameter->meaning && parameter->least <= parameter->most);
            assert_true(parameter->step > (parameter->logarithmic ? 1 : 0));
        }
    }
    assert_null(rule_find("none"));
    assert_null(rule_find(""));
}

static void defaults(void **state)
{
    struct rule_spec spec = rule_default(rule_find("ncl"), 22.712);

    (void)state;
    assert_true(rule_value(&spec, "scale") == 22.712);
    assert_true(rule_value(&spec, "iterations") == 4);
    assert_true(isnan(rule_value(&spec, "beta")));
    spec = rule_default(rule_find("qbnorm"), 22.712);
    assert_true(rule_value(&spec, "beta") == 20 && rule_value(&spec, "k") == 1);
    spec = rule_default(rule_find("raw"), NAN); /* a scale that is no scale is brought into the range */
    assert_true(rule_value(&spec, "scale") == 1e-3);
    spec = rule_default(rule_find("raw"), 1e9);
    assert_true(rule_value(&spec, "scale") == 1e5);
}

static void parse_and_print(void **state)
{
    static const char *const text[][2] = {
        {"raw", "raw:scale=22.712"},
        {"is", "is:beta=20"},
        {"is:beta=0.1", "is:beta=0.1"},
        {"qbnorm:k=3", "qbnorm:beta=20,k=3"},
        {"qbnorm:k=1000,beta=1e-3", "qbnorm:beta=0.001,k=1000"},
        {"ncl:iterations=0", "ncl:scale=22.712,iterations=0"},
        {"ncl:scale=1e5,iterations=1000", "ncl:scale=100000,iterations=1000"},
        {"raw:scale=0.30000000000000004", "raw:scale=0.30000000000000004"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        struct rule_spec spec, again;
        struct error error = {0};
        char buffer[200];
        assert_int_equal(rule_parse(text[i][0], 22.712, &spec, &error), 0);
        rule_print(&spec, buffer, sizeof buffer);
        assert_string_equal(buffer, text[i][1]);
        assert_int_equal(rule_parse(buffer, 7, &again, &error), 0);
        assert_memory_equal(&spec, &again, sizeof spec);
    }
}

static void numbers_survive(void **state)
{
    uint32_t seed = 9;

    (void)state;
    for (int i = 0; i < 2000; i++) {
        struct rule_spec spec = rule_default(rule_find("raw"), 1), again;
        char buffer[100];
        seed = seed * 1664525u + 1013904223u;
        spec.value[0] = pow(10, (double)seed / 4294967296.0 * 7.9 - 2.9);
        rule_print(&spec, buffer, sizeof buffer);
        assert_int_equal(rule_parse(buffer, 1, &again, NULL), 0);
        assert_true(again.value[0] == spec.value[0]);
    }
}

static void short_buffers_are_kept_to(void **state)
{
    struct rule_spec spec = rule_default(rule_find("ncl"), 50);

    (void)state;
    for (size_t size = 1; size < 30; size++) {
        char buffer[32];
        memset(buffer, '#', sizeof buffer);
        rule_print(&spec, buffer, size);
        assert_true(strlen(buffer) < size);
        assert_true(buffer[size] == '#');
    }
}

#define KNOWN "raw, is, qbnorm, ncl, csls, nnn, gc, dualis, dualdis, center, dsl"

static void errors_say_what_is_wrong(void **state)
{
    static const char *const text[][2] = {
        {"", "a rule without a name: known are " KNOWN},
        {":beta=1", "a rule without a name: known are " KNOWN},
        {"nlc", "unknown rule 'nlc': known are " KNOWN},
        {"NCL", "unknown rule 'NCL': known are " KNOWN},
        {"nc", "unknown rule 'nc': known are " KNOWN},
        {"ncl:", "ncl: a parameter without a name: known are scale, iterations"},
        {"ncl:scale=5,", "ncl: a parameter without a name: known are scale, iterations"},
        {"ncl:,scale=5", "ncl: a parameter without a name: known are scale, iterations"},
        {"ncl:=5", "ncl: a parameter without a name: known are scale, iterations"},
        {"ncl:beta=5", "ncl: unknown parameter 'beta': known are scale, iterations"},
        {"ncl:scale", "ncl: scale has no value: write scale=NUMBER"},
        {"ncl:scale=", "ncl: scale has no value: write scale=NUMBER"},
        {"ncl:scale=,iterations=1", "ncl: scale has no value: write scale=NUMBER"},
        {"is:beta=hot", "is: beta=hot is not a number"},
        {"is:beta=2x", "is: beta=2x is not a number"},
        {"is:beta=nan", "is: beta=nan is not a number"},
        {"is:beta=0x10", "is: beta=0x10 is not a number"},
        {"is:beta= 1", "is: beta= 1 is not a number"},
        {"is:beta=1=2", "is: beta=1=2 is not a number"},
        {"is:beta=1:2", "is: beta=1:2 is not a number"},
        {"is:beta=0", "is: beta=0 is out of range: 0.001 to 100000"},
        {"is:beta=-20", "is: beta=-20 is out of range: 0.001 to 100000"},
        {"is:beta=1e999", "is: beta=1e999 is out of range: 0.001 to 100000"},
        {"qbnorm:k=0", "qbnorm: k=0 is out of range: 1 to 1000"},
        {"qbnorm:k=1001", "qbnorm: k=1001 is out of range: 1 to 1000"},
        {"qbnorm:k=1.5", "qbnorm: k=1.5 is not a whole number"},
        {"ncl:iterations=1001", "ncl: iterations=1001 is out of range: 0 to 1000"},
        {"qbnorm:k=1,k=1", "qbnorm: k is given twice"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        struct rule_spec spec;
        struct error error = {0};
        assert_int_equal(rule_parse(text[i][0], 50, &spec, &error), -1);
        assert_int_equal(error.kind, ERROR_INPUT);
        assert_string_equal(error.text, text[i][1]);
    }
}

static void long_texts_are_cut(void **state)
{
    static char text[3000];
    static const char *const format[] = {"%s", "ncl:%s", "ncl:%s=1", "ncl:scale=%s"};

    (void)state;
    for (size_t f = 0; f < 4; f++) {
        char digits[2001];
        struct rule_spec spec;
        struct error error = {0};
        memset(digits, '1', 2000);
        digits[2000] = 0;
        char *split = strstr(format[f], "%s");
        snprintf(text, sizeof text, "%.*s%s%s", (int)(split - format[f]), format[f], digits, split + 2);
        assert_int_equal(rule_parse(text, 50, &spec, &error), -1);
        assert_true(strlen(error.text) < 200);
    }
}

static void availability(void **state)
{
    struct task task = {.bank_name = ""};
    struct matrix none = {0};

    (void)state;
    assert_null(rule_unavailable(rule_find("raw"), &task));
    assert_string_equal(rule_unavailable(rule_find("is"), &task), "needs a bank of queries, and there is none");
    task.direction = V2T;
    assert_string_equal(rule_unavailable(rule_find("is"), &task), "needs a bank of videos, and there is none");
    task.bank_name = "train";
    assert_string_equal(rule_unavailable(rule_find("ncl"), &task), "the bank is empty");
    task.b.rows = 1;
    assert_null(rule_unavailable(rule_find("ncl"), &task));
    assert_string_equal(rule_unavailable(rule_find("dualis"), &task),
                        "needs a second bank, of queries, and there is none");
    task.direction = T2V;
    assert_string_equal(rule_unavailable(rule_find("dualdis"), &task),
                        "needs a second bank, of videos, and there is none");
    task.gallery_bank = 1;
    assert_null(rule_unavailable(rule_find("dualis"), &task));
    assert_null(rule_unavailable(rule_find("dsl"), &task));
    struct rule needy = {.needs = RULE_NEEDS_EMBEDDINGS};
    assert_null(rule_unavailable(&needy, &task));
    task.s.stored = &none;
    assert_string_equal(rule_unavailable(&needy, &task), "needs embeddings, not stored similarities");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_is_sound),
        cmocka_unit_test(defaults),
        cmocka_unit_test(parse_and_print),
        cmocka_unit_test(numbers_survive),
        cmocka_unit_test(short_buffers_are_kept_to),
        cmocka_unit_test(errors_say_what_is_wrong),
        cmocka_unit_test(long_texts_are_cut),
        cmocka_unit_test(availability),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
