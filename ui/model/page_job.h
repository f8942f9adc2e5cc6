/* The HTML page of what is explored. */
#ifndef HUBSCOPE_UI_MODEL_PAGE_JOB_H
#define HUBSCOPE_UI_MODEL_PAGE_JOB_H

#include "ui/model/model.h"

/* Has the page written to a file, with bank, rules and parameters as they are when it is made; says in the status line
 * when it is there.  Refuses a file that is there already. */
int model_write_page(struct model *model, const char *path, struct error *error);

void page_job_forget(struct model *model); /* no page is wanted any more */
/* Posts the page that is wanted; false when there is none. */
bool page_job_advance(struct model *model);

#endif
