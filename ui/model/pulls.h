/* Why the selected video is where it is under the current rule: the bank queries that pull it. */
#ifndef HUBSCOPE_UI_MODEL_PULLS_H
#define HUBSCOPE_UI_MODEL_PULLS_H

#include "ui/model/model.h"

/* Call after a change of the video, the rule or its fit: fills `pulls` when done. */
void model_ask_pulls(struct model *model);

#endif
