/* How long a typed query takes, from the last key to the complete new screen.
 *
 *   typed_query [COLLECTION [QUERIES]]    default: the sample, 500 captions
 *
 * The explorer itself at 120x36 without a display: curses works out what to send, nothing is sent. */
#include "engine/base/memory.h"
#include "ui/explorer/explorer_private.h"
#include "ui/model/session.h"
#include "ui/model/texts.h"
#include "ui/model/work.h"
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

struct times {
    double answer; /* the first screen with the answer's columns */
    double whole;  /* the last one, with picture and reasons */
    double answer_cpu, whole_cpu;
};

/* Like the main loop: draw what changed, wait, collect. */
static struct times type_query(struct explorer *explorer, const char *text)
{
    struct model *model = &explorer->model;
    struct times times = {0};
    size_t length = strlen(text);
    char last[2] = {text[length - 1], 0}, head[MODEL_TEXT];

    snprintf(head, sizeof head, "%.*s", (int)(length - 1), text);
    press(explorer, "/");
    paste(explorer, head);
    settle(explorer);

    unsigned long answers = model->answers, drawn;
    double start = now_ms(), start_cpu = cpu_ms();
    press(explorer, last);
    press(explorer, "Enter");
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
        if (answered && drawn == model->changes && model_idle(model))
            break;
        wait_for_work(model);
    }
    times.whole = now_ms() - start;
    times.whole_cpu = cpu_ms() - start_cpu;
    return times;
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

static int measure(struct explorer *explorer, size_t count)
{
    struct model *model = &explorer->model;
    static const char *const says[] = {"key to ranks on the screen", "key to picture and reasons",
                                       "  processor time of the ranks", "  and of the whole screen"};
    enum { ANSWER, WHOLE, ANSWER_CPU, WHOLE_CPU, KINDS };
    double *ms = memory_array(count, KINDS * sizeof *ms);
    size_t queries = model->collection->queries, measured = 0;
    char text[MODEL_TEXT];

    if (!ms)
        return 1;
    settle(explorer);
    for (size_t i = 0; i < count; i++) {
        model_caption(model, i * queries / count, text, sizeof text);
        size_t length = strlen(text);
        if (length < 2 || (unsigned char)text[length - 1] >= 0x80)
            continue;
        struct times times = type_query(explorer, text);
        if (!model->source[0]->search || strcmp(model->text, text) != 0)
            continue;
        ms[ANSWER * count + measured] = times.answer;
        ms[WHOLE * count + measured] = times.whole;
        ms[ANSWER_CPU * count + measured] = times.answer_cpu;
        ms[WHOLE_CPU * count + measured++] = times.whole_cpu;
    }
    terminal_stop();
    printf("%zu typed queries, %zu videos, %dx%d\n", measured, model->collection->videos, 120, 36);
    for (size_t i = 0; measured && i < KINDS; i++)
        report(says[i], ms + i * count, measured);
    free(ms);
    return measured == 0;
}

int main(int argc, char **argv)
{
    static struct explorer explorer;
    struct terminal_options options = {.no_display = true};
    const char *path = argc > 1 ? argv[1] : SAMPLE_DIR;
    long count = argc > 2 ? atol(argv[2]) : 500;
    struct error error = {0};
    int status = 1;

    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("TERM", "xterm-256color", 1);
    setenv("COLUMNS", "120", 1);
    setenv("LINES", "36", 1);
    struct collection *collection = collection_open(path, &error);
    if (!collection || count < 1 || !collection->model[0]->encoder || !collection->queries) {
        fprintf(stderr, "typed_query: %s\n", collection ? "needs captions and a text encoder" : error.text);
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
    status = measure(&explorer, (size_t)count);
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
