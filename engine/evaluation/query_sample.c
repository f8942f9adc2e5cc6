#include "engine/evaluation/query_sample.h"

#include "engine/base/memory.h"
#include "engine/base/random.h"

#include <stdlib.h>
#include <string.h>

int task_sample_queries(struct task *task, size_t count, uint64_t seed, struct error *error)
{
    uint32_t *row = memory_array(count, sizeof *row), *start = memory_array(count + 1, sizeof *start);
    size_t targets = 0;

    if (!row || !start) {
        free(row);
        free(start);
        return error_memory(error);
    }
    random_rows(row, task_queries(task), count, seed);
    for (size_t i = 0; i < count; i++) { /* ascending, so that targets only move down */
        uint32_t from = task->target_start[row[i]], most = task->target_start[row[i] + 1] - from;
        memmove(task->target + targets, task->target + from, most * sizeof *task->target);
        if (task->grade)
            memmove(task->grade + targets, task->grade + from, most * sizeof *task->grade);
        targets += most;
        start[i + 1] = (uint32_t)targets;
    }
    free(task->target_start);
    task->target_start = start;
    task->s.row_map = task->query_row = row;
    task->s.rows = count;
    return 0;
}
