/* The charts of Learning: measures over epochs, and how probability is spread over clips. */
#include "ui/draw/histogram.h"
#include "ui/draw/line_chart.h"
#include "ui/views/learning.h"

#include <math.h>
#include <stdio.h>

enum { TENS = 10 };

/* A measure over the epochs of up to three runs: one of each loss, and the one under way. */
struct curves {
    double value[CHART_SERIES][LEARNING_EPOCHS + 1], x[LEARNING_EPOCHS + 1];
    struct chart_series series[CHART_SERIES];
    char name[CHART_SERIES][32];
    size_t count, longest;
};

static int style_of(enum loss_kind loss)
{
    return loss == LOSS_NCL ? STYLE_RULE_B : STYLE_RULE_A;
}

static void add_run(struct curves *curves, const struct learning_run *run, enum learning_measure measure, int style)
{
    double *value = curves->value[curves->count];

    for (size_t e = 0; e <= LEARNING_EPOCHS; e++)
        value[e] = e <= run->epochs ? run->value[measure][e] : NAN;
    curves->longest = run->epochs > curves->longest ? run->epochs : curves->longest;
    curves->series[curves->count] = (struct chart_series){value, style, curves->name[curves->count]};
    curves->count++;
}

/* The run with the best epoch so far. */
static void add_best(struct curves *curves, const struct learning_record *record, enum learning_measure measure)
{
    const struct learning_run *run = &record->run[record->best_run];

    snprintf(curves->name[curves->count], sizeof curves->name[0], measure == LEARNING_R1 ? "%s %.1f" : "%s %.2f",
             learning_title(record->choice.loss), run->value[measure][record->best_epoch]);
    if (!record->best_epoch)
        snprintf(curves->name[curves->count], sizeof curves->name[0], "%s", learning_title(record->choice.loss));
    add_run(curves, run, measure, style_of(record->choice.loss));
}

/* The run under way, unless it is the best. */
static void add_current(struct curves *curves, const struct learning_record *record, enum learning_measure measure)
{
    if (record->state != LEARNING_RUNNING || record->runs == record->best_run + 1)
        return;
    const struct learning_run *run = &record->run[record->runs - 1];
    snprintf(curves->name[curves->count], sizeof curves->name[0], "rate %s", learning_rate(run->rate).text);
    add_run(curves, run, measure, STYLE_DIM);
}

/* Whether two losses learn from the same, so that their curves can be compared. */
static bool comparable(const struct learning_choice *a, const struct learning_choice *b)
{
    return a->from == b->from && a->texts == b->texts && a->videos == b->videos;
}

static const char *title_of(enum learning_measure measure)
{
    static const char *const title[LEARNING_MEASURES] = {
        [LEARNING_R1] = "held-out R@1, %",
        [LEARNING_HELD_ERROR] = "normalisation error, held out",
        [LEARNING_BATCH_ERROR] = "normalisation error, batches",
        [LEARNING_SKEWNESS] = "skewness of N10, held out",
    };

    return title[measure];
}

static void draw_title(enum learning_measure measure, bool alone, struct rect r)
{
    char title[80];

    if (alone)
        snprintf(title, sizeof title, "%d/%d %s", measure + 1, LEARNING_MEASURES, title_of(measure));
    else
        snprintf(title, sizeof title, "%s", title_of(measure));
    draw_horizontal(r, 0, STYLE_STRONG, title);
}

void learning_draw_curves(const struct learning_screen *screen, struct model *model, enum learning_measure measure,
                          bool alone, struct rect r)
{
    static struct curves curves;
    const struct learning_record *looked_at = learning_looked_at(screen, model);
    struct rect plot = rect_inset(rect_below(r, 1), 0, 1);

    if (r.rows < 3)
        return;
    draw_title(measure, alone, r);
    curves.count = curves.longest = 0;
    if (looked_at)
        add_best(&curves, looked_at, measure); /* the first is not dashed */
    for (int loss = 0; looked_at && loss < LEARNING_LOSSES; loss++) {
        const struct learning_record *record = model_learning(model, (enum loss_kind)loss);
        if (record && record != looked_at && comparable(&record->choice, &looked_at->choice))
            add_best(&curves, record, measure);
    }
    if (looked_at)
        add_current(&curves, looked_at, measure);
    size_t last = (curves.longest + TENS - 1) / TENS * TENS;
    last = last ? last : TENS;
    for (size_t e = 0; e <= LEARNING_EPOCHS; e++)
        curves.x[e] = (double)e;
    double point[2] = {NAN, NAN};
    if (looked_at && looked_at->best_epoch) {
        point[0] = (double)looked_at->best_epoch;
        point[1] = looked_at->run[looked_at->best_run].value[measure][looked_at->best_epoch];
    }
    const struct chart chart = {
        .series = curves.series,
        .series_count = curves.count,
        .count = curves.count ? (last < LEARNING_EPOCHS ? last : LEARNING_EPOCHS) + 1 : 0,
        .x = curves.x,
        .x_first = 0,
        .x_last = (double)last,
        .x_title = "epoch",
        .line = looked_at ? looked_at->run[0].value[measure][0] : NAN,
        .line_name = "frozen",
        .close_y = curves.count > 0,
        .first_above = 1,
        .mark = SIZE_MAX,
        .point = isnan(point[0]) ? NULL : point,
        .hollow = looked_at && looked_at->state == LEARNING_RUNNING,
        .dashed = 1,
    };
    line_chart_draw(plot, &chart);
}

void learning_draw_masses(const struct learning_screen *screen, struct model *model, bool batch, struct rect r)
{
    const struct learning_record *record = learning_looked_at(screen, model);
    const struct learning_masses *now = NULL;
    struct chart_series series[2];
    char name[48] = "";

    if (r.rows < 3)
        return;
    draw_horizontal(r, 0, STYLE_STRONG, batch ? "clips of a batch by mass, %" : "held-out clips by mass, %");
    if (record) {
        now = record->state == LEARNING_RUNNING ? &record->now : &record->best;
        size_t epoch = record->state == LEARNING_RUNNING ? record->run[record->runs - 1].epochs : record->best_epoch;
        snprintf(name, sizeof name, "%s, epoch %zu", learning_title(record->choice.loss), epoch);
        series[0] = (struct chart_series){batch ? record->first.batch : record->first.held, STYLE_LINE,
                                          batch ? "epoch 1" : "frozen"};
        series[1] = (struct chart_series){batch ? now->batch : now->held, style_of(record->choice.loss), name};
    }
    const struct chart chart = {
        .series = series,
        .series_count = record ? 2 : 0,
        .count = LEARNING_BINS,
        .x_first = 0,
        .x_last = LEARNING_BIN * (LEARNING_BINS - 1),
        .x_title = r.columns >= 60 ? "sum of retrieval probabilities; 1 is fair" : "1 is fair",
        .line = NAN,
        .mark = LEARNING_FAIR_BIN,
        .over = 1,
    };
    histogram_draw(rect_inset(rect_below(r, 1), 0, 1), &chart);
}
