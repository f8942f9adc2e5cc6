/* To be preloaded: allocation number FAIL_AT (from 1) of the process returns null, the libraries' ones included; with
 * FAIL_ON in the environment every later one does, too.  With FAIL_SITES only those count that no earlier one had the
 * same callers as.  FAIL_TRACE prints the callers of the first that fails.  A process that ends writes to the file
 * FAIL_COUNT how many it counted.
 * FAIL_LIST is a file for a line a site: its innermost callers as a number, the same wherever the loader put them, and
 * the number of its first allocation, which without FAIL_SITES is found again in much less time.
 * With FAIL_CALL=read it is reads at an offset, as SQLite makes them, that are counted and fail.
 * What the loader and the libraries' constructors allocate before main is left alone: nobody could report it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static atomic_long count, all;

static atomic_bool begun; /* main was reached */

static const char *value_of(const char *name)
{
    extern char **environ;
    size_t length = strlen(name);

    for (size_t i = 0; environ && environ[i]; i++)
        if (strncmp(environ[i], name, length) == 0 && environ[i][length] == '=')
            return environ[i] + length + 1;
    return NULL;
}

/* Adds a line to FAIL_LIST. */
static void list_site(void *const *frame, int frames, long number)
{
    static int file = -1;
    const char *path = value_of("FAIL_LIST");
    char line[48];
    uint64_t hash = 0;

    if (!path)
        return;
    if (file < 0)
        file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    for (int i = 0; i < frames; i++) {
        struct dl_find_object module = {0}; /* without the symbol, for which dladdr would search them all */
        _dl_find_object(frame[i], &module);
        hash = (hash ^ ((uintptr_t)frame[i] - (uintptr_t)module.dlfo_map_start)) * 0x9e3779b97f4a7c15u;
    }
    int length = snprintf(line, sizeof line, "%016lx %ld\n", (unsigned long)hash, number);
    (void)!write(file, line, (size_t)length);
}

static _Thread_local bool looking; /* for callers, which itself allocates */

/* Whether no allocation before had the callers of this one. */
static bool is_new_site(long number)
{
    enum { FRAMES = 14, LISTED = 10, SITES = 1 << 16 };
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static uint64_t site[SITES];
    void *frame[FRAMES];
    uint64_t hash = 0;

    looking = true;
    int frames = backtrace(frame, FRAMES);
    looking = false;
    for (int i = 2; i < frames; i++)
        hash = (hash ^ (uintptr_t)frame[i]) * 0x9e3779b97f4a7c15u;
    pthread_mutex_lock(&lock);
    size_t at = hash >> 48;
    while (site[at] && site[at] != hash)
        at = (at + 1) % SITES;
    bool fresh = !site[at];
    site[at] = hash;
    pthread_mutex_unlock(&lock);
    if (fresh)
        list_site(frame + 2, frames < LISTED ? frames - 2 : LISTED - 2, number);
    return fresh;
}

static void trace(void)
{
    void *frame[30];

    atomic_store(&begun, false);
    backtrace_symbols_fd(frame, backtrace(frame, 30), STDERR_FILENO);
    atomic_store(&begun, true);
}

static bool fails_call(bool reads)
{
    static atomic_int wanted_reads = -1;

    static atomic_long wanted = -1;
    static atomic_bool on, by_site;

    if (!begun || looking)
        return false;
    if (wanted_reads < 0)
        wanted_reads = value_of("FAIL_CALL") != NULL;
    if (reads != wanted_reads)
        return false;
    if (wanted < 0 && value_of("FAIL_AT")) {
        on = value_of("FAIL_ON") != NULL;
        by_site = value_of("FAIL_SITES") != NULL;
        wanted = atol(value_of("FAIL_AT"));
    }
    long number = atomic_fetch_add(&all, 1) + 1;
    if (by_site && !(on && count >= wanted) && !is_new_site(number))
        return false;
    long at = atomic_fetch_add(&count, 1) + 1;
    if (wanted <= 0 || (on ? at < wanted : at != wanted))
        return false;
    if (at == wanted && value_of("FAIL_TRACE"))
        trace();
    errno = reads ? EIO : ENOMEM;
    return true;
}

static bool fails(void)
{
    return fails_call(false);
}

ssize_t pread64(int file, void *bytes, size_t size, off64_t offset)
{
    static ssize_t (*real)(int, void *, size_t, off64_t);

    if (!real)
        real = (ssize_t(*)(int, void *, size_t, off64_t))dlsym(RTLD_NEXT, "pread64");
    return fails_call(true) ? -1 : real(file, bytes, size, offset);
}

ssize_t pread(int file, void *bytes, size_t size, off_t offset)
{
    return pread64(file, bytes, size, offset);
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t number, size_t size)
{
    return fails() ? NULL : __libc_calloc(number, size);
}

void *realloc(void *block, size_t size)
{
    return fails() ? NULL : __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return fails() ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
    void *made = fails() ? NULL : __libc_memalign(alignment, size);

    if (!made)
        return ENOMEM;
    *block = made;
    return 0;
}

typedef int main_function(int argc, char **argv, char **environment);
static main_function *real_main;

static int counted_main(int argc, char **argv, char **environment)
{
    begun = true;
    return real_main(argc, argv, environment);
}

int __libc_start_main(main_function *main, int argc, char **argv, void (*init)(void), void (*fini)(void),
                      void (*rtld_fini)(void), void *stack_end)
{
    typeof(__libc_start_main) *real = (typeof(__libc_start_main) *)dlsym(RTLD_NEXT, "__libc_start_main");

    real_main = main;
    return real(counted_main, argc, argv, init, fini, rtld_fini, stack_end);
}

__attribute__((destructor)) static void write_count(void)
{
    const char *path = value_of("FAIL_COUNT");
    char line[32];
    int length = snprintf(line, sizeof line, "%ld\n", atomic_load(&count));
    int file = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666) : -1;

    if (file < 0)
        return;
    (void)!write(file, line, (size_t)length);
    close(file);
}
