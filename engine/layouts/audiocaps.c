/* AudioCaps: test.csv, audiocap_id,youtube_id,start_time,caption; a clip has several rows. */
#include "engine/layouts/beginning.h"
#include "engine/layouts/renamed.h"

static bool recognise(const char *head)
{
    return beginning_is(head, "audiocap_id,youtube_id,");
}

static struct table *read_videos(const struct layout_request *request, struct error *error)
{
    static const char *const pairs[] = {"youtube_id", "key", NULL};

    return renamed_videos(request->file, "AudioCaps", pairs, error);
}

static struct table *read_texts(const struct layout_request *request, struct error *error)
{
    static const char *const pairs[] = {"youtube_id", "video", "caption", "caption", NULL};

    return renamed_table(request->file, "AudioCaps", pairs, error);
}

const struct dataset_layout layout_audiocaps = {
    .name = "audiocaps",
    .help = "AudioCaps' test.csv (audiocap_id, youtube_id, start_time, caption)",
    .recognise = recognise,
    .videos = read_videos,
    .texts = read_texts,
    .item = "audio clip",
    .whole = true,
};
