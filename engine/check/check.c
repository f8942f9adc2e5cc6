#include "engine/check/check.h"

#include "engine/check/parts.h"
#include "engine/collection/entries.h"
#include "engine/formats/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static int begin(struct checking *checking, struct error *error)
{
    struct stat status;

    if (file_join(checking->catalog_path, sizeof checking->catalog_path, checking->path, "catalog.db", error))
        return -1;
    if (stat(checking->path, &status))
        return error_system(error, "%s", checking->path);
    if (stat(checking->catalog_path, &status) && (errno == ENOENT || errno == ENOTDIR))
        return error_set(error, ERROR_INPUT, "%s: is not a collection (it has no catalog.db)", checking->path);
    return entries_check(checking->path, error); /* nothing below is opened otherwise */
}

static int run_part(struct checking *checking, const struct check_part *part, struct check_report *report,
                    struct error *error)
{
    struct check *check = &report->check[report->checks++];
    const char *missing = part->needs_catalog && !checking->catalog ? "the catalog cannot be read"
                          : part->needs_shapes && !checking->shapes ? "a matrix is missing or of another shape"
                          : part->needs_soundness && report->faults ? "faults were found before"
                                                                    : NULL;

    *check = (struct check){.name = part->name};
    if (missing) {
        check->skipped = true;
        snprintf(check->what, sizeof check->what, "%s", missing);
        return 0;
    }
    if (check_cancelled(checking, error) || part->run(checking, check, error))
        return -1;
    if (check->findings.memory)
        return error_memory(error);
    if (catalog_check_failed(checking->catalog, error))
        return -1;
    report->faults += check->findings.faults;
    report->wrong += check->findings.faults > 0;
    return 0;
}

/* *replaced says whether another collection took its place meanwhile: then what was found is of both. */
static int check_once(const char *path, const struct check_options *options, struct check_report *report,
                      struct job *job, bool *replaced, struct error *error)
{
    struct checking checking = {.path = path, .options = options, .job = job};
    struct stat before = {0}, after = {0};
    int failed = begin(&checking, error);

    *replaced = false;
    if (!failed && stat(checking.catalog_path, &before))
        return error_system(error, "%s", checking.catalog_path);

    job_expect(job, check_part_count);
    for (size_t i = 0; i < check_part_count && !failed; i++) {
        if (!options->cheap || check_parts[i]->cheap)
            failed = run_part(&checking, check_parts[i], report, error);
        job_step(job);
    }
    for (size_t i = 0; i < checking.matrices; i++)
        matrix_close(&checking.matrix[i].matrix);
    free(checking.matrix);
    free(checking.model);
    catalog_check_close(checking.catalog);
    *replaced = before.st_ino &&
                (stat(checking.catalog_path, &after) || before.st_ino != after.st_ino || before.st_dev != after.st_dev);
    return failed;
}

int collection_check(const char *path, const struct check_options *options, struct check_report *report,
                     struct job *job, struct error *error)
{
    enum { TRIES = 10 };
    bool replaced = true;
    int failed = 0;

    for (int tries = 0; replaced && tries < TRIES; tries++) {
        check_report_close(report);
        if (error)
            *error = (struct error){0};
        failed = check_once(path, options, report, job, &replaced, error);
    }
    return !replaced ? failed
                     : error_set(error, ERROR_SYSTEM, "%s: was changed by another program meanwhile; try again", path);
}

void check_report_close(struct check_report *report)
{
    for (size_t i = 0; i < report->checks; i++)
        findings_close(&report->check[i].findings);
    *report = (struct check_report){0};
}
