/* What banks, or parts of one, are good for, under the rules that need no more than a bank, with the parameters in
 * force; the direction is text to video. */
#ifndef HUBSCOPE_UI_MODEL_BANK_REPORTS_H
#define HUBSCOPE_UI_MODEL_BANK_REPORTS_H

#include "engine/evaluation/bank_report.h"
#include "ui/model/model.h"

struct bank_reports *bank_reports_new(void); /* null when out of memory */
void bank_reports_free(struct bank_reports *reports);

/* *why is null, or says that the report is on its way (asks for it; until then the one for the parameters before is
 * returned, if there was one) or why there is none.  Valid until the next model_collect. */
const struct bank_report *model_bank_report(struct model *model, const struct bank_subset *choice, const char **why);

/* The rules that a report is about, with the parameters in force; returns how many. */
size_t bank_reports_specs(const struct model *model, struct rule_spec *spec);

void bank_reports_forget_asked(struct bank_reports *reports);
/* Posts the next report that was asked for; false when there is none. */
bool bank_reports_advance(struct model *model);

#endif
