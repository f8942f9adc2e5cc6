/* Files made of what a view shows. */
#ifndef HUBSCOPE_UI_MODEL_EXPORT_JOB_H
#define HUBSCOPE_UI_MODEL_EXPORT_JOB_H

#include "engine/exports/export.h"
#include "ui/model/model.h"

/* What a view has to show in a file. */
struct exhibit {
    const struct export_kind *kind;
    enum direction direction;
    size_t k;        /* of hubs */
    uint32_t *order; /* (shown) rows in the order of the view, which the call takes over; null: the table's own */
    size_t shown;
};

/* Writes the exhibit, under the rules in force, to a file in the format of its name (a directory for export_vectors),
 * on a thread of its own; says so when it is done, calling the file `shown`.  -1 with the error when that cannot even
 * begin. */
int model_export(struct model *model, struct exhibit *exhibit, const char *path, const char *shown, bool replace,
                 struct error *error);

#endif
