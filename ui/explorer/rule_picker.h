/* The rules as lines of a picker. */
#ifndef HUBSCOPE_UI_EXPLORER_RULE_PICKER_H
#define HUBSCOPE_UI_EXPLORER_RULE_PICKER_H

#include "ui/explorer/picker.h"

void rule_picker_open(struct picker *picker, const struct model *model);   /* chooses the current rule */
void versus_picker_open(struct picker *picker, const struct model *model); /* chooses the compared one */

#endif
