#include "app/processes.h"
#include "app/mpi/module.h"
#include "engine/base/library.h"
#include "engine/base/memory.h"
#include "engine/fitting/fit.h"
#include "engine/kernels/kernels.h"
#include "engine/matrices/gemm.h"
#include <ctype.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct mpi_module *module; /* once it is loaded */
static struct crew_link link_of_all;
static size_t here = 1;
static int complaints = -1; /* the standard error of a process that does not lead */

bool processes_built(void)
{
    return HUBSCOPE_MPI;
}

#if HUBSCOPE_MPI
/* Finds the module beside the program, in the build or installed. */
static bool find_module(char *path, size_t size)
{
    static const char *const folders[] = {"", HUBSCOPE_MODULES "/"}; /* seen from the program */
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    program[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(program, '/');
    for (size_t i = 0; slash && i < sizeof folders / sizeof *folders; i++) {
        snprintf(path, size, "%.*s/%shubscope-mpi.so", (int)(slash - program), program, folders[i]);
        if (access(path, R_OK) == 0)
            return true;
    }
    return false;
}

static int load(struct error *error)
{
    static char path[PATH_MAX + 64];
    static const struct library_symbol symbols[] = {{MPI_MODULE_SYMBOL, &module, false}, {0}};
    static struct library library = {
        .file = path, .without = "processes cannot work together", .debian = "openmpi-bin", .symbols = symbols};
    if (!find_module(path, sizeof path))
        return error_set(error, ERROR_SYSTEM, "hubscope-mpi.so is not installed: processes cannot work together");
    if (library_load(&library, error))
        return -1;
    if (strcmp(module->version, HUBSCOPE_VERSION) == 0)
        return 0;
    module = NULL;
    return error_set(error, ERROR_SYSTEM, "%s belongs to another version of hubscope", path);
}
#else
static int load(struct error *error)
{
    return error_set(error, ERROR_SYSTEM, "hubscope was built without MPI: processes cannot work together");
}
#endif

/* Whether a launcher says that this is not its first process. */
static bool follows(void)
{
    static const char *const ranks[] = {"OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK"};
    for (size_t i = 0; i < sizeof ranks / sizeof *ranks; i++)
        if (getenv(ranks[i]))
            return strcmp(getenv(ranks[i]), "0") != 0;
    return false;
}

/* How many processes a launcher has started: 0 if none has, 1 too if it does not say. */
static size_t launched(void)
{
    static const char *const counts[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (getenv(counts[i]))
            return strtoul(getenv(counts[i]), NULL, 10);
    if (!getenv("PMIX_RANK") && !getenv("PMI_RANK"))
        return 0;
    const char *tasks = getenv("SLURM_STEP_NUM_TASKS");
    return tasks ? strtoul(tasks, NULL, 10) : 1;
}

/* Only the leader's words are seen. */
static void be_quiet(void)
{
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    complaints = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (nowhere >= 0) {
        dup2(nowhere, STDOUT_FILENO);
        dup2(nowhere, STDERR_FILENO);
        close(nowhere);
    }
}

int processes_begin(struct error *error)
{
    size_t count = launched();
    if (count <= 1)
        return 0;
    if (follows())
        be_quiet();
    if (load(error))
        return -1;
    if (module->begin(&link_of_all, &here))
        return error_set(error, ERROR_SYSTEM, "MPI does not start");
    if (link_of_all.size != count) {
        char name[80];
        module->name(name, sizeof name);
        return error_set(error, ERROR_SYSTEM,
                         "%zu processes were started, but not by the mpirun of %s, which hubscope was built with",
                         count, name);
    }
    crew_join(&link_of_all);
    return 0;
}

size_t processes_here(void)
{
    return here;
}

static uint64_t hash_words(int argc, char **argv)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (int i = 1; i < argc; i++)
        for (const char *at = argv[i];; at++) {
            hash = (hash ^ (unsigned char)*at) * 0x100000001b3u;
            if (!*at)
                break;
        }
    return hash;
}

enum { MEANS = 80 };

/* What computes here, on which the last digits depend: "avx2, OpenBLAS 0.3.21 for Haswell". */
static int name_means(char means[MEANS], struct error *error)
{
    char config[256], version[32] = "", core[32] = "", word[32];
    const char *library = gemm_library(error);
    int length;
    if (!library)
        return -1;
    snprintf(config, sizeof config, "%s", library);
    for (const char *at = config; sscanf(at, " %31s%n", word, &length) == 1; at += length)
        if (isdigit((unsigned char)word[0]))
            snprintf(version, sizeof version, "%s", word);
        else if (!strchr(word, '_') && !strchr(word, '='))
            snprintf(core, sizeof core, "%s", word);
    snprintf(means, MEANS, "%s, OpenBLAS %s for %s", kernel_set()->name, version, core);
    return 0;
}

static int compare_means(struct error *error)
{
    char own[MEANS] = "", name[CREW_NAME], (*all)[MEANS] = memory_array(crew_size(), sizeof *all);
    int status = !all ? error_memory(error) : name_means(own, error);
    if (!status)
        status = crew_collect(own, sizeof own, all, error);
    for (size_t r = 1; r < crew_size() && !status; r++) {
        if (memcmp(all[r], all[0], sizeof *all) == 0)
            continue;
        crew_name(r, name);
        status = error_set(error, ERROR_SYSTEM,
                           "%.60s computes with %s, process 0 with %s: make them alike by HUBSCOPE_ISA and "
                           "OPENBLAS_CORETYPE, or the last digits depend on who computes what",
                           name, all[r], all[0]);
    }
    free(all);
    return status;
}

int processes_meet(int argc, char **argv, struct error *error)
{
    uint64_t words = hash_words(argc, argv);
    size_t memory = fit_memory();
    if (crew_size() == 1)
        return 0;
    if (crew_same(&words, sizeof words, "was started with other words than process 0", error) || compare_means(error) ||
        crew_tell(&memory, sizeof memory, error))
        return -1;
    fit_set_memory(memory);
    return 0;
}

void processes_end(void)
{
    if (!module || !link_of_all.size)
        return;
    struct crew_cost cost = crew_cost();
    if (crew_leads() && getenv("HUBSCOPE_EXCHANGES"))
        fprintf(stderr, "%zu processes: %zu exchanges of %zu bytes took %.3f s\n", crew_size(), cost.exchanges,
                cost.bytes, cost.seconds);
    crew_join(NULL);
    module->end();
    module = NULL;
}

void processes_abandon(void)
{
    if (complaints >= 0)
        dup2(complaints, STDERR_FILENO);
}

void processes_library(char *buffer, size_t size)
{
    struct error error = {0};
    if (module || load(&error) == 0)
        module->name(buffer, size);
    else
        snprintf(buffer, size, "%s", error.text);
}
