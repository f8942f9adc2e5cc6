#include "ui/explorer/bars.h"

#include "engine/base/item.h"
#include "engine/base/text.h"
#include "ui/draw/gauge.h"
#include "ui/explorer/rule_bar.h"
#include "ui/model/first_look.h"
#include "ui/model/marks.h"

#include <stdio.h>
#include <string.h>

enum { RANKS = 7, METER = 12 };

/* How tightly the tabs are set: with keys or without, each with its own margins or neighbours sharing one. */
enum tabs { TABS_TIGHT, TABS_PLAIN, TABS_TIGHT_KEYS, TABS_KEYS };

static bool shares_margins(enum tabs tabs)
{
    return tabs == TABS_TIGHT || tabs == TABS_TIGHT_KEYS;
}

static int tabs_width(enum tabs tabs)
{
    int width = shares_margins(tabs);

    for (size_t i = 0; i < VIEWS; i++)
        width += text_columns(views[i]->title) + (shares_margins(tabs) ? 1 : 2) + (tabs >= TABS_TIGHT_KEYS ? 2 : 0);
    return width;
}

/* The widest tabs that leave room for the bank beside them, or else for themselves. */
static enum tabs choose_tabs(int columns, int bank)
{
    if (columns >= tabs_width(TABS_KEYS) + bank)
        return TABS_KEYS;
    if (columns >= tabs_width(TABS_TIGHT_KEYS) + bank)
        return TABS_TIGHT_KEYS;
    return columns >= tabs_width(TABS_KEYS) ? TABS_KEYS : columns >= tabs_width(TABS_PLAIN) ? TABS_PLAIN : TABS_TIGHT;
}

static void draw_tabs(struct zones *zones, struct rect row, int x, enum tabs tabs, const struct view *view)
{
    char key[BINDING_KEY];

    for (size_t i = 0; i < VIEWS; i++) {
        int from = x, style = views[i] == view ? STYLE_BAR_ITEM : STYLE_BAR;
        x = draw_text(row, 0, x, style, " ");
        if (tabs >= TABS_TIGHT_KEYS) {
            action_first_key(views[i]->open, key, sizeof(key));
            x = draw_text(row, 0, x, views[i] == view ? style : STYLE_KEY | STYLE_ON_BAR, key);
            x = draw_text(row, 0, x, style, " ");
        }
        x = draw_text(row, 0, x, style, views[i]->title);
        draw_text(row, 0, x, style, " ");
        zones_add(zones, row, from, x + 1, views[i]->open);
        x += !shares_margins(tabs);
    }
}

/* "train 468" of "bank train 468". */
static const char *without_word(const char *bank)
{
    const char *word = "bank ";

    return strncmp(bank, word, strlen(word)) == 0 ? bank + strlen(word) : bank;
}

/* The bank if the second row has no room for it, otherwise the size of the collection or, of a first look, how many
 * queries it is of: the longest of these that fits. */
static void draw_counts(const struct model *model, const struct rule_bar *rules_shown, struct rect row, int left)
{
    enum { TEXTS = 3 };
    const struct collection *collection = model->collection;
    struct first_look look;
    char counts[TEXTS][sizeof rules_shown->bank + 1] = {""};

    bool partial = model_first_look(model, &look);
    if (!rules_shown->shows_bank && (look.rows || !partial)) { /* it says of how many rows the results are */
        snprintf(counts[0], sizeof *counts, "%s ", rules_shown->bank);
        snprintf(counts[1], sizeof *counts, "%.*s ", (int)sizeof rules_shown->bank - 1,
                 without_word(rules_shown->bank));
    } else if (look.queries) {
        snprintf(counts[2], sizeof *counts, "first look ");
        snprintf(counts[0], sizeof *counts, "on %zu of %zu queries: R@1 +-%.1f ", look.queries, look.all_queries,
                 look.r1_within);
        snprintf(counts[1], sizeof *counts, "%zu of %zu queries ", look.queries, look.all_queries);
    } else {
        snprintf(counts[0], sizeof *counts, item_text("%zu videos  %zu queries "), collection->videos,
                 collection->queries);
    }
    for (int i = 0; i < TEXTS; i++) {
        if (text_columns(counts[i]) + 2 > left)
            continue;
        draw_right(row, 0, row.columns, STYLE_BAR, "%s", counts[i]);
        return;
    }
}

