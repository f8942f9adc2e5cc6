#include "engine/import/making.h"

size_t import_steps(size_t rows)
{
    return (rows + IMPORT_STEP - 1) / IMPORT_STEP;
}

int import_step(struct job *job, size_t row, struct error *error)
{
    if (row % IMPORT_STEP)
        return 0;
    job_step(job);
    return job_cancelled(job) ? error_set(error, ERROR_CANCELLED, "cancelled") : 0;
}
