/* What the library's opaque types hold, and how the engine's errors leave it. */
#ifndef HUBSCOPE_ENGINE_LIBRARY_HANDLES_H
#define HUBSCOPE_ENGINE_LIBRARY_HANDLES_H

#include "engine/base/job.h"
#include "engine/collection/collection.h"
#include "engine/study/study.h"
#include <hubscope/error.h>

struct hubscope_collection {
    struct collection *collection;
};

struct hubscope_study {
    struct study study;
};

struct hubscope_job {
    struct job job;
};

/* What a function returns that has failed, or that has not. */
struct hubscope_error handles_result(int failed, const struct error *error);

/* The same for a failure with this text. */
struct hubscope_error handles_refuse(enum hubscope_code code, const char *text);

/* The analysis of an entry; null unless it has been analysed. */
const struct analysis *handles_analysis(const struct hubscope_study *study, size_t entry);

#endif
