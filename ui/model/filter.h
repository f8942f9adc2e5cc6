/* The words that narrow every list of videos and queries.  A video is listed if each of them is somewhere in its title,
 * key, tags or captions; a query, if each is in its own caption or its video's title, key or tags.  Case and accents do
 * not matter.  Measures are of all videos all the same. */
#ifndef HUBSCOPE_UI_MODEL_FILTER_H
#define HUBSCOPE_UI_MODEL_FILTER_H

#include "ui/model/model.h"

struct filter *filter_new(void); /* null when out of memory */
void filter_free(struct filter *filter);

/* Reads the texts on the worker, the first time; until they are read every row is listed. */
void model_open_filter(struct model *model);
void model_set_filter(struct model *model, const char *words); /* "" for none */
const char *model_filter(const struct model *model);

/* Whether a video or query is listed: by the words, by what is to be seen of marks (ui/model/marks.h),
 * and by the subset that measures are of (ui/model/where.h). */
bool model_lists_video(const struct model *model, uint32_t video);
bool model_lists_query(const struct model *model, size_t query);
bool model_narrows(const struct model *model); /* whether some rows may not be listed */

/* The folded title of a video, to sort by; "" until the texts were read, which model_open_filter asks for. */
const char *model_folded_title(const struct model *model, uint32_t video);

#define FILTER_NOTHING "nothing to list: Esc clears the words, a shows all rows"
enum { FILTER_LABEL = 96 };
/* "\cat 12/500  " "marked 3/500  " or "group=smileys 90/500  " for the title of a list that shows `listed` of `all`
 * rows; "" if nothing is narrowed. */
void filter_label(const struct model *model, size_t listed, size_t all, char buffer[FILTER_LABEL]);

#endif