/* Draws "! logits?" at the right end; returns its width. */
static int draw_notices(const struct model *model, struct zones *zones, struct rect row, int left)
{
    struct notice notice[NOTICES];
    size_t count = model_notices(model, notice);
    char badge[80] = " ", key[8];

    if (!count)
        return 0;
    action_first_key(ACTION_NOTICES, key, sizeof key);
    text_append(badge, sizeof badge, "", key);
    for (size_t i = 0; i < count; i++)
        text_append(badge, sizeof badge, i ? ", " : " ", notice[i].badge);
    text_append(badge, sizeof badge, "", " ");
    if (text_columns(badge) > left) /* the key alone */
        snprintf(badge, sizeof badge, left > text_columns(key) + 1 ? " %s " : "%s", key);
    int from = row.columns - text_columns(badge);
    draw_text(row, 0, from, STYLE_ERROR | STYLE_ON_BAR, badge);
    zones_add(zones, row, from, row.columns, ACTION_NOTICES);
    return row.columns - from;
}

static void draw_first_row(struct zones *zones, const struct model *model, const struct view *view,
                           const struct rule_bar *rules_shown, struct rect row)
{
    const struct collection *collection = model->collection;
    char name[160];
    int bank = rules_shown->shows_bank ? 0 : text_columns(without_word(rules_shown->bank)) + 3;
    enum tabs tabs = choose_tabs(row.columns, bank);
    int x = 0;

    draw_fill(row, STYLE_BAR);
    snprintf(name, sizeof(name), " %s ", collection->name[0] ? collection->name : "hubscope");
    int left = row.columns - tabs_width(tabs);
    if (bank > left) /* it does not fit anyway */
        bank = 0;
    if (text_columns(name) <= left - bank) { /* the bank can change, the name cannot */
        x = draw_text(row, 0, 0, STYLE_BAR, name) + 1;
        left -= x;
    }
    draw_tabs(zones, row, x, tabs, view);
    int taken = draw_notices(model, zones, row, left);
    draw_counts(model, rules_shown, rect_left(row, row.columns - taken), left - taken);
}

void bars_draw_header(struct zones *zones, const struct model *model, const struct view *view, struct rect screen)
{
    struct rule_bar rules_shown;

    zones->count = 0;
    rule_bar_lay_out(&rules_shown, model, screen.columns);
    draw_first_row(zones, model, view, &rules_shown, (struct rect){screen.y, screen.x, 1, screen.columns});
    rule_bar_draw(&rules_shown, model, zones, (struct rect){screen.y + 1, screen.x, 1, screen.columns});
}

static int key_width(enum action action)
{
    char key[16];

    action_first_key(action, key, sizeof(key));
    return text_columns(key) + text_columns(action_table[action].footer) + 3;
}

static int draw_key(struct zones *zones, struct rect row, int x, enum action action)
{
    char key[16];
    int from = x;

    action_first_key(action, key, sizeof(key));
    x = draw_text(row, 0, x, STYLE_KEY | STYLE_ON_BAR, key);
    x = draw_text(row, 0, x + 1, STYLE_BAR, action_table[action].footer);
    zones_add(zones, row, from, x, action);
    return x + 2;
}

/* Whether a key of the view's own takes the place of the action's. */
static bool is_shadowed(enum action action, const struct view *view)
{
    char key[16];

    action_first_key(action, key, sizeof(key));
    return action_of_key(key, view->scope) != action;
}

/* What a footer shows first: the view's own keys, then those of lists; marks, subsets and the glossary before the
 * global keys that the header shows, too.  Marked rows come first once there are some.  -1: it shows none of the
 * action. */
