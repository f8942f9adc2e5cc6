/* The best items of one row of scores. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_PANEL_LIST_H
#define HUBSCOPE_ENGINE_EVALUATION_PANEL_LIST_H

#include <stddef.h>
#include <stdint.h>

/* The k best of s + shift (m; shift null: of s), best first, ties to the smaller item; k at most PANEL_TOP_MOST and m.
 * `groups` are the largest scores of groups of items, as kernel_set()->count gives them. */
void panel_list_best(const float *s, const float *shift, size_t m, const float *groups, size_t k, uint32_t *item);

#endif
