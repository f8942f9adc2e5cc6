#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/evaluation/search.h"
#include "engine/formats/npy.h"
#include "tests/bench/workload.h"

#include <fcntl.h>
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
};

/* Writes a .npy file of (rows, 512) float16 numbers around 1/22. */
static int write_halves(int file, size_t rows)
{
    char head[129];
    uint16_t row[16 * LOAD_DIMENSION];
    uint64_t seed = 1;

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
            row[i] = (uint16_t)(0x2800 | (seed >> 40 & 0x83ff)); /* sign and fraction */
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

int workload_million(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                     struct error *error)
{
    struct wide wide = {0};
    struct load *load = &wide.load;
    struct bench_options made = *options;
    struct timing timing = {.work = search_wide,
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
    if (load_fit(load, "raw", error))
        goto done;
    snprintf(result->what, sizeof result->what, "one query: %zu gallery x %d float16, mapped", load->task.s.cols,
             LOAD_DIMENSION);
    if ((status = timing_run(&timing, result, error)))
        goto done;
    result->cells = (double)load->task.s.cols;
    result->gflops = 2e-9 * result->cells * LOAD_DIMENSION / result->seconds;
    result->reference = "read";
done:
    load_close(load);
    matrix_close(&wide.mapped);
    free(wide.sum);
    return status;
}
