/* Reading expected.json files and comparing with them. */
#ifndef HUBSCOPE_TESTS_EXPECTED_H
#define HUBSCOPE_TESTS_EXPECTED_H

#include "engine/evaluation/analysis.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

static inline json_t *expected_read(const char *path)
{
    json_error_t error;
    json_t *root = json_load_file(path, 0, &error);

    if (!root)
        fail_msg("%s:%d: %s", path, error.line, error.text);
    return root;
}

static inline double expected_number(const json_t *object, const char *name)
{
    json_t *value = json_object_get(object, name);

    if (!json_is_number(value))
        fail_msg("no number '%s' in the expected values", name);
    return json_number_value(value);
}

/* Reads the spec of an entry {"rule":..,"parameters":{..}}; false for an unknown rule. */
static inline bool expected_spec(const json_t *entry, double logit_scale, struct rule_spec *spec)
{
    const struct rule *rule = rule_find(json_string_value(json_object_get(entry, "rule")));
    json_t *parameters = json_object_get(entry, "parameters"), *value;
    const char *name;

    if (!rule)
        return false;
    *spec = rule_default(rule, logit_scale);
    json_object_foreach (parameters, name, value) {
        bool known = false;
        for (size_t p = 0; p < rule->parameter_count; p++)
            if (strcmp(rule->parameters[p].name, name) == 0) {
                spec->value[p] = json_number_value(value);
                known = true;
            }
        if (!known)
            fail_msg("rule %s has no parameter %s", rule->name, name);
    }
    return true;
}

static inline void expected_near(const char *what, double value, double right, double tolerance)
{
    if (!(fabs(value - right) <= tolerance))
        fail_msg("%s is %.17g, should be %.17g", what, value, right);
}

static inline void expected_metrics(const json_t *right, const struct metrics *metrics)
{
    expected_near("R@1", metrics->r1, expected_number(right, "R@1"), 1e-9);
    expected_near("R@5", metrics->r5, expected_number(right, "R@5"), 1e-9);
    expected_near("R@10", metrics->r10, expected_number(right, "R@10"), 1e-9);
    expected_near("R@50", metrics->r50, expected_number(right, "R@50"), 1e-9);
    expected_near("MdR", metrics->mdr, expected_number(right, "MdR"), 1e-9);
    expected_near("MnR", metrics->mnr, expected_number(right, "MnR"), 1e-9);
    expected_near("geom", metrics->geometric, expected_number(right, "geom"), 1e-9);
}

static inline void expected_hubness(const json_t *right, const struct hubness *h, double tolerance)
{
    expected_near("skewness", h->skewness, expected_number(right, "skewness"), tolerance);
    expected_near("robin_hood", h->robin_hood, expected_number(right, "robin_hood"), tolerance);
    expected_near("gini", h->gini, expected_number(right, "gini"), tolerance);
    expected_near("atkinson", h->atkinson, expected_number(right, "atkinson"), tolerance);
    expected_near("max", h->max, expected_number(right, "max"), 0);
    expected_near("antihub_rate", h->antihub_rate, expected_number(right, "antihub_rate"), 1e-12);
    if (json_object_get(right, "fair_hub_count")) {
        expected_near("fair_hub_count", (double)h->fair_hub_count, expected_number(right, "fair_hub_count"), 0);
        expected_near("fair_hub_occurrence", h->fair_hub_occurrence, expected_number(right, "fair_hub_occurrence"),
                      1e-12);
    }
    expected_near("hub_count", (double)h->hub_count, expected_number(right, "hub_count"), 0);
    expected_near("hub_occurrence", h->hub_occurrence, expected_number(right, "hub_occurrence"), tolerance);
}

#endif
