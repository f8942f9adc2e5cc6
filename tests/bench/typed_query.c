/* How long a typed query takes, from the last key to the complete new screen.
 *
 *   typed_query [COLLECTION [QUERIES [under-fit]]]    default: the sample, 500 captions
 *
 * Without a text encoder stored queries are stepped through instead.  With under-fit the same is measured again while
 * rules are fitted: for collections on which that takes long (tests/bench/large.c).
 *
 * The explorer itself at 120x36 without a display: curses works out what to send, nothing is sent. */
#include "engine/base/memory.h"
#include "ui/explorer/explorer_private.h"
#include "ui/model/query.h"
#include "ui/model/selection.h"
#include "ui/model/session.h"
#include "ui/model/texts.h"
#include "ui/model/work.h"
#include "ui/model/worker.h"
#include "ui/terminal/event.h"
#include "ui/terminal/terminal.h"
#include "ui/terminal/theme.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double clock_ms(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double now_ms(void)
{
    return clock_ms(CLOCK_MONOTONIC);
}

/* Of all threads: what counts where other programs take the processors. */
static double cpu_ms(void)
{
    return clock_ms(CLOCK_PROCESS_CPUTIME_ID);
}

static void wait_for_work(struct model *model)
{
    struct pollfd fd = {.fd = model_wake_fd(model), .events = POLLIN};

    if (!model_idle(model))
        poll(&fd, 1, 1000);
}

/* Waits until nothing is in progress: fits, analyses, answers, pulls, pictures. */
static void settle(struct explorer *explorer)
{
    struct model *model = &explorer->model;
    unsigned long drawn;

    do {
        while (model_collect(model) || !model_idle(model))
            wait_for_work(model);
        drawn = model->changes;
        explorer_draw(explorer);
    } while (drawn != model->changes || !model_idle(model));
}

static void press(struct explorer *explorer, const char *key)
{
    struct event event = event_of_key(key);

    explorer_handle(explorer, &event);
}

static void paste(struct explorer *explorer, const char *text)
{
    struct event event = {.type = EVENT_PASTE, .text = memory_text(text)};

    explorer_handle(explorer, &event);
    event_close(&event);
}

/* Waits for the answer to the present query, whatever else is in progress. */
static void wait_for_answer(struct explorer *explorer)
{
    struct model *model = &explorer->model;

    while (model_collect(model) || model->search_answered != model->search_wanted)
        wait_for_work(model);
    explorer_draw(explorer);
}

struct times {
    double answer; /* the first screen with the answer's columns */
    double whole;  /* the last one, with picture and reasons */
    double answer_cpu, whole_cpu;
};

/* Like the main loop after a key: draw what changed, wait, collect; under a fit until the answer is complete. */
static struct times watch(struct explorer *explorer, bool under_fit, unsigned long answers, double start,
                          double start_cpu)
{
    struct model *model = &explorer->model;
    struct times times = {0};
    unsigned long drawn;

    for (;;) {
        model_collect(model);
        if (explorer_grace(explorer))
            model_collect(model);
        drawn = model->changes;
        bool answered = model->answers != answers;
        explorer_draw(explorer);
        if (answered && !times.answer) {
            times.answer = now_ms() - start;
            times.answer_cpu = cpu_ms() - start_cpu;
        }
        if (answered &&
            (under_fit ? model->search_answered == model->search_wanted : drawn == model->changes && model_idle(model)))
            break;
        wait_for_work(model);
    }
    times.whole = now_ms() - start;
    times.whole_cpu = cpu_ms() - start_cpu;
    return times;
}

static struct times type_query(struct explorer *explorer, const char *text, bool under_fit)
{
    size_t length = strlen(text);
    char last[2] = {text[length - 1], 0}, head[MODEL_TEXT];

    snprintf(head, sizeof head, "%.*s", (int)(length - 1), text);
    press(explorer, "/");
    paste(explorer, head);
    if (under_fit)
        wait_for_answer(explorer);
    else
        settle(explorer);

    unsigned long answers = explorer->model.answers;
    double start = now_ms(), start_cpu = cpu_ms();
    press(explorer, last);
    press(explorer, "Enter");
    return watch(explorer, under_fit, answers, start, start_cpu);
}

static struct times step_query(struct explorer *explorer, bool under_fit)
{
    unsigned long answers = explorer->model.answers;
    double start = now_ms(), start_cpu = cpu_ms();

