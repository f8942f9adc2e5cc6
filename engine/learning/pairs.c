#include "engine/learning/pairs.h"

#include "engine/base/memory.h"

#include <math.h>
#include <stdlib.h>

static int check_pairs(const struct pairs *pairs, struct error *error)
{
    if (pairs->texts->cols != pairs->videos->cols)
        return error_set(error, ERROR_INPUT, "captions have %zu dimensions but clips have %zu", pairs->texts->cols,
                         pairs->videos->cols);
    if (pairs->texts->rows > UINT32_MAX || pairs->videos->rows > UINT32_MAX)
        return error_set(error, ERROR_INPUT, "more than %u captions or clips", UINT32_MAX);
    for (size_t i = 0; i < pairs->texts->rows; i++)
        if (pairs->video[i] >= pairs->videos->rows && pairs->video[i] != PAIRS_NONE)
            return error_set(error, ERROR_INPUT, "caption %zu belongs to clip %u of %zu", i, pairs->video[i],
                             pairs->videos->rows);
    return 0;
}

/* Fills caption and start from how many captions each clip has, by video row in `place`, which then is the clip. */
static void sort_captions(struct clips *clips, const struct pairs *pairs, const uint32_t *have, uint32_t *place)
{
    for (size_t i = 0; i < clips->count; i++) {
        clips->start[i + 1] = clips->start[i] + have[clips->video[i]];
        place[clips->video[i]] = clips->start[i];
    }
    for (size_t i = 0; i < pairs->texts->rows; i++)
        if (pairs->video[i] != PAIRS_NONE)
            clips->caption[place[pairs->video[i]]++] = (uint32_t)i;
}

int clips_open(struct clips *clips, const struct pairs *pairs, uint64_t seed, struct error *error)
{
    size_t videos = pairs->videos->rows, texts = pairs->texts->rows;
    struct random_state random = random_start(seed, 0);

    *clips = (struct clips){0};
    if (check_pairs(pairs, error))
        return -1;
    *clips = (struct clips){.video = memory_array(videos, sizeof *clips->video),
                            .start = memory_array(videos + 1, sizeof *clips->start),
                            .caption = memory_array(texts, sizeof *clips->caption)};
    uint32_t *have = memory_array(videos, sizeof *have), *place = memory_array(videos, sizeof *place);
    int status = -1;
    if (!clips->video || !clips->start || !clips->caption || !have || !place) {
        error_memory(error);
        goto done;
    }
    for (size_t i = 0; i < texts; i++)
        if (pairs->video[i] != PAIRS_NONE)
            have[pairs->video[i]]++;
    for (size_t v = 0; v < videos; v++)
        if (have[v])
            clips->video[clips->count++] = (uint32_t)v;
    if (clips->count < PAIRS_CLIPS_LEAST) {
        error_set(error, ERROR_INPUT, "%zu clips with captions are too few to learn from: at least %d are needed",
                  clips->count, PAIRS_CLIPS_LEAST);
        goto done;
    }
    for (size_t i = clips->count - 1; i > 0; i--) {
        size_t j = random_below(&random, i + 1);
        uint32_t video = clips->video[i];
        clips->video[i] = clips->video[j];
        clips->video[j] = video;
    }
    sort_captions(clips, pairs, have, place);
    clips->held = (size_t)lround(0.23 * (double)clips->count);
    if (clips->held > PAIRS_HELD_MOST)
        clips->held = PAIRS_HELD_MOST;
    status = 0;
done:
    free(have);
    free(place);
    if (status)
        clips_close(clips);
    return status;
}

void clips_close(struct clips *clips)
{
    free(clips->video);
    free(clips->start);
    free(clips->caption);
    *clips = (struct clips){0};
}

void clips_draw(const struct clips *clips, struct random_state *random, struct pair *pair)
{
    size_t count = clips->count - clips->held;

    for (size_t i = 0; i < count; i++) {
        size_t clip = clips->held + i, captions = clips->start[clip + 1] - clips->start[clip];
        struct pair drawn = {clips->caption[clips->start[clip] + random_below(random, captions)], clips->video[clip]};
        size_t j = random_below(random, i + 1); /* inside-out shuffle */
        pair[i] = pair[j];
        pair[j] = drawn;
    }
}
