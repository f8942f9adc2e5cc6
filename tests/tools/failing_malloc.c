/* To be preloaded: allocation number FAIL_AT (from 1) of the process returns null, the libraries' ones included. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);

static atomic_long count;

/* Read by hand: getenv may not work yet when the loader allocates. */
static long wanted(void)
{
    static atomic_long at = -1;
    extern char **environ;
    static const char name[] = "FAIL_AT=";

    for (size_t i = 0; at < 0 && environ && environ[i]; i++) {
        size_t length = 0;
        while (name[length] && environ[i][length] == name[length])
            length++;
        if (!name[length])
            at = atol(environ[i] + length);
    }
    return at;
}

static int fails(void)
{
    long at = wanted();

    if (at <= 0 || atomic_fetch_add(&count, 1) + 1 != at)
        return 0;
    errno = ENOMEM;
    return 1;
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
