/* Ranks, lists and gates of a panel's rows: begin with the whole row, count tile by tile, then end. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_PANEL_ORDER_H
#define HUBSCOPE_ENGINE_EVALUATION_PANEL_ORDER_H

#include "engine/evaluation/panel_memory.h"

/* Begins row `at` of the panel as row i of the strip: does all that needs no tiles, which for rules with scores of
 * their own is everything.  -1 when out of memory. */
int panel_order_begin(struct panel *panel, size_t at, size_t i);

/* Counts one tile of the strip's first `rows` rows under rules with shifts; `start` is the panel's row of the first. */
void panel_order_count(struct panel *panel, size_t start, size_t rows, size_t tile);

/* Stores rank and list under every rule with shifts. */
void panel_order_end(struct panel *panel, size_t at, size_t i);

#endif
