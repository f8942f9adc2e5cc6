#include "ui/model/learned.h"

#include "engine/base/memory.h"
#include "ui/model/texts.h"
#include "ui/model/worker.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct learned {
    struct learned_entry **entry; /* (count) */
    size_t count;
    bool told; /* that there is an unsaved model */
};

struct save_work {
    struct work work;
    struct learned_entry *entry;
    struct learned_model learned;
    char name[COLLECTION_MODEL_NAME], output[PATH_MAX]; /* "": into the collection itself */
    int status;
    struct error error;
};

void learned_entry_free(struct learned_entry *entry)
{
    if (!entry)
        return;
    learn_close(&entry->learn);
    collection_model_close(&entry->made);
    free(entry);
}

struct learned *learned_new(void)
{
    return memory_array(1, sizeof(struct learned));
}

void learned_free(struct learned *learned)
{
    for (size_t i = 0; learned && i < learned->count; i++)
        learned_entry_free(learned->entry[i]);
    if (learned)
        free(learned->entry);
    free(learned);
}

static bool is_taken(const struct model *model, const char *name)
{
    for (size_t m = 0; m < model->collection->models; m++)
        if (strcmp(model->collection->model[m]->name, name) == 0)
            return true;
    return false;
}

void learned_name(const struct model *model, enum loss_kind loss, enum head_kind head, char name[COLLECTION_MODEL_NAME])
{
    snprintf(name, COLLECTION_MODEL_NAME, "%s-%s", learn_loss_name[loss], learn_head_name[head]);
    for (size_t i = 2; is_taken(model, name); i++)
        snprintf(name, COLLECTION_MODEL_NAME, "%s-%s-%zu", learn_loss_name[loss], learn_head_name[head], i);
}

int learned_add(struct model *model, struct learned_entry *entry, struct error *error)
{
    struct learned *learned = model->learned;
    struct learned_entry **grown = memory_grow(learned->entry, learned->count + 1, sizeof(struct learned_entry *));

    if (!grown)
        return error_memory(error);
    learned->entry = grown;
    struct collection_model *added = collection_add_model(model->collection, entry->made.name, error);
    if (!added)
        return -1;
    *added = entry->made;
    entry->made = (struct collection_model){0};
    entry->model = model->collection->models - 1;
    learned->entry[learned->count++] = entry;
    learned->told = false;
    return 0;
}

static struct learned_entry *find(const struct model *model, size_t of)
{
    for (size_t i = 0; i < model->learned->count; i++)
        if (model->learned->entry[i]->model == of)
            return model->learned->entry[i];
    return NULL;
}

size_t learned_from(const struct model *model, size_t of)
{
    const struct learned_entry *entry = find(model, of);
    size_t from = SIZE_MAX;

    for (size_t m = 0; entry && m < model->collection->models; m++)
        if (model->collection->model[m] == entry->learn.from)
            from = m;
    return from;
}

bool learned_is_saved(const struct model *model, size_t of)
{
    const struct learned_entry *entry = find(model, of);

    return entry && entry->saved;
}

static void save_run(struct work *work)
{
    struct save_work *s = (struct save_work *)work;

    s->status = learned_model_install(&s->learned, s->output[0] ? s->output : NULL, false, &s->work.job, &s->error);
    if (!s->status && !s->output[0]) /* the collection's directory is another one now */
        catalog_reopen(s->learned.collection->catalog, NULL);
}

static void save_land(struct work *work, struct model *model)
{
    struct save_work *s = (struct save_work *)work;

    if (s->status && s->error.kind == ERROR_CANCELLED)
        model_say(model, false, "cancelled: nothing was saved");
    else if (s->status)
        model_fail(model, &s->error);
    else if (s->output[0])
        model_say(model, false, "%s saved with a copy of the collection in %s", s->name, s->output);
    else
        model_say(model, false, "%s saved into the collection", s->name);
    if (!s->status && !s->output[0])
        texts_reopen(model->texts);
    s->entry->saved = s->entry->saved || !s->status;
}

static const struct errand save_errand = {.run = save_run, .land = save_land};

/* Splits "DIR/NAME", "DIR/" or "NAME". */
static int read_place(struct save_work *s, const char *where, struct error *error)
{
    const char *slash = strrchr(where, '/'), *name = slash ? slash + 1 : where;
    size_t length = slash ? (size_t)(slash - where) : 0;

    if (!*name)
        name = s->entry->learn.name;
    if (!collection_model_names(name))
        return error_set(error, ERROR_INPUT, "'%.60s' cannot name a model: letters, digits, '_', '.' and '-'", name);
    if (length >= sizeof s->output || (slash && !length))
        return error_set(error, ERROR_INPUT, "'%.60s' is not a directory for a collection", where);
    snprintf(s->name, sizeof s->name, "%s", name);
    snprintf(s->output, sizeof s->output, "%.*s", (int)length, where);
    return 0;
}

/* Checks, touching nothing, whether it can be written. */
static int check_place(const struct model *model, const struct save_work *s, struct error *error)
{
    const struct collection *collection = model->collection;
    const char *output = s->output[0] ? s->output : NULL;
    struct error why;

    if (!collection->path)
        return error_set(error, ERROR_INPUT, "bare matrices are no collection that a model could be saved into");
    if (!output && model->read_only)
        return error_set(error, ERROR_INPUT, "%s is never changed: :save-model DIR/%s saves a copy with the model",
                         model->read_only, s->name);
    if (!learned_model_writable(collection, output, false, &why))
        return 0;
    return output ? error_set(error, why.kind, "%s", why.text)
                  : error_set(error, why.kind, "%.300s; :save-model DIR/%s adds it to a copy", why.text, s->name);
}

int model_save_learned(struct model *model, const char *where, struct error *error)
{
    struct learned *learned = model->learned;
    struct learned_entry *entry = find(model, model->current.model);

    if (!entry && learned->count)
        entry = learned->entry[learned->count - 1];
    if (!entry)
        return error_set(error, ERROR_INPUT, "no model was learned yet: X opens Learning, where Enter trains one");
    if (!worker_lane_idle(model->worker, LANE_FILE))
        return error_set(error, ERROR_INPUT, "another file is being written: Ctrl-C cancels it");
    struct save_work *s = memory_array(1, sizeof *s);
    if (!s)
        return error_memory(error);
    s->work.errand = &save_errand;
    s->entry = entry;
    if (read_place(s, where, error) || check_place(model, s, error)) {
        free(s);
        return -1;
    }
    s->learned = learn_model(&entry->learn);
    s->learned.name = s->name;
    snprintf(s->work.what, WORK_WHAT, "saving %.40s", s->name);
    worker_post(model->worker, LANE_FILE, &s->work);
    return 0;
}

bool learned_may_quit(struct model *model)
{
    struct learned *learned = model->learned;
    const struct learned_entry *unsaved = NULL;

    for (size_t i = 0; i < learned->count; i++)
        if (!learned->entry[i]->saved)
            unsaved = learned->entry[i];
    if (!unsaved || learned->told)
        return true;
    learned->told = true;
    model_say(model, false, "%s is not saved: :save-model saves it, q quits without it", unsaved->learn.name);
    return false;
}
