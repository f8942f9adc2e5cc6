#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/evaluation/search.h"
#include "engine/evaluation/shortlist.h"
#include "engine/formats/npy.h"
#include "engine/matrices/row_codes.h"
#include "tests/bench/workload.h"

#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

struct wide {
    struct load load;
    struct matrix mapped; /* (M, d) float16 */
    float *sum;           /* (workers) */
    struct row_codes codes;
    int8_t *code;       /* (M, d) */
    float *scale, *off; /* (M) */
};

enum { NUMBERS = 1 << 14 };

/* Numbers as those of unit rows: close to normal, of mean 0 and variance 1 / d. */
static void make_numbers(uint16_t *number)
{
    enum { SUMMED = 12 };
    const float scale = 1 / sqrtf(LOAD_DIMENSION);
    uint32_t seed = 1;

    for (size_t i = 0; i < NUMBERS; i++) {
        float sum = -SUMMED / 2;
        for (size_t j = 0; j < SUMMED; j++) {
            seed = seed * 1664525u + 1013904223u;
            sum += (float)(seed >> 8) * 0x1p-24f;
        }
        number[i] = load_half(sum * scale);
    }
}

/* Writes a .npy file of (rows, 512) float16 numbers. */
static int write_halves(int file, size_t rows)
{
    char head[129];
    uint16_t row[16 * LOAD_DIMENSION], number[NUMBERS];
    uint64_t seed = 1;

    make_numbers(number);
    int used = snprintf(head, sizeof head, "{'descr': '<f2', 'fortran_order': False, 'shape': (%zu, %d), }", rows,
                        LOAD_DIMENSION);
    memset(head + used, ' ', 117 - (size_t)used);
    head[117] = '\n';
    if (write(file, "\x93NUMPY\x01\x00\x76\x00", 10) != 10 || write(file, head, 118) != 118)
        return -1;
    for (size_t done = 0; done < rows; done += 16) {
        size_t count = rows - done < 16 ? rows - done : 16;
        for (size_t i = 0; i < 16 * LOAD_DIMENSION; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            row[i] = number[seed >> 40 & (NUMBERS - 1)];
        }
        size_t size = count * LOAD_DIMENSION * sizeof *row;
        if (write(file, row, size) != (ssize_t)size)
            return -1;
    }
    return 0;
}

/* Free disk space at `path`, in bytes. */
static double disk_room(const char *path)
{
    struct statvfs room;

    return statvfs(path, &room) ? 0 : (double)room.f_bavail * (double)room.f_frsize;
}

/* Maps an unnamed file, which disappears when closed. */
static int map_halves(struct matrix *mapped, size_t rows, struct bench_result *result, struct error *error)
{
    const char *folder = getenv("TMPDIR");
    double bytes = (double)rows * LOAD_DIMENSION * 2;
    char path[64];

    folder = folder && *folder ? folder : "/tmp";
    double memory = (double)sysconf(_SC_AVPHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    if (disk_room(folder) < 2 * bytes || memory < 1.5 * bytes) {
        snprintf(result->skipped, sizeof result->skipped, "needs %.1f GB of disk in %.60s and %.1f GB of free memory",
                 2e-9 * bytes, folder, 1.5e-9 * bytes);
        return 0;
    }
    int file = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file < 0 || write_halves(file, rows)) {
        snprintf(result->skipped, sizeof result->skipped, "cannot write a temporary file in %.60s", folder);
        if (file >= 0)
            close(file);
        return 0;
    }
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    int status = npy_open(path, mapped, error);
    close(file);
    return status;
}

static void read_chunk(void *context, size_t chunk, size_t worker)
{
    struct wide *wide = context;
    size_t share = wide->mapped.rows * wide->mapped.cols / 4 / pool_workers();
    const uint64_t *data = (const uint64_t *)wide->mapped.data + chunk * share;
    uint64_t lane[16] = {0}, total = 0;

    for (size_t i = 0; i + 16 <= share; i += 16)
        for (size_t l = 0; l < 16; l++)
            lane[l] += data[i + l];
    for (size_t l = 0; l < 16; l++)
        total += lane[l];
    wide->sum[worker] = (float)total;
}

static void read_once(void *context)
{
    pool_run(pool_workers(), read_chunk, context);
}

static int search_wide(void *context, struct error *error)
{
    struct wide *wide = context;
    struct load *load = &wide->load;
    struct search *search = search_run(&load->task, load->query.data, 0, load->fit, load->fits, 100, error);

    search_free(search);
    return search ? 0 : -1;
}

static int search_index(void *context, struct error *error)
{
    struct wide *wide = context;
    struct load *load = &wide->load;
    struct shortlist list;

    if (shortlist_run(&load->task, load->query.data, 0, load->fit, load->fits, 100, &list, error))
        return -1;
    shortlist_close(&list, 1);
    return 0;
}

static void encode_chunk(void *context, size_t row, size_t worker)
{
    struct wide *wide = context;
    float x[LOAD_DIMENSION];

    (void)worker;
    matrix_rows(&wide->mapped, row, 1, x);
    row_codes_encode(x, LOAD_DIMENSION, wide->code + row * LOAD_DIMENSION, &wide->scale[row], &wide->off[row]);
}

static int make_index(struct wide *wide, struct error *error)
{
    size_t rows = wide->mapped.rows;

    wide->code = memory_array(rows * LOAD_DIMENSION, 1);
    wide->scale = memory_floats(rows);
    wide->off = memory_floats(rows);
    if (!wide->code || !wide->scale || !wide->off)
        return error_memory(error);
    pool_run(rows, encode_chunk, wide);
    wide->codes = (struct row_codes){
        .rows = rows, .cols = LOAD_DIMENSION, .longest = 2, .code = wide->code, .scale = wide->scale, .off = wide->off};
    wide->load.task.s.codes = &wide->codes;
    return 0;
}

int workload_million(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                     struct error *error)
{
    struct wide wide = {0};
    struct load *load = &wide.load;
    struct bench_options made = *options;
    bool index = strcmp(workload->name, "index") == 0;
    struct timing timing = {.work = index ? search_index : search_wide,
                            .reference = read_once,
                            .context = &wide,
                            .runs = workload->runs,
                            .twin = workload->twin,
                            .mapped = true};
    int status = -1;

    made.data = NULL; /* the gallery is made here anyway */
    if (load_open(load, &made, 1, 1, 0, error) ||
        map_halves(&wide.mapped, workload_size(workload->gallery, options), result, error))
        goto done;
    if (result->skipped[0]) {
        status = 0;
        goto done;
    }
    load->task.s.cols = wide.mapped.rows;
    load->task.s.right = &wide.mapped;
    wide.sum = memory_floats(pool_workers());
    if (!wide.sum) {
        error_memory(error);
        goto done;
    }
    if (load_fit(load, "raw", error) || (index && make_index(&wide, error)))
        goto done;
    snprintf(result->what, sizeof result->what, "one query%s: %zu gallery x %d float16, mapped",
             index ? " by the index, top 100" : "", load->task.s.cols, LOAD_DIMENSION);
    if ((status = timing_run(&timing, result, error)))
        goto done;
    result->cells = (double)load->task.s.cols;
    result->gflops = 2e-9 * result->cells * LOAD_DIMENSION / result->seconds;
    result->reference = "read";
done:
    load_close(load);
    matrix_close(&wide.mapped);
    free(wide.sum);
    free(wide.code);
    free(wide.scale);
    free(wide.off);
    return status;
}
