#include "ui/model/texts.h"

#include "engine/base/memory.h"
#include "engine/base/text.h"

#include <stdio.h>
#include <stdlib.h>

enum { TITLES = 1024, TITLE_SIZE = 160 };

struct texts {
    struct title_slot {
        bool filled;
        uint32_t video;
        char text[TITLE_SIZE];
    } title[TITLES]; /* by the video's number modulo TITLES */
    struct catalog_video details;
    uint32_t details_video; /* NO_VIDEO: none */
};

struct texts *texts_new(void)
{
    struct texts *texts = memory_array(1, sizeof *texts);

    if (texts)
        texts->details_video = NO_VIDEO;
    return texts;
}

void texts_free(struct texts *texts)
{
    if (texts && texts->details_video != NO_VIDEO)
        catalog_video_close(&texts->details);
    free(texts);
}

void model_title(const struct model *model, uint32_t video, char *buffer, size_t size)
{
    struct title_slot *slot = &model->texts->title[video % TITLES];
    char raw[TITLE_SIZE];

    if (video >= model->collection->videos) {
        snprintf(buffer, size, "%s", "");
        return;
    }
    if (!slot->filled || slot->video != video) {
        if (model->collection->catalog)
            catalog_title(model->collection->catalog, video, raw, sizeof(raw));
        else
            snprintf(raw, sizeof(raw), "video %lu", (unsigned long)video);
        text_clean(slot->text, TITLE_SIZE, raw);
        slot->video = video;
        slot->filled = true;
    }
    text_clean(buffer, size, slot->text);
}

static void text_of(const struct model *model, const char *split, size_t row, char *buffer, size_t size)
{
    struct catalog_text text;

    if (!model->collection->catalog || catalog_text(model->collection->catalog, split, row, &text, NULL) != 0) {
        snprintf(buffer, size, "%s %zu", split, row + 1); /* numbered as in the query line */
        return;
    }
    text_clean(buffer, size, text.caption ? text.caption : "");
    if (!*buffer)
        snprintf(buffer, size, "%s %zu", split, row + 1);
    catalog_text_close(&text);
}

void model_caption(const struct model *model, size_t query, char *buffer, size_t size)
{
    text_of(model, "query", query, buffer, size);
}

void model_bank_caption(const struct model *model, size_t row, char *buffer, size_t size)
{
    text_of(model, model->bank < model_banks(model) ? model_bank_name(model, model->bank) : "bank", row, buffer, size);
}

size_t model_captions_of(const struct model *model, uint32_t video, uint32_t *rows, size_t most)
{
    const struct collection *collection = model->collection;
    size_t count = 0;

    if (collection->catalog)
        return catalog_captions_of(collection->catalog, video, rows, most);
    for (size_t q = 0; collection->target && q < collection->queries; q++) {
        if (collection->target[q] != video)
            continue;
        if (count < most)
            rows[count] = (uint32_t)q;
        count++;
    }
    return count;
}

const struct catalog_video *model_details(struct model *model, uint32_t video)
{
    struct texts *texts = model->texts;

    if (!model->collection->catalog || video >= model->collection->videos)
        return NULL;
    if (texts->details_video != video) {
        if (texts->details_video != NO_VIDEO)
            catalog_video_close(&texts->details);
        texts->details_video = NO_VIDEO;
        if (catalog_video(model->collection->catalog, video, &texts->details, NULL) != 0)
            return NULL;
        texts->details_video = video;
    }
    return &texts->details;
}

void model_video_key(struct model *model, uint32_t video, char *buffer, size_t size)
{
    const struct catalog_video *details = model_details(model, video);

    if (details && details->key && *details->key)
        text_clean(buffer, size, details->key);
    else
        model_title(model, video, buffer, size);
}
