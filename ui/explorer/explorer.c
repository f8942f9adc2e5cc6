#include "ui/explorer/explorer.h"

#include "engine/base/clock.h"
#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/base/user_file.h"
#include "ui/explorer/effects.h"
#include "ui/explorer/explorer_private.h"
#include "ui/explorer/follow.h"
#include "ui/explorer/lesson_picker.h"
#include "ui/explorer/lesson_run.h"
#include "ui/explorer/resume.h"
#include "ui/keys/monkey.h"
#include "ui/keys/script.h"
#include "ui/model/query.h"
#include "ui/model/selection.h"
#include "ui/model/session.h"
#include "ui/model/texts.h"
#include "ui/model/work.h"
#include "ui/terminal/event.h"
#include "ui/terminal/screen.h"
#include "ui/terminal/terminal.h"
#include "ui/terminal/theme.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    BUSY_AFTER_MS = 100, /* shorter work shows no progress */
    BUSY_EVERY_MS = 50,
    WAITS_EVERY_MS = 200,
    FRAME_MS = 125,
    GRACE_MS = 2,
    SETTLE_ROUNDS = 64
};

/* ---- drawing ---- */

static struct progress progress_of(struct explorer *explorer)
{
    static long since; /* when the work began, or 0 */
    struct progress progress = {0};
    const char *what;

    if (explorer->scripted || !model_busy(&explorer->model, &progress.share, &what)) {
        since = 0;
        return (struct progress){0};
    }
    if (since == 0)
        since = clock_ms();
    if (clock_ms() - since >= BUSY_AFTER_MS)
        progress.what = what;
    return progress;
}

static void place_cursor(struct explorer *explorer, struct rect screen)
{
    int y = screen.rows - 1, x = 0;
    bool shown = explorer->body.rows > 0;

    if (explorer->help.open) {
        shown = false;
    } else if (explorer->picker.open) {
        y = explorer->picker.cursor_y;
        x = explorer->picker.cursor_x;
    } else if (explorer->prompt.open) {
        x = explorer->prompt.cursor;
    } else if (explorer->filter_line.open) {
        x = explorer->filter_line.cursor;
    } else {
        shown = shown && query_line_cursor(explorer->line, &y, &x);
    }
    if (shown)
        screen_show_cursor(y, x);
    else
        screen_hide_cursor();
}

static void draw_too_small(struct rect screen)
{
    static const char FORMAT[] = "terminal too small: 40x12 needed, this is %dx%d";
    char text[80];

    snprintf(text, sizeof(text), FORMAT, screen.columns, screen.rows);
    int width = (int)strlen(text), rows = screen.columns > 0 ? (width + screen.columns - 1) / screen.columns : 1;
    int y = screen.rows > rows ? (screen.rows - rows) / 2 : 0;
    int x = width < screen.columns ? (screen.columns - width) / 2 : 0;
    draw_wrapped(screen, y, x, screen.rows - y, STYLE_TEXT, text);
}

