/* Retrieval probability of a panel's rows, summed over them for every item: sums the exponentials of a row tile by
 * tile, derives its factors from the sums, computes the exponentials again and adds them, times the factors, to the
 * mass. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_PANEL_MASS_H
#define HUBSCOPE_ENGINE_EVALUATION_PANEL_MASS_H

#include "engine/evaluation/panel_memory.h"

/* Sums the exponentials of one tile of the strip's first `rows` rows; `start` is the panel's row of the first. */
void panel_mass_sum(struct panel *panel, size_t start, size_t rows, size_t tile);

/* Sets the factors of row i's exponentials from their sums.  If a rule's sum is too small relative to the best
 * similarity, the shared exponentials lack the precision, and this adds the rule's mass from exponentials of its
 * own. */
void panel_mass_share(struct panel *panel, size_t at, size_t i);

/* Adds the probabilities of one tile. */
void panel_mass_spread(struct panel *panel, size_t start, size_t rows, size_t tile);

/* Adds the probabilities of one row of scores s + shift (M; shift null: s), with the groups' largest scores. */
void panel_mass_add(struct panel *panel, size_t rule, const float *s, const float *shift, const float *groups);

/* Ends a strip: keeps what panel_mass_add added to it. */
void panel_mass_keep(struct panel *panel);

/* Adds the mass of one worker's rows to the results'. */
void panel_mass_merge(const struct panel *panel);

#endif
