#include "ui/terminal/terminal.h"

#include "engine/base/memory.h"
#include "engine/base/signals.h"
#include "ui/terminal/background.h"
#include "ui/terminal/event.h"
#include "ui/terminal/frame.h"
#include "ui/terminal/images.h"
#include "ui/terminal/kitty.h"
#include "ui/terminal/last_line.h"
#include "ui/terminal/pair.h"
#include "ui/terminal/pixels.h"
#include "ui/terminal/restore.h"
#include "ui/terminal/sixel.h"
#include "ui/terminal/type.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#undef columns /* term.h names capabilities with plain words */
#undef lines

static const char PASTE_ON[] = "\033[?2004h", PASTE_OFF[] = "\033[?2004l";
static const char MOUSE_ON[] = "\033[?1006;1000h", MOUSE_OFF[] = "\033[?1006;1000l";
static const char ERASE[] = "\033[2J";                  /* pictures, before the screen is left */
enum { START_BYTES = 4 << 20, CURSES_BYTES = 1 << 16 }; /* more than curses asks for to start, and at once later */
static const char FRAME_BEGIN[] = "\033[?2026h", FRAME_END[] = "\033[?2026l"; /* shown at once, not in pieces */

static struct {
    bool started, dark, mouse, paste, unknown, changed, held, exhausted;
    int cell_rows, cell_columns; /* a cell in pixels */
    SCREEN *screen;
    FILE *in, *out; /* opened for it; null for the standard streams */
    int in_descriptor;
    enum image_choice images, wanted_images;
    enum background_choice background;
    struct images_screen found;
} terminal;

/* ncurses replaces default handlers with its own: this reinstates what was there. */
static SCREEN *start_keeping_signals(const struct type *type, FILE *out, FILE *in)
{
    restore_note();
    SCREEN *screen = type_start(type, out, in);
    restore_disarm();
    return screen;
}

/* ---- starting ---- */

static void prepare_sequences(void)
{
    char *out = restore.reset;
    size_t size = sizeof restore.reset, *used = &restore.reset_size;

    char pictures[64];
    kitty_sequence(pictures, sizeof pictures);
    *used = 0;
    restore_append(out, size, used, pictures);
    if (terminal_pixels())
        restore_append(out, size, used, ERASE);
    if (terminal.found.answers.synchronized)
        restore_append(out, size, used, FRAME_END);
    if (terminal.mouse)
        restore_append(out, size, used, MOUSE_OFF);
    if (terminal.paste)
        restore_append(out, size, used, PASTE_OFF);
    restore_append(out, size, used, exit_attribute_mode);
    restore_append(out, size, used, orig_pair);
    restore_append(out, size, used, cursor_normal);
    restore_append(out, size, used, keypad_local);
    restore_append(out, size, used, exit_ca_mode);
    restore_append(out, size, used, exit_ca_mode ? "" : "\r\n");

    out = restore.again;
    size = sizeof restore.again;
    used = &restore.again_size;
    *used = 0;
    restore_append(out, size, used, enter_ca_mode);
    restore_append(out, size, used, keypad_xmit);
    restore_append(out, size, used, cursor_invisible);
    if (terminal.mouse)
        restore_append(out, size, used, MOUSE_ON);
    if (terminal.paste)
        restore_append(out, size, used, PASTE_ON);
}

void terminal_set_background(enum background_choice choice)
{
    terminal.background = choice;
    terminal.dark = background_is_dark(choice, terminal.found.answers.background);
}

bool terminal_changed(void)
{
    bool changed = terminal.changed;

    terminal.changed = false;
    return changed;
}

