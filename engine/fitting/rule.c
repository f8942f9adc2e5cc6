#include "engine/fitting/rule.h"
#include "engine/base/item.h"
#include "engine/collection/collection.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double COSINE_SLACK = 1e-3; /* what rounding may add to a cosine of 1 */

const struct rule *rule_find(const char *name)
{
    for (size_t i = 0; i < rules_count; i++)
        if (strcmp(rules[i]->name, name) == 0)
            return rules[i];
    return NULL;
}

struct rule_spec rule_default(const struct rule *rule, double logit_scale)
{
    struct rule_spec spec = {.rule = rule};

    for (size_t i = 0; i < rule->parameter_count; i++) {
        const struct rule_parameter *parameter = &rule->parameters[i];
        double value = isnan(parameter->value) ? logit_scale : parameter->value;
        if (!(value >= parameter->least))
            value = parameter->least;
        spec.value[i] = value > parameter->most ? parameter->most : value;
    }
    return spec;
}

static void append(char *buffer, size_t size, const char *text)
{
    size_t used = strlen(buffer);

    snprintf(buffer + used, size - used, "%s%s", used ? ", " : "", text);
}

static int unknown_rule(const char *name, int length, struct error *error)
{
    char known[256] = "";

    for (size_t i = 0; i < rules_count; i++)
        append(known, sizeof known, rules[i]->name);
    if (length == 0)
        return error_set(error, ERROR_INPUT, "a rule without a name; known: %s", known);
    return error_set(error, ERROR_INPUT, "unknown rule '%.*s'; known: %s", length < 64 ? length : 64, name, known);
}

static int unknown_parameter(const struct rule *rule, const char *name, int length, struct error *error)
{
    char known[256] = "";

    for (size_t i = 0; i < rule->parameter_count; i++)
        append(known, sizeof known, rule->parameters[i].name);
    if (!*known)
        return error_set(error, ERROR_INPUT, "%s takes no parameters", rule->name);
    if (rule->replaced.name && (size_t)length == strlen(rule->replaced.name) &&
        memcmp(name, rule->replaced.name, (size_t)length) == 0)
        return error_set(error, ERROR_INPUT, "%s: %s is now %s: %s", rule->name, rule->replaced.name, rule->replaced.by,
                         rule->replaced.how);
    if (length == 0)
        return error_set(error, ERROR_INPUT, "%s: a parameter without a name; known: %s", rule->name, known);
    return error_set(error, ERROR_INPUT, "%s: unknown parameter '%.*s'; known: %s", rule->name,
                     length < 64 ? length : 64, name, known);
}

static bool is_named(const char *name, const char *text, size_t length)
{
    return strlen(name) == length && memcmp(name, text, length) == 0;
}

/* Reads one value and checks it. */
static int parse_value(const struct rule *rule, const struct rule_parameter *parameter, const char *text, size_t length,
                       double *value, struct error *error)
{
    char number[64], *end = number;

    if (length == 0)
        return error_set(error, ERROR_INPUT, "%s: %s has no value: write %s=NUMBER", rule->name, parameter->name,
                         parameter->name);
    if (length < sizeof number && strspn(text, "0123456789+-.eE") >= length) {
        memcpy(number, text, length);
        number[length] = 0;
        *value = strtod(number, &end);
    }
    if (end == number || *end)
        return error_set(error, ERROR_INPUT, "%s: %s=%.*s is not a number", rule->name, parameter->name,
                         length < 64 ? (int)length : 64, text);
    if (!(*value >= parameter->least && *value <= parameter->most))
        return error_set(error, ERROR_INPUT, "%s: %s=%s is out of range: %g to %g", rule->name, parameter->name, number,
                         parameter->least, parameter->most);
    if (parameter->whole && *value != floor(*value))
        return error_set(error, ERROR_INPUT, "%s: %s=%s is not a whole number", rule->name, parameter->name, number);
    return 0;
}

int rule_parse(const char *text, double logit_scale, struct rule_spec *spec, struct error *error)
{
    bool given[RULE_PARAMETERS] = {false};
    size_t length = strcspn(text, ":"), which = 0;
    const char *at = text + length;

    while (which < rules_count && !is_named(rules[which]->name, text, length))
        which++;
    if (which == rules_count)
        return unknown_rule(text, length < 64 ? (int)length : 64, error);
    const struct rule *rule = rules[which];
    *spec = rule_default(rule, logit_scale);
    while (*at) {
        at++; /* the colon, or the comma before another parameter */
        size_t whole = strcspn(at, ","), name = strcspn(at, "=,"), p = 0;
        while (p < rule->parameter_count && !is_named(rule->parameters[p].name, at, name))
            p++;
        if (p == rule->parameter_count)
            return unknown_parameter(rule, at, name < 64 ? (int)name : 64, error);
        if (given[p])
            return error_set(error, ERROR_INPUT, "%s: %s is given twice", rule->name, rule->parameters[p].name);
        given[p] = true;
        const char *value = at + (name < whole ? name + 1 : whole);
        if (parse_value(rule, &rule->parameters[p], value, (size_t)(at + whole - value), &spec->value[p], error))
            return -1;
        at += whole;
    }
    return 0;
}

/* Writes the shortest text that reads back as the same number, whole numbers without an exponent. */
static void print_number(double value, char *buffer, size_t size)
{
    if (fabs(value) < 1e15 && value == floor(value)) {
        snprintf(buffer, size, "%.0f", value);
        return;
    }
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(buffer, size, "%.*g", digits, value);
        if (strtod(buffer, NULL) == value)
            return;
    }
}

void rule_print(const struct rule_spec *spec, char *buffer, size_t size)
{
    size_t used = (size_t)snprintf(buffer, size, "%s", spec->rule->name);

    for (size_t i = 0; i < spec->rule->parameter_count && used < size; i++) {
        char number[40];
        print_number(spec->value[i], number, sizeof number);
        used += (size_t)snprintf(buffer + used, size - used, "%c%s=%s", i ? ',' : ':', spec->rule->parameters[i].name,
                                 number);
    }
}

bool rule_same(const struct rule_spec *a, const struct rule_spec *b)
{
    bool same = a->rule == b->rule;

    for (size_t p = 0; same && p < a->rule->parameter_count; p++)
        same = a->value[p] == b->value[p];
    return same;
}

double rule_value(const struct rule_spec *spec, const char *parameter)
{
    for (size_t i = 0; i < spec->rule->parameter_count; i++)
        if (strcmp(spec->rule->parameters[i].name, parameter) == 0)
            return spec->value[i];
    return NAN;
}

const char *rule_unavailable(const struct rule *rule, const struct task *task)
{
    if ((rule->needs & RULE_NEEDS_EMBEDDINGS) && task->s.stored)
        return "needs embeddings, not stored similarities";
    if ((rule->needs & RULE_NEEDS_COSINES) && task->model && task->model->most > 1 + COSINE_SLACK)
        return "needs cosines, but some similarities are above 1";
    if (((rule->needs & RULE_NEEDS_GALLERY_BANK) && !task_second_bank(task)) ||
        ((rule->needs & RULE_NEEDS_BANK_GALLERY) && task_bank(task) && !task_bank_gallery(task).rows))
        return task->direction == T2V ? item_text("needs a second bank, of videos, and there is none")
                                      : "needs a second bank, of queries, and there is none";
    if (!(rule->needs & RULE_NEEDS_BANK) || task_bank(task))
        return NULL;
    return task->direction == T2V ? "needs a bank of queries, and there is none"
                                  : item_text("needs a bank of videos, and there is none");
}
