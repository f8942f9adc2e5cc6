#include "ui/terminal/theme.h"

#include "ui/terminal/colour.h"
#include "ui/terminal/pair.h"
#include "ui/terminal/terminal.h"

#include <curses.h>

enum { DEFAULT = -1 };
enum ground { GROUND_NORMAL, GROUND_SELECTED, GROUND_MARKED, GROUND_BAR, GROUNDS };

struct entry {
    int foreground, background; /* 0xRRGGBB or DEFAULT */
    attr_t attributes;
};

struct palette {
    int paper, ink;               /* the colours assumed for the terminal's own background and text */
    struct entry ground[GROUNDS]; /* text colour and background; the background is also that of every other style */
    int ground_256[GROUNDS];      /* better backgrounds among the 256 colours than the nearest */
    struct entry style[STYLES];
};

/* Each colour has one meaning: amber, teal and violet are rules, green and red are better and worse, rose is a hub,
 * gold the target, blue what can be pressed; sand and sky are bank and queries. */
static const struct palette dark = {
    .paper = 0x101216,
    .ink = 0xd8dde6,
    .ground = {{DEFAULT, DEFAULT, 0}, {0xf2f5fa, 0x253d5e, 0}, {0xd8dde6, 0x23272f, 0}, {0xb9c0cd, 0x1c2027, 0}},
    .ground_256 = {DEFAULT, 0x444444, 0x262626, 0x1c1c1c},
    .style =
        {
            [STYLE_TEXT] = {DEFAULT, DEFAULT, 0},
            [STYLE_DIM] = {0x868e9e, DEFAULT, 0},
            [STYLE_LINE] = {0x4a515e, DEFAULT, 0},
            [STYLE_STRONG] = {DEFAULT, DEFAULT, A_BOLD},
            [STYLE_BAR] = {0xb9c0cd, 0x1c2027, 0},
            [STYLE_BAR_ITEM] = {0x101216, 0x86b1f2, A_BOLD},
            [STYLE_KEY] = {0x86b1f2, DEFAULT, A_BOLD},
            [STYLE_RULE_A] = {0xf0a35a, DEFAULT, 0},
            [STYLE_RULE_B] = {0x4fd0c4, DEFAULT, 0},
            [STYLE_RULE_C] = {0xb69af7, DEFAULT, 0},
            [STYLE_UP] = {0x8ccf6b, DEFAULT, 0},
            [STYLE_DOWN] = {0xff7568, DEFAULT, 0},
            [STYLE_HUB] = {0xff7ab2, DEFAULT, A_BOLD},
            [STYLE_ANTIHUB] = {0x7e92b6, DEFAULT, 0},
            [STYLE_TARGET] = {0xffe06b, DEFAULT, A_BOLD},
            [STYLE_FAIR] = {0xe4e0d2, DEFAULT, 0},
            [STYLE_BANK] = {0xd4b596, DEFAULT, 0},
            [STYLE_ASKED] = {0xa9c7e8, DEFAULT, 0},
            [STYLE_INPUT] = {DEFAULT, DEFAULT, A_BOLD},
            [STYLE_UNKNOWN] = {0xff8f88, DEFAULT, A_UNDERLINE},
            [STYLE_GUESSED] = {0xf2c14e, DEFAULT, A_UNDERLINE},
            [STYLE_ERROR] = {0xffffff, 0xa8322a, A_BOLD},
            [STYLE_POINT] = {0x101216, 0xffe06b, A_BOLD},
        },
};

