/* VATEX: [{"videoID", "enCap": [...], "chCap": [...]}, ...]; the English captions are taken. */
#include "engine/layouts/beginning.h"
#include "engine/layouts/renamed.h"

static bool recognise(const char *head)
{
    return beginning_has(head, "\"videoID\"") && beginning_has(head, "\"enCap\"");
}

static struct table *read_videos(const struct layout_request *request, struct error *error)
{
    static const char *const pairs[] = {"videoID", "key", NULL};

    return renamed_videos(request->file, "VATEX", pairs, error);
}

static struct table *read_texts(const struct layout_request *request, struct error *error)
{
    static const char *const pairs[] = {"videoID", "video", "enCap", "caption", NULL};

    return renamed_table(request->file, "VATEX", pairs, error);
}

const struct dataset_layout layout_vatex = {
    .name = "vatex",
    .help = "VATEX's JSON (videoID, enCap)",
    .recognise = recognise,
    .videos = read_videos,
    .texts = read_texts,
    .whole = true,
};
