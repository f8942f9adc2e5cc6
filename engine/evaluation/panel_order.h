/* Ranks, lists and gates of a panel's rows: begun from the row as a whole, counted tile by tile, then ended. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_PANEL_ORDER_H
#define HUBSCOPE_ENGINE_EVALUATION_PANEL_ORDER_H

#include "engine/evaluation/panel_memory.h"

/* Begins row `at` of the panel as row i of the strip: everything that needs no tiles, and for rules that make their own
 * scores, all.  -1 when out of memory. */
int panel_order_begin(struct panel *panel, size_t at, size_t i);

/* Counts one tile of the strip's first `rows` rows under rules with shifts; `start` is the panel's row of the first. */
void panel_order_count(struct panel *panel, size_t start, size_t rows, size_t tile);

/* Rank and list under every rule with shifts. */
void panel_order_end(struct panel *panel, size_t at, size_t i);

#endif
