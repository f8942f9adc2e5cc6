#include "ui/terminal/type.h"

#include "ui/terminal/entries.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

#undef columns /* term.h names capabilities with plain words */
#undef lines

static const char DIRECT[] = "hubscope-direct", PALETTE[] = "hubscope-256color";

enum colours { COLOURS_OWN, COLOURS_PALETTE, COLOURS_DIRECT }; /* those of TERM's entry, or at least 256, or any */

static bool starts_with(const char *text, const char *start)
{
    return text && strncmp(text, start, strlen(start)) == 0;
}

static bool load(const char *name)
{
    int status;

    return name && *name && setupterm(name, STDOUT_FILENO, &status) == OK;
}

bool type_is_found(const struct type *type)
{
    bool found = type->entry || load(type->name);

    if (found && !type->entry)
        del_curterm(cur_term);
    return found;
}

bool type_answers(const char *term)
{
    return term && *term && !starts_with(term, "linux") && !starts_with(term, "dumb") && !starts_with(term, "cons");
}

/* ---- colours ---- */

bool type_asks_for_no_colour(void)
{
    const char *value = getenv("NO_COLOR");

    return value && *value;
}

/* COLORTERM as it is set in this terminal: screen hands on that of the terminal around it, which promises nothing. */
static bool environment_promises_any(void)
{
    const char *value = getenv("COLORTERM");

    if (!value || (getenv("STY") && !getenv("TMUX")))
        return false;
    return strcmp(value, "truecolor") == 0 || strcmp(value, "24bit") == 0;
}

static enum colours promised(const struct answers *answers, const struct tmux *tmux)
{
    /* of xterm, every version that gives its name */
    static const char *const any[] = {"kitty",  "WezTerm", "foot",    "ghostty", "iTerm2",
                                      "XTerm(", "Konsole", "contour", "mintty"};

    if (environment_promises_any())
        return COLOURS_DIRECT;
    for (size_t i = 0; i < sizeof any / sizeof *any; i++)
        if (starts_with(answers->name, any[i]))
            return COLOURS_DIRECT;
    if (tmux)
        return tmux->colours ? COLOURS_DIRECT : COLOURS_PALETTE;
    return answers->name[0] ? COLOURS_PALETTE : COLOURS_OWN;
}

static enum colours wanted(enum colour_choice choice, const struct answers *answers, const struct tmux *tmux)
{
    switch (choice) {
    case COLOUR_DIRECT:
        return COLOURS_DIRECT;
    case COLOUR_256:
        return COLOURS_PALETTE;
    case COLOUR_AUTO:
        return type_asks_for_no_colour() ? COLOURS_OWN : promised(answers, tmux);
    default:
        return COLOURS_OWN;
    }
}

/* ---- the entry ---- */

static struct type own_entry(bool direct)
{
    return (struct type){.name = direct ? DIRECT : PALETTE, .entry = direct ? entry_direct : entry_256color};
}

struct type type_choose(enum colour_choice choice, bool display, const struct answers *answers, const struct tmux *tmux)
{
    struct type type = {.name = getenv("TERM")};
    enum colours colours = wanted(choice, answers, tmux);

    bool known = load(type.name);
    known = known || load(type.name); /* again, in case it lacked memory */
    if (!known) {
        if ((!type.name || !*type.name) && display)
            return type;
        type = own_entry(colours == COLOURS_DIRECT);
        type.unknown = true;
        return type;
    }
    bool direct = tigetflag("RGB") == 1, places = cursor_address != NULL;
    int count = tigetnum("colors");
    if (tigetflag("Tc") == 1 && choice == COLOUR_AUTO && !type_asks_for_no_colour())
        colours = COLOURS_DIRECT;
    del_curterm(cur_term);
    if (choice == COLOUR_AUTO && count < 8) /* a terminal without colours was chosen */
        colours = COLOURS_OWN;
    bool enough = colours == COLOURS_OWN || (colours == COLOURS_DIRECT ? direct : count >= 256);
    if (choice == COLOUR_256 && direct)
        enough = false;
    return enough || !places ? type : own_entry(colours == COLOURS_DIRECT);
}

