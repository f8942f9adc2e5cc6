#include "engine/library/handles.h"

#include <stdio.h>

struct hubscope_error handles_refuse(enum hubscope_code code, const char *text)
{
    struct hubscope_error result = {.code = (int)code};

    snprintf(result.message, sizeof result.message, "%s", text);
    return result;
}

struct hubscope_error handles_result(int failed, const struct error *error)
{
    static const enum hubscope_code codes[] = {
        [ERROR_NONE] = HUBSCOPE_SYSTEM,   [ERROR_INPUT] = HUBSCOPE_INPUT,   [ERROR_USAGE] = HUBSCOPE_USAGE,
        [ERROR_SYSTEM] = HUBSCOPE_SYSTEM, [ERROR_MEMORY] = HUBSCOPE_MEMORY, [ERROR_CANCELLED] = HUBSCOPE_CANCELLED,
    };

    if (!failed)
        return (struct hubscope_error){.code = HUBSCOPE_OK};
    return handles_refuse(codes[error->kind], error->kind == ERROR_CANCELLED ? "cancelled" : error->text);
}

const struct analysis *handles_analysis(const struct hubscope_study *study, size_t entry)
{
    const struct analysis *analysis = entry < study->study.entries ? &study->study.analysis[entry] : NULL;

    return analysis && analysis->fit ? analysis : NULL;
}
