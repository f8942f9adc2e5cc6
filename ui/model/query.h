/* The query, typed text or an evaluation query, its answer, and the video selected in it. */
#ifndef HUBSCOPE_UI_MODEL_QUERY_H
#define HUBSCOPE_UI_MODEL_QUERY_H

#include "ui/model/model.h"

/* Why nothing can be typed where queries are stored similarities without words. */
#define MODEL_WORDLESS "stored similarities: nothing to type; n and N step, :caption N takes query N"

/* Whether some model on the screen can encode typed text; if none can, why not: "no text encoder ...". */
bool model_can_type(const struct model *model);
const char *model_cannot_type(const struct model *model);

/* A new text or query selects the first video of its answer when that arrives, unless model_set_video is called
 * meanwhile. */
void model_set_text(struct model *model, const char *text); /* typed text: clears `query` */
void model_set_query(struct model *model, size_t query);    /* an evaluation query: text becomes its caption */
void model_set_video(struct model *model, uint32_t video);

/* Call after a change of the fits: requests the same answer again, from every model on the screen. */
void model_ask_search(struct model *model);

/* The typed text without its misspellings, "did you mean ...?"; "" if there is nothing to suggest. */
const char *model_suggestion(const struct model *model);

/* Whether the query line has been waiting for an external encoder long enough to show it. */
bool model_waits(const struct model *model, double *seconds);
void model_stop_waiting(struct model *model);

#endif
