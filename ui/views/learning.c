/* Learning: trains heads over a model's embeddings by InfoNCE or NCL, draws both losses' curves while it does, and
 * compares what was learned with the frozen model. */
#include "ui/views/learning.h"

#include "ui/draw/glyph.h"
#include "ui/model/learned.h"
#include "ui/model/selection.h"

#include <stdio.h>
#include <string.h>

enum {
    SIDES = 66, /* columns from which settings and words are side by side */
    SIDES_ROWS = 16,
    WIDE = 150, /* from which three charts are */
    WIDE_ROWS = 34,
    SETTINGS = 56, /* columns of the settings at most */
    LABEL = 10
};

const char *learning_title(enum loss_kind loss)
{
    return loss == LOSS_NCL ? "NCL" : "InfoNCE";
}

const struct learning_record *learning_looked_at(const struct learning_screen *screen, struct model *model)
{
    const struct learning_record *found = model_learning(model, screen->choice.loss);

    for (int loss = 0; loss < LEARNING_LOSSES; loss++) {
        const struct learning_record *record = model_learning(model, (enum loss_kind)loss);
        if (record && (!found || record->state == LEARNING_RUNNING))
            found = record;
    }
    return found;
}

enum learning_next learning_next(const struct learning_screen *screen, struct model *model)
{
    const struct learning_record *record = model_learning(model, screen->choice.loss);

    if (learning_busy(model))
        return LEARN_NOTHING;
    return record && record->state == LEARNING_DONE && record->model != SIZE_MAX &&
                   learning_same(&record->choice, &screen->choice)
               ? LEARN_COMPARE
               : LEARN_TRAIN;
}

/* ---- drawing ---- */

static void draw_setting(const struct learning_screen *screen, const struct model *model, enum learning_row row,
                         struct rect line)
{
    static const char *const label[LEARN_ROWS] = {"loss", "heads", "rate", "captions", "clips", "over"};
    bool chosen = row == screen->list.selected;
    int mark = chosen ? STYLE_SELECTED : 0;
    char text[160];

    if (mark)
        draw_fill(line, STYLE_TEXT | mark);
    draw_text(line, 0, 0, mark | STYLE_STRONG, chosen ? glyph(GLYPH_POINTER) : " ");
    draw_text(line, 0, 2, STYLE_DIM | mark, label[row]);
    learning_setting(screen, model, row, text, sizeof text);
    int end = draw_text(rect_left(line, line.columns - 2), 0, 2 + LABEL, STYLE_TEXT | mark, text);
    if (chosen) {
        draw_text(line, 0, LABEL, STYLE_KEY | mark, "<");
        draw_text(line, 0, end + 1, STYLE_KEY | mark, ">");
    }
}

/* The keys that go on from here, the most likely first. */
static void draw_keys(const struct learning_screen *screen, struct model *model, struct rect r)
{
    static const char *const enter[] = {[LEARN_TRAIN] = "trains", [LEARN_COMPARE] = "compares"};
    enum learning_next next = learning_next(screen, model);
    int x = 2;

    if (next == LEARN_NOTHING) {
        x = draw_text(r, 0, x, STYLE_KEY, "Ctrl-C");
        draw_text(r, 0, x + 1, STYLE_TEXT, "cancels");
        return;
    }
    x = draw_text(r, 0, x, STYLE_KEY, "Enter");
    x = draw_text(r, 0, x + 1, STYLE_STRONG, enter[next]);
    if (next == LEARN_COMPARE && r.columns >= SETTINGS)
        x = draw_format(r, 0, x, STYLE_STRONG, " it with %s", model_name(model, screen->choice.from).text);
    if (screen->small || !screen->all) {
        x = draw_text(r, 0, x + 2, STYLE_KEY, "Tab");
        draw_text(r, 0, x + 1, STYLE_DIM, "next chart");
    }
}

static void draw_settings(struct learning_screen *screen, struct model *model, struct rect r)
{
    struct rect rows = rect_top(rect_below(r, 1), LEARN_ROWS);

    draw_horizontal(r, 0, STYLE_STRONG, "what to learn");
    list_fit(&screen->list, LEARN_ROWS, rows.rows > 0 ? (size_t)rows.rows : 1);
    screen->rows = rows;
    for (int y = 0; y < rows.rows && list_row(&screen->list, (size_t)y) < LEARN_ROWS; y++)
        draw_setting(screen, model, (enum learning_row)list_row(&screen->list, (size_t)y),
                     rect_top(rect_below(rows, y), 1));
    draw_keys(screen, model, rect_top(rect_below(r, 1 + LEARN_ROWS), 1));
}

static void draw_three(const struct learning_screen *screen, struct model *model, struct rect r)
{
    int third = (r.columns - 2) / 3, half = r.columns / 2, rows = r.rows * 3 / 5;
    struct rect above = rect_top(r, rows), below = rect_below(r, rows);
    struct rect middle = rect_left(rect_right_of(above, third + 1), third);

    learning_draw_curves(screen, model, LEARNING_R1, false, rect_left(above, third));
    learning_draw_curves(screen, model, LEARNING_HELD_ERROR, false, rect_top(middle, rows / 2));
    learning_draw_curves(screen, model, LEARNING_BATCH_ERROR, false, rect_below(middle, rows / 2));
    learning_draw_curves(screen, model, LEARNING_SKEWNESS, false, rect_right_of(above, 2 * third + 2));
    learning_draw_masses(screen, model, false, rect_left(below, half));
    learning_draw_masses(screen, model, true, rect_right_of(below, half + 1));
}

