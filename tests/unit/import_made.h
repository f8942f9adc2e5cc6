/* For tests of import: the files of a small collection in a temporary folder, and its import. */
#ifndef HUBSCOPE_TESTS_UNIT_IMPORT_MADE_H
#define HUBSCOPE_TESTS_UNIT_IMPORT_MADE_H

#include "engine/base/clock.h"
#include "engine/base/memory.h"
#include "engine/collection/collection.h"
#include "engine/formats/npy.h"
#include "engine/import/import.h"

#include <dirent.h>
#include <ftw.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h> /* needs some of the headers above */

#include "tests/unit/sanitized.h"

enum { VIDEOS = 6, QUERIES = 10, BANK = 5, OTHER = 3, VIDEO_BANK = 4, DIMENSION = 8 };

static const char videos_table[] = "key,title,group,duration_ms,frames,strip,poster\n"
                                   "a,\"Cat, \"\"the\"\" tabby\",pets,3000,72,s.bmp,\n"
                                   "b,Dog,,,,,p.bmp\n"
                                   "c,,pets,1,2,,\n"
                                   "d,Emu,birds,,,,\n"
                                   "e,\"Two\nlines\",,,,,\n"
                                   "f,Fox,,,,s.bmp,\n";

/* Splits are mixed on purpose: each keeps its own order. */
static const char texts_table[] =
    "split,video,caption\n"
    "query,a,q0\ntrain,,b0\nquery,a,q1\nquery,b,q2\ntrain,zz,b1\ntrain,a,b2\nquery,c,q3\nquery,d,"
    "q4\n"
    "query,e,q5\nquery,e,q6\nquery,,q7\nquery,f,q8\ntrain,f,b3\ntrain,,b4\nquery,f,q9\n";

static char folder[64], file[9][96], destination[96];
enum { VIDEOS_CSV, TEXTS_CSV, VIDEO, QUERY, TRAIN, PLAIN, CLIPS, STRIP, POSTER };
static const char *const names[] = {"videos.csv", "texts.csv", "v.npy", "q.npy", "train.npy",
                                    "plain.npy",  "clips.npy", "s.bmp", "p.bmp"};
static struct import_bank banks[2], video_banks[1];
static struct import import; /* valid after `make` */

static inline void write_bytes(const char *path, const void *bytes, size_t size)
{
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, size, stream), size);
    assert_int_equal(fclose(stream), 0);
}

static inline void write_text(int which, const char *text)
{
    write_bytes(file[which], text, strlen(text));
}

static inline float value(size_t which, size_t i)
{
    return (float)sin((double)(which * 1000 + i) * 0.7) * 3;
}

static inline void write_matrix(int which, size_t rows, size_t cols)
{
    float data[32 * 16];
    for (size_t i = 0; i < rows * cols; i++)
        data[i] = value((size_t)which, i);
    assert_int_equal(npy_write(file[which], NPY_F32, data, rows, cols, NULL), 0);
}

static inline void write_bitmap(int which, unsigned char width, unsigned char height)
{
    unsigned char bitmap[54 + 64 * 64 * 3] = {
        'B', 'M', [10] = 54, [14] = 40, [18] = width, [22] = height, [26] = 1, [28] = 24};
    write_bytes(file[which], bitmap, (size_t)54 + width * height * 3u);
}

static inline int make(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/hubscope-import-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        snprintf(file[i], sizeof file[i], "%s/%s", folder, names[i]);
    snprintf(destination, sizeof destination, "%s/made", folder);
    write_text(VIDEOS_CSV, videos_table);
    write_text(TEXTS_CSV, texts_table);
    write_matrix(VIDEO, VIDEOS, DIMENSION);
    write_matrix(QUERY, QUERIES, DIMENSION);
    write_matrix(TRAIN, BANK, DIMENSION);
    write_matrix(PLAIN, OTHER, DIMENSION);
    write_matrix(CLIPS, VIDEO_BANK, DIMENSION);
    write_bitmap(STRIP, 16, 4);
    write_bitmap(POSTER, 16, 4);
    banks[0] = (struct import_bank){.name = "train", .path = file[TRAIN]};
    banks[1] = (struct import_bank){.name = "plain", .path = file[PLAIN]};
    video_banks[0] = (struct import_bank){.name = "train", .path = file[CLIPS]};
    import = (struct import){
        .destination = destination,
        .videos_table = file[VIDEOS_CSV],
        .texts_table = file[TEXTS_CSV],
        .videos = file[VIDEO],
        .queries = file[QUERY],
        .banks = banks,
        .bank_count = 2,
        .video_banks = video_banks,
        .video_bank_count = 1,
        .thumbnails = folder,
        .name = "first",
        .licence = "CC0",
        .logit_scale = 12.5,
        .index = true,
    };
    return 0;
}

