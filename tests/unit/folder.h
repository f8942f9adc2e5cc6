/* For tests of readers: a temporary folder per test, files in it, and mutations of small files. */
#ifndef HUBSCOPE_TESTS_UNIT_FOLDER_H
#define HUBSCOPE_TESTS_UNIT_FOLDER_H

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h> /* needs some of the headers above */

#include "tests/unit/sanitized.h"

/* cmocka setup: *state is the folder's path. */
static inline int folder_make(void **state)
{
    const char *base = getenv("TMPDIR");
    char *dir = NULL;

    if (asprintf(&dir, "%s/hubscope-test-XXXXXX", base && *base ? base : "/tmp") < 0)
        return -1;
    *state = dir;
    return mkdtemp(dir) ? 0 : -1;
}

/* cmocka teardown: removes the folder and the files in it. */
static inline int folder_remove(void **state)
{
    char *dir = *state;
    DIR *open = opendir(dir);

    for (struct dirent *entry; open && (entry = readdir(open));)
        unlinkat(dirfd(open), entry->d_name, 0);
    if (open)
        closedir(open);
    int failed = rmdir(dir);
    free(dir);
    return failed;
}

/* "dir/name", in a buffer that the next call reuses. */
static inline const char *folder_path(const char *dir, const char *name)
{
    static char full[4096];

    snprintf(full, sizeof full, "%s/%s", dir, name);
    return full;
}

static inline void folder_write(const char *dir, const char *name, const void *bytes, size_t size)
{
    const char *full = folder_path(dir, name);

    unlink(full); /* a new file is much faster than a truncated one, which is flushed to disk */
    FILE *file = fopen(full, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* Number of files in the folder. */
static inline size_t folder_count(const char *dir)
{
    size_t count = 0;
    DIR *open = opendir(dir);

    assert_non_null(open);
    for (struct dirent *entry; (entry = readdir(open));)
        count += entry->d_name[0] != '.';
    closedir(open);
    return count;
}

/* The next of a fixed sequence of numbers (xorshift). */
static inline uint32_t folder_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

/* Mutations and truncations look for what sanitizers find: other builds try fewer. */
enum { FOLDER_STEP = SANITIZED ? 1 : 10 };

static inline int folder_mutations(int all)
{
    return SANITIZED ? all / 2 : (all + 9) / 10;
}

/* Writes a damaged copy of `bytes` to `out` (size + 16 bytes): some bits flipped, bytes overwritten with suspicious
 * values, cut or extended.  Returns its size. */
static inline size_t folder_mutate(const unsigned char *bytes, size_t size, unsigned char *out, uint32_t *seed)
{
    static const unsigned char telling[] = {0, 1, 0x7f, 0x80, 0xff, '0', '9', '-', '\'', '"', ',', '(', '{', '\n'};

    memcpy(out, bytes, size);
    for (uint32_t edits = 1 + folder_random(seed) % 4; edits && size; edits--) {
        size_t at = folder_random(seed) % size;
        switch (folder_random(seed) % 8) {
        case 0:
            size = at;
            break;
        case 1:
            memmove(out + at, out + at + 1, size - at - 1);
            size--;
            break;
        case 2:
        case 3:
        case 4:
            out[at] = telling[folder_random(seed) % sizeof telling];
            break;
        default:
            out[at] ^= (unsigned char)(1u << folder_random(seed) % 8);
        }
    }
    return size;
}

#endif
