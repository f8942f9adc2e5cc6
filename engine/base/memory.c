#include "engine/base/memory.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { ALIGNMENT = 64, HUGE_PAGE = 2 << 20, SMALL = 16 << 20 };

static atomic_long allowed = -1; /* allocations left before failure; negative: no limit */
static atomic_bool short_of;     /* a small one has failed */

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

/* Large ones may fail while there is memory for everything else. */
static void *noted(void *block, size_t count, size_t size)
{
    if (!block && (!size || count <= SMALL / size))
        atomic_store(&short_of, true);
    return block;
}

bool memory_was_short(void)
{
    return atomic_exchange(&short_of, false);
}

void *memory_array(size_t count, size_t size)
{
    return noted(refused() ? NULL : calloc(count ? count : 1, size), count, size);
}

void *memory_grow(void *block, size_t count, size_t size)
{
    return noted(refused() ? NULL : reallocarray(block, count ? count : 1, size), count, size);
}

float *memory_floats(size_t count)
{
    if (refused() || count > (SIZE_MAX - HUGE_PAGE) / sizeof(float))
        return NULL;
    size_t bytes = count ? count * sizeof(float) : 1, unit = bytes >= SMALL ? HUGE_PAGE : ALIGNMENT;
    bytes = (bytes + unit - 1) / unit * unit;
    float *block = aligned_alloc(unit, bytes);
    if (block && unit == HUGE_PAGE)
        madvise(block, bytes, MADV_HUGEPAGE); /* far fewer page faults; where it is refused, small pages do */
    return block;
}

bool memory_is_left(size_t bytes)
{
    void *volatile block = refused() ? NULL : calloc(bytes, 1);
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
