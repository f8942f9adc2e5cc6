#include "engine/fitting/arithmetic.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { EXPRESSION = 400 };

double arithmetic_total(const struct arithmetic *arithmetic)
{
    return arithmetic->count ? arithmetic->term[arithmetic->count - 1].total : NAN;
}

static double after(enum term_kind kind, double total, double value)
{
    switch (kind) {
    case TERM_START:
        return value;
    case TERM_PLUS:
        return total + value;
    case TERM_MINUS:
        return total - value;
    case TERM_TIMES:
        return total * value;
    case TERM_OVER:
        return total / value;
    case TERM_EXP:
        return exp(total);
    default:
        return total;
    }
}

struct term *arithmetic_add(struct arithmetic *arithmetic, enum term_kind kind, double value, int decimals,
                            const char *label, ...)
{
    double total = after(kind, arithmetic_total(arithmetic), value);
    struct term *term = &arithmetic->term[arithmetic->count];
    va_list arguments;

    if (arithmetic->count < ARITHMETIC_TERMS)
        arithmetic->count++;
    else
        term--;
    *term = (struct term){.kind = kind, .value = value, .total = total, .decimals = decimals};
    va_start(arguments, label);
    vsnprintf(term->label, sizeof term->label, label, arguments);
    va_end(arguments);
    return term;
}

void term_note(struct term *term, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(term->note, sizeof term->note, format, arguments);
    va_end(arguments);
}

void arithmetic_gate(struct arithmetic *arithmetic, struct term *term, bool open)
{
    term->out = !open;
    if (!open)
        term->total = term > arithmetic->term ? term[-1].total : NAN;
}

const char *term_operator(const struct term *term)
{
    static const char *const operators[] = {
        [TERM_FACT] = "",   [TERM_START] = "", [TERM_PLUS] = "+", [TERM_MINUS] = "-",
        [TERM_TIMES] = "x", [TERM_OVER] = "/", [TERM_EXP] = "",   [TERM_EQUALS] = "=",
    };

    return operators[term->kind];
}

double term_shown(const struct term *term)
{
    switch (term->kind) {
    case TERM_MINUS:
        return -term->value;
    case TERM_TIMES:
    case TERM_OVER:
    case TERM_EXP:
    case TERM_EQUALS:
        return term->total;
    default:
        return term->value;
    }
}

/* Rewrites the expression with text before and after it; it stays as it is, and false is returned, if there is no
 * room. */
static bool wrap(char expression[EXPRESSION], const char *before, const char *behind)
{
    size_t length = strlen(expression), first = strlen(before);

    if (length + first + strlen(behind) >= EXPRESSION)
        return false;
    memmove(expression + first, expression, length + 1);
    memcpy(expression, before, first);
    strcat(expression, behind);
    return true;
}

static void print_value(const struct term *term, char *buffer, size_t size)
{
    double value = term->value;
    bool minus = value < 0 && (term->kind == TERM_PLUS || term->kind == TERM_MINUS);

    if (term->kind == TERM_TIMES || term->kind == TERM_OVER)
        snprintf(buffer, size, " %s %.3g", term_operator(term), value);
    else if (minus) /* not "+ -0.80" */
        snprintf(buffer, size, " %s %.*f", term->kind == TERM_PLUS ? "-" : "+", term->decimals, -value);
    else
        snprintf(buffer, size, " %s %.*f", term_operator(term), term->decimals, value);
}

bool arithmetic_print(const struct arithmetic *arithmetic, char *buffer, size_t size)
{
    char expression[EXPRESSION] = "", text[64];
    bool summed = false, whole = true;

    for (size_t i = 0; i < arithmetic->count; i++) {
        const struct term *term = &arithmetic->term[i];
        switch (term->out ? TERM_FACT : term->kind) {
        case TERM_FACT:
            continue;
        case TERM_START:
            snprintf(text, sizeof text, "%.*f", term->decimals, term->value);
            break;
        case TERM_EXP:
            whole = whole && wrap(expression, "exp(", ")");
            summed = false;
            continue;
        case TERM_EQUALS:
            snprintf(text, sizeof text, " = %.*f", term->decimals, term->total);
            break;
        case TERM_TIMES:
        case TERM_OVER:
            if (summed)
                whole = whole && wrap(expression, "(", ")");
            summed = false;
            print_value(term, text, sizeof text);
            break;
        default:
            summed = true;
            print_value(term, text, sizeof text);
        }
        whole = whole && wrap(expression, "", text);
    }
    return snprintf(buffer, size, "%s", expression) < (int)size && whole;
}
