#include "ui/view.h"

/* In the order of the tabs. */
const struct view *const views[] = {
    &search_view,
};
const size_t views_count = sizeof(views) / sizeof(views[0]);
