/* A program that is kept running: a line of text on its standard input, a vector on its standard output.  Only one text
 * is in progress at a time.  A caller that stops waiting leaves its text in progress; the next caller waits for that
 * answer first, so that answers stay in step with texts. */
#include "engine/encoders/command.h"

#include "engine/base/child.h"
#include "engine/base/clock.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/encoders/answer.h"
#include <math.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double RESTART = 3;
enum { NUMBER_BYTES = 40, SPARE_BYTES = 4096, NAME = 32, LINE = 256 };

struct state {
    pthread_mutex_t mutex; /* guards all below */
    char *command;
    char name[NAME]; /* the command as error messages name it */
    enum encoder_output output;
    size_t dimension;
    double timeout, start; /* limits for an answer, and for the first one */
    struct child *child;   /* null: not running */
    double started;        /* when it was last started */
    bool answered;         /* since it was last started */
    struct error failure;  /* why it is not running, if so */
    char *asked;           /* the text in progress; null: none */
    double until;          /* deadline of its answer */
    char *known;           /* the text last answered; null: none */
    float *vector;         /* (dimension) its answer */
};

static void command_close(void *pointer)
{
    struct state *state = pointer;

    child_end(state->child);
    pthread_mutex_destroy(&state->mutex);
    free(state->command);
    free(state->asked);
    free(state->known);
    free(state->vector);
    free(state);
}

/* Starts the program, unless it was started moments ago and failed. */
static int start(struct state *state, struct error *error)
{
    double now = clock_seconds();

    if (state->failure.kind && now - state->started < RESTART)
        return error_set(error, ERROR_INPUT, "%s", state->failure.text);
    state->started = now;
    state->answered = false;
    size_t room = state->output == ENCODER_FLOAT32 ? state->dimension * sizeof(float) + 1
                                                   : state->dimension * NUMBER_BYTES + SPARE_BYTES;
    state->child = child_start(state->command, room, error);
    return state->child ? 0 : -1;
}

void *encoder_command_open(const struct encoder_command *command, size_t dimension, struct error *error)
{
    if (dimension == 0 || dimension > SIZE_MAX / 2 / NUMBER_BYTES) {
        error_set(error, ERROR_INPUT, "an encoder command needs a collection of embeddings");
        return NULL;
    }
    if (!command->command[strspn(command->command, " \t\r\n")]) {
        error_set(error, ERROR_INPUT, "the encoder command is empty");
        return NULL;
    }
    struct state *state = memory_array(1, sizeof *state);
    if (!state) {
        error_memory(error);
        return NULL;
    }
    pthread_mutex_init(&state->mutex, NULL);
    state->output = command->output;
    state->timeout = command->timeout > 0 ? command->timeout : ENCODER_TIMEOUT;
    state->start = command->start > 0 ? command->start : fmax(state->timeout, ENCODER_START);
    state->dimension = dimension;
    state->command = memory_text(command->command);
    state->vector = memory_floats(dimension);
    if (!state->command || !state->vector) {
        error_memory(error);
        goto fail;
    }
    bool all = strlen(state->command) < sizeof state->name;
    text_clean(state->name, sizeof state->name - (all ? 0 : 3), state->command);
    if (!all)
        strcat(state->name, "...");
    if (start(state, error))
        goto fail;
    return state;
fail:
    command_close(state);
    return NULL;
}

