#include "engine/base/item.h"
#include "ui/explorer/copy.h"
#include "ui/explorer/explorer_private.h"
#include "ui/explorer/favourite.h"
#include "ui/explorer/follow.h"
#include "ui/explorer/lesson_run.h"
#include "ui/explorer/model_picker.h"
#include "ui/explorer/palette.h"
#include "ui/explorer/rule_picker.h"
#include "ui/explorer/word_picker.h"
#include "ui/model/filter.h"
#include "ui/model/learned.h"
#include "ui/model/marks.h"
#include "ui/model/query.h"
#include "ui/model/selection.h"
#include "ui/model/where.h"
#include "ui/model/work.h"
#include "ui/terminal/terminal.h"

#include <math.h>
#include <string.h>

static size_t index_of(const char *name)
{
    for (size_t i = 0; i < VIEWS; i++)
        if (strcmp(views[i]->name, name) == 0)
            return i;
    return SIZE_MAX;
}

void explorer_show(struct explorer *explorer, size_t view, bool remember)
{
    if (view >= VIEWS || view == explorer->view)
        return;
    if (remember) {
        if (explorer->backs == EXPLORER_BACK) {
            memmove(explorer->back, explorer->back + 1, (EXPLORER_BACK - 1) * sizeof(explorer->back[0]));
            explorer->backs--;
        }
        explorer->back[explorer->backs++] = explorer->view;
    }
    explorer->view = view;
    if (views[view]->enter)
        views[view]->enter(explorer->state[view], &explorer->model);
    explorer->stale = true;
}

static void show_named(struct explorer *explorer, const char *name)
{
    size_t view = index_of(name);

    if (view == SIZE_MAX)
        model_say(&explorer->model, true, "there is no view %s", name);
    else
        explorer_show(explorer, view, true);
}

static void step_back(struct explorer *explorer)
{
    size_t search = index_of("search");

    if (*model_filter(&explorer->model))
        model_set_filter(&explorer->model, "");
    else if (explorer->backs)
        explorer_show(explorer, explorer->back[--explorer->backs], false);
    else if (explorer->view != search)
        explorer_show(explorer, search, false);
    else
        model_say(&explorer->model, false, "q quits");
}

static void go(struct explorer *explorer, bool forward)
{
    trail_note(&explorer->trail, &explorer->model, explorer->view);
    size_t view = trail_go(&explorer->trail, &explorer->model, forward);

    if (view == SIZE_MAX)
        return;
    if (!forward && explorer->backs && explorer->back[explorer->backs - 1] == view) {
        explorer->backs--;
        explorer_show(explorer, view, false);
    } else {
        explorer_show(explorer, view, true);
    }
}

static void next_columns(struct model *model)
{
    struct pick picks[PICKS_MAX];
    size_t count = model_picks(model, picks);
    unsigned most = count < MODEL_COLUMNS ? (unsigned)count : MODEL_COLUMNS;

    if (most < 2)
        model_say(model, true, "only one rule can be used here");
    else
        model_set_columns(model, model->columns % most + 1);
}

static void say_bank(struct model *model)
{
    const char *lacks = model_side(model, T2V, model->current)->lacks;

    if (!*lacks)
        lacks = model_side(model, T2V, model->versus)->lacks;
    model_say(model, false, "bank %s%s%s", model_bank_name(model, model->bank), *lacks ? "; " : "", lacks);
}

static void next_bank(struct model *model)
{
    size_t banks = model_banks(model);

    if (banks < 2) {
        model_say(model, true, banks ? "this collection has one query bank only" : "this collection has no query bank");
        return;
    }
    const size_t next = (model->bank + 1) % banks;
    model_set_bank(model, next);
    if (model->bank == next)
        say_bank(model);
}

static void step_query(struct model *model, bool forward)
{
    size_t count = model->collection->queries;

    if (count == 0)
        model_say(model, true, "this collection has no evaluation queries");
    else if (model->query == NO_QUERY)
        model_set_query(model, forward ? 0 : count - 1);
    else
        model_set_query(model, (model->query + (forward ? 1 : count - 1)) % count);
}

static void select_target(struct model *model)
{
    uint32_t target = model_target(model);

    if (model->query == NO_QUERY)
        model_say(model, true, "typed text has no target: n selects an evaluation query");
    else if (target == NO_VIDEO)
        model_say(model, true, item_text("this query belongs to no video of the collection"));
    else
        model_set_video(model, target);
}

