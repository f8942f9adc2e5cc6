/* Changes a file of records (engine/formats/record_file.h) in one to three places of its records, and makes its hash
 * right again: record_mutate FILE SEED TO. */
#include "engine/formats/record_file.h"

#include "engine/base/random.h"
#include "engine/formats/file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BEGIN = 24, HEAD = 32, MOST = 1 << 26, RECORDS = 4096 };

static uint64_t size_of(const char *record)
{
    uint64_t size;

    memcpy(&size, record + RECORD_NAME, sizeof size);
    return size;
}

/* Finds where the records begin; returns how many there are. */
static size_t find_records(const char *bytes, size_t size, size_t start[RECORDS])
{
    size_t count = 0;

    for (size_t at = BEGIN; at < size - HEAD && count < RECORDS; at += HEAD + (size_of(bytes + at) + 7) / 8 * 8)
        start[count++] = at;
    return count;
}

/* Puts a value that is rarely right over one of these bytes' words. */
static void change(char *bytes, size_t size, struct random_state *random)
{
    static const uint64_t whole[] = {0,
                                     1,
                                     2,
                                     3,
                                     7,
                                     0x7f,
                                     0x80,
                                     0xff,
                                     0xffff,
                                     0x7fffffff,
                                     0x80000000,
                                     0xffffffff,
                                     0x100000000,
                                     0x7fffffffffffffff,
                                     0xffffffffffffffff};
    const double real[] = {NAN, INFINITY, -INFINITY, -1, 1e308, 1e-310, -0.0};
    const float single[] = {NAN, INFINITY, -1, 3e38f};
    size_t kind = random_below(random, 4), width = kind == 1 ? 8 : kind == 2 ? 4 : (size_t)1 << random_below(random, 4);
    uint64_t value = whole[random_below(random, sizeof whole / sizeof *whole)];

    if (kind == 1)
        memcpy(&value, &real[random_below(random, sizeof real / sizeof *real)], 8);
    if (kind == 2)
        memcpy(&value, &single[random_below(random, sizeof single / sizeof *single)], 4);
    if (kind == 3)
        value = random_below(random, 256);
    if (width > size)
        width = 1;
    size_t words = size / width, near = words < 8 || random_below(random, 2) ? words : 8; /* often near the beginning */
    if (words)
        memcpy(bytes + random_below(random, near) * width, &value, width);
}

int main(int argc, char **argv)
{
    struct error error;
    size_t size, start[RECORDS];
    char *bytes = argc == 4 ? file_read(argv[1], MOST, &size, &error) : NULL;

    if (!bytes || size < BEGIN + 2 * HEAD) {
        fprintf(stderr, "usage: record_mutate FILE SEED TO\n");
        return 2;
    }
    struct random_state random = random_start(strtoull(argv[2], NULL, 10), 0);
    size_t records = find_records(bytes, size, start);
    for (size_t times = 1 + random_below(&random, 3); times--;) {
        size_t at = start[random_below(&random, records)], held = size_of(bytes + at), room = size - 2 * HEAD - at;
        if (random_below(&random, 8) == 0)
            change(bytes + at + RECORD_NAME, 8, &random);
        else
            change(bytes + at + HEAD, held < room ? held : room, &random);
    }
    uint64_t hash = record_hash(0, bytes, size - HEAD);
    memset(bytes + size - HEAD, 0, HEAD);
    memcpy(bytes + size - sizeof hash, &hash, sizeof hash);
    int failed = file_write(argv[3], &(struct file_part){bytes, size}, 1, &error);
    free(bytes);
    return failed ? 1 : 0;
}
