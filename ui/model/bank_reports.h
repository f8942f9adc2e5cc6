/* Reports on what banks, or subsets of one, are good for: text to video, under the rules of the current model that need
 * only a bank, with the parameters in force. */
#ifndef HUBSCOPE_UI_MODEL_BANK_REPORTS_H
#define HUBSCOPE_UI_MODEL_BANK_REPORTS_H

#include "engine/evaluation/bank_report.h"
#include "ui/model/model.h"

struct bank_reports *bank_reports_new(void); /* null when out of memory */
void bank_reports_free(struct bank_reports *reports);

/* The report on a bank or subset.  *why is null, or says that the report is pending (the call requests it, and returns
 * the one for the previous parameters, if any) or why there is none.  Valid until the next model_collect. */
const struct bank_report *model_bank_report(struct model *model, const struct bank_subset *choice, const char **why);

/* Fills in the rules that a report covers, with the parameters in force; returns how many. */
size_t bank_reports_specs(const struct model *model, struct rule_spec *spec);

extern const struct errand bank_errand;

#endif
