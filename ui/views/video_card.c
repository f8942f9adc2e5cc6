#include "ui/views/video_card.h"

#include "engine/base/text.h"
#include "ui/draw/gauge.h"
#include "ui/draw/image.h"
#include "ui/draw/label.h"
#include "ui/model/texts.h"
#include "ui/model/thumbnails.h"
#include "ui/terminal/terminal.h"
#include "ui/views/view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { N10 = ANALYSIS_KS - 1, WORDS_MIN = 20, PICTURE_MIN = 8, SHARES_ROWS = 6 };

/* The value of the details' line "size: 1920x1080"; false without one. */
static bool find_size(const char *details, char *value, size_t size)
{
    static const char name[] = "size: ";
    const char *line = details;
    char found[32];
    while (line && strncmp(line, name, sizeof name - 1) != 0) {
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
    }
    if (!line)
        return false;
    line += sizeof name - 1;
    snprintf(found, sizeof found, "%.*s", (int)strcspn(line, "\n"), line);
    text_clean(value, size, found);
    return true;
}

static void write_length(struct video_card *card, const struct catalog_video *details)
{
    char part[3][32];
    int parts = 0;
    if (details->duration_ms > 0)
        snprintf(part[parts++], sizeof part[0], "%.1f s", details->duration_ms / 1000.0);
    if (details->frames > 0)
        snprintf(part[parts++], sizeof part[0], "%d frames", details->frames);
    parts += find_size(details->details, part[parts], sizeof part[0]);
    for (int i = 0; i < parts; i++) {
        size_t used = strlen(card->length);
        snprintf(card->length + used, sizeof card->length - used, "%s%s", i ? ", " : "", part[i]);
    }
}

void video_card_fill(struct video_card *card, struct model *model, uint32_t video)
{
    if (card->filled && card->video == video)
        return;
    *card = (struct video_card){.video = video, .filled = true, .numbered = model->collection->wordless};
    if (video == NO_VIDEO)
        return;
    model_title(model, video, card->title, sizeof card->title);

    const struct catalog_video *details = model_details(model, video);
    if (details) {
        text_clean(card->tags, sizeof card->tags, details->tags);
        write_length(card, details);
    }
    uint32_t rows[CARD_CAPTIONS];
    card->captions = model_captions_of(model, video, rows, CARD_CAPTIONS);
    card->shown = card->captions < CARD_CAPTIONS ? card->captions : CARD_CAPTIONS;
    for (size_t i = 0; i < card->shown; i++)
        model_caption(model, rows[i], card->caption[i], sizeof card->caption[i]);
    card->filled = !model_catalog_locked(model);
}

void video_card_picture(struct rect r, struct video_card *card, struct model *model, struct rect *shown)
{
    *shown = (struct rect){r.y, r.x, 0, 0};
    card->plays = false;
    if (!model->pictures || terminal_images() == IMAGES_OFF || r.rows < 3 || r.columns < PICTURE_MIN)
        return;
    bool none = false;
    const struct picture *picture = model_thumbnail(model, card->video, &none);
    if (none)
        return;
    struct rect fit = image_fit(r, picture ? picture->width : 1, picture ? picture->height : 1);
    fit.y = r.y; /* top left: words go beside or below */
    fit.x = r.x;
    image_draw(fit, picture, view_frame());
    card->plays = picture && picture->frames > 1;
    *shown = fit;
}

int video_card_words(struct rect r, const struct video_card *card)
{
    /* Captions say most; tags and length keep a row each where there are enough. */
    int rest = r.rows > 3 ? (card->tags[0] != '\0') + (card->length[0] != '\0') : 0;
    int y = 0;
    for (size_t i = 0; i < card->shown && y < r.rows - rest; i++) {
        char quoted[CARD_TEXT + 2];
        snprintf(quoted, sizeof quoted, card->numbered ? "%s" : "\"%s\"", card->caption[i]);
        int left = (r.rows - rest - y) / (int)(card->shown - i);
        y += draw_wrapped(r, y, 0, left < 1 ? 1 : left, STYLE_TEXT, quoted);
    }
    if (card->captions > card->shown && y < r.rows - rest)
        draw_format(r, y++, 0, STYLE_DIM, "and %zu more captions", card->captions - card->shown);
    int left = r.rows - y - (card->length[0] != '\0');
    if (card->tags[0] && left > 0)
        y += draw_wrapped(r, y, 0, left < 3 ? left : 3, STYLE_DIM, card->tags);
    if (card->length[0] && y < r.rows)
        y += draw_wrapped(r, y, 0, r.rows - y < 2 ? r.rows - y : 2, STYLE_DIM, card->length);
    return y;
}

