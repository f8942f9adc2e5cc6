#include "ui/terminal/tmux.h"

#include "engine/base/child.h"
#include "engine/base/clock.h"
#include "engine/base/text.h"
#include "ui/terminal/restore.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char BEGIN[] = "\033Ptmux;", END[] = "\033\\";
static bool wraps;

/* ---- asking ---- */

static size_t first_line(const char *output, size_t size, const void *context)
{
    const char *end = memchr(output, '\n', size);

    (void)context;
    return end ? (size_t)(end - output) + 1 : 0;
}

/* Cuts the next field off. */
static const char *field(char **rest)
{
    const char *text = strsep(rest, "|");

    return text ? text : "";
}

static bool is_on(const char *value)
{
    return strcmp(value, "1") == 0 || strcmp(value, "on") == 0 || strcmp(value, "all") == 0;
}

void tmux_read(struct tmux *tmux, const char *reply)
{
    char text[TMUX_REPLY], *rest = text;

    snprintf(text, sizeof text, "%s", reply);
    text[strcspn(text, "\n")] = 0;
    *tmux = (struct tmux){.colours = strstr(field(&rest), "RGB") != NULL};
    tmux->passes = is_on(field(&rest));
    tmux->moved = is_on(field(&rest));
    const char *status = field(&rest);
    bool above = strcmp(field(&rest), "top") == 0;
    tmux->top = atoi(field(&rest)) + (!above ? 0 : is_on(status) ? 1 : atoi(status));
    tmux->left = atoi(field(&rest));
    text_clean(tmux->name, sizeof tmux->name, rest ? rest : "");
}

void tmux_ask(struct tmux *tmux)
{
    static const char question[] = "tmux display -p ${TMUX_PANE:+-t \"$TMUX_PANE\"} '#{client_termfeatures}|"
                                   "#{allow-passthrough}|#{window_bigger}|#{status}|#{status-position}|#{pane_top}|"
                                   "#{pane_left}|#{client_termtype}'";
    const double seconds = 0.3;
    char reply[TMUX_REPLY] = "";
    struct error error;
    size_t length;
    struct child *child = child_start(question, sizeof reply - 1, &error);

    if (child && child_wait(child, first_line, NULL, clock_seconds() + seconds, NULL, &length) == CHILD_ANSWERED)
        memcpy(reply, child_output(child, &(size_t){0}), length);
    child_end(child);
    tmux_read(tmux, reply);
}

const char tmux_background_question[] = "\033Ptmux;\033\033]11;?\033\033\\\033\\";

/* ---- passing sequences on ---- */

void tmux_wrap(bool wrapped)
{
    wraps = wrapped;
}

void tmux_pass_begin(void)
{
    if (wraps)
        restore_write(BEGIN, sizeof BEGIN - 1);
}

void tmux_pass(const char *bytes, size_t size)
{
    for (const char *escape; wraps && (escape = memchr(bytes, '\033', size));) {
        size_t before = (size_t)(escape - bytes) + 1;
        restore_write(bytes, before);
        restore_write("\033", 1);
        bytes += before;
        size -= before;
    }
    restore_write(bytes, size);
}

void tmux_pass_end(void)
{
    if (wraps)
        restore_write(END, sizeof END - 1);
}

bool tmux_wrapped(char *sequence, size_t room)
{
    char text[256];
    size_t used = 0, size = strlen(sequence);

    if (!wraps || !size)
        return true;
    if (sizeof BEGIN + 2 * size + sizeof END > sizeof text)
        return false;
    used += (size_t)sprintf(text, "%s", BEGIN);
    for (const char *at = sequence; *at; at++) {
        if (*at == '\033')
            text[used++] = *at;
        text[used++] = *at;
    }
    used += (size_t)sprintf(text + used, "%s", END);
    if (used >= room)
        return false;
    memcpy(sequence, text, used + 1);
    return true;
}
