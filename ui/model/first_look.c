#include "ui/model/first_look.h"

#include <math.h>

static const double NORMAL_95 = 1.96;

/* Of a share of queries drawn without replacement. */
static double half_interval(double percent, size_t queries, size_t all)
{
    double share = percent / 100, left = 1 - (double)queries / (double)all;

    return 100 * NORMAL_95 * sqrt(share * (1 - share) / (double)queries * left);
}

static void add(const struct model *model, struct pick pick, struct first_look *look)
{
    const struct model_side *side = model_side(model, T2V, pick);
    const struct analysis *analysis = model_own_analysis(model, T2V, pick);

    if (!side->task)
        return;
    if (side_is_partial(side, pick.rule) && (!look->rows || side->fit[pick.rule]->n < look->rows)) {
        look->rows = side->fit[pick.rule]->n;
        look->all_rows = task_bank(side->task);
    }
    if (analysis && analysis->query) {
        look->queries = analysis->queries;
        look->all_queries = task_queries(side->task);
        look->r1_within = half_interval(analysis->metrics.r1, look->queries, look->all_queries);
    }
}

bool model_first_look(const struct model *model, struct first_look *look)
{
    *look = (struct first_look){.r1_within = NAN};
    add(model, model->versus, look);
    add(model, model->current, look);
    return look->rows || look->queries;
}
