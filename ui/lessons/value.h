/* Values that lessons speak of, as the explorer shows them: "N10", "mass versus", "R@1 ridge/raw". */
#ifndef HUBSCOPE_UI_LESSONS_VALUE_H
#define HUBSCOPE_UI_LESSONS_VALUE_H

#include "engine/base/error.h"
#include "ui/model/model.h"

enum { VALUE_TEXT = 128 };

struct value_entry {
    const char *name, *help;
};
/* Entry `index` of the values' names for the documentation, besides measures and parameters; a null name past the
 * last. */
struct value_entry value_entry(size_t index);

/* Refuses what is not the name of a value, with the rule meant if it is one of a rule. */
int value_check(const char *text, struct error *error);

/* A value as the explorer writes it, and as a number (NAN for words); false while it is not known. */
bool value_of(struct model *model, const char *text, char shown[VALUE_TEXT], double *number);

/* The text with the values in braces filled in; "..." for those not known, and then false. */
bool value_fill(struct model *model, const char *text, char *filled, size_t size);

#endif
