#include "ui/model/filter.h"

#include "engine/base/fold.h"
#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/catalog/scan.h"
#include "ui/model/marks.h"
#include "ui/model/narrowing.h"
#include "ui/model/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL_WORDS = 24 };

/* The folded texts of all videos and queries; null where a row has none. */
struct texts_index {
    char **video, **query; /* (videos), (queries) */
    size_t videos, queries;
};

struct filter {
    char words[MODEL_TEXT];
    struct texts_index *index; /* null until it was read */
    bool asked;
    uint8_t *video, *query; /* (videos), (queries) 1: listed; null without words or index */
};

struct index_work {
    struct work work;
    struct catalog *catalog; /* null: bare matrices */
    struct texts_index *index;
    struct error error;
    int status;
};

static void free_index(struct texts_index *index)
{
    for (size_t i = 0; index && index->video && i < index->videos; i++)
        free(index->video[i]);
    for (size_t i = 0; index && index->query && i < index->queries; i++)
        free(index->query[i]);
    if (index) {
        free(index->video);
        free(index->query);
    }
    free(index);
}

static struct texts_index *new_index(size_t videos, size_t queries)
{
    struct texts_index *index = memory_array(1, sizeof *index);

    if (!index)
        return NULL;
    *index = (struct texts_index){.videos = videos, .queries = queries};
    index->video = memory_array(videos, sizeof *index->video);
    index->query = memory_array(queries, sizeof *index->query);
    if (index->video && index->query)
        return index;
    free_index(index);
    return NULL;
}

struct filter *filter_new(void)
{
    return memory_array(1, sizeof(struct filter));
}

void filter_free(struct filter *filter)
{
    if (!filter)
        return;
    free_index(filter->index);
    free(filter->video);
    free(filter->query);
    free(filter);
}

/* ---- reading the texts ---- */

static bool take_video(void *context, size_t row, const struct catalog_row *video)
{
    struct index_work *w = context;
    size_t room = strlen(video->title) + strlen(video->key) + strlen(video->tags) + 3;
    char *text = memory_array(room, 1);

    if (text)
        snprintf(text, room, "%s\n%s\n%s", video->title, video->key, video->tags);
    w->index->video[row] = text ? fold_text(text) : NULL;
    free(text);
    return w->index->video[row] && !job_cancelled(&w->work.job);
}

static bool take_caption(void *context, size_t row, const char *caption)
{
    struct index_work *w = context;

    w->index->query[row] = fold_text(caption);
    return w->index->query[row] && !job_cancelled(&w->work.job);
}

/* What videos and queries without texts are called on the screen. */
static void number_rows(char **text, size_t count, const char *name, size_t from)
{
    char line[48];

    for (size_t i = 0; i < count; i++) {
        snprintf(line, sizeof line, "%s %zu", name, i + from);
        text[i] = memory_text(line);
    }
}

static void index_run(struct work *work)
{
    struct index_work *w = (struct index_work *)work;

    if (w->catalog) {
        w->status = catalog_scan_videos(w->catalog, take_video, w, &w->error) ||
                    catalog_scan_captions(w->catalog, take_caption, w, &w->error);
    } else {
        number_rows(w->index->video, w->index->videos, item_text("video"), 0);
        number_rows(w->index->query, w->index->queries, "query", 1);
    }
}

static void apply(struct model *model);

static void index_land(struct work *work, struct model *model)
{
    struct index_work *w = (struct index_work *)work;

    if (w->status) {
        model->filter->asked = false;
        model_say(model, true, "%s", w->error.text);
        return;
    }
    model->filter->index = w->index;
    w->index = NULL;
    apply(model);
}

static void index_free(struct work *work)
{
    free_index(((struct index_work *)work)->index);
    free(work);
}

static const struct errand index_errand = {
    .run = index_run, .land = index_land, .free = index_free, .urgency = URGENCY_INDEX};

void model_open_filter(struct model *model)
{
    const struct collection *collection = model->collection;
    struct index_work *w;

    if (model->filter->asked || !(w = memory_array(1, sizeof *w)))
        return;
    w->work.errand = &index_errand;
    w->catalog = collection->catalog;
    if (!(w->index = new_index(collection->videos, collection->queries))) {
        free(w);
        return;
    }
    model->filter->asked = true;
    worker_post(model->worker, LANE_QUICK, &w->work);
}

/* ---- matching ---- */

