/* Exports of what a view shows. */
#ifndef HUBSCOPE_UI_MODEL_EXPORT_JOB_H
#define HUBSCOPE_UI_MODEL_EXPORT_JOB_H

#include "engine/exports/export.h"
#include "ui/model/model.h"

/* What a view exports. */
struct exhibit {
    const struct export_kind *kind;
    enum direction direction;
    size_t k;        /* of hubs */
    uint32_t *order; /* (shown) rows in the order of the view, owned by the call; null: the table's order */
    size_t shown;
    struct pick
        pick[PICKS_MAX]; /* (picks) of metrics: the rules in the order of the view; none: the compared one first */
    size_t picks;
};

/* The marked videos; false if there are none. */
bool exhibit_marked(const struct model *model, struct exhibit *exhibit);
/* Leaves only marked rows in an exhibit of videos or queries, if any video is marked; false if none of them remains. */
bool exhibit_keep_marked(const struct model *model, struct exhibit *exhibit);

/* Starts writing the exhibit, under the rules in force, to a file in the format of its name (a directory for
 * export_vectors), on a separate thread; the status line reports the end, calling the file `shown`.  Returns 0, or -1
 * with the error if it cannot start. */
int model_export(struct model *model, struct exhibit *exhibit, const char *path, const char *shown, bool replace,
                 struct error *error);

/* The same as a tab-separated table for the clipboard (ui/terminal/clipboard.h). */
int model_copy(struct model *model, struct exhibit *exhibit, struct error *error);

#endif
