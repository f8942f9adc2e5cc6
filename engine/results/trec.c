#include "engine/results/trec.h"
#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/collection/collection.h"
#include "engine/results/describe.h"
#include "engine/results/name.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 1 << 14 };

struct trec_slot { /* the name of a video */
    size_t video;
    char *name; /* null: empty */
};

int trec_open(struct trec *trec, const struct task *task, struct error *error)
{
    *trec = (struct trec){.task = task, .slot = memory_array(SLOTS, sizeof *trec->slot)};
    return trec->slot ? 0 : error_memory(error);
}

void trec_close(struct trec *trec)
{
    for (size_t i = 0; trec->slot && i < SLOTS; i++)
        free(trec->slot[i].name);
    free(trec->slot);
    *trec = (struct trec){0};
}

static void name_row(size_t row, char *name, size_t size)
{
    snprintf(name, size, "%zu", row);
}

static int name_video(struct trec *trec, size_t video, char *name, size_t size, struct error *error)
{
    struct catalog *catalog = trec->task->collection ? trec->task->collection->catalog : NULL;
    struct trec_slot *slot = &trec->slot[video % SLOTS];
    struct catalog_video found;
    if (!catalog) {
        name_row(video, name, size);
        return 0;
    }
    if (!slot->name || slot->video != video) {
        if (catalog_video(catalog, video, &found, error))
            return -1;
        if (strlen(found.key) > TREC_NAME / 3 - 1) { /* truncated, two keys might collide */
            error_set(error, ERROR_INPUT, item_text("video %zu: its key is too long for a TREC file"), video);
            catalog_video_close(&found);
            return -1;
        }
        char word[TREC_NAME];
        name_word(word, sizeof word, found.key);
        catalog_video_close(&found);
        free(slot->name);
        if (!(slot->name = memory_text(word)))
            return error_memory(error);
        slot->video = video;
    }
    size_t length = strlen(slot->name);
    length = length < size ? length : size - 1;
    memcpy(name, slot->name, length);
    name[length] = 0;
    return 0;
}

int trec_query(struct trec *trec, size_t query, char *name, size_t size, struct error *error)
{
    const struct task *task = trec->task;
    if (task->direction == V2T)
        return name_video(trec, task->query_row ? task->query_row[query] : query, name, size, error);
    name_row(query, name, size);
    return 0;
}

static int name_item(struct trec *trec, size_t item, char *name, size_t size, struct error *error)
{
    if (task_items_are_videos(trec->task))
        return name_video(trec, item, name, size, error);
    name_row(item, name, size);
    return 0;
}

/* The score, or a step below the previous one if it is not lower. */
static float falling(float score, float before, bool first)
{
    const float most = 1e30f; /* readers may not parse infinities */
    score = score > most ? most : score < -most ? -most : score;
    if (first)
        return score;
    float step = fmaxf(fabsf(before) * 0x1p-23f, 1e-30f);
    return score < before ? score : before - step;
}

/* Writes a line of a run.  Lists have millions of them, and printf is slow where a library has registered conversions
 * of its own, as OpenBLAS's libquadmath does. */
static void put_line(FILE *out, const char *query, const char *item, size_t rank, float score, const char *tag)
{
    char number[32], *digit = number + sizeof number;

    fputs(query, out);
    fputs(" Q0 ", out);
    fputs(item, out);
    *--digit = 0;
    *--digit = ' ';
    for (; rank; rank /= 10)
        *--digit = (char)('0' + rank % 10);
    *--digit = ' ';
    fputs(digit, out);
    strfromf(number, sizeof number, "%.9g", score + 0.0f); /* never -0 */
    fputs(number, out);
    putc(' ', out);
    fputs(tag, out);
    putc('\n', out);
}

int trec_put_list(FILE *out, struct trec *trec, const char *query, const struct list *list, const char *tag,
                  struct error *error)
{
    float score = 0;
    for (size_t i = 0; i < list->count; i++) {
        char item[TREC_NAME];
        if (name_item(trec, list->item[i], item, sizeof item, error))
            return -1;
        score = falling(list->score[i], score, i == 0);
        put_line(out, query, item, i + 1, score, tag);
    }
    return 0;
}

void trec_tag(const struct ruled *ruled, const struct task *task, char *tag, size_t size)
{
    char name[512];
    fit_name(task, ruled->fit, name, sizeof name);
    name_word(tag, size, name);
}

int trec_put_targets(FILE *out, struct trec *trec, size_t query, size_t *lines, struct error *error)
{
    const struct task *task = trec->task;
    char name[TREC_NAME], item[TREC_NAME];
    if (trec_query(trec, query, name, sizeof name, error))
        return -1;
    size_t count;
    const uint32_t *asked = task_asked(task, query, &count);
    const float *grade = task->grade && !task->videos ? task->grade + task->target_start[query] : NULL;
    for (size_t i = 0; i < count; i++) {
        if (name_item(trec, asked[i], item, sizeof item, error))
            return -1;
        fprintf(out, "%s 0 %s %.9g\n", name, item, grade ? (double)grade[i] : 1.0);
        ++*lines;
    }
    return 0;
}
