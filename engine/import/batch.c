#include "engine/import/batch.h"

#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/base/pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 64 };

struct batch {
    struct making *making;
    const struct import_work *work;
    size_t first;
    char *items;
};

static void do_row(void *context, size_t chunk, size_t worker)
{
    const struct batch *batch = context;

    (void)worker;
    if (!job_cancelled(batch->making->job))
        batch->work->work(batch->making, batch->first + chunk, batch->items + chunk * batch->work->item_size);
    job_step(batch->making->job);
}

int import_in_batches(struct making *making, size_t rows, const struct import_work *work, struct error *error)
{
    struct batch batch = {.making = making, .work = work};
    int failed = 0;

    batch.items = memory_array(BATCH, work->item_size);
    if (!batch.items)
        return error_memory(error);
    job_expect(making->job, rows);
    for (size_t first = 0; !failed && first < rows; first += BATCH) {
        size_t count = rows - first < BATCH ? rows - first : BATCH;
        memset(batch.items, 0, count * work->item_size);
        batch.first = first;
        pool_run(count, do_row, &batch);
        if (job_cancelled(making->job))
            failed = error_set(error, ERROR_CANCELLED, "cancelled");
        for (size_t i = 0; i < count; i++) {
            char *item = batch.items + i * work->item_size;
            failed = failed || work->take(making, first + i, item, error);
            if (work->close)
                work->close(item);
        }
    }
    free(batch.items);
    return failed ? -1 : 0;
}

bool import_has_keys(struct making *making, const char *dir)
{
    const struct import *import = making->import;

    if (!making->tables.key_of && !import->videos_table && !import->texts_table && !import->change)
        findings_fault(making->findings, dir, NULL,
                       item_text("%s: the videos have no keys; list them with --videos-table FILE"), dir);
    return making->tables.key_of != NULL;
}

void import_remark_missing(struct making *making, const struct key_files *files, const char *dir, const char *what)
{
    enum { NAMED = 3 };
    const struct import_tables *tables = &making->tables;
    char named[256] = "";
    size_t missing = 0;

    for (size_t row = 0; row < tables->video_count; row++) {
        if (key_files_find(files, tables->key_of[row]))
            continue;
        size_t used = strlen(named);
        if (missing++ < NAMED)
            snprintf(named + used, sizeof named - used, "%s\"%.60s\"", used ? ", " : "", tables->key_of[row]);
    }
    if (missing)
        findings_remark(making->findings, item_text("%s: %zu of %zu videos have no %s there: %s%s"), dir, missing,
                        tables->video_count, what, named, missing > NAMED ? ", ..." : "");
}
