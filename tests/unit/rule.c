#include "engine/fitting/rule.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { BRIEF_COLUMNS = 48 };

static void parameter_is_sound(const struct rule_parameter *parameter)
{
    assert_true(parameter->name && *parameter->name && parameter->meaning && *parameter->meaning);
    assert_true(parameter->least < parameter->most);
    assert_true(isnan(parameter->value) ||
                (parameter->least <= parameter->value && parameter->value <= parameter->most));
    assert_true(parameter->step > (parameter->logarithmic ? 1 : 0));
    assert_true(!parameter->logarithmic || parameter->least > 0 || parameter->whole);
}

/* A rule's entry is complete: a unique name, descriptions, and parameters in range. */
static void rule_is_sound(const struct rule *rule)
{
    assert_ptr_equal(rule_find(rule->name), rule); /* its name is unique */
    assert_int_equal(strspn(rule->name, "abcdefghijklmnopqrstuvwxyz0123456789_"), strlen(rule->name));
    assert_true(*rule->name && rule->title && *rule->title && rule->brief && *rule->brief);
    assert_true(strlen(rule->brief) <= BRIEF_COLUMNS);
    assert_true(rule->formula && *rule->formula && !strchr(rule->formula, '\n'));
    assert_true(rule->about && *rule->about && rule->source && *rule->source);
    assert_non_null(rule->fit);
    assert_true(!rule->score || rule->explain);
    assert_true(!rule_transductive(rule) || strcmp(rule->label, "transductive") == 0);
    assert_true(rule->parameter_count <= RULE_PARAMETERS);
    for (size_t p = 0; p < rule->parameter_count; p++) {
        parameter_is_sound(&rule->parameters[p]);
        for (size_t q = 0; q < p; q++)
            assert_string_not_equal(rule->parameters[p].name, rule->parameters[q].name);
    }
}

static void table_is_sound(void **state)
{
    (void)state;
    assert_true(rules_count > 0 && rules_count <= RULES_MAX);
    for (size_t i = 0; i < rules_count; i++) {
        rule_is_sound(rules[i]);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(rules[i]->title, rules[j]->title);
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
    spec = rule_default(rule_find("raw"), NAN); /* an invalid scale is brought into range */
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

/* The text, with the names of all rules instead of the word RULES. */
static void names_rules(const char *text, char *buffer, size_t size)
{
    const char *word = strstr(text, "RULES");
    size_t used = (size_t)snprintf(buffer, size, "%.*s", word ? (int)(word - text) : (int)strlen(text), text);

    for (size_t i = 0; word && i < rules_count; i++)
        used += (size_t)snprintf(buffer + used, size - used, "%s%s", i ? ", " : "", rules[i]->name);
}

static void errors_say_what_is_wrong(void **state)
{
    static const char *const text[][2] = {
        {"", "a rule without a name; known: RULES"},
        {":beta=1", "a rule without a name; known: RULES"},
        {"nlc", "unknown rule 'nlc'; known: RULES"},
        {"NCL", "unknown rule 'NCL'; known: RULES"},
        {"nc", "unknown rule 'nc'; known: RULES"},
        {"ncl:", "ncl: a parameter without a name; known: scale, iterations"},
        {"ncl:scale=5,", "ncl: a parameter without a name; known: scale, iterations"},
        {"ncl:,scale=5", "ncl: a parameter without a name; known: scale, iterations"},
        {"ncl:=5", "ncl: a parameter without a name; known: scale, iterations"},
        {"ncl:beta=5", "ncl: unknown parameter 'beta'; known: scale, iterations"},
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
        char wanted[sizeof error.text];
        assert_int_equal(rule_parse(text[i][0], 50, &spec, &error), -1);
        assert_int_equal(error.kind, ERROR_INPUT);
        names_rules(text[i][1], wanted, sizeof wanted);
        assert_string_equal(error.text, wanted);
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
    task.b.rows = 1;
    assert_null(rule_unavailable(rule_find("ncl"), &task));
    assert_string_equal(rule_unavailable(rule_find("dualis"), &task),
                        "needs a second bank, of queries, and there is none");
    task.direction = T2V;
    assert_string_equal(rule_unavailable(rule_find("dualdis"), &task),
                        "needs a second bank, of videos, and there is none");
    task.g.rows = 1;
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
