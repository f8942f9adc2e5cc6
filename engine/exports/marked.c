/* The videos that the user marked, as rows of hubs. */
#include "engine/exports/export.h"

static int report(struct export_request *export, const struct format *format, struct report *report, struct job *job,
                  struct error *error)
{
    return export_hubs.report(export, format, report, job, error);
}

const struct export_kind export_marked = {.name = "marked", .rules = EXPORT_TWO_RULES, .report = report};
