/* How well every query bank represents the queries. */
#include "engine/results/banks.h"
#include "engine/base/memory.h"
#include "engine/collection/collection.h"
#include "engine/exports/export.h"
#include <stdlib.h>
#include <string.h>

static int report(struct export_request *export, const struct format *format, struct report *report, struct job *job,
                  struct error *error)
{
    const struct study *study = &export->study;
    const struct collection_model *model = study_task(study)->model;
    struct bank_report *found = memory_array(model->banks, sizeof *found);
    size_t made = 0;
    int status = found ? 0 : error_memory(error);
    (void)format;
    for (size_t i = 0; status == 0 && i < model->banks; i++) {
        struct bank_subset whole = {0};
        if (!model->bank[i].matrix.rows)
            continue;
        memcpy(whole.name, model->bank[i].name, sizeof whole.name);
        status = study_report_bank(study, &whole, export->bank_spec, export->bank_specs, &found[made], job, error);
        made += status == 0;
    }
    status = status ? status : banks_report(study_task(study), found, made, report, error);
    for (size_t i = 0; i < made; i++)
        bank_report_close(&found[i]);
    free(found);
    return status;
}

const struct export_kind export_banks = {.name = "banks", .rules = EXPORT_NO_RULES, .report = report};