/* Clears the marks of the rows that do not have the word, in themselves or in the video or captions they belong to. */
static bool keep_rows_with(const struct model *model, const char *word)
{
    struct filter *filter = model->filter;
    const struct texts_index *index = filter->index;
    const uint32_t *target = model->collection->target;
    uint8_t *own = memory_array(index->videos, 1), *captions = memory_array(index->videos, 1);

    if (own && captions) {
        for (size_t v = 0; v < index->videos; v++)
            own[v] = index->video[v] && strstr(index->video[v], word);
        for (size_t q = 0; q < index->queries; q++) {
            bool has = index->query[q] && strstr(index->query[q], word), owned = target && target[q] < index->videos;
            if (owned)
                captions[target[q]] |= has;
            filter->query[q] &= has || (owned && own[target[q]]);
        }
        for (size_t v = 0; v < index->videos; v++)
            filter->video[v] &= own[v] | captions[v];
    }
    bool made = own && captions;
    free(own);
    free(captions);
    return made;
}

static void forget_rows(struct filter *filter)
{
    free(filter->video);
    free(filter->query);
    filter->video = filter->query = NULL;
}

/* Works out which rows are listed. */
static void apply(struct model *model)
{
    struct filter *filter = model->filter;
    const struct texts_index *index = filter->index;
    char *folded = NULL, *rest, *word;
    bool made = true;

    model_touch_results(model);
    forget_rows(filter);
    if (!index || !filter->words[strspn(filter->words, " ")] || !(folded = fold_text(filter->words)))
        return;
    filter->video = memory_array(index->videos, 1);
    filter->query = memory_array(index->queries, 1);
    if (filter->video && filter->query) {
        memset(filter->video, 1, index->videos);
        memset(filter->query, 1, index->queries);
        for (word = strtok_r(folded, " ", &rest); word && made; word = strtok_r(NULL, " ", &rest))
            made = keep_rows_with(model, word);
    }
    if (!filter->video || !filter->query || !made)
        forget_rows(filter);
    free(folded);
}

void model_set_filter(struct model *model, const char *words)
{
    struct filter *filter = model->filter;

    if (strcmp(words, filter->words) == 0)
        return;
    snprintf(filter->words, sizeof filter->words, "%s", words);
    if (*words)
        model_open_filter(model);
    apply(model);
}

const char *model_filter(const struct model *model)
{
    return model->filter->words;
}

static bool lists_marked(const struct model *model, uint32_t video)
{
    enum marked_rows rows = model_marked_rows(model);

    return rows == MARKED_AMONG_ALL || model_is_marked(model, video) == (rows == MARKED_ALONE);
}

bool model_lists_video(const struct model *model, uint32_t video)
{
    const struct filter *filter = model->filter;

    return lists_marked(model, video) && narrowing_has(model->narrowing, video) &&
           (!filter->video || (video < filter->index->videos && filter->video[video]));
}

bool model_lists_query(const struct model *model, size_t query)
{
    const struct filter *filter = model->filter;
    const uint32_t *target = model->collection->target;

    const struct subset *subset = narrowing_subset(model->narrowing, T2V);

    return lists_marked(model, target ? target[query] : NO_VIDEO) && subset_asks(subset, query) &&
           (!filter->query || (query < filter->index->queries && filter->query[query]));
}

bool model_narrows(const struct model *model)
{
    return *model->filter->words || model_marked_rows(model) != MARKED_AMONG_ALL || *narrowing_name(model->narrowing);
}

const char *model_folded_title(const struct model *model, uint32_t video)
{
    const struct texts_index *index = model->filter->index;

    return index && video < index->videos && index->video[video] ? index->video[video] : "";
}

void filter_label(const struct model *model, size_t listed, size_t all, char buffer[FILTER_LABEL])
{
    static const char *const marked[MARKED_ROWS] = {"", "marked ", "unmarked "};
    const char *words = model->filter->words;

    const char *where = narrowing_name(model->narrowing);

    snprintf(buffer, FILTER_LABEL, "%.*s%s", LABEL_WORDS, where, *where ? " " : "");
    if (*words)
        snprintf(buffer + strlen(buffer), FILTER_LABEL - strlen(buffer), "\\%.*s%s ", LABEL_WORDS, words,
                 strlen(words) > LABEL_WORDS ? ".." : "");
    if (model_narrows(model))
        snprintf(buffer + strlen(buffer), FILTER_LABEL - strlen(buffer), "%s%zu/%zu  ",
                 marked[model_marked_rows(model)], listed, all);
}
