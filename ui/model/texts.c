#include "ui/model/texts.h"

#include "engine/base/clock.h"
#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    TITLES = 1024,
    TITLE_SIZE = 160,
    PATIENCE_MS = 50, /* our own worker has the catalog locked for a moment when it keeps a fit */
    SCRIPT_PATIENCE_MS = 10000,
    AGAIN_MS = 200,
    NOTICE_MS = 500
};

struct texts {
    struct catalog *catalog; /* a connection of the UI thread's own, which must not wait; null: there is none */
    long locked_since;       /* when another process was first found to have it locked; 0: it has not */
    long next_try;
    bool noticed;
    struct error failure; /* why a query failed though nobody has the catalog locked */
    bool told;            /* of that failure */
    struct title_slot {
        bool filled;
        uint32_t video;
        char text[TITLE_SIZE];
    } title[TITLES]; /* by the video's number modulo TITLES */
    struct catalog_video details;
    uint32_t details_video; /* NO_VIDEO: none */
};

struct texts *texts_new(const struct collection *collection, struct error *error)
{
    struct texts *texts = memory_array(1, sizeof *texts);

    if (!texts) {
        error_memory(error);
        return NULL;
    }
    texts->details_video = NO_VIDEO;
    if (collection->catalog && !(texts->catalog = catalog_open_again(collection->catalog, error))) {
        free(texts);
        return NULL;
    }
    return texts;
}

void texts_free(struct texts *texts)
{
    if (!texts)
        return;
    if (texts->details_video != NO_VIDEO)
        catalog_video_close(&texts->details);
    catalog_close(texts->catalog);
    free(texts);
}

void texts_reopen(struct texts *texts)
{
    if (texts->catalog)
        catalog_reopen(texts->catalog, NULL);
}

/* ---- a catalog that another process has locked ---- */

/* The catalog to query; null if there is none, or it is locked: only the query that finds that out has waited. */
static struct catalog *catalog_of(const struct model *model)
{
    struct texts *texts = model->texts;

    if (!texts->catalog || texts->locked_since)
        return NULL;
    catalog_set_patience(texts->catalog, model->scripted ? SCRIPT_PATIENCE_MS : PATIENCE_MS);
    return texts->catalog;
}

/* Call after each query. */
static bool found_locked(const struct model *model)
{
    struct texts *texts = model->texts;
    struct error failure = {0};

    int failed = catalog_check_read(texts->catalog, &failure);
    if (!catalog_locked(texts->catalog)) {
        texts->locked_since = 0;
        if (failed && !texts->failure.kind)
            texts->failure = failure;
        return false;
    }
    long now = clock_ms();
    texts->next_try = now + AGAIN_MS;
    if (!texts->locked_since)
        texts->locked_since = now;
    return true;
}

bool model_catalog_locked(const struct model *model)
{
    return model->texts->locked_since > 0;
}

void model_try_catalog(struct model *model)
{
    struct texts *texts = model->texts;
    char title[TITLE_SIZE];
    long now = clock_ms();

    if (texts->failure.kind && !texts->told) {
        model_say(model, true, "%s", texts->failure.text);
        texts->told = true;
    }
    if (!texts->locked_since || now < texts->next_try)
        return;
    long locked_for = now - texts->locked_since;
    catalog_set_patience(texts->catalog, 0);
    catalog_title(texts->catalog, 0, title, sizeof title);
    if (found_locked(model)) {
        if (locked_for >= NOTICE_MS && !texts->noticed)
            model_say(model, true, "another process has catalog.db locked: titles, captions and pictures wait for it");
        texts->noticed = texts->noticed || locked_for >= NOTICE_MS;
        return;
    }
    if (texts->noticed)
        model_say(model, false, "catalog.db is no longer locked");
    texts->noticed = false;
    model_touch(model);
}

/* ---- titles and captions ---- */

void model_title(const struct model *model, uint32_t video, char *buffer, size_t size)
{
    struct title_slot *slot = &model->texts->title[video % TITLES];
    char raw[TITLE_SIZE];

    if (video >= model->collection->videos) {
        snprintf(buffer, size, "%s", "");
        return;
    }
    if (!slot->filled || slot->video != video) {
        struct catalog *catalog = catalog_of(model);
        int failed = 0;
        if (catalog)
            failed = catalog_title(catalog, video, raw, sizeof(raw));
        else
            snprintf(raw, sizeof(raw), item_text("video %lu"), (unsigned long)video);
        text_clean(slot->text, TITLE_SIZE, raw);
        slot->video = video;
        slot->filled = catalog ? !found_locked(model) && !failed : !model->texts->catalog;
    }
    text_clean(buffer, size, slot->text);
}

static void text_of(const struct model *model, const char *split, size_t row, char *buffer, size_t size)
{
    struct catalog *catalog = catalog_of(model);
    struct catalog_text text;
    int failed = catalog ? catalog_text(catalog, split, row, &text, NULL) : -1;

    if (catalog)
        found_locked(model);
    if (failed) {
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
    struct catalog *catalog = catalog_of(model);
    size_t count = 0;

    if (catalog) {
        count = catalog_captions_of(catalog, video, rows, most);
        found_locked(model);
        if (count != SIZE_MAX)
            return count;
        count = 0;
    }
    for (size_t q = 0; collection->target && q < collection->queries; q++) {
        if (collection->target[q] != video)
            continue;
        if (count < most)
            rows[count] = (uint32_t)q;
        count++;
    }
    return count;
}

size_t model_find_videos(const struct model *model, const char *words, uint32_t *rows, size_t most)
{
    struct catalog *catalog = catalog_of(model);
    size_t count = catalog ? catalog_find_videos(catalog, words, rows, most, NULL) : 0;

    if (catalog)
        found_locked(model);
    return count == SIZE_MAX ? 0 : count;
}

uint32_t model_find_key(const struct model *model, const char *key)
{
    struct catalog *catalog = catalog_of(model);
    uint32_t video;
    bool found = catalog && !catalog_find_key(catalog, key, &video, NULL);

    if (catalog)
        found_locked(model);
    return found ? video : NO_VIDEO;
}

const struct catalog_video *model_details(struct model *model, uint32_t video)
{
    struct texts *texts = model->texts;

    if (video >= model->collection->videos)
        return NULL;
    if (texts->details_video != video) {
        struct catalog *catalog = catalog_of(model);
        if (texts->details_video != NO_VIDEO)
            catalog_video_close(&texts->details);
        texts->details_video = NO_VIDEO;
        int failed = catalog ? catalog_video(catalog, video, &texts->details, NULL) : -1;
        if (catalog)
            found_locked(model);
        if (failed)
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
