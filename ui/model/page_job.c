/* The HTML page of what is explored (engine/page/page.h), made on the heavy lane on request. */
#include "ui/model/page_job.h"

#include "engine/base/memory.h"
#include "engine/evaluation/bootstrap.h"
#include "engine/formats/output.h"
#include "engine/page/command.h"
#include "engine/page/page.h"
#include "ui/model/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct page_work {
    struct work work;
    struct page_request request;
    struct page_command command;
    char path[MODEL_TEXT];
    int status;
    struct error error;
};

static void page_run(struct work *work)
{
    struct page_work *p = (struct page_work *)work;
    struct output output;
    size_t size;
    char *bytes = NULL;

    p->status = -1;
    if (output_open(&output, p->path, false, &p->error))
        return;
    if ((bytes = page_make(&p->request, &size, &work->job, &p->error))) {
        fwrite(bytes, 1, size, output.stream);
        p->status = output_commit(&output, &p->error);
    }
    output_abandon(&output);
    free(bytes);
}

static void page_land(struct work *work, struct model *model)
{
    struct page_work *p = (struct page_work *)work;

    if (p->status && p->error.kind == ERROR_CANCELLED) { /* by other work, and rerun after it, or by the user */
        if (model->paused)
            model_say(model, false, "cancelled: no page was written; other work resumes when you change something");
        model_touch(model);
        return;
    }
    if (model->page_path && strcmp(p->path, model->page_path) == 0)
        page_job_forget(model);
    if (p->status)
        model_fail(model, &p->error);
    else
        model_say(model, false, "page written to %s", p->path);
    model_touch(model);
}

/* The rule that the page compares with raw: the current one, or the compared one if the current one is raw; false if
 * both are. */
static bool find_focus(const struct model *model, struct pick *focus)
{
    *focus = strcmp(rules[model->current.rule]->name, "raw") != 0 ? model->current : model->versus;
    return strcmp(rules[focus->rule]->name, "raw") != 0;
}

static void add_choices(const struct model *model, struct page_command *command)
{
    const char *second = model->collection->model[0]->second.name;

    if (model->gallery_bank || *second) {
        page_command_word(command, "--gallery-bank");
        page_command_word(command, model->gallery_bank ? model->gallery_bank : second);
    }
    if (model->qrels) {
        page_command_word(command, "--qrels");
        page_command_name(command, model->qrels);
    }
    if (model->conventions.videos) {
        page_command_word(command, "--v2t");
        page_command_word(command, "videos");
    }
    if (model->conventions.keep_masked) {
        page_command_word(command, "--masked");
        page_command_word(command, "keep");
    }
}

/* Whether the first model, which the page is about unless a rule names another, has the bank in force, if there is
 * one. */
static bool is_first_bank(const struct model *model)
{
    const struct collection_model *first = model->collection->model[0];

    return model->bank >= first->banks || first->bank[model->bank].matrix.rows;
}

static void add_rule(const struct model *model, struct pick pick, struct page_work *p)
{
    struct page_request *request = &p->request;
    const char *name = model_source(model, pick)->model->name;
    struct study_key *key;
    char spec[256], word[sizeof spec + COLLECTION_MODEL_NAME + sizeof key->bank.name];

    if (request->rules == STUDY_ENTRIES || model_side(model, T2V, pick)->failed[pick.rule][0])
        return;
    key = &request->rule[request->rules++];
    *key = (struct study_key){.spec = *model_spec(model, pick)};
    rule_print(&key->spec, spec, sizeof spec);
    bool named = pick.model > 0; /* without MODEL/ it is the first */
    key->banked = !is_first_bank(model) && rules[pick.rule]->needs & RULE_NEEDS_BANK;
    if (key->banked)
        snprintf(key->bank.name, sizeof key->bank.name, "%s", model_bank_name(model, model->bank));
    snprintf(key->model, sizeof key->model, "%s", named ? name : "");
    snprintf(word, sizeof word, "%s%s%s%s%s", key->model, named ? "/" : "", spec, key->banked ? "@" : "",
             key->bank.name);
    page_command_word(&p->command, "--rule");
    page_command_word(&p->command, word);
}

/* Chooses every rule that can be used, with the parameters in force, the one compared with raw first, and writes the
 * command for it. */
static void request_page(const struct model *model, struct page_work *p)
{
    struct page_request *request = &p->request;
    struct pick focus, picks[PICKS_MAX];
    bool focused = find_focus(model, &focus);
    size_t count = model_picks(model, picks);

    *request = (struct page_request){.collection = model->collection,
                                     .direction = T2V,
                                     .both = true,
                                     .gallery_bank = model->gallery_bank,
                                     .conventions = model->conventions,
                                     .focus = focused ? 0 : SIZE_MAX,
                                     .samples = BOOTSTRAP_SAMPLES,
                                     .command = p->command.text};
    page_command_begin(&p->command, "hubscope report");
    page_command_name(&p->command, model->collection->path ? model->collection->path : "");
    if (model->bank < model_banks(model) && is_first_bank(model)) {
        snprintf(request->bank.name, sizeof request->bank.name, "%s", model_bank_name(model, model->bank));
        page_command_word(&p->command, "--bank");
        page_command_word(&p->command, request->bank.name);
    }
    add_choices(model, &p->command);
    if (focused)
        add_rule(model, focus, p);
    for (size_t compared = 0; compared < 2; compared++) /* the compared model's raw is the one compared with */
        for (size_t i = 0; i < count; i++)
            if ((picks[i].model != model->versus.model) == compared && !(focused && pick_same(picks[i], focus)))
                add_rule(model, picks[i], p);
    page_command_word(&p->command, "--output");
    page_command_name(&p->command, p->path);
}

int model_write_page(struct model *model, const char *path, struct error *error)
{
    if (strlen(path) >= sizeof((struct page_work *)0)->path)
        return error_set(error, ERROR_INPUT, "the file name is too long");
    if (output_exists(path))
        return error_set(error, ERROR_INPUT, "%s already exists: give another name", path);
    page_job_forget(model);
    if (!(model->page_path = memory_text(path)))
        return error_memory(error);
    model->paused = false;
    model_say(model, false, "the page will be in %s", path);
    return 0;
}

void page_job_forget(struct model *model)
{
    free(model->page_path);
    model->page_path = NULL;
}

static struct work *page_next(struct model *model)
{
    if (!model->page_path)
        return NULL;
    struct page_work *p = memory_array(1, sizeof *p);
    if (!p) {
        page_job_forget(model);
        model_say(model, true, "out of memory");
        return NULL;
    }
    strcpy(p->path, model->page_path);
    request_page(model, p);
    snprintf(p->work.what, WORK_WHAT, "making the page");
    return &p->work;
}

const struct errand page_errand = {.next = page_next, .run = page_run, .land = page_land};
