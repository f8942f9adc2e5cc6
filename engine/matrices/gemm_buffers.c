#include "engine/matrices/gemm_buffers.h"

#include "engine/base/pool.h"
#include "engine/matrices/blas.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>

enum { CALLERS = 4, MOST = 64, PAGE = 4096 };  /* threads beside the pool's that multiply; buffers at most */
static const size_t buffer_bytes = 136u << 20; /* with what OpenBLAS adds for alignment */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool limited;
static size_t buffers;
static sem_t available;

static bool space_is_limited(void)
{
    struct rlimit limit;
    FILE *file = fopen("/proc/sys/vm/overcommit_memory", "re");
    int mode = file ? fgetc(file) : EOF;

    if (file)
        fclose(file);
    return mode == '2' || (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY);
}

/* How many buffers half of the free address space has room for. */
static size_t count_room(size_t wanted)
{
    void *map[2 * MOST];
    size_t count = 0;

    while (count < 2 * wanted) {
        map[count] = mmap(NULL, buffer_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (map[count] == MAP_FAILED)
            break;
        count++;
    }
    for (size_t i = 0; i < count; i++)
        munmap(map[i], buffer_bytes);
    return count / 2;
}

/* Maps the pages at a buffer's start, without taking memory. */
static void touch(const char *buffer)
{
    if (madvise((void *)buffer, GEMM_BUFFERS_TOUCHED, MADV_POPULATE_READ) == 0)
        return;
    for (size_t i = 0; i < GEMM_BUFFERS_TOUCHED; i += PAGE) /* before Linux 5.14 */
        (void)*(const volatile char *)(buffer + i);
}

static void prepare(void)
{
    void *made[MOST];
    size_t wanted = pool_workers() + CALLERS;
    const struct blas *library = blas(NULL);

    limited = space_is_limited();
    if (!library || !library->memory_alloc || !library->memory_free)
        return;
    wanted = wanted < MOST ? wanted : MOST;
    buffers = limited ? count_room(wanted) : wanted;
    for (size_t i = 0; i < buffers; i++)
        touch(made[i] = library->memory_alloc(0));
    for (size_t i = 0; i < buffers; i++)
        library->memory_free(made[i]); /* to be taken again: OpenBLAS keeps them mapped */
    if (limited)
        sem_init(&available, 0, (unsigned)buffers);
}

bool gemm_buffers_take(void)
{
    pthread_once(&once, prepare);
    if (!limited)
        return true;
    while (buffers && sem_wait(&available) && errno == EINTR)
        ;
    return buffers > 0;
}

void gemm_buffers_give(void)
{
    if (limited)
        sem_post(&available);
}