static const struct palette light = {
    .paper = 0xfafafa,
    .ink = 0x24292f,
    .ground = {{DEFAULT, DEFAULT, 0}, {0x10161f, 0xc9dcf8, 0}, {0x24292f, 0xe9ecf1, 0}, {0x3b424e, 0xe6e9ef, 0}},
    .ground_256 = {DEFAULT, 0xd7ffff, 0xeeeeee, 0xe4e4e4},
    .style =
        {
            [STYLE_TEXT] = {DEFAULT, DEFAULT, 0},
            [STYLE_DIM] = {0x666d79, DEFAULT, 0},
            [STYLE_LINE] = {0xb4bac5, DEFAULT, 0},
            [STYLE_STRONG] = {DEFAULT, DEFAULT, A_BOLD},
            [STYLE_BAR] = {0x3b424e, 0xe6e9ef, 0},
            [STYLE_BAR_ITEM] = {0xffffff, 0x2a62b8, A_BOLD},
            [STYLE_KEY] = {0x2159b0, DEFAULT, A_BOLD},
            [STYLE_RULE_A] = {0xa35200, DEFAULT, 0},
            [STYLE_RULE_B] = {0x00747a, DEFAULT, 0},
            [STYLE_RULE_C] = {0x6f45c9, DEFAULT, 0},
            [STYLE_UP] = {0x2c7a1c, DEFAULT, 0},
            [STYLE_DOWN] = {0xc02c20, DEFAULT, 0},
            [STYLE_HUB] = {0xb8156d, DEFAULT, A_BOLD},
            [STYLE_ANTIHUB] = {0x566a8f, DEFAULT, 0},
            [STYLE_TARGET] = {0x7a5c00, DEFAULT, A_BOLD},
            [STYLE_FAIR] = {0x4a4636, DEFAULT, 0},
            [STYLE_BANK] = {0x7a5a36, DEFAULT, 0},
            [STYLE_ASKED] = {0x3d6690, DEFAULT, 0},
            [STYLE_INPUT] = {DEFAULT, DEFAULT, A_BOLD},
            [STYLE_UNKNOWN] = {0xb3261e, DEFAULT, A_UNDERLINE},
            [STYLE_GUESSED] = {0x8a5a00, DEFAULT, A_UNDERLINE},
            [STYLE_ERROR] = {0xffffff, 0xb3261e, A_BOLD},
            [STYLE_POINT] = {0x10161f, 0xffd23f, A_BOLD},
        },
};

/* The eight basic colours; bold and dim make the shades. */
enum {
    BLACK = 0x000000,
    RED = 0xcd0000,
    GREEN = 0x00cd00,
    YELLOW = 0xcdcd00,
    BLUE = 0x0000ee,
    MAGENTA = 0xcd00cd,
    CYAN = 0x00cdcd,
    WHITE = 0xe5e5e5
};

static const struct palette dark_8 = {
    .ground = {{DEFAULT, DEFAULT, 0},
               {WHITE, BLUE, A_BOLD},
               {DEFAULT, DEFAULT, A_UNDERLINE},
               {DEFAULT, DEFAULT, A_REVERSE}},
    .style =
        {
            [STYLE_TEXT] = {DEFAULT, DEFAULT, 0},
            [STYLE_DIM] = {DEFAULT, DEFAULT, A_DIM},
            [STYLE_LINE] = {DEFAULT, DEFAULT, A_DIM},
            [STYLE_STRONG] = {DEFAULT, DEFAULT, A_BOLD},
            [STYLE_BAR] = {DEFAULT, DEFAULT, A_REVERSE},
            [STYLE_BAR_ITEM] = {WHITE, BLUE, A_BOLD},
            [STYLE_KEY] = {DEFAULT, DEFAULT, A_BOLD},
            [STYLE_RULE_A] = {YELLOW, DEFAULT, 0},
            [STYLE_RULE_B] = {CYAN, DEFAULT, 0},
            [STYLE_RULE_C] = {MAGENTA, DEFAULT, 0},
            [STYLE_UP] = {GREEN, DEFAULT, 0},
            [STYLE_DOWN] = {RED, DEFAULT, 0},
            [STYLE_HUB] = {MAGENTA, DEFAULT, A_BOLD},
            [STYLE_ANTIHUB] = {CYAN, DEFAULT, A_DIM},
            [STYLE_TARGET] = {YELLOW, DEFAULT, A_BOLD},
            [STYLE_FAIR] = {DEFAULT, DEFAULT, A_BOLD},
            [STYLE_BANK] = {DEFAULT, DEFAULT, 0},
            [STYLE_ASKED] = {DEFAULT, DEFAULT, A_BOLD},
            [STYLE_INPUT] = {DEFAULT, DEFAULT, A_BOLD},
            [STYLE_UNKNOWN] = {RED, DEFAULT, A_UNDERLINE},
            [STYLE_GUESSED] = {YELLOW, DEFAULT, A_UNDERLINE},
            [STYLE_ERROR] = {WHITE, RED, A_BOLD},
            [STYLE_POINT] = {BLACK, YELLOW, 0},
        },
};

