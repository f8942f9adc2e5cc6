/* The rule that every mutated collection is held to: nothing crashes, hangs, lies or leaves anything half; and if
 * `hubscope check` finds nothing, everything opens. */
#ifndef HUBSCOPE_TESTS_MUTATE_RULE_H
#define HUBSCOPE_TESTS_MUTATE_RULE_H

#include <stdbool.h>
#include <stddef.h>

enum { RULE_WHY = 2048 };

enum pace {        /* commands run on a collection after the check */
            BRIEF, /* one */
            USUAL, /* one if the check finds something, else all */
            THOROUGH
};

struct rule {
    const char *work;   /* a folder with nothing but what is named here */
    const char *name;   /* of the collection in it, where the program runs */
    const char *origin; /* the collection before it was mutated; ORIGIN.npy is a bank that `import` adds */
    const char *script; /* of keys for the explorer */
    enum pace pace;
    size_t turn;         /* which command, where only one is run */
    size_t passed, runs; /* collections that passed the check; commands run */
};

/* False if the rule is broken, and how in `why`. */
bool rule_holds(struct rule *rule, char why[RULE_WHY]);

#endif