static inline int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

static inline void remove_tree(const char *path)
{
    nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static inline int drop(void **state)
{
    (void)state;
    memory_fail_after(-1);
    remove_tree(folder);
    return 0;
}

static inline void import_good(void)
{
    struct error error = {0};

    if (collection_import(&import, NULL, NULL, NULL, &error))
        fail_msg("%s", error.text);
}

static inline struct collection *open_good(void)
{
    struct error error = {0};
    struct collection *collection = collection_open(destination, &error);

    if (!collection)
        fail_msg("%s", error.text);
    return collection;
}

/* Number of entries whose names begin like the destination: itself, staging and leftovers. */
static inline size_t count_destinations(void)
{
    size_t count = 0;
    struct dirent *entry;
    DIR *dir = opendir(folder);

    assert_non_null(dir);
    while ((entry = readdir(dir)))
        count += strncmp(entry->d_name, "made", 4) == 0;
    closedir(dir);
    return count;
}

/* The rows made by write_matrix, scaled to length 1. */
static inline void assert_unit_rows(const struct matrix *matrix, int which, size_t rows)
{
    assert_int_equal(matrix->rows, rows);
    assert_int_equal(matrix->cols, DIMENSION);
    for (size_t i = 0; i < rows; i++) {
        const float *row = matrix_rows(matrix, i, 1, NULL);
        double sum = 0;
        for (size_t j = 0; j < DIMENSION; j++)
            sum += pow(value((size_t)which, i * DIMENSION + j), 2);
        for (size_t j = 0; j < DIMENSION; j++)
            assert_true(fabs(row[j] - value((size_t)which, i * DIMENSION + j) / sqrt(sum)) < 1e-6);
    }
}

/* Expects a refusal with a finding that names `who` and says `why`; the error reports the first finding, and nothing is
 * left behind. */
static inline void assert_refused(const char *who, const char *why)
{
    struct error error = {0};
    struct findings findings = {0};
    char line[FINDINGS_LINE], first[FINDINGS_LINE] = "";
    bool found = false, remark;

    assert_int_equal(collection_import(&import, NULL, &findings, NULL, &error), -1);
    for (size_t i = 0; i < findings.lines; i++) {
        findings_line(&findings, i, line, sizeof line, &remark);
        found = found || (!remark && strstr(line, who) && strstr(line, why));
        if (!remark && !*first)
            strcpy(first, line);
    }
    if (!found)
        fail_msg("nothing names %s and says \"%s\": %s", who, why, error.text);
    assert_memory_equal(error.text, first, strlen(first));
    assert_true(findings.faults == 1 ? strlen(error.text) == strlen(first)
                                     : strstr(error.text, "more: --dry-run lists them)") != NULL);
    findings_close(&findings);
    assert_int_equal(count_destinations(), 0);
}

/* Starts an import in a child and kills it after `delay` seconds, or lets it end. */
static inline void import_and_kill(double delay)
{
    double start = clock_seconds();
    pid_t child = fork();
    int status;

    if (child == 0)
        _exit(collection_import(&import, NULL, NULL, NULL, NULL) ? 1 : 0);
    assert_true(child > 0);
    while (waitpid(child, &status, WNOHANG) == 0) {
        if (clock_seconds() - start >= delay) {
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
            break;
        }
        usleep(50);
    }
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
}

#endif
