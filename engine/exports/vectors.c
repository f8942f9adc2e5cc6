/* Vectors of every rule, one file each. */
#include "engine/results/vectors.h"
#include "engine/exports/export.h"

static int directory(struct export_request *export, const char *path, bool replace, size_t *files, struct job *job,
                     struct error *error)
{
    const struct study *study = &export->study;
    if (export_analyse(export, job, error))
        return -1;
    return vectors_write(study_task(study), study->analysis, study->entries, path, replace, files, error);
}

const struct export_kind export_vectors = {.name = "vectors", .rules = EXPORT_ALL_RULES, .directory = directory};
