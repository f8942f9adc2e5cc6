#include "ui/explorer/follow.h"

#include "ui/model/filter.h"
#include "ui/model/query.h"
#include "ui/model/where.h"

static bool is_listed(const struct model *model)
{
    return model->video == NO_VIDEO || model_lists_video(model, model->video);
}

void follow_list(struct explorer *explorer)
{
    const struct view *view = views[explorer->view];

    if (view->select_first && !is_listed(&explorer->model))
        view->select_first(explorer->state[explorer->view], &explorer->model);
}

static void leave_subset(struct explorer *explorer)
{
    struct follow *follow = &explorer->follow;

    if (follow->took && explorer->model.video == follow->taken)
        model_set_video(&explorer->model, follow->left);
    *follow = (struct follow){0};
}

void follow_subset(struct explorer *explorer)
{
    struct model *model = &explorer->model;
    struct follow *follow = &explorer->follow;
    unsigned long subset = model_where_number(model);
    uint32_t before = model->video;

    if (!subset) {
        leave_subset(explorer);
        return;
    }
    if (subset != follow->subset)
        follow->due = true;
    follow->subset = subset;
    if (!follow->due || !views[explorer->view]->select_first)
        return;
    follow_list(explorer);
    follow->due = !is_listed(model); /* while its list is still being made */
    if (model->video == before)
        return;
    if (!follow->took || before != follow->taken)
        follow->left = before;
    follow->took = true;
    follow->taken = model->video;
}
