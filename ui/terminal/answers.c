#include "ui/terminal/answers.h"

#include "engine/base/clock.h"
#include "engine/base/text.h"
#include "ui/terminal/reader.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Background (OSC 11), name (XTVERSION), size of a cell, synchronized output (DECRQM), and last what every terminal
 * answers: its attributes (DA1). */
static const char questions[] = "\033]11;?\033\\"
                                "\033[>q"
                                "\033[16t"
                                "\033[?2026$p"
                                "\033[c";

enum { WAIT_MS = 200, WAIT_REMOTE_MS = 1000 };

/* ---- replies ---- */

/* The first two digits of "ff/ff/ff" or "ffff/ffff/ffff" and the like; -1 if it is something else. */
static int colour_from(const char *text)
{
    int rgb = 0;

    for (int i = 0; i < 3; i++) {
        size_t digits = strspn(text, "0123456789abcdefABCDEF");
        char two[3] = {text[0], digits > 1 ? text[1] : text[0], 0};
        if (digits < 1 || digits > 4 || text[digits] != (i < 2 ? '/' : 0))
            return -1;
        rgb = rgb << 8 | (int)strtol(two, NULL, 16);
        text += digits + 1;
    }
    return rgb;
}

static int background_from(const char *text)
{
    if (!strncmp(text, "11;rgb:", 7))
        return colour_from(text + 7);
    if (!strncmp(text, "11;#", 4) && strlen(text) == 10)
        return (int)strtol(text + 4, NULL, 16);
    return -1;
}

/* A string after its introducer: OSC or DCS; false if it is another reply. */
static bool take_string(struct answers *answers, char introducer, const char *text)
{
    int background = introducer == ']' ? background_from(text) : -1;

    if (background >= 0)
        answers->background = background;
    else if (introducer == 'P' && !strncmp(text, ">|", 2))
        text_clean(answers->name, sizeof answers->name, text + 2);
    else
        return false;
    return true;
}

static bool has_attribute(const char *list, int wanted)
{
    for (const char *at = strchr(list, ';'); at; at = strchr(at + 1, ';'))
        if (atoi(at + 1) == wanted)
            return true;
    return false;
}

/* A control sequence after ESC [; false if it is not a reply. */
static bool take_sequence(struct answers *answers, const char *text)
{
    size_t length = strlen(text);
    char final = length ? text[length - 1] : 0;
    int rows, columns, state;

    if (text[0] == '?' && final == 'c') {
        answers->sixel = has_attribute(text, 4);
        answers->complete = true;
    } else if (sscanf(text, "?2026;%d$y", &state) == 1) {
        answers->synchronized = state == 1 || state == 2;
    } else if (final == 't' && sscanf(text, "6;%d;%dt", &rows, &columns) == 2) {
        answers->cell_rows = rows > 0 && rows < 1000 ? rows : 0;
        answers->cell_columns = columns > 0 && columns < 1000 ? columns : 0;
    } else {
        return text[0] == '?' || text[0] == '>' || final == 't' || final == 'y';
    }
    return true;
}

static void keep_typed(struct answers *answers, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size && answers->typed_size < sizeof answers->typed; i++)
        answers->typed[answers->typed_size++] = bytes[i];
}

static bool take_reply(struct answers *answers, const struct token *token)
{
    if (token->type == TOKEN_STRING)
        take_string(answers, token->text[1], token->text + 2);
    return token->type == TOKEN_STRING ||
           (token->type == TOKEN_SEQUENCE && token->text[1] == '[' && take_sequence(answers, token->text + 2));
}

size_t answers_take(struct answers *answers, const char *bytes, size_t size)
{
    struct reader reader;
    struct token token;
    size_t used = 0;

    reader_start(&reader, 0);
    reader_feed(&reader, bytes, size, 0);
    while (reader_next(&reader, &token)) {
        if (!take_reply(answers, &token))
            keep_typed(answers, bytes + used, reader.next - used);
        if (token.type == TOKEN_PASTE)
            free(token.paste);
        used = reader.next;
    }
    reader_stop(&reader);
    return used;
}

bool answers_take_late(struct answers *answers, char kind, const char *text)
{
    return kind == '[' ? take_sequence(answers, text) : take_string(answers, kind, text);
}

/* ---- asking ---- */

static bool write_all(int descriptor, const char *bytes, size_t size)
{
    while (size) {
        ssize_t n = write(descriptor, bytes, size);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0) {
            bytes += n;
            size -= (size_t)n;
        }
    }
    return true;
}

static bool is_complete(const struct answers *answers)
{
    return answers->complete;
}

static bool has_background(const struct answers *answers)
{
    return answers->background >= 0;
}

static void ask(int in, int out, const char *question, bool is_enough(const struct answers *), struct answers *answers)
{
    bool remote = getenv("SSH_CONNECTION") || getenv("SSH_TTY");
    long until = clock_ms() + (remote ? WAIT_REMOTE_MS : WAIT_MS), left;
    char bytes[READER_INPUT];
    size_t size = 0;

    if (!write_all(out, question, strlen(question)))
        return;
    while (!is_enough(answers) && size < sizeof bytes && (left = until - clock_ms()) > 0) {
        struct pollfd input = {.fd = in, .events = POLLIN};
        if (poll(&input, 1, (int)left) <= 0)
            continue;
        ssize_t n = read(in, bytes + size, sizeof bytes - size);
        if (n <= 0)
            break;
        size += (size_t)n;
        size_t used = answers_take(answers, bytes, size);
        memmove(bytes, bytes + used, size -= used);
    }
    keep_typed(answers, bytes, size);
}

void answers_ask(int in, int out, struct answers *answers)
{
    *answers = (struct answers){.background = -1};
    ask(in, out, questions, is_complete, answers);
}

void answers_ask_background(int in, int out, const char *question, struct answers *answers)
{
    ask(in, out, question, has_background, answers);
}
