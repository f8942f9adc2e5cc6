/* DiDeMo: test_data.json, [{"video", "description", "times", ...}, ...]: a sentence a query, or with --paragraphs
 * those of a video joined. */
#include "engine/layouts/beginning.h"
#include "engine/layouts/renamed.h"

static bool recognise(const char *head)
{
    return beginning_has(head, "\"num_segments\"") && beginning_has(head, "\"description\"");
}

static struct table *read_videos(const struct layout_request *request, struct error *error)
{
    static const char *const pairs[] = {"video", "key", NULL};

    return renamed_videos(request->file, "DiDeMo", pairs, error);
}

static struct table *read_texts(const struct layout_request *request, struct error *error)
{
    static const char *const pairs[] = {"video", "video", "description", "caption", NULL};

    return renamed_table(request->file, "DiDeMo", pairs, error);
}

const struct dataset_layout layout_didemo = {
    .name = "didemo",
    .help = "DiDeMo's test_data.json (video, description)",
    .recognise = recognise,
    .videos = read_videos,
    .texts = read_texts,
    .whole = true,
};