/* Ends the program, which has failed; the error is kept until the next start. */
static int give_up(struct state *state, struct error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static int give_up(struct state *state, struct error *error, const char *format, ...)
{
    char what[sizeof state->failure.text];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    error_set(&state->failure, ERROR_INPUT, "%s: %s", state->name, what);
    child_end(state->child);
    state->child = NULL;
    free(state->asked);
    state->asked = NULL;
    return error_set(error, ERROR_INPUT, "%s", state->failure.text);
}

/* Its last words come first: they are usually the reason. */
static int give_up_ended(struct state *state, struct error *error)
{
    char said[LINE], fate[LINE];

    child_said(state->child, said, sizeof said);
    child_fate(state->child, fate, sizeof fate);
    if (*said)
        return give_up(state, error, "%s (it %s)", said, fate);
    return give_up(state, error, "it %s and said nothing; it must keep running and answer every line", fate);
}

static int give_up_late(struct state *state, struct error *error)
{
    char said[LINE], part[LINE] = "";
    size_t size;

    child_output(state->child, &size);
    child_said(state->child, said, sizeof said);
    if (state->output == ENCODER_FLOAT32)
        snprintf(part, sizeof part, " (%zu of %zu bytes came)", size, state->dimension * sizeof(float));
    else if (size)
        snprintf(part, sizeof part, " (%zu bytes came, and no end of the line)", size);
    return give_up(state, error,
                   "no answer within %g s%s%s%s; it must answer each line and flush, or be given more "
                   "time with %s",
                   state->answered ? state->timeout : state->start, part, *said ? "; it said: " : "", said,
                   state->answered ? "--encoder-timeout" : "--encoder-start");
}

static int give_up_full(struct state *state, struct error *error)
{
    return give_up(state, error, "its answer does not end: one line of %zu numbers is expected", state->dimension);
}

/* An unexpected answer: it goes wrong at `piece`. */
static int give_up_garbage(struct state *state, char *piece, struct error *error)
{
    char clean[40];

    piece[strcspn(piece, "\r\n")] = 0;
    text_clean(clean, sizeof clean, piece);
    return give_up(state, error, "printed '%s' where a line of %zu numbers is expected; notes go to standard error",
                   clean, state->dimension);
}

static int give_up_noisy(struct state *state, struct error *error)
{
    return give_up(state, error, "printed more than one answer for a line of text; notes go to standard error");
}

static size_t find_text(const char *output, size_t size, const void *context)
{
    (void)context;
    return answer_length(output, size);
}

static size_t find_float32(const char *output, size_t size, const void *context)
{
    size_t whole = *(const size_t *)context * sizeof(float);

    (void)output;
    return size >= whole ? whole : 0;
}

static int normalise(const struct state *state, float *vector, struct error *error)
{
    struct error reason = {0};

    if (!encoder_unit(vector, state->dimension, &reason))
        return 0;
    return error_set(error, reason.kind, "%s: %s", state->name, reason.text);
}

/* Takes an answer of `length` bytes to the text in progress. */
static int take_answer(struct state *state, size_t length, struct error *error)
{
    char *text, *garbage = NULL;
    size_t count = state->dimension, size;
    const char *output = child_output(state->child, &size);
    int status = 0;

    state->answered = true;
    if (state->output == ENCODER_FLOAT32) {
        answer_read_float32(output, state->vector, state->dimension);
    } else {
        if (!(text = memory_array(length + 1, 1)))
            return error_memory(error);
        memcpy(text, output, length);
        count = answer_read(text, state->vector, state->dimension, &garbage);
        if (garbage)
            status = give_up_garbage(state, garbage, error);
        free(text);
        if (status)
            return status;
    }
    child_take(state->child, length);
    if (child_look(state->child) == CHILD_NOISY)
        return give_up_noisy(state, error);
    free(state->known);
    state->known = NULL;
    if (count != state->dimension)
        status = error_set(error, ERROR_INPUT, "%s: answers with %zu number%s, the collection has %zu dimensions",
                           state->name, count, count == 1 ? "" : "s", state->dimension);
    else
        status = normalise(state, state->vector, error);
    if (!status)
        state->known = state->asked;
    else
        free(state->asked);
    state->asked = NULL;
    return status;
}

/* Waits for the answer to the text in progress. */
static int hear(struct state *state, struct job *job, struct error *error)
{
    bool numbers = state->output == ENCODER_FLOAT32;
    size_t length;

    switch (
        child_wait(state->child, numbers ? find_float32 : find_text, &state->dimension, state->until, job, &length)) {
    case CHILD_ANSWERED:
        return take_answer(state, length, error);
    case CHILD_FULL:
        return give_up_full(state, error);
    case CHILD_ENDED:
        return give_up_ended(state, error);
    case CHILD_LATE:
        return give_up_late(state, error);
    default:
        return error_set(error, ERROR_CANCELLED, "cancelled");
    }
}

/* Sends the program a text; none may be in progress. */
static int tell(struct state *state, const char *text, struct error *error)
{
    if (state->child) {
        enum child_state now = child_look(state->child);
        if (now == CHILD_NOISY && state->answered) /* before that, it is read and reported as garbage */
            return give_up_noisy(state, error);
        if (now == CHILD_GONE)
            give_up_ended(state, NULL);
    }
    if (!state->child && start(state, error))
        return -1;
    size_t room = 3 * strlen(text) + 2; /* a malformed byte becomes three */
    char *line = memory_array(room, 1);
    if (!line || !(state->asked = memory_text(text))) {
        free(line);
        return error_memory(error);
    }
    text_clean(line, room - 1, text);
    strcat(line, "\n");
    state->until = clock_seconds() + (state->answered ? state->timeout : state->start);
    int status = child_send(state->child, line, strlen(line), error);
    free(line);
    if (status) {
        free(state->asked);
        state->asked = NULL;
    }
    return status;
}

static int ask(struct state *state, const char *text, float *vector, struct job *job, struct error *error)
{
    while (!state->known || strcmp(state->known, text) != 0) {
        if (!state->asked && tell(state, text, error))
            return -1;
        bool ours = strcmp(state->asked, text) == 0;
        if (hear(state, job, error) && (ours || error->kind == ERROR_CANCELLED || !state->child))
            return -1;
    }
    memcpy(vector, state->vector, state->dimension * sizeof *vector);
    return 0;
}

/* Waits for other callers' answers, checking the job meanwhile. */
static bool lock(struct state *state, struct job *job)
{
    static const double GLANCE = 0.02;

    for (;;) {
        struct timespec until = clock_after(GLANCE);
        if (pthread_mutex_clocklock(&state->mutex, CLOCK_MONOTONIC, &until) == 0)
            return true;
        if (job_cancelled(job))
            return false;
    }
}

static int command_ask(void *pointer, const char *text, float *vector, struct job *job, struct error *error)
{
    struct state *state = pointer;
    struct error own = {0};

    error = error ? error : &own;
    if (!lock(state, job))
        return error_set(error, ERROR_CANCELLED, "cancelled");
    int status = ask(state, text, vector, job, error);
    pthread_mutex_unlock(&state->mutex);
    return status;
}

const struct encoder_kind encoder_command_kind = {.type = "command", .close = command_close, .ask = command_ask};
