#include "app/convention_options.h"

#define FIELD(name) offsetof(struct convention_options, name)

static const struct option_entry entries[] = {
    {"v2t", OPTION_CHOICE, FIELD(v2t), "captions|videos", .help = "what video to text ranks (captions)"},
    {"masked", OPTION_CHOICE, FIELD(masked), "drop|keep",
     .help = "video to text: videos without captions, dropped or kept at infinite rank (drop)"},
    {0},
};

const struct option_group convention_group = {
    .entries = entries,
    .details = "Video to text is evaluated in two ways: by the rank of a video's best caption among all captions, as\n"
               "QB-Norm's code does, or, with --v2t videos, by its rank among videos that are each scored by their\n"
               "best caption, as CLIP4Clip's multi-sentence evaluation does; then lists and hubs are of videos, and\n"
               "there is no mass.  QB-Norm's code keeps videos without captions: --masked keep.\n",
};

struct conventions convention_options_of(const struct convention_options *options)
{
    return (struct conventions){.videos = options->v2t == 1, .keep_masked = options->masked == 1};
}