static void draw_one(const struct learning_screen *screen, struct model *model, struct rect r)
{
    int half = (r.columns - 1) / 2;

    learning_draw_curves(screen, model, screen->shown, true, rect_left(r, half));
    learning_draw_masses(screen, model, screen->shown == LEARNING_BATCH_ERROR, rect_right_of(r, half + 1));
}

static void draw_small(struct learning_screen *screen, struct model *model, struct rect r)
{
    if (screen->charted) {
        learning_draw_curves(screen, model, screen->shown, true, r);
        return;
    }
    draw_settings(screen, model, r);
    learning_draw_words(screen, model, rect_inset(rect_below(r, LEARN_ROWS + 2), 0, 2));
}

static void begin(struct learning_screen *screen, const struct model *model)
{
    if (!screen->begun)
        screen->choice = learning_defaults(model);
    screen->begun = true;
}

static void learning_draw(void *opaque, struct model *model, struct rect r)
{
    struct learning_screen *screen = opaque;
    int top = LEARN_ROWS + 2, left = (r.columns - 1) / 2 < SETTINGS ? (r.columns - 1) / 2 : SETTINGS;

    begin(screen, model);
    screen->rows = (struct rect){0};
    screen->all = r.columns >= WIDE && r.rows >= WIDE_ROWS;
    screen->small = r.columns < SIDES || r.rows < SIDES_ROWS;
    if (screen->small) {
        draw_small(screen, model, r);
        return;
    }
    struct rect words = rect_top(rect_right_of(r, left + 1), top);
    draw_settings(screen, model, rect_left(r, left));
    draw_horizontal(words, 0, STYLE_DIM, "");
    learning_draw_words(screen, model, rect_inset(rect_below(words, 1), 0, 1));
    if (screen->all)
        draw_three(screen, model, rect_below(r, top));
    else
        draw_one(screen, model, rect_below(r, top));
}

/* ---- acting ---- */

static size_t ncl_rule(void)
{
    size_t r = 0;

    while (r + 1 < rules_count && strcmp(rules[r]->name, "ncl") != 0)
        r++;
    return r;
}

/* What was learned under NCL against the frozen model under NCL, query by query. */
static void compare(struct model *model, const struct learning_record *record)
{
    const struct pick frozen = {record->choice.from, ncl_rule()}, learned = {record->model, ncl_rule()};

    model_compare(model, frozen);
    model_choose(model, learned);
    if (pick_same(model->versus, frozen) && pick_same(model->current, learned))
        view_open("shifts");
}

static void go_on(struct learning_screen *screen, struct model *model)
{
    switch (learning_next(screen, model)) {
    case LEARN_NOTHING:
        model_say(model, false, "it is training: Ctrl-C cancels");
        break;
    case LEARN_TRAIN:
        model_learn(model, &screen->choice);
        screen->charted = true;
        break;
    case LEARN_COMPARE:
        compare(model, model_learning(model, screen->choice.loss));
        break;
    }
}

/* The next chart; on a small screen, the settings come between the last and the first. */
static void next_chart(struct learning_screen *screen, bool forward)
{
    int pages = LEARNING_MEASURES + screen->small, page = screen->shown;

    if (screen->small && !screen->charted)
        page = LEARNING_MEASURES;
    page = (page + (forward ? 1 : pages - 1)) % pages;
    screen->charted = page < LEARNING_MEASURES;
    if (screen->charted)
        screen->shown = (enum learning_measure)page;
}

static bool learning_act(void *opaque, struct model *model, enum action action)
{
    struct learning_screen *screen = opaque;

    begin(screen, model);
    switch (action) {
    case ACTION_TRAIN:
        go_on(screen, model);
        return true;
    case ACTION_NEXT_PANE:
    case ACTION_PREVIOUS_PANE:
        next_chart(screen, action == ACTION_NEXT_PANE);
        return true;
    case ACTION_LEFT:
    case ACTION_RIGHT:
        learning_step(screen, model, (enum learning_row)screen->list.selected, action == ACTION_RIGHT);
        return true;
    default:
        screen->list.count = LEARN_ROWS;
        return list_act(&screen->list, action);
    }
}

static bool learning_click(void *opaque, struct model *model, struct rect r, const struct mouse *mouse)
{
    struct learning_screen *screen = opaque;

    (void)r;
    if (!rect_holds(screen->rows, mouse->y, mouse->x))
        return false;
    if (mouse->wheel)
        return list_act(&screen->list, mouse->wheel < 0 ? ACTION_UP : ACTION_DOWN);
    list_select(&screen->list, list_row(&screen->list, (size_t)(mouse->y - screen->rows.y)));
    if (mouse->twice)
        learning_step(screen, model, (enum learning_row)screen->list.selected, true);
    return true;
}

static const struct view_sign signs[] = {
    {GLYPHS, "23 %", "of the clips are held out: rate and epoch are chosen on them"},
    {GLYPHS, "frozen", "the model before learning, as the dashed line and the dim bars"},
    {GLYPHS, "mass", "of a clip: retrieval probability summed over captions; 1 is fair"},
    {GLYPH_UP, NULL, "on an axis: the chosen epoch, the fair share"},
};

const struct view learning_view = {
    .name = "learning",
    .title = "Learning",
    .open = ACTION_VIEW_LEARNING,
    .scope = SCOPE_LEARNING | SCOPE_LISTS,
    .state_size = sizeof(struct learning_screen),
    .draw = learning_draw,
    .act = learning_act,
    .click = learning_click,
    .signs = signs,
    .sign_count = sizeof signs / sizeof *signs,
};
