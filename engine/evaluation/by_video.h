/* Video to text as CLIP4Clip's multi-sentence evaluation defines it for videos with several captions: every video is
 * scored by its best caption, and a query's own video is ranked among all videos.  Videos without captions come last.
 * Videos have no probabilities, so there is no mass. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_BY_VIDEO_H
#define HUBSCOPE_ENGINE_EVALUATION_BY_VIDEO_H

#include "engine/base/job.h"
#include "engine/evaluation/panel_result.h"
#include "engine/fitting/task.h"

/* Turns scores of captions (M) into those of videos, out (task_items). */
void by_video_scores(const struct task *task, const float *score, float *out);

/* Fills rank, list and gates of `count` results for a task that ranks videos. */
int by_video_run(const struct task *task, const struct panel_result *results, size_t count, struct job *job,
                 struct error *error);

#endif
