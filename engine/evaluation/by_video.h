/* Video to text as it is evaluated where a video has several captions (CLIP4Clip's multi-sentence evaluation): every
 * video is scored by the best of its captions, and a query's own video is ranked among all videos.  Those without
 * captions come last.  There are no probabilities of videos, so no mass. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_BY_VIDEO_H
#define HUBSCOPE_ENGINE_EVALUATION_BY_VIDEO_H

#include "engine/base/job.h"
#include "engine/evaluation/panel_result.h"
#include "engine/fitting/task.h"

/* Scores of captions (M) to those of videos, out (task_items). */
void by_video_scores(const struct task *task, const float *score, float *out);

/* Fills rank, list and gates of `count` results for a task that ranks videos. */
int by_video_run(const struct task *task, const struct panel_result *results, size_t count, struct job *job,
                 struct error *error);

#endif