/* Yellow, cyan and green are hard to read on white. */
static const struct palette light_8 = {
    .ground = {{DEFAULT, DEFAULT, 0},
               {WHITE, BLUE, A_BOLD},
               {DEFAULT, DEFAULT, A_UNDERLINE},
               {DEFAULT, DEFAULT, A_REVERSE}},
    .style =
        {
            [STYLE_TEXT] = {DEFAULT, DEFAULT, 0},
            [STYLE_DIM] = {DEFAULT, DEFAULT, A_DIM},
            [STYLE_LINE] = {DEFAULT, DEFAULT, A_DIM},
            [STYLE_STRONG] = {DEFAULT, DEFAULT, A_BOLD},
            [STYLE_BAR] = {DEFAULT, DEFAULT, A_REVERSE},
            [STYLE_BAR_ITEM] = {WHITE, BLUE, A_BOLD},
            [STYLE_KEY] = {DEFAULT, DEFAULT, A_BOLD},
            [STYLE_RULE_A] = {RED, DEFAULT, 0},
            [STYLE_RULE_B] = {BLUE, DEFAULT, 0},
            [STYLE_RULE_C] = {MAGENTA, DEFAULT, 0},
            [STYLE_UP] = {BLUE, DEFAULT, 0},
            [STYLE_DOWN] = {RED, DEFAULT, 0},
            [STYLE_HUB] = {MAGENTA, DEFAULT, A_BOLD},
            [STYLE_ANTIHUB] = {BLUE, DEFAULT, A_DIM},
            [STYLE_TARGET] = {MAGENTA, DEFAULT, A_BOLD | A_UNDERLINE},
            [STYLE_FAIR] = {DEFAULT, DEFAULT, A_BOLD},
            [STYLE_BANK] = {DEFAULT, DEFAULT, 0},
            [STYLE_ASKED] = {DEFAULT, DEFAULT, A_BOLD},
            [STYLE_INPUT] = {DEFAULT, DEFAULT, A_BOLD},
            [STYLE_UNKNOWN] = {RED, DEFAULT, A_UNDERLINE},
            [STYLE_GUESSED] = {DEFAULT, DEFAULT, A_UNDERLINE},
            [STYLE_ERROR] = {WHITE, RED, A_BOLD},
            [STYLE_POINT] = {BLACK, YELLOW, 0},
        },
};

/* What the safe theme colours otherwise: better is blue, worse is orange, and the compared rule, keys and words that
 * would look alike give way to them. */
static const struct {
    enum style style;
    struct entry dark, light, dark_8, light_8;
} safe[] = {
    {STYLE_UP, {0x4db2ff, DEFAULT, 0}, {0x0058b0, DEFAULT, 0}, {CYAN, DEFAULT, A_BOLD}, {BLUE, DEFAULT, A_BOLD}},
    {STYLE_DOWN, {0xff9a3d, DEFAULT, 0}, {0xa84300, DEFAULT, 0}, {YELLOW, DEFAULT, 0}, {RED, DEFAULT, 0}},
    {STYLE_RULE_A, {0xd8cba0, DEFAULT, 0}, {0x5f5630, DEFAULT, 0}, {WHITE, DEFAULT, 0}, {BLACK, DEFAULT, 0}},
    {STYLE_KEY,
     {0xb4c3dc, DEFAULT, A_BOLD},
     {0x45526b, DEFAULT, A_BOLD},
     {DEFAULT, DEFAULT, A_BOLD},
     {DEFAULT, DEFAULT, A_BOLD}},
    {STYLE_HUB,
     {0xe58ad0, DEFAULT, A_BOLD},
     {0x9c1f7f, DEFAULT, A_BOLD},
     {MAGENTA, DEFAULT, A_BOLD},
     {MAGENTA, DEFAULT, A_BOLD}},
};

