/* Compares the JSON of `hubscope eval` with the reference's results.
 *
 * usage: eval_json specs EXPECTED PATH RULE...    prints --rule values for the named rules of the list
 *        eval_json check EXPECTED PATH RULE...    reads eval's JSON from standard input and compares
 *
 * PATH leads to a list of rules in the expected file: "t2v", or "expected/train".  Measures from counts must agree up
 * to rounding, sums of exponentials to a relative 1e-4.  If the expected file lists close calls of a rule (near ties
 * that rounding may reverse), its recalls may differ by those queries, and its other counts are not compared. */
#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double counted = 1e-9, summed = 1e-4;
static unsigned compared, wrong;

static json_t *at_path(json_t *value, char *path)
{
    for (char *part = strtok(path, "/"); part; part = strtok(NULL, "/"))
        value = json_object_get(value, part);
    return value;
}

static bool named(const json_t *rule, char **names, int count)
{
    const char *name = json_string_value(json_object_get(rule, "rule"));
    for (int i = 0; i < count; i++)
        if (name && strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static void print_spec(const json_t *rule)
{
    const char *key, *separator = ":";
    json_t *value;
    printf("%s", json_string_value(json_object_get(rule, "rule")));
    json_object_foreach (json_object_get(rule, "parameters"), key, value) {
        printf("%s%s=%.17g", separator, key, json_number_value(value));
        separator = ",";
    }
    putchar('\n');
}

/* Whether the actual rule has the expected name and all expected parameters. */
static bool same_rule(const json_t *expected, const json_t *actual)
{
    const char *key;
    json_t *value;
    if (!json_equal(json_object_get(expected, "rule"), json_object_get(actual, "rule")))
        return false;
    json_object_foreach (json_object_get(expected, "parameters"), key, value) {
        const json_t *other = json_object_get(json_object_get(actual, "parameters"), key);
        if (!json_is_number(other) || json_number_value(other) != json_number_value(value))
            return false;
    }
    return true;
}

static void compare(const json_t *rule, const char *name, const json_t *expected, const json_t *actual,
                    double tolerance)
{
    if (!json_is_number(expected))
        return;
    double want = json_number_value(expected);
    double got = json_is_number(actual) ? json_number_value(actual) : NAN;
    compared++;
    if (!(fabs(want - got) <= tolerance * fmax(1, fabs(want)))) {
        char *parameters = json_dumps(json_object_get(rule, "parameters"), JSON_COMPACT);
        fprintf(stderr, "%s %s %s: expected %.12g, got %.12g\n", json_string_value(json_object_get(rule, "rule")),
                parameters, name, want, got);
        free(parameters);
        wrong++;
    }
}

static void compare_members(const json_t *rule, json_t *expected, const json_t *actual, double tolerance)
{
    const char *key;
    json_t *value;
    json_object_foreach (expected, key, value)
        compare(rule, key, value, json_object_get(actual, key), tolerance);
}

static void compare_rule(json_t *expected, json_t *actual, double queries)
{
    json_t *hubness = json_object_get(expected, "hubness");
    json_t *at_ten = json_object_get(hubness, "10");
    size_t close = json_object_size(json_object_get(expected, "close"));
    bool raw = strcmp(json_string_value(json_object_get(expected, "rule")), "raw") == 0;
    const json_t *mass = json_object_get(actual, "mass");

    if (raw || close == 0) { /* exact ties of raw are not close calls: nothing is rounded */
        compare_members(expected, json_object_get(expected, "metrics"), json_object_get(actual, "metrics"), counted);
        compare_members(expected, at_ten ? at_ten : hubness, json_object_get(actual, "hubness"), counted);
    } else {
        static const char *const recall[] = {"R@1", "R@5", "R@10", "R@50"};
        for (size_t i = 0; i < 4; i++) {
            const json_t *want = json_object_get(json_object_get(expected, "metrics"), recall[i]);
            double slack = 100 * (double)close / queries / fmax(1, json_number_value(want));
            compare(expected, recall[i], want, json_object_get(json_object_get(actual, "metrics"), recall[i]),
                    slack + counted);
        }
    }
    if (json_is_object(json_object_get(expected, "mass")))
        compare_members(expected, json_object_get(expected, "mass"), mass, summed);
    compare(expected, "normalization_error", json_object_get(expected, "normalization_error"),
            json_object_get(mass, "normalization_error"), summed);
    compare(expected, "gate_rate", json_object_get(expected, "gate_rate"), json_object_get(actual, "gate_rate"),
            counted);
    compare(expected, "residual", json_object_get(expected, "residual"), json_object_get(actual, "residual"), summed);
}

static int check(json_t *list, char **names, int count)
{
    json_error_t error;
    json_t *report = json_loadf(stdin, 0, &error);
    if (!report) {
        fprintf(stderr, "eval's output is not JSON: line %d: %s\n", error.line, error.text);
        return 1;
    }
    double queries = json_number_value(json_object_get(report, "queries"));
    size_t index, other;
    json_t *expected, *actual;
    json_array_foreach (list, index, expected) {
        if (!named(expected, names, count))
            continue;
        bool found = false;
        json_array_foreach (json_object_get(report, "rules"), other, actual) {
            if (same_rule(expected, actual)) {
                found = true;
                compare_rule(expected, actual, queries);
                break;
            }
        }
        if (!found) {
            fprintf(stderr, "rule %s of the expected file is not in eval's output\n",
                    json_string_value(json_object_get(expected, "rule")));
            wrong++;
        }
    }
    json_decref(report);
    printf("%u numbers compared, %u wrong\n", compared, wrong);
    return wrong > 0 || compared == 0;
}

int main(int argc, char **argv)
{
    json_error_t error;
    if (argc < 5) {
        fputs("usage: eval_json specs|check EXPECTED PATH RULE...\n", stderr);
        return 2;
    }
    json_t *file = json_load_file(argv[2], 0, &error);
    json_t *list = at_path(file, argv[3]);
    if (!json_is_array(list)) {
        fprintf(stderr, "%s: no list at the path given (%s)\n", argv[2], file ? "" : error.text);
        json_decref(file);
        return 2;
    }
    int status = 0;
    if (strcmp(argv[1], "check") == 0) {
        status = check(list, argv + 4, argc - 4);
    } else {
        size_t index;
        json_t *rule;
        json_array_foreach (list, index, rule)
            if (named(rule, argv + 4, argc - 4))
                print_spec(rule);
    }
    json_decref(file);
    return status;
}
