/* The collection's models as lines of a picker. */
#ifndef HUBSCOPE_UI_EXPLORER_MODEL_PICKER_H
#define HUBSCOPE_UI_EXPLORER_MODEL_PICKER_H

#include "ui/explorer/picker.h"

/* Choose the model of the current and of the compared rule; only a message where the collection has one model. */
void model_picker_open(struct picker *picker, struct model *model);
void versus_model_picker_open(struct picker *picker, struct model *model);

#endif
