/* Clotho: clotho_captions_evaluation.csv, file_name,caption_1,...,caption_5. */
#include "engine/layouts/beginning.h"
#include "engine/layouts/renamed.h"

static bool recognise(const char *head)
{
    return beginning_is(head, "file_name,caption_1,");
}

static struct table *read_videos(const struct layout_request *request, struct error *error)
{
    static const char *const pairs[] = {"file_name", "key", NULL};

    return renamed_videos(request->file, "Clotho", pairs, error);
}

static struct table *read_texts(const struct layout_request *request, struct error *error)
{
    static const char *const pairs[] = {"file_name", "video", "caption_1", "caption_1", NULL};

    return renamed_table(request->file, "Clotho", pairs, error);
}

const struct dataset_layout layout_clotho = {
    .name = "clotho",
    .help = "Clotho's clotho_captions_evaluation.csv (file_name, caption_1, ..., caption_5)",
    .recognise = recognise,
    .videos = read_videos,
    .texts = read_texts,
    .item = "audio clip",
    .whole = true,
};
