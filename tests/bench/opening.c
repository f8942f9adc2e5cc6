#include "engine/collection/collection.h"
#include "engine/formats/file.h"
#include "engine/import/import.h"
#include "tests/bench/workload.h"

#include <ftw.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBERS = 8 }; /* in a row; opening does not depend on it */

#define GOAL_SECONDS 0.2

static int open_collection(void *context, struct error *error)
{
    struct collection *collection = collection_open(context, error);

    collection_close(collection);
    return collection ? 0 : -1;
}

/* Writes `rows` rows of ones, float32; -1 on failure. */
static int write_ones(const char *path, size_t rows)
{
    FILE *file = fopen(path, "wb");
    char head[119];
    float row[NUMBERS];

    if (!file)
        return -1;
    int used =
        snprintf(head, sizeof head, "{'descr': '<f4', 'fortran_order': False, 'shape': (%zu, %d), }", rows, NUMBERS);
    fwrite("\x93NUMPY\x01\x00\x76\x00", 1, 10, file);
    fprintf(file, "%s%*s\n", head, 117 - used, "");
    for (size_t i = 0; i < NUMBERS; i++)
        row[i] = 1;
    for (size_t i = 0; i < rows; i++)
        fwrite(row, sizeof row, 1, file);
    int failed = ferror(file);
    return fclose(file) || failed ? -1 : 0;
}

static int write_tables(const char *videos_table, const char *texts_table, size_t videos)
{
    FILE *file = fopen(videos_table, "w"), *texts = fopen(texts_table, "w");
    int failed = !file || !texts;

    if (!failed) {
        fputs("key,title\n", file);
        for (size_t i = 0; i < videos; i++)
            fprintf(file, "video%zu,a clip\n", i);
        fputs("split,video,caption\nquery,video0,a clip\n", texts);
        failed = ferror(file) || ferror(texts);
    }
    if (file)
        failed |= fclose(file);
    if (texts)
        failed |= fclose(texts);
    return failed ? -1 : 0;
}

/* Imports a collection of `videos` videos from files in `folder` into folder/collection, and writes its path to
 * `made`. */
static int make_collection(const char *folder, size_t videos, char *made, struct error *error)
{
    static const char *const names[] = {"videos.csv", "texts.csv", "videos.npy", "queries.npy", "collection"};
    char path[5][PATH_MAX];

    for (size_t i = 0; i < 5; i++)
        if (file_join(path[i], sizeof path[i], folder, names[i], error))
            return -1;
    if (write_tables(path[0], path[1], videos) || write_ones(path[2], videos) || write_ones(path[3], 1))
        return error_set(error, ERROR_SYSTEM, "cannot write to %s", folder);
    struct import import = {
        .destination = path[4], .videos_table = path[0], .texts_table = path[1], .videos = path[2], .queries = path[3]};
    struct import_report report;
    if (collection_import(&import, &report, NULL, NULL, error))
        return -1;
    memcpy(made, path[4], sizeof path[4]);
    return 0;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    remove(path);
    return 0;
}

int workload_opening(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                     struct error *error)
{
    const char *temporary = getenv("TMPDIR");
    size_t videos = options->quick ? workload->gallery / 40 : workload->gallery; /* made first, which takes seconds */
    char folder[PATH_MAX], made[PATH_MAX];
    struct timing timing = {.work = open_collection, .context = made, .runs = workload->runs};

    snprintf(folder, sizeof folder, "%s/hubscope-bench-XXXXXX", temporary && *temporary ? temporary : "/tmp");
    if (!mkdtemp(folder)) {
        snprintf(result->skipped, sizeof result->skipped, "cannot make a temporary directory");
        return 0;
    }
    int status = make_collection(folder, videos, made, error);
    if (status == 0) {
        snprintf(result->what, sizeof result->what, "open a collection of %zu videos", videos);
        result->goal_seconds = GOAL_SECONDS;
        status = timing_run(&timing, result, error);
    }
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    return status;
}