int video_card_draw(struct rect r, struct video_card *card, struct model *model)
{
    struct rect shown;
    if (r.columns < WORDS_MIN + PICTURE_MIN + 1) {
        video_card_picture(rect_top(r, r.rows * 2 / 3), card, model, &shown);
        return shown.rows + video_card_words(rect_below(r, shown.rows), card);
    }
    int most = r.columns - WORDS_MIN - 2;
    if (most > r.columns * 3 / 5)
        most = r.columns * 3 / 5;
    video_card_picture(rect_left(r, most), card, model, &shown);
    int words = video_card_words(shown.columns ? rect_right_of(r, shown.columns + 2) : r, card);
    return words > shown.rows ? words : shown.rows;
}

/* One quantity under both rules, as bars (three rows) or as a line. */
struct share {
    const char *name, *meaning, *brief; /* brief: where there is no room for the meaning */
    double value[2];                    /* compared rule, current rule; NAN where not known */
    double fair;
};

static int style_of_change(const struct share *share)
{
    double before = fabs(share->value[0] - share->fair), after = fabs(share->value[1] - share->fair);
    if (!(before < after) && !(after < before))
        return STYLE_STRONG;
    return after < before ? STYLE_UP : STYLE_DOWN;
}

static void draw_share_line(struct rect r, int y, const struct share *share, bool same)
{
    char number[2][LABEL_NUMBER], fair[LABEL_NUMBER];
    for (int side = 0; side < 2; side++)
        label_amount(share->value[side], number[side]);
    label_amount(share->fair, fair);
    draw_text(r, y, 0, STYLE_DIM, share->name);
    int x = 5;
    if (!same) {
        x = draw_format(r, y, x, STYLE_RULE_A, "%5s", number[0]);
        x = draw_format(r, y, x, STYLE_DIM, " %s ", glyph(GLYPH_ARROW));
        x = draw_format(r, y, x, style_of_change(share), "%-5s", number[1]);
    } else {
        x = draw_format(r, y, x, STYLE_STRONG, "%5s", number[1]);
    }
    draw_format(r, y, x, STYLE_DIM, " (fair %s)", fair);
}

static void draw_share_bars(struct rect r, int y, const struct share *share, const struct model *model, bool same)
{
    char fair[LABEL_NUMBER], number[LABEL_NUMBER];
    label_amount(share->fair, fair);
    int x = draw_text(r, y, 0, STYLE_STRONG, share->name);
    x = draw_format(r, y, x, STYLE_FAIR, "  fair %s", fair);
    draw_format(r, y, x, STYLE_DIM, "  %s",
                x + 2 + text_columns(share->meaning) <= r.columns ? share->meaning : share->brief);

    const struct pick pick[2] = {model->versus, model->current};
    const int style[2] = {STYLE_RULE_A, STYLE_RULE_B};
    double most = 2 * share->fair;
    for (int side = 0; side < 2; side++)
        most = share->value[side] > most ? share->value[side] : most;
    int first = 16, columns = r.columns - first - 1;
    for (int side = same; side < 2; side++) {
        int row = y + 1 + side - same;
        label_amount(share->value[side], number);
        draw_text(rect_left(r, 9), row, 1, style[side], pick_short_name(model, pick[side]).text);
        draw_right(r, row, first - 1, STYLE_STRONG, "%s", number);
        if (columns < 4 || !(share->value[side] >= 0))
            continue;
        gauge_bar(r, row, first, columns, share->value[side], most, style[side]);
        int mark = first + (int)lround(share->fair / most * columns);
        draw_text(r, row, mark < first + columns ? mark : first + columns - 1, STYLE_FAIR, glyph(GLYPH_VERTICAL));
    }
}

int video_card_shares(struct rect r, const struct model *model, uint32_t video)
{
    const struct analysis *analysis[2] = {model_analysis(model, model->versus), model_analysis(model, model->current)};
    bool same = pick_same(model->current, model->versus);
    if (!analysis[1] || (!same && !analysis[0])) {
        draw_text(r, 0, 0, STYLE_DIM, "counting hubs and mass ...");
        return 1;
    }
    double queries = (double)analysis[1]->queries, gallery = (double)analysis[1]->gallery;
    struct share count = {
        "N10", "top-10 lists it is in", "top-10 lists", {NAN, NAN}, (double)analysis[1]->top_k * queries / gallery};
    struct share mass = {"mass", "probability, all queries", "probability", {NAN, NAN}, queries / gallery};
    for (int side = 0; side < 2; side++) {
        if (!analysis[side] || video >= analysis[side]->gallery)
            continue;
        count.value[side] = analysis[side]->occurrence[N10][video];
        if (analysis[side]->mass)
            mass.value[side] = analysis[side]->mass[video];
    }
    if (r.rows < SHARES_ROWS) {
        draw_share_line(r, 0, &count, same);
        draw_share_line(r, 1, &mass, same);
        return 2;
    }
    int rows = same ? 2 : 3;
    draw_share_bars(r, 0, &count, model, same);
    draw_share_bars(r, rows, &mass, model, same);
    return 2 * rows;
}
