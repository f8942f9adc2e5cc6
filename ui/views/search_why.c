#include "engine/base/item.h"
#include "ui/draw/label.h"
#include "ui/model/ranks.h"
#include "ui/model/texts.h"
#include "ui/views/role.h"
#include "ui/views/search.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SHARES_LINES = 2, FOCUSED_ROWS = 12, NUMBERS_END = 22 };

void search_why_make(struct search_why *why, const struct model *model)
{
    const struct search_why before = *why;
    const struct model_found found = model_found(model, model->current);
    uint32_t video = model->video;

    *why = (struct search_why){0};
    if (!found.search || video >= found.search->m || (found.search->brief && !model_rank(model, model->current, video)))
        return;
    const struct search_list *list = &found.search->list[found.list];
    const struct fit *fit = list->fit;
    why->known = true;
    why->video = video;
    why->rule = fit->spec.rule;
    why->rank = model_rank(model, model->current, video);
    why->rank_versus = model_rank(model, model->versus, video);
    why->probability = model_probability(model, model->current, video);
    why->gated = fit->active && !fit->gallery_active;
    why->open = list->open;
    if (!found.old)
        search_explain(model_side(model, T2V, model->current)->task, found.search, found.list, video, &why->arithmetic);
    else if (before.known && before.video == video && before.rule == why->rule)
        why->arithmetic = before.arithmetic; /* what it was fitted on may be gone */
    why->has_bias = fit->bias != NULL;
    why->pulled = fit->bias && fit->n;
    if (!why->has_bias)
        return;
    size_t lower = 0;
    for (size_t j = 0; j < fit->m; j++)
        lower += fit->bias[j] < fit->bias[video];
    why->bias = fit->bias[video] - fit_mean_bias(fit);
    why->place = fit->m > 1 ? (double)lower / (double)(fit->m - 1) : 0;
}

/* "Up 17 against raw. " */
static void print_move(const struct search_why *why, const struct model *model, char *buffer, size_t size)
{
    const char *versus = pick_name(model, model->versus).text;
    bool up = why->rank < why->rank_versus;
    size_t far = up ? why->rank_versus - why->rank : why->rank - why->rank_versus;

    buffer[0] = '\0';
    if (pick_same(model->current, model->versus) || !why->rank || !why->rank_versus)
        return;
    if (far)
        snprintf(buffer, size, "%s %zu against %s. ", up ? "Up" : "Down", far, versus);
    else
        snprintf(buffer, size, "Same rank as under %s. ", versus);
}

void search_why_sentence(const struct search_why *why, const struct model *model, char *buffer, size_t size)
{
    const struct pick_name name = pick_name(model, model->current);
    char move[128];
    if (!why->known) {
        buffer[0] = '\0';
        return;
    }
    print_move(why, model, move, sizeof move);
    bool lifted = why->bias >= 0;
    if (why->gated && !why->open)
        snprintf(buffer, size, "The gate is shut: %s leaves this query as raw has it.", name.text);
    else if (why->rule && why->rule->score)
        snprintf(buffer, size, "%s%s: %s.", move, name.text, why->rule->brief);
    else if (!why->has_bias)
        snprintf(buffer, size, "Similarity alone decides: %s has no bias.", name.text);
    else
        snprintf(buffer, size, item_text("%sIts %s bias is %s than that of %.0f %% of the videos."), move, name.text,
                 lifted ? "higher" : "lower", 100 * (lifted ? why->place : 1 - why->place));
}

static int draw_rank(struct rect r, int y, int x, const struct model *model, struct pick pick)
{
    const struct pick_name name = pick_name(model, pick);
    char text[128];
    size_t rank = model_rank(model, pick, model->video);
    if (!rank)
        return x;
    snprintf(text, sizeof text, "  %s %zu", name.text, rank);
    if (x + text_columns(text) > r.columns)
        return x;
    x = draw_format(r, y, x, role_style(model, pick), "  %s ", name.text);
    return draw_format(r, y, x, pick_same(pick, model->current) ? STYLE_STRONG : STYLE_TEXT, "%zu", rank);
}

/* The rank under every rule, as many as fit: the ones in view first, in their colours. */
static void draw_ranks(struct rect r, int y, const struct model *model)
{
    struct pick picks[PICKS_MAX];
    size_t count = model_picks(model, picks);
    int x = draw_text(r, y, 0, STYLE_DIM, "rank");
    if (!pick_same(model->current, model->versus))
        x = draw_rank(r, y, x, model, model->versus);
    x = draw_rank(r, y, x, model, model->current);
    for (size_t i = 0; i < count; i++)
        if (!role_is_marked(model, picks[i]))
            x = draw_rank(r, y, x, model, picks[i]);
}

static void print_probability(const struct search_why *why, char *buffer, size_t size)
{
    if (isnan(why->probability))
        snprintf(buffer, size, "%s", why->rule->order_only ? "an order only" : "");
    else
        snprintf(buffer, size, why->probability < 0.0005 ? "probability %.1e" : "probability %.3f", why->probability);
}

static int style_of_lift(const struct term *term)
{
    return term->out ? STYLE_DIM : term->lift > 0 ? STYLE_UP : term->lift < 0 ? STYLE_DOWN : STYLE_TEXT;
}