void explorer_draw(struct explorer *explorer)
{
    struct rect screen = {0, 0, terminal_rows(), terminal_columns()};
    const struct view *view = views[explorer->view];
    struct model *model = &explorer->model;
    const char *line_keys[QUERY_LINE_KEYS];
    struct progress progress = progress_of(explorer);
    double seconds;

    model_try_catalog(model);
    model->settling = !progress.what && model_busy(model, &progress.share, &progress.what);
    if (model->settling)
        progress.what = NULL;
    model->waiting = model_waits(model, &seconds);
    model->typing = query_line_mode(explorer->line) != QUERY_REST;
    screen_clear();
    explorer->zones.count = 0;
    query_line_hidden(explorer->line);
    explorer->body = (struct rect){0};
    if (screen.rows < EXPLORER_ROWS || screen.columns < EXPLORER_COLUMNS) {
        draw_too_small(screen);
    } else {
        explorer->body = (struct rect){BARS_HEAD, 0, screen.rows - BARS_HEAD - BARS_FOOT, screen.columns};
        if (explorer->lesson.lesson)
            explorer->body = lesson_box_leaves(&explorer->lesson, model, explorer->body);
        bars_draw_header(&explorer->zones, model, view, screen);
        model_forget_asked(model);
        theme_dim(view->compares &&
                  (model_analysis_lags(model, T2V, model->current) || model_analysis_lags(model, T2V, model->versus)));
        view->draw(explorer->state[explorer->view], model, explorer->body);
        theme_dim(false);
        if (view->asks)
            query_line_draw(explorer->line, rect_top(explorer->body, 1));
        if (explorer->lesson.lesson)
            lesson_box_draw(&explorer->lesson,
                            (struct rect){BARS_HEAD, 0, screen.rows - BARS_HEAD - BARS_FOOT, screen.columns});
        model_advance(model);
        query_line_keys(explorer->line, line_keys);
        bars_draw_footer(&explorer->zones, model, view, line_keys, lesson_box_keys(&explorer->lesson), progress,
                         screen);
        query_line_draw_candidates(explorer->line, screen);
        if (explorer->files.asking)
            files_draw(&explorer->files, screen);
        if (explorer->filter_line.open)
            filter_line_draw(&explorer->filter_line, screen);
        if (explorer->prompt.open)
            prompt_draw(&explorer->prompt, screen);
        if (explorer->picker.open)
            picker_draw(&explorer->picker, screen, BARS_HEAD);
        if (explorer->help.open)
            help_draw(&explorer->help, screen);
    }
    place_cursor(explorer, screen);
    terminal_refresh();
}

/* ---- the loop ---- */

bool explorer_grace(struct explorer *explorer)
{
    struct pollfd fds[2] = {{.fd = model_wake_fd(&explorer->model), .events = POLLIN},
                            {.fd = terminal_input(), .events = POLLIN}};

    return model_answers_soon(&explorer->model) && poll(fds, 2, GRACE_MS) > 0;
}