    press(explorer, "n");
    return watch(explorer, under_fit, answers, start, start_cpu);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void report(const char *what, double *ms, size_t count)
{
    qsort(ms, count, sizeof(*ms), by_value);
    printf("%-28s median %6.2f ms   p99 %6.2f ms   most %6.2f ms\n", what, ms[count / 2], ms[count * 99 / 100],
           ms[count - 1]);
}

/* Keeps fits of changed parameters, which no cache has, under way. */
static void keep_fitting(struct explorer *explorer)
{
    struct model *model = &explorer->model;
    const struct rule_spec *spec = model_spec(model, model->current);

    if (!worker_lane_idle(model->worker, LANE_HEAVY) || !worker_lane_idle(model->worker, LANE_LATER))
        return;
    model_set_parameter(model, model->current, 0, spec->value[0] * 0.99);
    wait_for_answer(explorer);
}

static bool is_typed(const char *text)
{
    size_t length = strlen(text);

    return length >= 2 && (unsigned char)text[length - 1] < 0x80;
}

static int measure(struct explorer *explorer, size_t count, bool under_fit)
{
    struct model *model = &explorer->model;
    static const char *const says[] = {"key to ranks on the screen", "key to picture and reasons",
                                       "  processor time of the ranks", "  and of the whole screen"};
    enum { ANSWER, WHOLE, ANSWER_CPU, WHOLE_CPU, KINDS };
    double *ms = memory_array(count, KINDS * sizeof *ms);
    size_t queries = model->collection->queries, measured = 0;
    bool types = model_can_type(model);
    char text[MODEL_TEXT];

    if (!ms)
        return 1;
    for (size_t i = 0; i < count; i++) {
        if (under_fit)
            keep_fitting(explorer);
        model_caption(model, i * queries / count, text, sizeof text);
        if (types && !is_typed(text))
            continue;
        struct times times = types ? type_query(explorer, text, under_fit) : step_query(explorer, under_fit);
        if (!model->source[0]->search || (types && strcmp(model->text, text) != 0))
            continue;
        ms[ANSWER * count + measured] = times.answer;
        ms[WHOLE * count + measured] = times.whole;
        ms[ANSWER_CPU * count + measured] = times.answer_cpu;
        ms[WHOLE_CPU * count + measured++] = times.whole_cpu;
    }
    printf("%zu %s queries%s, %zu videos, %dx%d\n", measured, types ? "typed" : "stored",
           under_fit ? " while rules are fitted" : "", model->collection->videos, 120, 36);
    for (size_t i = 0; measured && i < (under_fit ? ANSWER_CPU : KINDS); i++)
        report(i == WHOLE && under_fit ? "key to the complete answer" : says[i], ms + i * count, measured);
    free(ms);
    return measured == 0;
}

int main(int argc, char **argv)
{
    static struct explorer explorer;
    struct terminal_options options = {.no_display = true};
    const char *path = argc > 1 ? argv[1] : SAMPLE_DIR;
    long count = argc > 2 ? atol(argv[2]) : 500;
    bool under_fit = argc > 3 && strcmp(argv[3], "under-fit") == 0;
    struct error error = {0};
    int status = 1;

    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("TERM", "xterm-256color", 1);
    setenv("COLUMNS", "120", 1);
    setenv("LINES", "36", 1);
    struct collection *collection = collection_open(path, &error);
    if (!collection || count < 1 || !collection->queries) {
        fprintf(stderr, "typed_query: %s\n", collection ? "needs queries" : error.text);
        return 1;
    }
    for (size_t i = 0; i < VIEWS; i++)
        if (!(explorer.state[i] = memory_array(1, views[i]->state_size)))
            return 1;
    if (model_open(&explorer.model, collection, NULL, &error) != 0 ||
        !(explorer.line = query_line_new(&explorer.model, NULL)) || terminal_start(&options, &error) != 0) {
        fprintf(stderr, "typed_query: %s\n", error.text);
        return 1;
    }
    explorer.model.pictures = true;
    theme_start();
    wait_for_answer(&explorer);
    if (under_fit) /* the first fits, which would take long, wait */
        model_cancel(&explorer.model);
    settle(&explorer);
    status = measure(&explorer, (size_t)count, false);
    if (under_fit && status == 0) {
        model_resume(&explorer.model);
        status = measure(&explorer, (size_t)count, true);
    }
    terminal_stop();
    query_line_free(explorer.line);
    model_close(&explorer.model);
    for (size_t i = 0; i < VIEWS; i++) {
        if (views[i]->close)
            views[i]->close(explorer.state[i]);
        free(explorer.state[i]);
    }
    collection_close(collection);
    return status;
}
