#include "ui/model/work.h"

#include "ui/model/bank_reports.h"
#include "ui/model/curves.h"
#include "ui/model/differences.h"
#include "ui/model/fits.h"
#include "ui/model/learning.h"
#include "ui/model/page_job.h"
#include "ui/model/worker.h"

/* What is missing is made in this order: a page or a training first, as the user asked for it; then what the current
 * view shows, the other direction, and slow rules.  On a lane of its own, what refines first looks at large tasks: it
 * begins when nothing else is missing, and goes on beside what is asked for then. */
static const struct {
    const struct errand *errand;
    enum lane lane;
} errands[] = {
    {&page_errand, LANE_HEAVY},       {&learning_errand, LANE_HEAVY},   {&fits_errand, LANE_HEAVY},
    {&curve_errand, LANE_HEAVY},      {&difference_errand, LANE_HEAVY}, {&bank_errand, LANE_HEAVY},
    {&other_fits_errand, LANE_HEAVY}, {&later_fits_errand, LANE_LATER},
};
enum { ERRANDS = sizeof errands / sizeof *errands };

void model_advance(struct model *model)
{
    for (size_t i = 0; i < ERRANDS && !model->paused; i++) {
        if (!worker_lane_idle(model->worker, LANE_HEAVY) || !worker_lane_idle(model->worker, errands[i].lane))
            continue;
        struct work *work = errands[i].errand->next(model);
        if (!work)
            continue;
        work->errand = errands[i].errand;
        worker_post(model->worker, errands[i].lane, work);
    }
}

void model_restart(struct model *model)
{
    worker_cancel(model->worker, LANE_LATER);
    if (!learning_busy(model)) /* a training does not depend on what changes */
        worker_cancel(model->worker, LANE_HEAVY);
    model_advance(model); /* if something is still running, model_collect does it */
}

int model_wake_fd(const struct model *model)
{
    return worker_fd(model->worker);
}

bool model_idle(const struct model *model)
{
    for (int lane = 0; lane < LANES; lane++)
        if (!worker_lane_idle(model->worker, (enum lane)lane))
            return false;
    return true;
}

bool model_answers_soon(const struct model *model)
{
    return !worker_lane_idle(model->worker, LANE_QUICK);
}

bool model_collect(struct model *model)
{
    struct work *work;
    bool any = false;

    while ((work = worker_take(model->worker))) {
        work->errand->land(work, model);
        work_free(work);
        any = true;
    }
    learning_settle(model);
    model_advance(model);
    return any;
}

bool model_busy(const struct model *model, double *share, const char **what)
{
    if (!worker_lane_idle(model->worker, LANE_FILE)) {
        *share = worker_share(model->worker, LANE_FILE);
        *what = worker_what(model->worker, LANE_FILE);
        return true;
    }
    enum lane lane = worker_lane_idle(model->worker, LANE_HEAVY) ? LANE_LATER : LANE_HEAVY;
    if (worker_lane_idle(model->worker, lane))
        return false;
    *share = worker_share(model->worker, lane);
    *what = worker_what(model->worker, lane);
    return true;
}

void model_cancel(struct model *model)
{
    if (!worker_lane_idle(model->worker, LANE_FILE)) {
        worker_cancel(model->worker, LANE_FILE);
        return;
    }
    worker_cancel(model->worker, LANE_HEAVY);
    worker_cancel(model->worker, LANE_LATER);
    page_job_forget(model); /* :report requests it again */
    learning_forget(model);
    model->paused = true;
    model_say(model, false, "cancelled; work resumes when you change a rule, parameter or bank");
}

void model_resume(struct model *model)
{
    model->paused = false;
    model_advance(model);
}

void model_forget_asked(struct model *model)
{
    for (size_t i = 0; i < ERRANDS; i++)
        if (errands[i].errand->forget)
            errands[i].errand->forget(model);
}
