#include "ui/views/search.h"

enum { SHARES_ROWS = 6, CARD_LEAST = 6, WHY_ROWS = 16, GATE_ROWS = 3 };

/* Wide: card, shares and reasons below each other. */
static void draw_tall(struct rect r, struct search_state *state, struct model *model)
{
    int why_rows = WHY_ROWS + (state->why.gated ? GATE_ROWS : 0);
    int card_rows = r.rows - SHARES_ROWS - why_rows - 2;
    if (card_rows < CARD_LEAST)
        card_rows = CARD_LEAST;
    if (card_rows > r.rows * 2 / 5)
        card_rows = r.rows * 2 / 5;
    int y = video_card_draw(rect_top(r, card_rows), &state->card, model) + 1;
    y += video_card_shares(rect_top(rect_below(r, y), SHARES_ROWS), model, model->video) + 1;
    search_why_draw(rect_below(r, y), &state->why, model, false);
}

/* Medium and small: card on the left, reasons on the right. */
static void draw_flat(struct rect r, struct search_state *state, struct model *model)
{
    int left = r.columns * 9 / 20;
    video_card_draw(rect_left(r, left - 2), &state->card, model);
    search_why_draw(rect_right_of(r, left), &state->why, model, true);
}

void search_draw_detail(struct search_state *state, struct model *model, const struct search_layout *layout)
{
    struct rect r = layout->detail;
    draw_horizontal(r, 0, state->pane != PANE_COLUMNS ? STYLE_STRONG : STYLE_DIM, state->card.title);
    r = rect_below(r, 1);
    state->card.plays = false;
    if (model->video == NO_VIDEO)
        return;
    switch (layout->shape) {
    case SHAPE_WIDE:
        draw_tall(r, state, model);
        break;
    case SHAPE_MEDIUM:
        draw_flat(r, state, model);
        break;
    case SHAPE_SMALL:
        if (state->pane == PANE_CARD)
            video_card_draw(r, &state->card, model);
        else
            search_why_draw(r, &state->why, model, true);
        break;
    }
}