static const struct palette none = {
    .ground = {{DEFAULT, DEFAULT, 0},
               {DEFAULT, DEFAULT, A_REVERSE},
               {DEFAULT, DEFAULT, A_UNDERLINE},
               {DEFAULT, DEFAULT, A_REVERSE}},
    .style =
        {
            [STYLE_TEXT] = {DEFAULT, DEFAULT, 0},
            [STYLE_DIM] = {DEFAULT, DEFAULT, A_DIM},
            [STYLE_LINE] = {DEFAULT, DEFAULT, A_DIM},
            [STYLE_STRONG] = {DEFAULT, DEFAULT, A_BOLD},
            [STYLE_BAR] = {DEFAULT, DEFAULT, A_REVERSE},
            [STYLE_BAR_ITEM] = {DEFAULT, DEFAULT, A_BOLD},
            [STYLE_KEY] = {DEFAULT, DEFAULT, A_BOLD},
            [STYLE_RULE_A] = {DEFAULT, DEFAULT, 0},
            [STYLE_RULE_B] = {DEFAULT, DEFAULT, A_BOLD},
            [STYLE_RULE_C] = {DEFAULT, DEFAULT, A_UNDERLINE},
            [STYLE_UP] = {DEFAULT, DEFAULT, A_BOLD},
            [STYLE_DOWN] = {DEFAULT, DEFAULT, 0},
            [STYLE_HUB] = {DEFAULT, DEFAULT, A_BOLD},
            [STYLE_ANTIHUB] = {DEFAULT, DEFAULT, A_DIM},
            [STYLE_TARGET] = {DEFAULT, DEFAULT, A_BOLD | A_UNDERLINE},
            [STYLE_FAIR] = {DEFAULT, DEFAULT, A_BOLD},
            [STYLE_BANK] = {DEFAULT, DEFAULT, 0},
            [STYLE_ASKED] = {DEFAULT, DEFAULT, A_BOLD},
            [STYLE_INPUT] = {DEFAULT, DEFAULT, A_BOLD},
            [STYLE_UNKNOWN] = {DEFAULT, DEFAULT, A_UNDERLINE},
            [STYLE_GUESSED] = {DEFAULT, DEFAULT, A_UNDERLINE | A_DIM},
            [STYLE_ERROR] = {DEFAULT, DEFAULT, A_BOLD | A_REVERSE},
            [STYLE_POINT] = {DEFAULT, DEFAULT, A_BOLD | A_REVERSE | A_UNDERLINE},
        },
};

static struct {
    attr_t attributes;
    int pair;
    int foreground, background;
} looks[STYLES][GROUNDS];

static const struct palette *chosen = &none;
static enum theme theme;

static struct entry entry_of(int style)
{
    const bool few = terminal_tier() == TIER_8, on_dark = terminal_dark();

    for (size_t i = 0; theme == THEME_SAFE && terminal_tier() > TIER_NONE && i < sizeof safe / sizeof *safe; i++)
        if ((int)safe[i].style == style)
            return few ? (on_dark ? safe[i].dark_8 : safe[i].light_8) : on_dark ? safe[i].dark : safe[i].light;
    return chosen->style[style];
}

