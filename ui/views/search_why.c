#include "engine/base/item.h"
#include "ui/draw/label.h"
#include "ui/model/ranks.h"
#include "ui/model/texts.h"
#include "ui/views/role.h"
#include "ui/views/search.h"

#include <math.h>
#include <stdio.h>

enum { SHARES_LINES = 2, EQUATION_ROWS = 4, NUMBERS_END = 22 };

void search_why_make(struct search_why *why, const struct model *model)
{
    *why = (struct search_why){0};
    const struct model_found found = model_found(model, model->current);
    uint32_t video = model->video;
    if (!found.search || video >= found.search->m)
        return;
    const struct search_list *list = &found.search->list[found.list];
    const struct fit *fit = list->fit;
    why->known = true;
    why->rank = model_rank(model, model->current, video);
    why->rank_versus = model_rank(model, model->versus, video);
    why->similarity = found.search->similarity[video];
    why->scale = fit->scale;
    why->probability = model_probability(model, model->current, video);
    why->gated = fit->active != NULL;
    why->open = list->open;
    if (!found.old)
        search_explain(model_side(model, T2V, model->current)->task, found.search, found.list, video, why->explained,
                       sizeof why->explained);
    why->has_bias = fit->bias != NULL;
    if (!why->has_bias)
        return;
    double sum = 0;
    size_t lower = 0;
    for (size_t j = 0; j < fit->m; j++) {
        sum += fit->bias[j];
        lower += fit->bias[j] < fit->bias[video];
    }
    why->bias = fit->bias[video] - sum / (double)fit->m;
    why->place = fit->m > 1 ? (double)lower / (double)(fit->m - 1) : 0;
}

static bool bias_counts(const struct search_why *why)
{
    return why->has_bias && (!why->gated || why->open);
}

void search_why_sentence(const struct search_why *why, const struct model *model, char *buffer, size_t size)
{
    const struct pick_name rule = pick_name(model, model->current), versus = pick_name(model, model->versus);
    char move[128] = "";
    if (!why->known) {
        buffer[0] = '\0';
        return;
    }
    if (why->gated && !why->open) {
        snprintf(buffer, size, "The gate is shut: %s leaves this query as raw has it.", rule.text);
        return;
    }
    if (why->explained[0]) {
        snprintf(buffer, size, "%s", why->explained);
        return;
    }
    if (!why->has_bias) {
        snprintf(buffer, size, "Similarity alone decides: %s has no bias.", rule.text);
        return;
    }
    if (!pick_same(model->current, model->versus) && why->rank && why->rank_versus) {
        bool up = why->rank < why->rank_versus;
        size_t far = up ? why->rank_versus - why->rank : why->rank - why->rank_versus;
        if (far)
            snprintf(move, sizeof move, "%s %zu against %s. ", up ? "Up" : "Down", far, versus.text);
        else
            snprintf(move, sizeof move, "Same rank as under %s. ", versus.text);
    }
    bool lifted = why->bias >= 0;
    snprintf(buffer, size, item_text("%s%s %s more than %.0f %% of videos."), move, rule.text,
             lifted ? "lifts it" : "holds it down", 100 * (lifted ? why->place : 1 - why->place));
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

/* Shown instead of the sum for a rule that has none. */
static void draw_without_sum(struct rect r, int y, const struct search_why *why)
{
    if (isnan(why->probability))
        draw_text(r, y, 0, STYLE_DIM, "an order only: no probability");
    else
        draw_format(r, y, 0, STYLE_DIM, why->probability < 0.0005 ? "probability %.1e" : "probability %.3f",
                    why->probability);
}

static void draw_equation_line(struct rect r, int y, const struct search_why *why)
{
    double product = why->scale * why->similarity;
    if (why->explained[0]) {
        draw_without_sum(r, y, why);
        return;
    }
    int x = draw_format(r, y, 0, STYLE_DIM, "logit ");
    if (!bias_counts(why)) {
        x = draw_format(r, y, x, STYLE_TEXT, "%.3g x %.3f = ", why->scale, why->similarity);
        draw_format(r, y, x, STYLE_STRONG, "%.2f", product);
        return;
    }
    x = draw_format(r, y, x, STYLE_TEXT, "%.3g x %.3f ", why->scale, why->similarity);
    x = draw_format(r, y, x, why->bias >= 0 ? STYLE_UP : STYLE_DOWN, "%+.2f", why->bias);
    x = draw_format(r, y, x, STYLE_TEXT, " = ");
    draw_format(r, y, x, STYLE_STRONG, "%.2f", product + why->bias);
}

static int draw_equation(struct rect r, int y, const struct search_why *why)
{
    double product = why->scale * why->similarity, logit = product + (bias_counts(why) ? why->bias : 0);
    char number[LABEL_NUMBER];
    int first = y;
    if (why->explained[0]) {
        draw_without_sum(r, y, why);
        return 1;
    }
    draw_text(r, y, 0, STYLE_DIM, "similarity");
    draw_right(r, y++, NUMBERS_END, STYLE_TEXT, "%.3f", why->similarity);
    draw_format(r, y, 0, STYLE_DIM, "x scale %.4g", why->scale);
    draw_right(r, y++, NUMBERS_END, STYLE_TEXT, "%.2f", product);
    if (why->has_bias) {
        draw_text(r, y, 0, STYLE_DIM, "+ bias");
        if (bias_counts(why)) {
            draw_right(r, y, NUMBERS_END, why->bias >= 0 ? STYLE_UP : STYLE_DOWN, "%+.2f", why->bias);
            draw_text(r, y++, NUMBERS_END + 2, STYLE_DIM, "0 is average");
        } else {
            draw_right(r, y, NUMBERS_END, STYLE_DIM, "%+.2f", why->bias);
            draw_text(r, y++, NUMBERS_END + 2, STYLE_DIM, "not added");
        }
    }
    snprintf(number, sizeof number, why->probability < 0.0005 ? "%.1e" : "%.3f", why->probability);
    draw_text(r, y, 0, STYLE_DIM, "= logit");
    draw_right(r, y, NUMBERS_END, STYLE_STRONG, "%.2f", logit);
    draw_format(r, y++, NUMBERS_END + 2, STYLE_DIM, "probability %s", number);
    return y - first;
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
    if (!why->has_bias || y >= r.rows)
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
    if (!why->known) {
        draw_text(r, 0, 0, STYLE_DIM, model_answered(model) ? item_text("select a video") : "");
        return 1;
    }
    char sentence[320];
    search_why_sentence(why, model, sentence, sizeof sentence);
    int y = draw_wrapped(r, 0, 0, why->explained[0] ? 5 : r.rows > 6 ? 3 : 2, STYLE_STRONG, sentence);
    draw_ranks(r, y++, model);
    if (why->gated)
        y += draw_gate(r, y, r.rows > 8 ? 3 : 2, why, model);
    /* To make room for the rest, blank rows go first, then the equation's own rows. */
    int rest = (why->has_bias ? 1 + MODEL_PULLS : 0) + (shares ? SHARES_LINES : 0);
    int spare = r.rows - y - rest - (why->has_bias ? EQUATION_ROWS : EQUATION_ROWS - 1);
    if (spare >= 0)
        y += draw_equation(r, y + (spare >= 1), why) + (spare >= 1);
    else
        draw_equation_line(r, y++, why);
    if (shares)
        y += video_card_shares(rect_top(rect_below(r, y), SHARES_LINES), model, model->video);
    y += spare >= 2;
    return y + draw_pulls(r, y, why, model);
}
