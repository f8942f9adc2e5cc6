#include "ui/views/view.h"

/* In the order of the tabs. */
const struct view *const views[] = {
    &search_view, &hubs_view, &mass_view, &shifts_view, &metrics_view, &banks_view,
};
const size_t views_count = sizeof(views) / sizeof(views[0]);
