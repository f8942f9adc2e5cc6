#include "engine/base/mapping.h"

#include "engine/base/memory.h"
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* Entries are never freed, so that a signal handler can walk them at any time; those with no size are reused. */
struct mapping {
    struct mapping *next;
    atomic_uintptr_t start;
    atomic_size_t size;
    _Atomic(char *) path;
};

static _Atomic(struct mapping *) first;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* held to change entries */

/* Call with `lock` held.  Null when out of memory. */
static struct mapping *unused_entry(void)
{
    struct mapping *mapping = atomic_load(&first);

    while (mapping && atomic_load(&mapping->size))
        mapping = mapping->next;
    if (mapping || !(mapping = memory_array(1, sizeof *mapping)))
        return mapping;
    mapping->next = atomic_load(&first);
    atomic_store(&first, mapping);
    return mapping;
}

static int enter(void *map, size_t size, const char *path)
{
    char *copy = memory_text(path);

    pthread_mutex_lock(&lock);
    struct mapping *mapping = copy ? unused_entry() : NULL;
    if (mapping) {
        atomic_store(&mapping->path, copy);
        atomic_store(&mapping->start, (uintptr_t)map);
        atomic_store(&mapping->size, size);
    }
    pthread_mutex_unlock(&lock);
    if (!mapping)
        free(copy);
    return mapping ? 0 : -1;
}

void *mapping_open(int descriptor, size_t size, const char *path)
{
    void *map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, descriptor, 0);

    if (map == MAP_FAILED)
        return NULL;
    if (enter(map, size, path) == 0)
        return map;
    munmap(map, size);
    errno = ENOMEM;
    return NULL;
}

void mapping_close(void *map, size_t size)
{
    if (!map)
        return;
    pthread_mutex_lock(&lock);
    for (struct mapping *mapping = atomic_load(&first); mapping; mapping = mapping->next) {
        if (atomic_load(&mapping->size) && atomic_load(&mapping->start) == (uintptr_t)map) {
            atomic_store(&mapping->size, 0);
            free(atomic_exchange(&mapping->path, NULL));
        }
    }
    pthread_mutex_unlock(&lock);
    munmap(map, size);
}

void mapping_forget(const void *from, const void *to)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t start = ((uintptr_t)from + page - 1) / page * page, end = (uintptr_t)to / page * page;

    if (end > start)
        madvise((char *)from + (start - (uintptr_t)from), end - start, MADV_DONTNEED);
}

void mapping_expect(const void *from, const void *to)
{
    size_t before = (uintptr_t)from % (uintptr_t)sysconf(_SC_PAGESIZE);

    madvise((char *)from - before, (size_t)((const char *)to - (const char *)from) + before, MADV_WILLNEED);
}

const char *mapping_path(const void *address)
{
    for (struct mapping *mapping = atomic_load(&first); mapping; mapping = mapping->next)
        if ((uintptr_t)address - atomic_load(&mapping->start) < atomic_load(&mapping->size))
            return atomic_load(&mapping->path);
    return NULL;
}
