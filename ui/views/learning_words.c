/* What Learning is doing, or has done, in words. */
#include "engine/base/item.h"
#include "ui/model/learned.h"
#include "ui/views/learning.h"

#include <stdio.h>
#include <string.h>

/* The row after a paragraph. */
static int say(struct rect r, int y, int style, const char *text)
{
    return y + draw_wrapped(r, y, 0, r.rows - y, style, text);
}

static void draw_before(const struct learning_screen *screen, const struct model *model, struct rect r)
{
    const struct collection_model *from = model->collection->model[screen->choice.from];
    char text[400];

    if (from->stored) {
        snprintf(text, sizeof text, "Model %.40s stores similarities; heads are learned from embeddings.", from->name);
        say(r, 0, STYLE_TEXT, text);
        return;
    }
    if (!from->video_banks) {
        snprintf(text, sizeof text,
                 item_text("Model %.40s has no video bank: hubscope import DIR --add-video-bank NAME=FILE adds one. "
                           "Without it only "
                           "captions of gallery videos that no evaluation query belongs to can be learned from."),
                 from->name);
        say(r, 0, STYLE_TEXT, text);
        return;
    }
    snprintf(text, sizeof text, "Learns a head for captions and one for clips over the frozen embeddings of %.40s.",
             from->name);
    say(r, say(r, 0, STYLE_TEXT, text), STYLE_DIM,
        "23 % of the clips are held out to choose rate and epoch. Evaluation queries are never looked at.");
}

static void draw_failure(const struct learning_screen *screen, struct model *model, struct rect r)
{
    const struct collection_model *from = model->collection->model[screen->choice.from];
    const char *why = learning_failure(model, &screen->choice);
    int y = say(r, 0, STYLE_ERROR, why);

    if (!from->stored && (!from->banks || !from->video_banks))
        say(r, y, STYLE_TEXT,
            item_text("Captions and their clips are needed: hubscope import DIR --add-bank NAME=FILE --add-video-bank "
                      "NAME=FILE "
                      "adds them."));
    else if (strstr(why, " --"))
        say(r, y, STYLE_TEXT, "This option is one of hubscope train.");
}

static void draw_running(const struct learning_record *record, struct rect r)
{
    const struct learning_run *run = &record->run[record->runs - 1];
    const struct learning_run *best = &record->run[record->best_run];
    char text[200];
    int y;

    snprintf(text, sizeof text, "%s, rate %s: epoch %zu of %zu, held-out R@1 %.1f", learning_title(record->choice.loss),
             learning_rate(run->rate).text, run->epochs, record->choice.epochs, run->value[LEARNING_R1][run->epochs]);
    y = say(r, 0, STYLE_STRONG, text);
    if (record->best_epoch)
        snprintf(text, sizeof text, "Best so far: %.1f at rate %s, epoch %zu; frozen %.1f.",
                 best->value[LEARNING_R1][record->best_epoch], learning_rate(best->rate).text, record->best_epoch,
                 best->value[LEARNING_R1][0]);
    else
        snprintf(text, sizeof text, "Nothing is better than the frozen model's %.1f yet.", best->value[LEARNING_R1][0]);
    y = say(r, y, STYLE_TEXT, text);
    say(r, y, STYLE_DIM, "Ctrl-C cancels; all other views work meanwhile.");
}

static int draw_result(const struct learning_record *record, const char *name, struct rect r)
{
    const struct learning_run *best = &record->run[record->best_run];
    char text[300];
    int y = 1, x = draw_text(r, 0, 0, STYLE_STRONG, name) + 2;

    if (x + 26 > r.columns)
        x = 0, y++;
    x = draw_format(r, y - 1, x, STYLE_TEXT, "held-out R@1 %.1f ", best->value[LEARNING_R1][0]);
    x = draw_text(r, y - 1, x, STYLE_DIM, glyph(GLYPH_ARROW));
    draw_format(r, y - 1, x + 1, STYLE_STRONG, "%.1f", best->value[LEARNING_R1][record->best_epoch]);
    snprintf(text, sizeof text,
             "Rate %s, epoch %zu: chosen on %zu held-out clips, %zu learned from. Evaluation queries were never looked "
             "at.",
             learning_rate(best->rate).text, record->best_epoch, record->held_clips, record->clips);
    return say(r, y, STYLE_TEXT, text);
}

static void draw_done(const struct learning_record *record, struct model *model, struct rect r)
{
    const struct learning_record *other =
        model_learning(model, record->choice.loss == LOSS_NCL ? LOSS_INFONCE : LOSS_NCL);
    char text[200];

    if (record->state == LEARNING_CANCELLED) {
        say(r, 0, STYLE_TEXT, "Cancelled: the curves end where it stopped, and no model was made.");
        return;
    }
    if (record->model == SIZE_MAX) {
        say(r, 0, STYLE_TEXT, "No epoch was better than the frozen model, so no model was made.");
        return;
    }
    int y = draw_result(record, model->collection->model[record->model]->name, r);
    if (!other) {
        snprintf(text, sizeof text, "Next: set the loss to %s, to compare the curves.",
                 learning_title(record->choice.loss == LOSS_NCL ? LOSS_INFONCE : LOSS_NCL));
        y = say(r, y, STYLE_TEXT, text);
    }
    say(r, y, STYLE_DIM,
        learned_is_saved(model, record->model) ? "It is saved." : "It is in memory: :save-model saves it.");
}

void learning_draw_words(const struct learning_screen *screen, struct model *model, struct rect r)
{
    const struct learning_record *record = learning_looked_at(screen, model);

    if (learning_failure(model, &screen->choice)[0])
        draw_failure(screen, model, r);
    else if (learning_busy(model) && (!record || record->state != LEARNING_RUNNING))
        say(r, 0, STYLE_STRONG, "Training begins ...");
    else if (!record)
        draw_before(screen, model, r);
    else if (record->state == LEARNING_RUNNING)
        draw_running(record, r);
    else
        draw_done(record, model, r);
}