static const struct rule_parameter *current_parameter(struct model *model)
{
    const struct rule *rule = rules[model->current.rule];

    if (rule->parameter_count == 0) {
        model_say(model, true, "%s has no parameters", rule->title);
        return NULL;
    }
    if (model->parameter >= rule->parameter_count)
        model->parameter = 0;
    return &rule->parameters[model->parameter];
}

static void next_parameter(struct model *model)
{
    if (!current_parameter(model))
        return;
    model->parameter = (model->parameter + 1) % rules[model->current.rule]->parameter_count;
    const struct rule_parameter *parameter = current_parameter(model);
    model_say(model, false, "[ and ] change %s of %s, now %g: %s", parameter->name,
              pick_name(model, model->current).text, model_spec(model, model->current)->value[model->parameter],
              parameter->meaning);
}

static void step_parameter(struct model *model, bool up)
{
    const struct rule_parameter *parameter = current_parameter(model);

    if (!parameter)
        return;
    double old = model_spec(model, model->current)->value[model->parameter], value;
    if (parameter->logarithmic)
        value = up ? old * parameter->step : old / parameter->step;
    else
        value = up ? old + parameter->step : old - parameter->step;
    if (parameter->whole && round(value) == old) /* the factor may be too small to change a small whole number */
        value = up ? old + 1 : old - 1;
    model_set_parameter(model, model->current, model->parameter, value);
    if (model_spec(model, model->current)->value[model->parameter] == old)
        model_say(model, true, "%s goes from %g to %g", parameter->name, parameter->least, parameter->most);
}

static void switch_pictures(struct model *model)
{
    if (terminal_images() == IMAGES_OFF) {
        model_say(model, true, "pictures are off: ':option images auto' turns them on");
        return;
    }
    model->pictures = !model->pictures;
    model_say(model, false, "pictures %s", model->pictures ? "on" : "off");
}

static void propose_file(struct explorer *explorer, enum file_kind kind)
{
    char line[MODEL_TEXT];

    files_propose(&explorer->model, views[explorer->view], explorer->state[explorer->view], kind, line, sizeof line);
    prompt_open(&explorer->prompt, &explorer->model, line);
}

static void cancel(struct explorer *explorer)
{
    struct event escape = event_of_key("Esc");
    double share;
    const char *what;

    if (model_waits(&explorer->model, &share))
        model_stop_waiting(&explorer->model);
    else if (model_busy(&explorer->model, &share, &what))
        model_cancel(&explorer->model);
    else if (query_line_mode(explorer->line) != QUERY_REST)
        query_line_event(explorer->line, &escape);
    else
        explorer->quit = learned_may_quit(&explorer->model);
}

static void choose_favourite(struct model *model, const struct favourite *favourite)
{
    size_t rule = favourite_rule(favourite);

    if (rule == SIZE_MAX)
        model_say(model, true, "there is no rule %s", favourite->name);
    else
        model_set_rule(model, rule);
}

static void next_notice(struct explorer *explorer)
{
    struct notice notice[NOTICES];
    size_t count = model_notices(&explorer->model, notice);

    if (count)
        model_say(&explorer->model, false, "%s", notice[explorer->notice++ % count].text);
    else
        model_say(&explorer->model, false, "nothing in this data is likely to mislead");
}

/* Marks the row's video and moves on, so that the next key marks the next. */
static void mark_row(struct explorer *explorer)
{
    struct model *model = &explorer->model;
    const struct view *view = views[explorer->view];
    uint32_t video = view->row_video ? view->row_video(explorer->state[explorer->view], model) : model->video;

    if (video >= model->collection->videos) {
        model_say(model, true, item_text("this row is of no video"));
        return;
    }
    model_mark(model, video, !model_is_marked(model, video));
    if (model_marked_rows(model) == MARKED_AMONG_ALL)
        explorer_act(explorer, ACTION_DOWN);
    else
        follow_list(explorer);
    model_say(model, false, "%zu marked: a lists them alone, Y copies, :export-marked writes, U unmarks",
              model_marks(model));
}

static void step_marked(struct explorer *explorer)
{
    static const char *const says[MARKED_ROWS] = {"all rows are listed", "marked rows alone are listed",
                                                  "marked rows are not listed"};
    struct model *model = &explorer->model;

    if (!model_marks(model)) {
        model_say(model, true, item_text("no video is marked: Space marks the row's"));
        return;
    }
    model_set_marked_rows(model, (model_marked_rows(model) + 1) % MARKED_ROWS);
    follow_list(explorer);
    model_say(model, false, "%s", says[model_marked_rows(model)]);
}

