#include "engine/results/quality.h"

#include "engine/encoders/encoder.h"

json_t *quality_report(const struct encoder_quality *quality)
{
    json_t *report = json_object();
    json_object_set_new(report, "cosine", report_real(quality->cosine));
    json_object_set_new(report, "recall_at_10", report_real(quality->recall));
    json_object_set_new(report, "recall_at_10_true", report_real(quality->recall_of_true));
    json_object_set_new(report, "recall_at_10_kept", report_real(encoder_quality_kept(quality)));
    json_object_set_new(report, "overlap_at_10", report_real(quality->overlap));
    json_object_set_new(report, "captions_measured", report_count(quality->captions));
    return report;
}

void quality_put(FILE *out, const json_t *quality, const char *indent)
{
    if (!quality)
        return;
    double kept = report_get_real(quality, "recall_at_10_kept");
    fprintf(out, "%scosine %.3f to the true vectors", indent, report_get_real(quality, "cosine"));
    if (kept >= 0)
        fprintf(out, ", keeps %.1f %% of R@10", 100 * kept);
    fprintf(out, " and %.1f %% of the true top 10,\n%smeasured on %.0f unseen captions\n",
            100 * report_get_real(quality, "overlap_at_10"), indent, report_get_real(quality, "captions_measured"));
}
