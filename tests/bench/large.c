/* Makes a large collection's files, which `hubscope import` takes:
 *
 *   large DIRECTORY VIDEOS [BANK]
 *   hubscope import NAME --videos DIRECTORY/videos.npy --queries DIRECTORY/queries.npy \
 *       --bank train=DIRECTORY/bank.npy --texts-table DIRECTORY/texts.csv --no-encoder
 *
 * videos.npy and queries.npy (VIDEOS, 512), a caption each and near its video, bank.npy (BANK, 512) and texts.csv.  The
 * embeddings are float16 of length 1 and share a direction, so that there are hubs. */
#include "tests/bench/load.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { D = LOAD_DIMENSION, NUMBERS = 1 << 14, WORDS = 20000 };

static float number[NUMBERS]; /* close to normal */

static uint64_t next(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

static void make_numbers(void)
{
    enum { SUMMED = 12 };
    uint64_t seed = 1;

    for (size_t i = 0; i < NUMBERS; i++) {
        number[i] = -SUMMED / 2;
        for (size_t j = 0; j < SUMMED; j++)
            number[i] += (float)next(&seed) * 0x1p-31f;
    }
}

/* Adds noise to a row and gives it length 1. */
static void disturb(const float *from, float noise, uint64_t *seed, float *row)
{
    float squares = 0;

    for (size_t i = 0; i < D; i++) {
        row[i] = from[i] + noise * number[next(seed) & (NUMBERS - 1)];
        squares += row[i] * row[i];
    }
    for (size_t i = 0; i < D; i++)
        row[i] /= sqrtf(squares);
}

/* Row `index` of the videos, the captions or the bank. */
static void make_row(size_t index, char of, float *row)
{
    static const float shared = 0.5f, far = 0.06f;
    float common[D] = {0}, video[D];
    uint64_t seed = 2 * index + (of == 'b');

    for (size_t i = 0; i < D / 4; i++)
        common[i] = shared / sqrtf(D / 4);
    next(&seed);
    disturb(common, 1 / sqrtf(D), &seed, video);
    if (of == 'v')
        memcpy(row, video, sizeof video);
    else
        disturb(video, far, &seed, row);
}

static int write_matrix(const char *folder, const char *name, size_t rows, char of)
{
    char path[4096], head[119];
    float row[D];
    uint16_t half[D];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (!file)
        return -1;
    int used = snprintf(head, sizeof head, "{'descr': '<f2', 'fortran_order': False, 'shape': (%zu, %d), }", rows, D);
    memset(head + used, ' ', 117 - (size_t)used);
    head[117] = '\n';
    fwrite("\x93NUMPY\x01\x00\x76\x00", 10, 1, file);
    fwrite(head, 118, 1, file);
    for (size_t r = 0; r < rows; r++) {
        make_row(r, of, row);
        for (size_t i = 0; i < D; i++)
            half[i] = load_half(row[i]);
        fwrite(half, sizeof half, 1, file);
    }
    int failed = ferror(file);
    return fclose(file) || failed ? -1 : 0;
}

/* A made-up word; small numbers are frequent. */
static void print_word(FILE *file, size_t word)
{
    static const char *const syllable[] = {"ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pu",
                                           "ra", "se", "ti", "vo", "zu", "an", "el", "is", "or", "um"};
    do
        fputs(syllable[word % 20], file);
    while ((word /= 20));
}

static void print_caption(FILE *file, uint64_t *seed)
{
    size_t words = 6 + next(seed) % 7;

    for (size_t i = 0; i < words; i++) {
        double part = (double)next(seed) * 0x1p-31;
        fputc(i ? ' ' : ',', file);
        print_word(file, (size_t)pow(WORDS, part) - 1);
    }
}

static int write_texts(const char *folder, size_t videos, size_t bank)
{
    char path[4096];
    uint64_t seed = 7;

    snprintf(path, sizeof path, "%s/texts.csv", folder);
    FILE *file = fopen(path, "w");
    if (!file)
        return -1;
    fputs("video,caption,split\n", file);
    for (size_t i = 0; i < videos + bank; i++) {
        if (i < videos)
            fprintf(file, "video%07zu", i);
        print_caption(file, &seed);
        fputs(i < videos ? ",query\n" : ",train\n", file);
    }
    int failed = ferror(file);
    return fclose(file) || failed ? -1 : 0;
}

int main(int argc, char **argv)
{
    size_t videos = argc > 2 ? strtoul(argv[2], NULL, 10) : 0, bank = argc > 3 ? strtoul(argv[3], NULL, 10) : 0;

    if (!videos) {
        fputs("usage: large DIRECTORY VIDEOS [BANK]\n", stderr);
        return 2;
    }
    make_numbers();
    if (write_matrix(argv[1], "videos.npy", videos, 'v') || write_matrix(argv[1], "queries.npy", videos, 'q') ||
        (bank && write_matrix(argv[1], "bank.npy", bank, 'b')) || write_texts(argv[1], videos, bank)) {
        perror(argv[1]);
        return 1;
    }
    return 0;
}