/* The whole sum in one row, if it has room for it, else only the result. */
static void draw_expression(struct rect r, int y, const struct search_why *why)
{
    const struct arithmetic *arithmetic = &why->arithmetic;
    char text[256];
    if (!arithmetic->count)
        return;
    const struct term *last = &arithmetic->term[arithmetic->count - 1];
    bool whole = arithmetic_print(arithmetic, text, sizeof text);
    int x = draw_format(r, y, 0, STYLE_DIM, "%s ", last->label);
    char *result = strstr(text, " = ");
    if (whole && result && x + text_columns(text) <= r.columns) {
        x = draw_format(r, y, x, STYLE_TEXT, "%.*s", (int)(result + 3 - text), text);
        draw_text(r, y, x, STYLE_STRONG, result + 3);
        return;
    }
    x = draw_format(r, y, x, STYLE_STRONG, "%.*f", last->decimals, last->total);
    print_probability(why, text, sizeof text);
    draw_text(r, y, x + 2, STYLE_DIM, text);
}

static void draw_term(struct rect r, int y, const struct term *term, const char *note)
{
    bool last = term->kind == TERM_EQUALS, added = term->kind == TERM_PLUS || term->kind == TERM_MINUS;
    const char *sign = term_operator(term);
    char number[32];

    snprintf(number, sizeof number, added ? "%+.*f" : "%.*f", term->decimals, term_shown(term));
    draw_format(rect_left(r, NUMBERS_END - text_columns(number) - 1), y, 0, STYLE_DIM, "%s%s%s", sign, *sign ? " " : "",
                term->label);
    draw_right(r, y, NUMBERS_END, last ? STYLE_STRONG : style_of_lift(term), "%s", number);
    draw_text(r, y, NUMBERS_END + 1, STYLE_DIM, note);
}

/* A row for each line of the arithmetic. */
static int draw_arithmetic(struct rect r, int y, const struct search_why *why)
{
    const struct arithmetic *arithmetic = &why->arithmetic;
    char probability[TERM_NOTE];

    print_probability(why, probability, sizeof probability);
    for (size_t i = 0; i < arithmetic->count; i++) {
        const struct term *term = &arithmetic->term[i];
        draw_term(r, y + (int)i, term, term->kind == TERM_EQUALS ? probability : term->note);
    }
    return (int)arithmetic->count;
}

/* Whether a gated rule applies, and which video decided that. */
static int draw_gate(struct rect r, int y, int rows, const struct search_why *why, struct model *model)
{
    char title[96], text[320];
    const struct fit *fit = model_list(model, model->current)->fit;
    double k = rule_value(&fit->spec, "k");
    model_title(model, model_search(model, model->current)->top1, title, sizeof title);
    if (k > 1) {
        snprintf(text, sizeof text, "gate %s: \"%s\", raw's first, is in %s bank query's top %.0f",
                 why->open ? "open" : "shut", title, why->open ? "some" : "no", k);
    } else {
        snprintf(text, sizeof text, "gate %s: \"%s\", raw's first, is %s bank query's first",
                 why->open ? "open" : "shut", title, why->open ? "also some" : "no");
    }
    return draw_wrapped(r, y, 0, rows, why->open ? STYLE_TEXT : STYLE_STRONG, text);
}

static int draw_pulls(struct rect r, int y, const struct search_why *why, struct model *model)
{
    int first = y;
    if (!why->pulled || y >= r.rows)
        return 0;
    int x = draw_format(r, y, 0, STYLE_STRONG, "pulled by bank %s", model_list(model, model->current)->fit->bank);
    draw_text(r, y++, x, STYLE_DIM, "  share, similarity");
    if (model->pulls_video != model->video || !pick_same(model->pulls_pick, model->current)) {
        if (y < r.rows)
            draw_text(r, y++, 1, STYLE_DIM, "looking ...");
        return y - first;
    }
    for (size_t i = 0; i < model->pull_count && y < r.rows; i++, y++) {
        const struct pull *pull = &model->pulls[i];
        char caption[CARD_TEXT];
        model_bank_caption(model, pull->bank_row, caption, sizeof caption);
        draw_right(r, y, 7, STYLE_TEXT, "%.1f %%", 100 * pull->share);
        draw_right(r, y, 12, STYLE_DIM, "%.2f", pull->similarity);
        draw_text(r, y, 13, STYLE_TEXT, caption);
    }
    return y - first;
}

int search_why_draw(struct rect r, const struct search_why *why, struct model *model, bool shares)
{
    if (!why->known && model->video != NO_VIDEO && !model_list(model, model->current)) {
        char text[320];
        search_awaits(model, model->current, text, sizeof text);
        return draw_wrapped(r, 0, 0, r.rows, STYLE_DIM, text);
    }
    if (!why->known) {
        draw_text(r, 0, 0, STYLE_DIM, model_answered(model) ? item_text("select a video") : "");
        return 1;
    }
    char sentence[320];
    search_why_sentence(why, model, sentence, sizeof sentence);
    int y = draw_wrapped(r, 0, 0, r.rows > 6 ? 3 : 2, STYLE_STRONG, sentence);
    if (why->gated)
        y += draw_gate(r, y, r.rows > 8 ? 3 : 2, why, model);
    /* To make room, blank rows go first, then the bank's queries, then the arithmetic's own rows. */
    int pulls = why->pulled ? 1 + MODEL_PULLS : 0;
    int spare = r.rows - y - (int)why->arithmetic.count - 1 - (shares ? SHARES_LINES : 0);
    if (shares && spare < 0 && r.rows >= FOCUSED_ROWS) {
        shares = false;
        spare += SHARES_LINES;
    }
    if (spare >= 0)
        y += draw_arithmetic(r, y + (spare > pulls), why) + (spare > pulls);
    else
        draw_expression(r, y++, why);
    draw_ranks(r, y++, model);
    if (shares)
        y += video_card_shares(rect_top(rect_below(r, y), SHARES_LINES), model, model->video);
    y += spare >= pulls + 2;
    return y + draw_pulls(r, y, why, model);
}