static void act_globally(struct explorer *explorer, enum action action)
{
    struct model *model = &explorer->model;

    for (size_t i = 0; i < VIEWS; i++) {
        if (views[i]->open == action) {
            explorer_show(explorer, i, true);
            return;
        }
    }
    const struct favourite *favourite = favourite_of_action(action);
    if (favourite) {
        choose_favourite(model, favourite);
        return;
    }
    switch (action) {
    case ACTION_QUERY:
    case ACTION_CAPTIONS:
    case ACTION_HISTORY:
        explorer_show(explorer, index_of("search"), true);
        query_line_begin(explorer->line, action == ACTION_QUERY     ? QUERY_TYPING
                                         : action == ACTION_HISTORY ? QUERY_HISTORY
                                                                    : QUERY_CAPTIONS);
        break;
    case ACTION_RULE:
        rule_picker_open(&explorer->picker, model);
        break;
    case ACTION_VERSUS:
        versus_picker_open(&explorer->picker, model);
        break;
    case ACTION_MODEL:
        model_picker_open(&explorer->picker, model);
        break;
    case ACTION_VERSUS_MODEL:
        versus_model_picker_open(&explorer->picker, model);
        break;
    case ACTION_SWAP:
        model_swap(model);
        break;
    case ACTION_PARAMETER:
        next_parameter(model);
        break;
    case ACTION_PARAMETER_LESS:
    case ACTION_PARAMETER_MORE:
        step_parameter(model, action == ACTION_PARAMETER_MORE);
        break;
    case ACTION_COLUMNS:
        next_columns(model);
        break;
    case ACTION_BANK:
        next_bank(model);
        break;
    case ACTION_NEXT_QUERY:
    case ACTION_PREVIOUS_QUERY:
        step_query(model, action == ACTION_NEXT_QUERY);
        break;
    case ACTION_TARGET:
        select_target(model);
        break;
    case ACTION_PICTURES:
        switch_pictures(model);
        break;
    case ACTION_COMMAND:
        prompt_open(&explorer->prompt, model, "");
        break;
    case ACTION_FILTER:
        filter_line_open(&explorer->filter_line, model);
        break;
    case ACTION_MARK:
        mark_row(explorer);
        break;
    case ACTION_MARKED:
        step_marked(explorer);
        break;
    case ACTION_WHERE:
        if (*model_where(model))
            model_set_where(model, "");
        else
            prompt_open(&explorer->prompt, model, "where ");
        break;
    case ACTION_UNMARK:
        model_unmark_all(model);
        model_say(model, false, item_text("no video is marked"));
        break;
    case ACTION_EXPORT:
    case ACTION_SCREENSHOT:
        propose_file(explorer, action == ACTION_EXPORT ? FILE_TABLE : FILE_SCREEN);
        break;
    case ACTION_COPY:
        copy_row(model, views[explorer->view], explorer->state[explorer->view]);
        break;
    case ACTION_COPY_TABLE:
        copy_table(model, views[explorer->view], explorer->state[explorer->view]);
        break;
    case ACTION_NOTICES:
        next_notice(explorer);
        break;
    case ACTION_GLOSSARY:
        word_picker_open(&explorer->picker, model, views[explorer->view], explorer->state[explorer->view]);
        break;
    case ACTION_HELP:
        help_open(&explorer->help, views[explorer->view]);
        break;
    case ACTION_BACK:
        step_back(explorer);
        break;
    case ACTION_EARLIER:
    case ACTION_LATER:
        go(explorer, action == ACTION_LATER);
        break;
    case ACTION_CANCEL:
        cancel(explorer);
        break;
    case ACTION_REDRAW:
        terminal_redraw();
        break;
    case ACTION_SUSPEND:
        if (!explorer->scripted)
            terminal_suspend();
        break;
    case ACTION_QUIT:
        explorer->quit = learned_may_quit(model);
        break;
    default:
        break;
    }
}

void explorer_act(struct explorer *explorer, enum action action)
{
    const struct view *view = views[explorer->view];

    if (action == ACTION_NONE)
        return;
    if (explorer->body.rows == 0 && action != ACTION_QUIT && action != ACTION_CANCEL && action != ACTION_SUSPEND)
        return; /* the screen is too small to show the effect */
    explorer->stale = true;
    if (!view->act || !view->act(explorer->state[explorer->view], &explorer->model, action))
        act_globally(explorer, action);
}

