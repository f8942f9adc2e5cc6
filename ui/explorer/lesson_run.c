#include "ui/explorer/lesson_run.h"

#include "ui/explorer/lesson_picker.h"
#include "ui/lessons/value.h"
#include "ui/model/filter.h"
#include "ui/model/marks.h"
#include "ui/model/query.h"
#include "ui/model/selection.h"

#include <string.h>

/* ---- states ---- */

/* The parameters of every rule of every model, as they are when a collection is opened. */
static void reset_parameters(struct model *model)
{
    struct rule_spec spec[RULES_MAX];

    for (size_t m = 0; m < model->sources; m++) {
        for (size_t r = 0; r < rules_count; r++)
            spec[r] = rule_default(rules[r], model->collection->model[m]->logit_scale);
        model_set_specs(model, m, spec);
    }
}

static struct pick rule_of(const char *name)
{
    struct pick pick = {0, 0};

    while (pick.rule + 1 < rules_count && strcmp(rules[pick.rule]->name, name) != 0)
        pick.rule++;
    return pick;
}

/* What the explorer opens with, whatever the user's settings: the first model and bank, NCL against raw. */
static struct visit first_visit(const struct model *model)
{
    struct visit visit = visit_of(model, VIEW_SEARCH);

    visit.bank = 0;
    visit.query = NO_QUERY;
    visit.text[0] = visit.filter[0] = 0;
    visit.video = NO_VIDEO;
    visit.current = rule_of("ncl");
    visit.versus = rule_of("raw");
    visit.columns = 2;
    return visit;
}

static void enter(struct explorer *explorer)
{
    if (views[explorer->view]->enter)
        views[explorer->view]->enter(explorer->state[explorer->view], &explorer->model);
}

/* The views as if they were never seen, and everything else as it was on a visit. */
static void return_to(struct explorer *explorer, const struct visit *visit)
{
    struct model *model = &explorer->model;

    for (size_t i = 0; i < VIEWS; i++) {
        if (views[i]->close)
            views[i]->close(explorer->state[i]);
        memset(explorer->state[i], 0, views[i]->state_size);
    }
    explorer->help.open = explorer->picker.open = explorer->filter_line.open = false;
    explorer->backs = 0;
    model->opening = false;
    model_set_marked_rows(model, MARKED_AMONG_ALL);
    visit_return(visit, model);
    explorer->view = visit->view;
    enter(explorer);
}

/* What a key does in a view, whatever the user bound it to. */
static enum action action_of(const char *key, unsigned scope)
{
    const unsigned scopes[] = {scope & ~(unsigned)SCOPE_LISTS, scope & SCOPE_LISTS, SCOPE_GLOBAL};

    for (size_t s = 0; s < sizeof scopes / sizeof *scopes; s++)
        for (int i = 1; i < ACTIONS; i++)
            if (action_table[i].scope & scopes[s] && action_has_key((enum action)i, key))
                return (enum action)i;
    return ACTION_NONE;
}

static int run_commands(struct explorer *explorer, const struct script *steps, struct error *error)
{
    struct error cause;

    for (size_t i = 0; i < steps->count; i++)
        if (steps->step[i].type == STEP_COMMAND && explorer_command(explorer, steps->step[i].command, &cause) != 0)
            return error_set(error, cause.kind, "%s:%d: %s", steps->path, steps->step[i].line, cause.text);
    return 0;
}

static void press_keys(struct explorer *explorer, const struct script *steps)
{
    for (size_t i = 0; i < steps->count; i++)
        if (steps->step[i].type == STEP_EVENT)
            explorer_act(explorer, action_of(steps->step[i].event.key, views[explorer->view]->scope));
}

/* A stop that was seen is returned to; any other begins where the one before ended.  Its keys act on what a visit does
 * not hold, so that they are pressed each time. */
static int make_state(struct explorer *explorer, size_t at, struct error *error)
{
    const struct script *steps = explorer->lesson.lesson->stop[at].steps;

    if (at < explorer->stops_seen) {
        return_to(explorer, &explorer->stop[at]);
    } else {
        return_to(explorer, at ? &explorer->stop[at - 1] : &explorer->first);
        if (run_commands(explorer, steps, error) != 0)
            return -1;
        explorer->stop[at] = visit_of(&explorer->model, explorer->view);
        explorer->stops_seen = at + 1;
        enter(explorer); /* it may select what the commands chose */
    }
    press_keys(explorer, steps);
    explorer->model.message[0] = 0;
    explorer->arrived = true;
    explorer->lesson.known = false;
    return 0;
}

/* Goes to a stop; stays at the present one if that fails. */
static int go_to(struct explorer *explorer, size_t at, struct error *error)
{
    if (make_state(explorer, at, error) == 0) {
        explorer->lesson.at = at;
        return 0;
    }
    make_state(explorer, explorer->lesson.at, NULL);
    return -1;
}

/* ---- lessons ---- */

int lesson_begin(struct explorer *explorer, const char *path, struct error *error)
{
    struct lesson *lesson = lesson_open(path, error);

    if (!lesson)
        return -1;
    lesson_free(explorer->lesson.lesson);
    explorer->lesson = (struct lesson_box){.lesson = lesson};
    explorer->stops_seen = 0;
    reset_parameters(&explorer->model);
    explorer->first = first_visit(&explorer->model);
    if (make_state(explorer, 0, error) == 0)
        return 0;
    lesson_end(explorer);
    return -1;
}

void lesson_end(struct explorer *explorer)
{
    lesson_free(explorer->lesson.lesson);
    explorer->lesson.lesson = NULL;
    explorer->stale = true;
}

static void step(struct explorer *explorer, bool forward)
{
    const struct lesson_box *box = &explorer->lesson;
    struct model *model = &explorer->model;
    struct error error;

    if (!forward && box->at == 0) {
        model_say(model, false, "this is the lesson's first stop");
    } else if (forward && box->at + 1 == box->lesson->stops) {
        lesson_end(explorer);
        model_say(model, false, "the lesson ends; :lesson lists all");
    } else if (go_to(explorer, box->at + (forward ? 1 : (size_t)-1), &error) != 0) {
        model_say(model, true, "%s", error.text);
    }
}

bool lesson_event(struct explorer *explorer, const struct event *event)
{
    if (!explorer->lesson.lesson || event->type != EVENT_KEY)
        return false;
    if (strcmp(event->key, "Enter") == 0 || strcmp(event->key, "Backspace") == 0) {
        step(explorer, event->key[0] == 'E');
        return true;
    }
    if (strcmp(event->key, "Esc") != 0)
        return false;
    lesson_end(explorer);
    model_say(&explorer->model, false, "the lesson is left; :lesson lists all");
    return true;
}

int lesson_serve(struct explorer *explorer, struct error *error)
{
    const char *name = lesson_wanted();

    if (!name)
        return 0;
    if (!explorer->lessons.count)
        return error_set(error, ERROR_INPUT, "lessons are over the sample: hubscope lesson lists them");
    if (!*name) {
        lesson_picker_open(&explorer->picker, &explorer->lessons);
        return 0;
    }
    const char *path = lessons_find(&explorer->lessons, name, error);
    return path ? lesson_begin(explorer, path, error) : -1;
}
