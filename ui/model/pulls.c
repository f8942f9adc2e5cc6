#include "ui/model/pulls.h"

#include "engine/base/memory.h"
#include "ui/model/shared_task.h"
#include "ui/model/worker.h"

#include <stdlib.h>
#include <string.h>

struct pull_work {
    struct work work;
    unsigned long generation;
    struct shared_task *task;
    struct fit *fit;
    uint32_t video;
    struct pick pick;
    size_t count;
    struct pull pulls[MODEL_PULLS];
};

static void pull_run(struct work *work)
{
    struct pull_work *p = (struct pull_work *)work;

    p->count = search_pulls(&p->task->task, p->fit, p->video, p->pulls, MODEL_PULLS, NULL);
    if (p->count == SIZE_MAX)
        p->count = 0;
}

static void pull_land(struct work *work, struct model *model)
{
    struct pull_work *p = (struct pull_work *)work;

    if (p->generation != model->pulls_wanted)
        return;
    model->pulls_video = p->video;
    model->pulls_pick = p->pick;
    memcpy(model->pulls, p->pulls, sizeof(p->pulls));
    model->pull_count = p->count;
    model_touch(model);
}

static void pull_free(struct work *work)
{
    struct pull_work *p = (struct pull_work *)work;

    fit_release(p->fit);
    shared_task_release(&p->task->task);
    free(p);
}

static const struct errand pull_errand = {
    .run = pull_run, .land = pull_land, .free = pull_free, .urgency = URGENCY_PULLS};

void model_ask_pulls(struct model *model)
{
    const struct model_side *side = model_side(model, T2V, model->current);
    struct pull_work *p;

    model->pulls_wanted++;
    worker_drop(model->worker, LANE_QUICK, URGENCY_PULLS);
    const struct task *task = side_task_of(side, model->current.rule);
    if (model->video == NO_VIDEO || !side->fit[model->current.rule] || !task || !(p = memory_array(1, sizeof(*p)))) {
        model->pulls_video = NO_VIDEO;
        model->pull_count = 0;
        return;
    }
    p->work.errand = &pull_errand;
    p->generation = model->pulls_wanted;
    p->task = shared_task_keep(task);
    p->fit = fit_keep(side->fit[model->current.rule]);
    p->video = model->video;
    p->pick = model->current;
    worker_post(model->worker, LANE_QUICK, &p->work);
}
