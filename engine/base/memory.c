#include "engine/base/memory.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64 };

static atomic_long allowed = -1; /* allocations left before failure; negative: no limit */

static bool refused(void)
{
    long left = atomic_load(&allowed);

    if (left < 0)
        return false;
    if (left == 0)
        return true;
    atomic_fetch_sub(&allowed, 1);
    return false;
}

void memory_fail_after(long n)
{
    atomic_store(&allowed, n);
}

void *memory_array(size_t count, size_t size)
{
    if (refused())
        return NULL;
    return calloc(count ? count : 1, size);
}

void *memory_grow(void *block, size_t count, size_t size)
{
    if (refused())
        return NULL;
    return reallocarray(block, count ? count : 1, size);
}

float *memory_floats(size_t count)
{
    if (refused() || count > (SIZE_MAX - ALIGNMENT) / sizeof(float))
        return NULL;
    size_t bytes = (count * sizeof(float) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return aligned_alloc(ALIGNMENT, bytes ? bytes : ALIGNMENT);
}

bool memory_is_left(size_t bytes)
{
    void *volatile block = memory_array(bytes, 1);
    bool left = block != NULL;

    free(block);
    return left;
}

char *memory_text(const char *text)
{
    if (!text)
        return NULL;
    size_t size = strlen(text) + 1;
    char *copy = memory_array(size, 1);
    return copy ? memcpy(copy, text, size) : NULL;
}
