/* The quality of an encoder, in reports. */
#ifndef HUBSCOPE_ENGINE_RESULTS_QUALITY_H
#define HUBSCOPE_ENGINE_RESULTS_QUALITY_H

#include "engine/encoders/encoding.h"
#include "engine/results/report.h"

/* {"cosine", "recall_at_10", "recall_at_10_true", "recall_at_10_kept", "overlap_at_10", "captions_measured"}, shares
 * of 1. */
json_t *quality_report(const struct encoder_quality *quality);
/* Prints such a report in words, two lines that begin with `indent`; nothing for null. */
void quality_put(FILE *out, const json_t *quality, const char *indent);

#endif