/* Keys whose sequences differ between terminals that otherwise resemble xterm. */
static const struct {
    const char *capability;
    int code;
} keys[] = {
    {"kcuu1", KEY_UP},   {"kcud1", KEY_DOWN}, {"kcub1", KEY_LEFT}, {"kcuf1", KEY_RIGHT}, {"kpp", KEY_PPAGE},
    {"knp", KEY_NPAGE},  {"khome", KEY_HOME}, {"kend", KEY_END},   {"kdch1", KEY_DC},    {"kbs", KEY_BACKSPACE},
    {"kent", KEY_ENTER}, {"kcbt", KEY_BTAB},  {"kf1", KEY_F(1)},
};
enum { KEYS = sizeof keys / sizeof *keys, SEQUENCE = 16 };

static void read_keys(char sequence[KEYS][SEQUENCE])
{
    memset(sequence, 0, sizeof(char[KEYS][SEQUENCE]));
    if (!load(getenv("TERM")))
        return;
    for (size_t i = 0; i < KEYS; i++) {
        const char *text = tigetstr(keys[i].capability);
        if (text && text != (char *)-1 && strlen(text) < SEQUENCE)
            strcpy(sequence[i], text);
    }
    del_curterm(cur_term);
}

SCREEN *type_start(const struct type *type, FILE *out, FILE *in)
{
    char sequence[KEYS][SEQUENCE];

    if (!type->entry)
        return newterm(type->name, out, in);
    const char *before = getenv("TERMINFO");
    char *saved = before ? strdup(before) : NULL;
    read_keys(sequence);
    setenv("TERMINFO", type->entry, 1);
    SCREEN *screen = newterm(type->name, out, in);
    if (saved)
        setenv("TERMINFO", saved, 1);
    else
        unsetenv("TERMINFO");
    free(saved);
    for (size_t i = 0; screen && i < KEYS; i++)
        if (sequence[i][0])
            define_key(sequence[i], keys[i].code);
    return screen;
}

int type_size(const char *name, int otherwise)
{
    const char *value = getenv(name);
    int size = value ? atoi(value) : 0;

    return size >= 1 && size <= 1000 ? size : otherwise;
}

int type_need_descriptors(struct error *error)
{
    enum { NEEDED = 6 }; /* at the same time, with the terminal's own and last_line's */
    int descriptor[NEEDED], count = 0;

    while (count < NEEDED && (descriptor[count] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0)
        count++;
    int failed = count < NEEDED ? error_system(error, "the terminal's description cannot be read") : 0;
    while (count > 0)
        close(descriptor[--count]);
    return failed;
}

enum colour_tier type_guess_colours(const struct type *type)
{
    if (type_asks_for_no_colour())
        return TIER_NONE;
    if (type->entry)
        return type->entry == entry_direct ? TIER_DIRECT : TIER_256;
    if (!load(type->name))
        return TIER_NONE;
    int count = tigetnum("colors");
    bool direct = tigetflag("RGB") == 1;
    del_curterm(cur_term);
    return count < 8 ? TIER_NONE : count < 256 ? TIER_8 : direct ? TIER_DIRECT : TIER_256;
}

enum colour_tier type_start_colours(enum colour_choice choice)
{
    if (choice == COLOUR_NEVER || (choice == COLOUR_AUTO && type_asks_for_no_colour()))
        return TIER_NONE;
    if (!has_colors() || start_color() != OK || COLORS < 8 || COLOR_PAIRS < 64)
        return TIER_NONE;
    if (use_default_colors() != OK)
        assume_default_colors(COLOR_WHITE, COLOR_BLACK);
    if (choice == COLOUR_8 || COLORS < 256)
        return TIER_8;
    return tigetflag("RGB") == 1 ? TIER_DIRECT : TIER_256;
}