/* The size of a cell in pixels, which changes with the font; false if the terminal does not tell. */
static bool measure_cell(void)
{
    struct winsize size = {0};
    int rows = terminal.found.answers.cell_rows, columns = terminal.found.answers.cell_columns;

    if (ioctl(restore.descriptor, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col) {
        int height = size.ws_ypixel / size.ws_row, width = size.ws_xpixel / size.ws_col;
        if (height > 1 && width > 1) {
            rows = height;
            columns = width;
        }
    }
    bool known = rows > 1 && columns > 1;
    terminal.cell_rows = known ? rows : 20;
    terminal.cell_columns = known ? columns : 10;
    pixels_cell(terminal.cell_rows, terminal.cell_columns);
    kitty_cell(terminal.cell_rows, terminal.cell_columns);
    return known;
}

/* Where wrapped pictures go: tmux's pane may have moved. */
static void place_pixels(void)
{
    bool wrapped = images_are_wrapped(terminal.images, &terminal.found);

    if (wrapped && terminal.images != IMAGES_KITTY)
        tmux_ask(&terminal.found.tmux);
    pixels_origin(wrapped ? terminal.found.tmux.top : 0, wrapped ? terminal.found.tmux.left : 0);
}

static bool start_images(void)
{
    tmux_wrap(images_are_wrapped(terminal.images, &terminal.found));
    idcok(stdscr, FALSE); /* inserted and deleted characters would move pixels */
    if (terminal.images == IMAGES_KITTY)
        return kitty_start(terminal.found.tier == TIER_DIRECT);
    return pixels_start(terminal.images == IMAGES_SIXEL ? PROTOCOL_SIXEL : PROTOCOL_ITERM);
}

static void use_late_background(void)
{
    bool dark = background_is_dark(terminal.background, terminal.found.answers.background);

    if (dark == terminal.dark)
        return;
    terminal.dark = dark;
    terminal.changed = true;
    pair_start(terminal.found.tier);
    frame_forget();
}

static void use_late_pixels(void)
{
    enum image_choice before = terminal.images, images = images_choose(terminal.wanted_images, &terminal.found);

    if (images_are_pixels(before) || !images_are_pixels(images))
        return;
    terminal.images = images;
    if (!start_images())
        terminal.images = before;
    place_pixels();
    terminal.changed = true;
}

/* A slow terminal answers after the explorer has started, and some name their background only after all else. */
static void on_late_reply(const struct reply *reply)
{
    sigset_t before;

    if (!answers_take_late(&terminal.found.answers, reply->kind, reply->text))
        return;
    use_late_background();
    use_late_pixels();
    signals_block(&before); /* handlers write those sequences */
    prepare_sequences();
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void show_images(enum image_choice choice)
{
    terminal.wanted_images = choice;
    terminal.images = images_choose(choice, &terminal.found);
    if (images_are_pixels(terminal.images) && !start_images())
        terminal.images = IMAGES_BLOCKS;
    place_pixels();
}

static void close_streams(void)
{
    if (!terminal.exhausted)
        last_line_close();
    restore_close();
    if (terminal.in)
        fclose(terminal.in);
    if (terminal.out)
        fclose(terminal.out);
    terminal.in = terminal.out = NULL;
}

static int open_streams(bool display, FILE **in, FILE **out, struct error *error)
{
    const char *path = display ? "/dev/tty" : "/dev/null";

    *in = display && isatty(STDIN_FILENO) ? stdin : (terminal.in = fopen(path, "re"));
    *out = !*in || (display && isatty(STDOUT_FILENO)) ? stdout : (terminal.out = fopen(path, "we"));
    if (*in && *out)
        return 0;
    error_system(error, "%s cannot be opened", path);
    close_streams();
    if (!display || error->kind == ERROR_MEMORY)
        return -1;
    return error_set(error, ERROR_SYSTEM,
                     "there is no terminal to draw on: use a subcommand such as search, or --no-display");
}

/* Asks the terminal what it can do; with a question of tmux's, for its background only. */
static void ask(const char *question)
{
    struct answers *answers = &terminal.found.answers;

    restore.raw = restore.found;
    cfmakeraw(&restore.raw);
    restore_arm();
    bool raw_mode = tcsetattr(restore.descriptor, TCSANOW, &restore.raw) == 0;
    if (raw_mode && question)
        answers_ask_background(terminal.in_descriptor, restore.descriptor, question, answers);
    else if (raw_mode)
        answers_ask(terminal.in_descriptor, restore.descriptor, answers);
    tcsetattr(restore.descriptor, TCSANOW, &restore.found);
    restore_disarm();
}

/* Sets all state of the terminal; also after a suspension. */
static void take(void)
{
    if (terminal.paste)
        restore_write(PASTE_ON, sizeof PASTE_ON - 1);
    if (terminal.mouse)
        restore_write(MOUSE_ON, sizeof MOUSE_ON - 1);
    restore_arm();
}

static void forget_pixels(void)
{
    pixels_lost();
    kitty_lost();
}

static void release(void)
{
    if (terminal_pixels())
        restore_write(ERASE, sizeof ERASE - 1);
    kitty_lost();
    if (terminal.mouse)
        restore_write(MOUSE_OFF, sizeof MOUSE_OFF - 1);
    if (terminal.paste)
        restore_write(PASTE_OFF, sizeof PASTE_OFF - 1);
    if (!terminal.exhausted) {
        endwin();
    } else if (terminal.found.display) {
        restore_write(restore.reset, restore.reset_size);
        tcsetattr(restore.descriptor, TCSANOW, &restore.found);
    }
    frame_forget();
    restore_disarm();
}

static int check_images(enum image_choice choice, const char *option, struct error *error)
{
    struct error why = {0};

    if (choice != IMAGES_SIXEL || sixel_open(&why) == 0)
        return 0;
    return error_set(error, why.kind, "%s sixel: %s", option, why.text);
}

int terminal_start(const struct terminal_options *options, struct error *error)
{
    static bool registered;
    FILE *in, *out;

    if (terminal.started)
        terminal_stop();
    setlocale(LC_CTYPE, "");
    memset(&terminal, 0, sizeof terminal);
    memset(&restore, 0, sizeof restore);
    terminal.found.display = !options->no_display;
    if (open_streams(terminal.found.display, &in, &out, error))
        return -1;
    if (check_images(options->images, "--images", error) || type_need_descriptors(error) ||
        (!memory_is_left(START_BYTES) && error_memory(error))) {
        close_streams();
        return -1;
    }
    terminal.in_descriptor = fileno(in);
    if (terminal.found.display)
        restore_open(fileno(out));
    if (terminal.found.display && tcgetattr(restore.descriptor, &restore.found)) {
        close_streams();
        return error_system(error, "the terminal's settings cannot be read");
    }
    terminal.found.answers = (struct answers){.background = -1};
    if (terminal.found.display && type_answers(getenv("TERM")))
        ask(NULL);
    const char *name = terminal.found.answers.name;
    terminal.found.inside =
        terminal.found.display && (strncmp(name, "tmux", strlen("tmux")) == 0 || (!*name && getenv("TMUX")));
    if (terminal.found.inside)
        tmux_ask(&terminal.found.tmux);
    if (terminal.found.tmux.passes && terminal.found.answers.background < 0 && options->background == BACKGROUND_AUTO)
        ask(tmux_background_question);
    last_line_begin();
    const struct type type = type_choose(options->colour, terminal.found.display, &terminal.found.answers,
                                         terminal.found.inside ? &terminal.found.tmux : NULL);
    if (!type.name || !*type.name) {
        close_streams();
        return error_set(error, ERROR_INPUT,
                         "TERM is not set: set it to the terminal's name, for example xterm-256color");
    }
    terminal.unknown = type.unknown;
    errno = 0;
    terminal.screen = start_keeping_signals(&type, out, in);
    int reason = errno;
    event_start(terminal.found.display ? terminal.in_descriptor : -1);
    event_feed(terminal.found.answers.typed, terminal.found.answers.typed_size);
    if (!terminal.found.answers.complete || terminal.found.answers.background < 0)
        event_take_replies(on_late_reply);
    if (!terminal.screen || (terminal.found.display && !cursor_address)) {
        if (terminal.screen) {
            endwin();
            delscreen(terminal.screen);
        }
        event_stop();
        close_streams();
        if (!terminal.screen && (reason == ENOMEM || !memory_is_left(CURSES_BYTES) || type_is_found(&type)))
            return error_memory(error);
        return error_set(error, ERROR_INPUT,
                         "TERM=%s cannot place its cursor: use a subcommand such as search, or another terminal",
                         type.name);
    }
    terminal.found.unicode = !options->ascii && !strcmp(nl_langinfo(CODESET), "UTF-8");
    terminal.found.tier = type_start_colours(options->colour);
    pair_start(terminal.found.tier);
    terminal_set_background(options->background);
    terminal.found.measured = terminal.found.display && measure_cell();
    show_images(options->images);

    raw();
    noecho();
    nonl();
    keypad(stdscr, TRUE); /* also loads the keys of terminfo */
    typeahead(-1);        /* paints whole screens: input does not interrupt them */
    scrollok(stdscr, FALSE);
    leaveok(stdscr, FALSE);
    curs_set(0);
    if (terminal.found.display) {
        terminal.mouse = !options->no_mouse && key_mouse;
        terminal.paste = key_mouse != NULL; /* terminals with a mouse know the sequence or ignore it */
        tcgetattr(restore.descriptor, &restore.raw);
        prepare_sequences();
    } else {
        resize_term(type_size("LINES", 24), type_size("COLUMNS", 80));
    }
    last_line_end();
    terminal.started = true;
    restore_stopped = 0;
    take();
    registered = registered || !atexit(terminal_abandon);
    return 0;
}

void terminal_stop(void)
{
    if (!terminal.started)
        return;
    terminal.started = false;
    pair_start(TIER_NONE);
    release();
    kitty_stop();
    pixels_stop();
    event_stop();
    frame_stop();
    if (!terminal.exhausted) {
        last_line_begin(); /* until the streams are closed */
        delscreen(terminal.screen);
    }
    close_streams();
}

void terminal_abandon(void)
{
    terminal.exhausted = true;
    terminal_stop();
}

void terminal_suspend(void)
{
    if (!terminal.started || !terminal.found.display)
        return;
    release();
    struct sigaction stop = {.sa_handler = SIG_DFL};
    sigemptyset(&stop.sa_mask);
    sigaction(SIGTSTP, &stop, NULL);
    kill(0, SIGTSTP); /* the whole job, as the terminal's own key would */
    take();
    restore_stopped = 0;
    forget_pixels();
    clearok(curscr, TRUE);
    refresh();
}

void terminal_redraw(void)
{
    if (!terminal.started)
        return;
    clearok(curscr, TRUE);
    frame_forget();
    forget_pixels();
    if (terminal.found.display) {
        measure_cell();
        place_pixels();
    }
}

bool terminal_exhausted(void)
{
    return terminal.exhausted;
}

void terminal_refresh(void)
{
    sigset_t stop, mask;

    if (!terminal.started)
        return;
    terminal.exhausted = !memory_is_left(CURSES_BYTES);
    if (terminal.exhausted)
        return;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    do {
        /* ncurses ignores SIGTSTP while it writes and would lose one that arrives then; a blocked one stays pending. */
        pthread_sigmask(SIG_BLOCK, &stop, &mask);
        encodings_hear();
        if (restore_stopped) {
            restore_stopped = 0;
            forget_pixels();
            frame_forget();
            clearok(curscr, TRUE);
        }
        if (terminal.found.answers.synchronized)
            restore_write(FRAME_BEGIN, sizeof FRAME_BEGIN - 1);
        frame_catch();
        last_line_begin();
        refresh();
        last_line_end();
        pixels_show(frame_send(terminal.found.tier, pixels_blank));
        kitty_show();
        if (terminal.found.answers.synchronized)
            restore_write(FRAME_END, sizeof FRAME_END - 1);
        pthread_sigmask(SIG_SETMASK, &mask, NULL);
    } while (restore_stopped);
}

bool terminal_stale(void)
{
    return restore_stopped;
}

void terminal_resize(int rows, int columns)
{
    if (!terminal.started || rows < 1 || columns < 1)
        return;
    frame_forget();
    resizeterm(rows, columns);
}

void terminal_beep(void)
{
    if (terminal.started && terminal.found.display)
        beep();
}

bool terminal_send(const char *sequence, size_t size)
{
    bool shown = terminal.started && terminal.found.display;

    if (shown)
        restore_write(sequence, size);
    return shown;
}

int terminal_input(void)
{
    return terminal.started && terminal.found.display ? terminal.in_descriptor : -1;
}

int terminal_rows(void)
{
    return terminal.started ? LINES : 0;
}

int terminal_columns(void)
{
    return terminal.started ? COLS : 0;
}

enum colour_tier terminal_tier(void)
{
    return terminal.found.tier;
}

bool terminal_unicode(void)
{
    return terminal.found.unicode;
}

bool terminal_dark(void)
{
    return terminal.dark;
}

bool terminal_unknown(void)
{
    return terminal.unknown;
}

int terminal_set_images(enum image_choice choice, struct error *error)
{
    sigset_t before;

    if (check_images(choice, "images", error))
        return -1;
    if (!terminal.started)
        return 0;
    signals_block(&before); /* handlers write the sequences */
    if (images_are_pixels(terminal.images)) {
        restore_write(ERASE, sizeof ERASE - 1);
        kitty_stop();
        pixels_stop();
    }
    show_images(choice);
    if (terminal.found.display)
        prepare_sequences();
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    terminal_redraw();
    return 0;
}

enum image_choice terminal_images(void)
{
    return terminal.held && images_are_pixels(terminal.images) ? IMAGES_BLOCKS : terminal.images;
}

bool terminal_has_sixels(void)
{
    return sixel_built_in();
}

bool terminal_pixels(void)
{
    return !terminal.held && images_are_pixels(terminal.images);
}

void terminal_hold_pixels(bool held)
{
    terminal.held = held;
}

bool terminal_put_pixels(int y, int x, int rows, int columns, const struct picture *picture, int frame)
{
    if (terminal.images == IMAGES_KITTY)
        return kitty_put(y, x, rows, columns, picture, frame);
    pixels_put(y, x, rows, columns, picture, frame);
    return true;
}

double terminal_cell_aspect(void)
{
    return terminal_pixels() ? (double)terminal.cell_rows / terminal.cell_columns : 2;
}

int terminal_more(void)
{
    return encodings_descriptor();
}
