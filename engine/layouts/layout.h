/* Layouts of datasets: how their files become tables with our column names.  A layout is a file in this folder and a
 * line in layouts.def. */
#ifndef HUBSCOPE_ENGINE_LAYOUTS_LAYOUT_H
#define HUBSCOPE_ENGINE_LAYOUTS_LAYOUT_H

#include "engine/formats/table.h"

struct dataset_layout {
    const char *name;
    const char *help; /* what it reads, in one line */

    /* Reads tables of videos (key, ...) and of texts (video, caption and, if the files give it, split); other columns
     * may follow. */
    struct table *(*videos)(const char *spec, struct error *error);
    struct table *(*texts)(const char *spec, struct error *error);

    /* Whether a file of texts also lists the videos; null: never. */
    bool (*tells_videos)(const char *texts);

    /* The files cover the whole dataset: texts of videos that are not in the table of videos, and of splits that are
     * not banks, are dropped instead of refused. */
    bool whole;
};

#define LAYOUT(name) extern const struct dataset_layout layout_##name;
#include "engine/layouts/layouts.def"
#undef LAYOUT

extern const struct dataset_layout *const layouts[]; /* null-terminated; the first is the default */

const struct dataset_layout *layout_find(const char *name); /* null if it does not exist */
void layout_names(char *buffer, size_t size);               /* "hubscope, msrvtt, ..." */

#endif
