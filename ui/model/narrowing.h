/* The subset of the videos that the explorer's measures are of, and the analyses narrowed to it.  Made when they are
 * asked for, as that takes far less than the passes behind them. */
#ifndef HUBSCOPE_UI_MODEL_NARROWING_H
#define HUBSCOPE_UI_MODEL_NARROWING_H

#include "engine/evaluation/analysis.h"

struct narrowing;

struct narrowing *narrowing_new(void); /* of all videos; null when out of memory */
void narrowing_free(struct narrowing *narrowing);

/* Narrows to the videos of `video`, which is taken over, as the tasks of the directions see them (null: not possible);
 * null: to all videos.  -1 when out of memory: to all videos, then. */
int narrowing_set(struct narrowing *narrowing, const char *name, bool *video, const struct task *const task[2]);

const char *narrowing_name(const struct narrowing *narrowing);     /* "": all videos */
unsigned long narrowing_number(const struct narrowing *narrowing); /* another for every subset; 0: all videos */
bool narrowing_has(const struct narrowing *narrowing, uint32_t video);
const struct subset *narrowing_subset(const struct narrowing *narrowing, enum direction direction); /* null: all */

/* The analysis narrowed: itself while measures are of all videos, null when out of memory.  Valid until `results`
 * changes, which distinguishes analyses at the same address. */
const struct analysis *narrowing_of(struct narrowing *narrowing, enum direction direction, const struct analysis *whole,
                                    unsigned long results);

#endif