static int wait_for_events(struct explorer *explorer, const sigset_t *mask, struct error *error)
{
    const struct view *view = views[explorer->view];
    bool animated = !explorer->model.still && explorer->body.rows && view->animated &&
                    view->animated(explorer->state[explorer->view], &explorer->model);
    static long next_frame;
    double share;
    const char *what;
    long now = clock_ms(), wait = -1;

    if (model_busy(&explorer->model, &share, &what))
        wait = BUSY_EVERY_MS;
    else if (explorer->model.waits_since > 0 || model_catalog_locked(&explorer->model))
        wait = WAITS_EVERY_MS;
    if (animated) {
        if (next_frame <= now)
            next_frame = now + FRAME_MS;
        if (wait < 0 || next_frame - now < wait)
            wait = next_frame - now;
    }
    long rest = event_wait();
    if (rest >= 0 && (wait < 0 || rest < wait))
        wait = rest;
    struct timespec timeout = {wait / 1000, wait % 1000 * 1000000};
    struct pollfd fds[3] = {{.fd = terminal_input(), .events = POLLIN},
                            {.fd = model_wake_fd(&explorer->model), .events = POLLIN},
                            {.fd = terminal_more(), .events = POLLIN}};
    int ready = ppoll(fds, 3, wait < 0 ? NULL : &timeout, mask);
    if (ready < 0 && errno != EINTR)
        return error_system(error, "waiting for the terminal failed");
    if (ready > 0 && fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
        return error_set(error, ERROR_SYSTEM, "the terminal went away");
    if (ready > 0 && fds[2].revents)
        terminal_refresh();
    if (animated && clock_ms() >= next_frame) {
        view_set_frame(view_frame() + 1);
        if (view->tick)
            view->tick(explorer->state[explorer->view], &explorer->model);
        explorer->stale = true;
    }
    return 0;
}

/* Where an allocation failed that only leaves something out. */
static void say_shortage(struct explorer *explorer)
{
    if (memory_was_short())
        model_say(&explorer->model, true, "out of memory: something may be missing here");
}

/* SIGWINCH is unblocked only while waiting, so that none is lost between reading keys and waiting for them. */
static int loop(struct explorer *explorer, struct error *error)
{
    unsigned long drawn = explorer->model.changes - 1;
    sigset_t window, mask;
    struct event event;
    bool waited = false;
    int status = 0;

    sigemptyset(&window);
    sigaddset(&window, SIGWINCH);
    pthread_sigmask(SIG_BLOCK, &window, &mask);
    sigdelset(&mask, SIGWINCH);
    while (!explorer->quit) {
        double share;
        const char *what;
        bool busy = model_busy(&explorer->model, &share, &what) || model_waits(&explorer->model, &share) ||
                    model_catalog_locked(&explorer->model);
        model_collect(&explorer->model);
        while (!explorer->quit && event_read(&event)) {
            explorer_handle(explorer, &event);
            event_close(&event);
        }
        if (explorer->quit)
            break;
        if (!waited && drawn != explorer->model.changes) {
            waited = true;
            if (explorer_grace(explorer))
                continue;
        }
        waited = false;
        follow_subset(explorer);
        say_shortage(explorer);
        if (terminal_changed()) {
            theme_start();
            terminal_redraw();
            explorer->stale = true;
        }
        if (busy || terminal_stale() || explorer->stale || drawn != explorer->model.changes) {
            explorer->stale = false;
            drawn = explorer->model.changes;
            explorer_draw(explorer);
        }
        if (terminal_exhausted()) {
            status = error_memory(error);
            break;
        }
        if ((status = wait_for_events(explorer, &mask, error)) != 0)
            break;
    }
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    return status;
}

/* ---- scripts ---- */

/* Runs until all work is done and drawing requests no more. */
static void settle(struct explorer *explorer)
{
    for (int round = 0; round < SETTLE_ROUNDS; round++) {
        bool changed = false;
        while (model_collect(&explorer->model) || !model_idle(&explorer->model)) {
            struct pollfd fd = {.fd = model_wake_fd(&explorer->model), .events = POLLIN};
            changed = true;
            if (!model_idle(&explorer->model))
                poll(&fd, 1, 1000);
        }
        follow_subset(explorer);
        if (round && !changed)
            return;
        explorer_draw(explorer);
    }
}

static const char *broken_invariant(const struct model *model)
{
    if (model->video != NO_VIDEO && model->video >= model->collection->videos)
        return item_text("the selected video does not exist");
    if (model->query != NO_QUERY && model->query >= model->collection->queries)
        return "the query does not exist";
    if (strnlen(model->text, MODEL_TEXT) == MODEL_TEXT)
        return "the query text is not NUL-terminated";
    return selection_broken(model);
}

static int run_monkey(struct explorer *explorer, const struct script *script, const struct step *step,
                      struct error *error)
{
    struct random_state state = {step->seed};

    for (size_t i = 0; i < step->count; i++) {
        struct event event = monkey_event(&state, terminal_rows(), terminal_columns());
        if (event.type == EVENT_RESIZE)
            terminal_resize(event.mouse.y, event.mouse.x);
        explorer_handle(explorer, &event);
        explorer->quit = false;    /* a click may have hit quit */
        explorer->arrived = false; /* at a stop whose screen is of any size and place */
        settle(explorer);
        const char *broken = broken_invariant(&explorer->model);
        if (broken)
            return error_set(error, ERROR_INPUT, "%s:%d: after event %zu of seed %llu: %s", script->path, step->line,
                             i + 1, (unsigned long long)step->seed, broken);
    }
    return 0;
}

/* Checks what was shown and written, and what a lesson's stop says, once it was reached. */
static int check_stop(struct explorer *explorer, struct error *error)
{
    if (terminal_exhausted() || memory_was_short())
        return error_memory(error);
    if (explorer->model.failure.kind == ERROR_MEMORY)
        return error_set(error, ERROR_MEMORY, "%s", explorer->model.failure.text);
    bool arrived = explorer->arrived && explorer->lesson.lesson;

    explorer->arrived = false;
    return arrived ? lesson_box_check(&explorer->lesson, &explorer->model, error) : 0;
}

static int run_script(struct explorer *explorer, struct script *script, struct error *error)
{
    struct error cause;
    struct step *step;

    settle(explorer);
    if (check_stop(explorer, error) != 0)
        return -1;
    while (!explorer->quit && (step = script_next(script))) {
        if (step->type == STEP_MONKEY) {
            if (run_monkey(explorer, script, step, error) != 0)
                return -1;
        } else if (step->type == STEP_COMMAND) {
            if (explorer_command(explorer, step->command, &cause) != 0)
                return memory_was_short()
                           ? error_memory(error)
                           : error_set(error, cause.kind, "%s:%d: %s", script->path, step->line, cause.text);
        } else {
            explorer_handle(explorer, &step->event);
        }
        explorer->model.failure = (struct error){0};
        settle(explorer);
        cause = explorer->model.failure;
        if (cause.kind && step->type == STEP_COMMAND)
            return error_set(error, cause.kind, "%s:%d: %s", script->path, step->line, cause.text);
        if (check_stop(explorer, error) != 0)
            return -1;
    }
    return 0;
}

/* ---- opening and closing ---- */

static int open_states(struct explorer *explorer, struct error *error)
{
    for (size_t i = 0; i < VIEWS; i++)
        if (!(explorer->state[i] = memory_array(1, views[i]->state_size)))
            return error_memory(error);
    return 0;
}

static void close_states(struct explorer *explorer)
{
    for (size_t i = 0; i < VIEWS; i++) {
        if (explorer->state[i] && views[i]->close)
            views[i]->close(explorer->state[i]);
        free(explorer->state[i]);
    }
}

static int begin_view(struct explorer *explorer, const char *name, struct error *error)
{
    for (size_t i = 0; i < VIEWS; i++) {
        if (strcmp(views[i]->name, name) == 0) {
            explorer->view = i;
            if (views[i]->enter)
                views[i]->enter(explorer->state[i], &explorer->model);
            return 0;
        }
    }
    return error_set(error, ERROR_INPUT, "there is no view '%s'", name);
}

static int begin_lesson(struct explorer *explorer, const struct explorer_options *options, struct error *error)
{
    if (options->lessons && lessons_read(&explorer->lessons, options->lessons, error) != 0)
        return -1;
    lesson_offer(&explorer->lessons);
    return options->lesson ? lesson_begin(explorer, options->lesson, error) : 0;
}

int explorer_run(struct collection *collection, const struct explorer_options *options, struct error *error)
{
    struct explorer *explorer = memory_array(1, sizeof(*explorer));
    struct script *script = NULL;
    const char *left = NULL;
    struct terminal_options terminal = options->terminal;
    struct model_options wanted = options->model;
    char history[4096];
    bool opened = false;
    int status = -1;

    if (!explorer)
        return error_memory(error);
    view_set_frame(0);
    effects_on_terminal(&terminal);
    effects_on_model(collection, &wanted);
    if (options->script && !(script = script_open(options->script, error)))
        goto done;
    if (open_states(explorer, error) != 0 || model_open(&explorer->model, collection, &wanted, error) != 0)
        goto done;
    opened = true;
    explorer->scripted = explorer->model.scripted = script != NULL;
    explorer->model.still = options->still || script;
    explorer->line = query_line_new(
        &explorer->model, !script && user_file(USER_STATE, "history", history, sizeof history) ? history : NULL);
    if (!explorer->line) {
        error_memory(error);
        goto done;
    }
    effects_begin(&explorer->model);
    if (options->resume)
        left = resume_begin(&explorer->model, explorer->state);
    if (options->query)
        model_set_text(&explorer->model, options->query);
    if (terminal_start(&terminal, error) != 0)
        goto done;
    theme_start();
    explorer->model.pictures = terminal_images() != IMAGES_OFF;
    if (terminal_unknown() && !script)
        model_say(&explorer->model, false, "TERM=%s is not known here: it is taken for a terminal like xterm",
                  getenv("TERM"));
    status = begin_view(explorer, options->view ? options->view : left ? left : "search", error);
    if (status == 0)
        status = begin_lesson(explorer, options, error);
    if (status == 0)
        status = script ? run_script(explorer, script, error) : loop(explorer, error);
    terminal_stop();
    if (!status && !options->lesson && (options->resume || !script))
        status = resume_end(&explorer->model, explorer->state, views[explorer->view]->name, error);
done:
    prompt_close(&explorer->prompt);
    lesson_offer(NULL);
    lesson_free(explorer->lesson.lesson);
    lessons_close(&explorer->lessons);
    query_line_free(explorer->line);
    if (opened)
        model_close(&explorer->model);
    close_states(explorer);
    script_free(script);
    free(explorer);
    return status;
}
