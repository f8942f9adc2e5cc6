/* Retrieval probability of a panel's rows, summed over them for every item: the exponentials of a row are summed tile
 * by tile, its factors follow, and with these the exponentials, made once more, are added to the mass. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_PANEL_MASS_H
#define HUBSCOPE_ENGINE_EVALUATION_PANEL_MASS_H

#include "engine/evaluation/panel_memory.h"

/* Sums the exponentials of one tile of the strip's first `rows` rows; `start` is the panel's row of the first. */
void panel_mass_sum(struct panel *panel, size_t start, size_t rows, size_t tile);

/* What the exponentials of row i count, from their sums.  Where what counts is too far below the best similarity, the
 * exponentials that all rules share do not serve, and the rule's own are added here. */
void panel_mass_share(struct panel *panel, size_t at, size_t i);

/* Adds the probabilities of one tile. */
void panel_mass_spread(struct panel *panel, size_t start, size_t rows, size_t tile);

/* Adds the probabilities of one row of scores s + shift (M; shift null: none), whose groups' largest are known. */
void panel_mass_add(struct panel *panel, size_t rule, const float *s, const float *shift, const float *groups);

/* Adds the panel's mass to the results' and clears it.  One panel at a time. */
void panel_mass_merge(struct panel *panel);

#endif
