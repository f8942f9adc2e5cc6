/* How an item gets its score: the numbers that lead from similarity to score, a line each, worked through from top to
 * bottom.  Rules fill one (rule->explain); screens, tables and files show it. */
#ifndef HUBSCOPE_ENGINE_FITTING_ARITHMETIC_H
#define HUBSCOPE_ENGINE_FITTING_ARITHMETIC_H

#include <stdbool.h>
#include <stddef.h>

enum term_kind {
    TERM_FACT,  /* a number worth knowing that takes no part in the sum */
    TERM_START, /* the total is the value */
    TERM_PLUS,
    TERM_MINUS,
    TERM_TIMES,
    TERM_OVER,  /* divides the total by the value */
    TERM_EXP,   /* the total becomes e to its power; no value */
    TERM_EQUALS /* the result; last */
};

enum { ARITHMETIC_TERMS = 12, TERM_LABEL = 32, TERM_NOTE = 48 };

struct term {
    enum term_kind kind;
    char label[TERM_LABEL]; /* without the operator: "scale 22.71", "bias" */
    char note[TERM_NOTE];   /* a few words or numbers, or "" */
    double value;
    double total; /* of all lines so far, this one included; NAN before TERM_START */
    int decimals; /* of the number that the line shows */
    int lift;     /* 1: raises the item above the average of the gallery, -1: lowers it, 0: neither */
    bool out;     /* behind a shut gate: shown, but the total stays */
};

struct arithmetic { /* zeroed: no lines */
    struct term term[ARITHMETIC_TERMS];
    size_t count;
};

/* Adds a line, at most ARITHMETIC_TERMS, and returns it, for a note or more. */
struct term *arithmetic_add(struct arithmetic *arithmetic, enum term_kind kind, double value, int decimals,
                            const char *label, ...) __attribute__((format(printf, 5, 6)));
void term_note(struct term *term, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Puts the term behind a gate: it counts only if that is open. */
void arithmetic_gate(struct arithmetic *arithmetic, struct term *term, bool open);

double arithmetic_total(const struct arithmetic *arithmetic); /* NAN if there are no lines */

const char *term_operator(const struct term *term); /* "+", "-", "x", "/", "=", or "" */
/* The number that the line shows: the value, negative if subtracted, or the total of a line that multiplies. */
double term_shown(const struct term *term);

/* Writes the whole sum as one expression, "0.223 x 22.7 + 0.80 = 5.87", and returns whether it fitted. */
bool arithmetic_print(const struct arithmetic *arithmetic, char *buffer, size_t size);

#endif
