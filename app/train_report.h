/* What `hubscope train` reports of what it learned. */
#ifndef HUBSCOPE_APP_TRAIN_REPORT_H
#define HUBSCOPE_APP_TRAIN_REPORT_H

#include "engine/learned_model/learn.h"
#include "engine/results/report.h"

/* `where` is the collection that the model was added to. */
struct report train_report(const struct learn *learn, const char *where);

#endif