/* The colour nearest to `foreground` that is readable on `background`: itself, or moved towards white or black. */
static int readable(int foreground, int background, int away)
{
    static const double least = 4.6; /* a little over the promised 4.5, as the palette rounds */

    for (int step = 0; step < 20; step++) {
        int colour = colour_mix(foreground, away, step / 20.0);
        if (colour_contrast(colour_shown(terminal_tier(), colour), colour_shown(terminal_tier(), background)) >= least)
            return colour;
    }
    return away;
}

static void prepare(int style, enum ground ground)
{
    bool many = terminal_tier() >= TIER_256;
    struct entry entry = entry_of(style), under = chosen->ground[ground];

    if (ground != GROUND_NORMAL && entry.background == DEFAULT) {
        if (many && terminal_tier() == TIER_256)
            under.background = chosen->ground_256[ground];
        if (style == STYLE_TEXT || style == STYLE_INPUT || style == STYLE_STRONG)
            entry.foreground = under.foreground;
        /* On plain blue only white reads well on every terminal. */
        if (!many && under.background != DEFAULT)
            entry.foreground = under.foreground;
        entry.background = under.background;
        entry.attributes |= under.attributes;
    } else if (ground == GROUND_SELECTED && !many) {
        entry.attributes |= under.attributes;
    }
    if (many && entry.foreground != DEFAULT && style != STYLE_LINE)
        entry.foreground = readable(entry.foreground, entry.background == DEFAULT ? chosen->paper : entry.background,
                                    terminal_dark() ? 0xffffff : 0x000000);
    if (under.attributes & A_REVERSE || (ground == GROUND_SELECTED && !many))
        entry.attributes &= ~(attr_t)A_DIM; /* dim text on a bright or blue row is lost */
    looks[style][ground].attributes = entry.attributes;
    looks[style][ground].foreground = entry.foreground;
    looks[style][ground].background = entry.background;
    looks[style][ground].pair = entry.foreground == DEFAULT && entry.background == DEFAULT
                                    ? 0
                                    : pair_reserve(entry.foreground, entry.background);
}

void theme_choose(enum theme wanted)
{
    theme = wanted;
}

void theme_start(void)
{
    static const struct palette *const palettes[][2] = {
        [TIER_NONE] = {&none, &none},
        [TIER_8] = {&light_8, &dark_8},
        [TIER_256] = {&light, &dark},
        [TIER_DIRECT] = {&light, &dark},
    };

    chosen = palettes[terminal_tier()][terminal_dark()];
    for (int style = 0; style < STYLES; style++)
        for (int ground = 0; ground < GROUNDS; ground++)
            prepare(style, (enum ground)ground);
}

static bool dimmed;

bool theme_dim(bool dim)
{
    bool before = dimmed;

    dimmed = dim;
    return before;
}

static int style_of(int style)
{
    int plain = style & 0xff;

    if (dimmed && plain != STYLE_LINE)
        return STYLE_DIM;
    return plain < STYLES ? plain : STYLE_TEXT;
}

static enum ground ground_of(int style)
{
    return style & STYLE_SELECTED ? GROUND_SELECTED
           : style & STYLE_MARKED ? GROUND_MARKED
           : style & STYLE_ON_BAR ? GROUND_BAR
                                  : GROUND_NORMAL;
}

static void set(attr_t attributes, int pair)
{
    attr_set(attributes, 0, &pair);
}

void theme_set(int style)
{
    int plain = style_of(style);
    enum ground ground = ground_of(style);

    set(looks[plain][ground].attributes, looks[plain][ground].pair);
}

int theme_colour(int style)
{
    return looks[style_of(style)][ground_of(style)].foreground;
}

int theme_ground(int style)
{
    return looks[style_of(style)][ground_of(style)].background;
}

int theme_paper(void)
{
    return chosen->paper;
}

int theme_ink(void)
{
    return chosen->ink;
}

void theme_set_over(int above, int below)
{
    set(looks[style_of(above)][ground_of(above)].attributes & ~(attr_t)A_REVERSE,
        pair_of(theme_colour(above), theme_colour(below)));
}
