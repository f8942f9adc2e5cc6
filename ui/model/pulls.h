/* Why the selected video is where it is under the current rule: the bank queries that pull it. */
#ifndef HUBSCOPE_UI_MODEL_PULLS_H
#define HUBSCOPE_UI_MODEL_PULLS_H

#include "ui/model/model.h"

/* After a change of the video, the rule or its fit: fills `pulls` when it is done. */
void model_ask_pulls(struct model *model);

#endif
