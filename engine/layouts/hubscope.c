/* Our own names of columns, in tables of any kind. */
#include "engine/layouts/layout.h"

const struct dataset_layout layout_hubscope = {
    .name = "hubscope",
    .help = "columns key, title, ... of videos and split, video, caption of texts",
    .videos = table_open,
    .texts = table_open,
};
