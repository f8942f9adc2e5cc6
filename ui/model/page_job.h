/* The HTML page of what is explored. */
#ifndef HUBSCOPE_UI_MODEL_PAGE_JOB_H
#define HUBSCOPE_UI_MODEL_PAGE_JOB_H

#include "ui/model/model.h"

/* Requests the page as a file, with bank, rules and parameters as they are when it is made; the status line reports
 * when it is written.  Returns 0, or -1 with the error, also if the file exists. */
int model_write_page(struct model *model, const char *path, struct error *error);

void page_job_forget(struct model *model); /* drops the request */
extern const struct errand page_errand;

#endif