static int rank_of(enum action action, const struct model *model, const struct view *view)
{
    const unsigned scope = action_table[action].scope;
    const unsigned own = view->scope & ~(unsigned)(SCOPE_LISTS | SCOPE_GLOBAL);

    if (!action_table[action].footer[0] || !(scope & (view->scope | SCOPE_GLOBAL)))
        return -1;
    switch (action) {
    case ACTION_QUERY:
    case ACTION_HELP:
    case ACTION_QUIT:
        return -1;
    case ACTION_MARKED:
        return model_marks(model) ? 0 : 5;
    case ACTION_RULE:
    case ACTION_VERSUS:
        return 3;
    case ACTION_MARK:
    case ACTION_WHERE:
    case ACTION_GLOSSARY:
        return 4;
    default:
        return scope & own ? 1 : scope & SCOPE_LISTS ? 2 : 6;
    }
}

/* Keys, each followed by what it does, and null, as many as fit; returns the column after them. */
static int draw_words(struct rect row, int x, const char *const *word)
{
    for (; *word; word += 2) {
        if (x + text_columns(word[0]) + text_columns(word[1]) + 1 > row.columns)
            break;
        x = draw_text(row, 0, x, STYLE_KEY | STYLE_ON_BAR, word[0]);
        x = draw_text(row, 0, x + 1, STYLE_BAR, word[1]) + 2;
    }
    return x;
}

static int words_width(const char *const *word)
{
    int width = 1;

    for (; word && *word; word += 2)
        width += text_columns(word[0]) + text_columns(word[1]) + 3;
    return width;
}

/* A lesson's keys first, then as many as there is room for; always help and quit, unless a lesson's keys need their
 * room. */
static void draw_keys(struct zones *zones, const struct model *model, const struct view *view,
                      const char *const *lesson, struct rect row)
{
    int end = row.columns - key_width(ACTION_HELP) - key_width(ACTION_QUIT);

    if (lesson && words_width(lesson) > end) {
        draw_words(row, 1, lesson);
        return;
    }
    int x = lesson ? draw_words(rect_left(row, end), 1, lesson) : 1;

    if (!model->collection->wordless && x + key_width(ACTION_QUERY) <= end)
        x = draw_key(zones, row, x, ACTION_QUERY);

    for (int rank = 0; rank < RANKS; rank++)
        for (int i = 1; i < ACTIONS; i++)
            if (rank_of((enum action)i, model, view) == rank && !is_shadowed((enum action)i, view) &&
                x + key_width((enum action)i) <= end && !(lesson && i == ACTION_OPEN))
                x = draw_key(zones, row, x, (enum action)i);
    x = draw_key(zones, row, end, ACTION_HELP);
    draw_key(zones, row, x, ACTION_QUIT);
}

static int progress_width(struct progress progress)
{
    return progress.what ? text_columns(progress.what) + METER + 8 + 16 : 0;
}

static void draw_progress(struct rect row, int x, struct progress progress)
{
    x = draw_format(row, 0, x, STYLE_BAR, " %s ", progress.what);
    if (x + METER + 6 >= row.columns)
        return;
    gauge_bar(row, 0, x, METER, progress.share, 1, STYLE_BAR);
    draw_format(row, 0, x + METER, STYLE_BAR, " %3.0f%%  Ctrl-C cancels", progress.share * 100);
}

void bars_draw_footer(struct zones *zones, const struct model *model, const struct view *view,
                      const char *const *line_keys, const char *const *lesson, struct progress progress,
                      struct rect screen)
{
    struct rect row = {screen.y + screen.rows - 1, screen.x, 1, screen.columns};
    int taken = progress_width(progress);
    bool beside = taken && row.columns - taken >= 40;

    draw_fill(row, STYLE_BAR);
    if (taken) /* a lesson's keys stay */
        draw_progress(row, beside ? row.columns - taken : lesson ? draw_words(row, 1, lesson) : 0, progress);
    if (taken && !beside && !model->message[0])
        return;
    struct rect left = {row.y, row.x, 1, row.columns - (beside ? taken : 0)};
    if (model->message[0]) {
        draw_fill(left, STYLE_BAR);
        int x = lesson ? draw_words(left, 1, lesson) : 1;
        draw_text(left, 0, x, (model->message_is_error ? STYLE_ERROR : STYLE_BAR) | STYLE_ON_BAR, model->message);
    } else if (*line_keys) {
        draw_words(left, 1, line_keys);
    } else {
        draw_keys(zones, model, view, lesson, left);
    }
}
