/* Without libFuzzer, for any compiler: runs a harness on inputs, and on mutations of them, the same ones each time.
 *
 * usage: replay HARNESS MUTATIONS FILE-OR-FOLDER... */
#include "engine/base/random.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LARGEST = 1 << 17, MORE = 64, INPUTS = 1024, DEADLINE_S = 60 };

typedef int harness(const uint8_t *data, size_t size);

#define HARNESS(name) harness fuzz_##name;
#include "harnesses.def"
#undef HARNESS

static const struct {
    const char *name;
    harness *run;
} harnesses[] = {
#define HARNESS(name) {#name, fuzz_##name},
#include "harnesses.def"
#undef HARNESS
};

static struct input {
    char *path;
    uint8_t *bytes;
    size_t size;
} inputs[INPUTS];
static size_t count;

static int take(const char *path, const struct stat *status, int type)
{
    size_t size = (size_t)status->st_size;

    if (type != FTW_F || size > LARGEST || count == INPUTS)
        return 0;
    int fd = open(path, O_RDONLY);
    uint8_t *bytes = malloc(size + 1);
    if (fd < 0 || !bytes || read(fd, bytes, size) != (ssize_t)size) {
        perror(path);
        exit(2);
    }
    close(fd);
    inputs[count++] = (struct input){strdup(path), bytes, size};
    return 0;
}

/* The order in a folder differs between machines. */
static int compare(const void *left, const void *right)
{
    const struct input *a = left, *b = right;

    return strcmp(a->path, b->path);
}

/* `bytes` has room for MORE more; returns the new size. */
static size_t mutate(struct random_state *random, uint8_t *bytes, size_t size)
{
    static const uint8_t suspicious[] = {0, 1, 0x7f, 0x80, 0xff, '0', '9', '-', '"', ',', '(', '{', '[', '\n'};

    for (uint64_t edits = 1 + random_below(random, 6); edits && size; edits--) {
        size_t at = random_below(random, size), length = 1 + random_below(random, 8);
        size_t other = random_below(random, size);
        length = length < size - at ? length : size - at;
        switch (random_below(random, 8)) {
        case 0:
            size = at + 1;
            break;
        case 1:
            memmove(bytes + at, bytes + at + length, size - at - length);
            size -= length;
            break;
        case 2:
            memmove(bytes + at + length, bytes + at, size - at);
            size += length;
            break;
        case 3:
            memmove(bytes + at, bytes + other, length < size - other ? length : size - other);
            break;
        case 4:
        case 5:
            bytes[at] = suspicious[random_below(random, sizeof suspicious)];
            break;
        default:
            bytes[at] ^= (uint8_t)(1u << random_below(random, 8));
        }
    }
    return size;
}

static void run(harness *run_one, const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1); /* of exactly that size: reading beyond it is an error */

    memcpy(copy, bytes, size);
    alarm(DEADLINE_S);
    run_one(copy, size);
    alarm(0);
    free(copy);
}

int main(int argc, char **argv)
{
    static uint8_t mutated[LARGEST + MORE];
    harness *chosen = NULL;
    struct random_state random = random_start(1, 0);

    for (size_t i = 0; i < sizeof harnesses / sizeof *harnesses && argc > 2; i++)
        if (strcmp(harnesses[i].name, argv[1]) == 0)
            chosen = harnesses[i].run;
    if (!chosen) {
        fprintf(stderr, "usage: replay HARNESS MUTATIONS FILE-OR-FOLDER...\n");
        return 2;
    }
    for (int i = 3; i < argc; i++)
        ftw(argv[i], take, 8);
    run(chosen, mutated, 0);
    qsort(inputs, count, sizeof *inputs, compare);
    for (size_t i = 0; i < count; i++)
        run(chosen, inputs[i].bytes, inputs[i].size);
    for (size_t left = count ? strtoul(argv[2], NULL, 10) : 0; left; left--) {
        size_t which = random_below(&random, count), size = inputs[which].size;
        memcpy(mutated, inputs[which].bytes, size);
        run(chosen, mutated, mutate(&random, mutated, size));
    }
    for (size_t i = 0; i < count; i++) {
        free(inputs[i].path);
        free(inputs[i].bytes);
    }
    return 0;
}
