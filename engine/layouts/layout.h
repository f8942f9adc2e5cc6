/* Layouts of datasets: how their files become tables with our column names.  A layout is a file in this folder and a
 * line in layouts.def. */
#ifndef HUBSCOPE_ENGINE_LAYOUTS_LAYOUT_H
#define HUBSCOPE_ENGINE_LAYOUTS_LAYOUT_H

#include "engine/formats/table.h"

struct layout_request {
    const char *file; /* FILE, or FILE:MEMBER */
    bool no_header;   /* of a table of ours: columns go by number */
};

struct dataset_layout {
    const char *name;
    const char *help; /* what it reads, in one line */

    /* Whether a file of texts that begins so leaves no doubt that it is this dataset's; null: never.  `head` is text,
     * or its beginning. */
    bool (*recognise)(const char *head);

    /* Reads tables of videos (key, ...) and of texts (video, caption and, if the files give it, split); other columns
     * may follow.  A caption may be a list of captions, and caption_1, caption_2, ... may stand for it: see
     * engine/formats/table_lists.h. */
    struct table *(*videos)(const struct layout_request *request, struct error *error);
    struct table *(*texts)(const struct layout_request *request, struct error *error);

    /* Whether a file of texts also lists the videos; null: never. */
    bool (*tells_videos)(const char *texts);

    /* The files cover the whole dataset: texts of videos that are not in the table of videos, and of splits that are
     * not banks, are dropped instead of refused. */
    bool whole;

    const char *item;        /* what the dataset's gallery holds, "image"; null: videos */
    const char *query_split; /* the split whose texts are queries unless the user names another; null: "query" */
};

#define LAYOUT(name) extern const struct dataset_layout layout_##name;
#include "engine/layouts/layouts.def"
#undef LAYOUT

extern const struct dataset_layout *const layouts[]; /* null-terminated; the first is the default */

/* The layout whose file of texts this is, without doubt; the default if none. */
const struct dataset_layout *layout_recognise(const char *file);

const struct dataset_layout *layout_find(const char *name); /* null if it does not exist */
void layout_names(char *buffer, size_t size);               /* "hubscope, msrvtt, ..." */

#endif
