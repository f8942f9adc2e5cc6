#include "ui/explorer/trail.h"

#include "ui/model/filter.h"
#include "ui/model/marks.h"
#include "ui/model/query.h"
#include "ui/model/selection.h"
#include "ui/model/where.h"

#include <stdio.h>
#include <string.h>

struct visit visit_of(const struct model *model, size_t view)
{
    struct visit visit = {.view = view,
                          .bank = model->bank,
                          .query = model->query,
                          .video = model->video,
                          .current = model->current,
                          .versus = model->versus,
                          .third = model->third,
                          .columns = model->columns,
                          .parameter = model->parameter};

    memcpy(visit.text, model->text, sizeof visit.text);
    snprintf(visit.where, sizeof visit.where, "%s", model_where(model));
    memcpy(visit.filter, model_filter(model), sizeof visit.filter);
    visit.models = model_shown(model, visit.model);
    for (size_t m = 0; m < visit.models; m++)
        memcpy(visit.spec[m], model->source[visit.model[m]]->spec, sizeof visit.spec[m]);
    return visit;
}

static bool same_parameters(const struct visit *a, const struct visit *b)
{
    for (size_t m = 0; m < a->models; m++)
        for (size_t r = 0; r < rules_count; r++)
            if (!rule_same(&a->spec[m][r], &b->spec[m][r]))
                return false;
    return true;
}

static bool same_step(const struct visit *a, const struct visit *b)
{
    return a->view == b->view && a->bank == b->bank && a->query == b->query && strcmp(a->text, b->text) == 0 &&
           strcmp(a->filter, b->filter) == 0 && strcmp(a->where, b->where) == 0 && pick_same(a->current, b->current) &&
           pick_same(a->versus, b->versus) && a->columns == b->columns &&
           (a->columns < MODEL_COLUMNS || pick_same(a->third, b->third)) && same_parameters(a, b);
}

void trail_update(struct trail *trail, const struct model *model, size_t view)
{
    const struct visit now = visit_of(model, view);

    if (!trail->count)
        trail->count = 1;
    else if (!model->opening && !same_step(&trail->visit[trail->at], &now))
        return;
    trail->visit[trail->at] = now;
}

void trail_note(struct trail *trail, const struct model *model, size_t view)
{
    const struct visit now = visit_of(model, view);

    trail_update(trail, model, view);
    if (same_step(&trail->visit[trail->at], &now))
        return;
    if (trail->at + 1 == TRAIL) {
        memmove(trail->visit, trail->visit + 1, (TRAIL - 1) * sizeof *trail->visit);
        trail->at--;
    }
    trail->visit[++trail->at] = now;
    trail->count = trail->at + 1;
}

static void return_query(struct model *model, const struct visit *visit)
{
    if (visit->query == model->query && strcmp(visit->text, model->text) == 0)
        return;
    if (visit->query != NO_QUERY)
        model_set_query(model, visit->query);
    else
        model_set_text(model, visit->text);
}

void visit_return(const struct visit *visit, struct model *model)
{
    for (size_t m = 0; m < visit->models; m++)
        model_set_specs(model, visit->model[m], visit->spec[m]);
    if (visit->bank != model->bank)
        model_set_bank(model, visit->bank);
    model_choose_all(model, (struct pick[]){visit->current, visit->versus, visit->third}, visit->columns);
    model->parameter = visit->parameter;
    return_query(model, visit);
    model_set_filter(model, visit->filter);
    if (strcmp(visit->where, model_where(model)) != 0)
        model_set_where(model, visit->where);
    model_set_video(model, visit->video);
}

/* The subset of the marked videos is of those marked now; without any the step is one of all videos. */
static void forget_marked(struct visit *visit, const struct model *model)
{
    if (strcmp(visit->where, WHERE_MARKED) == 0 && !model_marks(model))
        visit->where[0] = 0;
}

size_t trail_go(struct trail *trail, struct model *model, bool forward)
{
    if (forward ? trail->at + 1 >= trail->count : trail->at == 0) {
        model_say(model, false, forward ? "there is nothing to go forward to" : "this is where you began");
        return SIZE_MAX;
    }
    trail->at = forward ? trail->at + 1 : trail->at - 1;
    struct visit *visit = &trail->visit[trail->at];
    forget_marked(visit, model);
    visit_return(visit, model);
    return visit->view;
}