int explorer_command(struct explorer *explorer, const char *line, struct error *error)
{
    enum action action;

    explorer->model.message[0] = 0;
    trail_update(&explorer->trail, &explorer->model, explorer->view);
    if (palette_run(&explorer->model, line, &action, error) != 0)
        return -1;
    explorer_act(explorer, action);
    const char *wanted = view_wanted();
    if (wanted)
        show_named(explorer, wanted);
    if (lesson_serve(explorer, error) != 0)
        return -1;
    trail_note(&explorer->trail, &explorer->model, explorer->view);
    terminal_hold_pixels(files_want_screen());
    if (files_want_screen())
        explorer_draw(explorer);
    int status =
        files_run(&explorer->files, &explorer->model, views[explorer->view], explorer->state[explorer->view], error);
    terminal_hold_pixels(false);
    return status;
}

static void run_prompt(struct explorer *explorer)
{
    struct error error;

    explorer_draw(explorer); /* so that save-display does not write the prompt */
    if (explorer_command(explorer, explorer->prompt.line.text, &error) != 0)
        model_say(&explorer->model, true, "%s", error.text);
}

static void click(struct explorer *explorer, const struct mouse *mouse)
{
    const struct view *view = views[explorer->view];
    enum action action = mouse->wheel ? ACTION_NONE : zones_find(&explorer->zones, mouse->y, mouse->x);

    if (action != ACTION_NONE)
        explorer_act(explorer, action);
    else if (view->click && rect_holds(explorer->body, mouse->y, mouse->x))
        view->click(explorer->state[explorer->view], &explorer->model, explorer->body, mouse);
}

static void view_event(struct explorer *explorer, const struct event *event)
{
    if (explorer->filter_line.open && filter_line_event(&explorer->filter_line, &explorer->model, event)) {
        follow_list(explorer);
        return;
    }
    if (query_line_event(explorer->line, event) || lesson_event(explorer, event))
        return;
    if (event->type == EVENT_MOUSE) {
        click(explorer, &event->mouse);
    } else if (event->type == EVENT_KEY) {
        enum action action = action_of_key(event->key, views[explorer->view]->scope);
        if (action)
            explorer_act(explorer, action);
        else
            model_say(&explorer->model, false, "%s is not bound here: ? lists all keys",
                      event->key[0] == ' ' ? "Space" : event->key);
    } else if (event->type == EVENT_PASTE) {
        explorer_act(explorer, ACTION_QUERY);
        query_line_event(explorer->line, event);
    }
}

void explorer_handle(struct explorer *explorer, struct event *event)
{
    struct model *model = &explorer->model;
    struct error error;

    explorer->stale = true;
    if (event->type == EVENT_RESIZE) {
        terminal_redraw();
        return;
    }
    model->message[0] = 0;
    trail_update(&explorer->trail, model, explorer->view);
    if (explorer->body.rows == 0 && event->type != EVENT_KEY)
        return;
    if (explorer->body.rows == 0) {
        explorer_act(explorer, action_of_key(event->key, SCOPE_GLOBAL));
    } else if (explorer->help.open) {
        explorer_act(explorer, help_event(&explorer->help, event));
    } else if (explorer->picker.open) {
        picker_event(&explorer->picker, model, event);
    } else if (explorer->files.asking) {
        explorer->files.asking = false;
        terminal_hold_pixels(explorer->files.kind == FILE_SCREEN);
        explorer_draw(explorer); /* so that a screenshot does not include the question */
        files_answer(&explorer->files, model, views[explorer->view], explorer->state[explorer->view], event);
        terminal_hold_pixels(false);
    } else if (explorer->prompt.open) {
        if (prompt_event(&explorer->prompt, model, event) == PROMPT_RUN)
            run_prompt(explorer);
    } else {
        view_event(explorer, event);
    }
    const char *wanted = view_wanted();
    if (wanted)
        show_named(explorer, wanted);
    if (lesson_serve(explorer, &error) != 0)
        model_say(model, true, "%s", error.text);
    /* a query or a filter is one step, however it was typed */
    if (query_line_mode(explorer->line) == QUERY_REST && !explorer->filter_line.open)
        trail_note(&explorer->trail, model, explorer->view);
}
