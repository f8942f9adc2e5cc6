/* The selected video while lists are narrowed: it is one that is listed. */
#ifndef HUBSCOPE_UI_EXPLORER_FOLLOW_H
#define HUBSCOPE_UI_EXPLORER_FOLLOW_H

#include "ui/explorer/explorer_private.h"

/* The first row that is listed becomes the selected one where the selected video no longer is listed. */
void follow_list(struct explorer *explorer);

/* The same once after another subset was chosen (ui/model/where.h), as soon as a list of videos is on the screen.  When
 * measures are of all videos again, the video selected before is again, unless another one was chosen meanwhile.  Call
 * after collecting results and after events. */
void follow_subset(struct explorer *explorer);

#endif
