#include "app/version.h"

#include "app/named_collection.h"
#include "app/processes.h"
#include "app/surroundings.h"
#include "engine/base/library.h"
#include "engine/base/pool.h"
#include "engine/base/text.h"
#include "engine/catalog/catalog.h"
#include "engine/formats/codec.h"
#include "engine/formats/hdf5_available.h"
#include "engine/kernels/kernels.h"
#include "engine/matrices/gemm.h"
#include "engine/pictures/video.h"
#include "ui/terminal/guess.h"
#include "ui/terminal/terminal.h"
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <langinfo.h>
#include <limits.h>
#include <link.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

static void put_line(FILE *out, const char *name, const char *value)
{
    char clean[512];

    text_clean(clean, sizeof clean, value);
    fprintf(out, "%s: %s\n", name, clean);
}

/* ---- program and system ---- */

static void put_system(FILE *out)
{
    struct utsname system;
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);

    put_line(out, "build",
             HUBSCOPE_BUILD ", "
#ifdef __clang__
                            "clang " __clang_version__
#else
                            "gcc " __VERSION__
#endif
    );
    put_line(out, "built with", HUBSCOPE_BUILT_WITH);
    if (uname(&system) == 0)
        fprintf(out, "system: %s %s %s\n", system.sysname, system.release, system.machine);
    fprintf(out, "processors: %ld, %zu threads\n", sysconf(_SC_NPROCESSORS_ONLN), pool_workers());
    fprintf(out, "memory: %.1f GiB\n", (double)pages * (double)size / (1 << 30));
}

static void put_kernels(FILE *out)
{
    char others[80] = "";

    for (int isa = 0; isa < KERNEL_ISAS; isa++) {
        const struct kernel_set *set = kernel_set_of((enum kernel_isa)isa);
        if (set)
            text_append(others, sizeof others, ", ", set->name);
    }
    fprintf(out, "kernels: %s of %s\n", kernel_set()->name, others);
}

/* ---- libraries ---- */

/* Libraries of which only these files are listed, as they bring a hundred others: those loaded when they are needed. */
static const char *const late[] = {"libhdf5", "libavutil", "libavcodec", "libavformat", "libswscale"};

static bool is_late(const char *path)
{
    const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;

    for (size_t i = 0; i < sizeof late / sizeof *late; i++)
        if (strncmp(file, late[i], strlen(late[i])) == 0)
            return true;
    return false;
}

/* A library by its file, whose name has the version. */
static int put_library(struct dl_phdr_info *info, FILE *out, bool wanted)
{
    char path[PATH_MAX];

    if (info->dlpi_name[0] && realpath(info->dlpi_name, path) && wanted)
        put_line(out, "library", path);
    return 0;
}

static int put_linked(struct dl_phdr_info *info, size_t size, void *out)
{
    (void)size;
    return put_library(info, out, !is_late(info->dlpi_name));
}

static int put_late(struct dl_phdr_info *info, size_t size, void *out)
{
    (void)size;
    return put_library(info, out, is_late(info->dlpi_name));
}

static void put_libraries(FILE *out)
{
    struct error error = {0};
    const char *blas = gemm_library(&error);

    put_line(out, "openblas", blas ? blas : error.text);
    put_line(out, "sqlite", catalog_library());
    put_line(out, "jansson", jansson_version_str());
    put_line(out, "curses", guess_curses());
    dl_iterate_phdr(put_linked, out);
}

/* ---- features ---- */

static void put_feature(FILE *out, const char *name, int (*available)(struct error *))
{
    struct error error = {0};

    put_line(out, name, available(&error) ? error.text : "yes");
}

static void put_features(FILE *out)
{
    char text[80], path[PATH_MAX];
    struct error error = {0};

    codec_names(text, sizeof text);
    put_line(out, "parquet", text);
    processes_library(text, sizeof text);
    put_line(out, "mpi", text);
    put_line(out, "sixels", terminal_has_sixels() ? "yes" : "no");
    put_line(out, "sample", named_collection_path("sample", path, sizeof path, &error) ? error.text : "yes");
}

static void put_late_features(FILE *out)
{
    put_feature(out, "hdf5", hdf5_available);
    put_feature(out, "videos", video_available);
    dl_iterate_phdr(put_late, out);
}

/* ---- terminal ---- */

/* Terminfo says no more than that a terminal is unknown where memory is lacking: what it says once more counts. */
static void put_terminal(FILE *out)
{
    struct guess first = guess_terminal(), guess = guess_terminal();

    if (first.known != guess.known || strcmp(first.colours, guess.colours) != 0)
        _exit(EXIT_FAILURE);
    put_line(out, "terminal", isatty(STDOUT_FILENO) ? "yes" : "standard output is not a terminal");
    fprintf(out, "terminal type: %s%s\n", guess.entry ? guess.entry : "none",
            guess.known ? "" : ", as terminfo does not know TERM");
    put_line(out, "encoding", nl_langinfo(CODESET));
    fprintf(out, "colours: %s, or what the terminal answers\n", guess.colours);
    fprintf(out, "pictures: %s, or what the terminal answers\n", guess.images);
    put_line(out, "background", guess.dark ? "dark, or what the terminal answers" : "light");
}

/* The variables of a list that are set. */
static void put_variables(FILE *out, const struct surrounding *variable)
{
    char names[80], text[256];
    char *rest = names;

    snprintf(names, sizeof names, "%s", variable->name);
    for (char *name; (name = strsep(&rest, " "));) {
        const char *value = *name ? getenv(name) : NULL;
        snprintf(text, sizeof text, environment_is_personal(name) ? "%s is set" : "%s=%s", name, value ? value : "");
        if (value)
            put_line(out, "environment", text);
    }
}

/* ---- all of them ---- */

/* What the child of put_apart does. */
static _Noreturn void put_and_exit(void (*put)(FILE *), FILE *out)
{
    enum { SECONDS = 10 };
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

    if (nowhere >= 0)
        dup2(nowhere, STDERR_FILENO);
    signal(SIGALRM, SIG_DFL);
    alarm(SECONDS);
    put(out);
    _exit(fflush(out) || library_stuck() ? EXIT_FAILURE : EXIT_SUCCESS);
}

/* Prints lines in a process of its own: where memory is lacking some libraries crash, hang or end the process. */
static int put_apart(const char *what, void (*put)(FILE *), FILE *out, struct error *error)
{
    int status = 0;

    if (fflush(out)) /* which the program reports at its end */
        return 0;
    pid_t child = fork();
    if (child == 0)
        put_and_exit(put, out);
    if (child < 0)
        return error_system(error, "cannot describe %s", what);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (!status)
        return 0;
    const char *why =
        WIFSIGNALED(status) ? "a library crashed or hung, as some do when memory is lacking" : "out of memory";
    put_line(out, what, why);
    return fflush(out) ? 0 : error_set(error, ERROR_SYSTEM, "cannot describe %s: %s", what, why);
}

static int put_details(FILE *out, struct error *error)
{
    int status = put_apart("the libraries", put_libraries, out, error);

    if (put_apart("the features", put_features, out, error))
        status = -1;
    if (put_apart("the libraries loaded when needed", put_late_features, out, error))
        status = -1;
    return put_apart("the terminal", put_terminal, out, error) ? -1 : status;
}

int version_put(FILE *out, bool verbose, struct error *error)
{
    char codecs[80];

    codec_names(codecs, sizeof codecs);
    fprintf(out, "hubscope %s (%s libsixel, %s MPI; Parquet with %s)\n", HUBSCOPE_VERSION,
            terminal_has_sixels() ? "with" : "without", processes_built() ? "with" : "without", codecs);
    if (!verbose)
        return 0;
    put_system(out);
    put_kernels(out);
    int status = put_details(out, error);
    for (size_t i = 0; environment_variables[i].name; i++)
        put_variables(out, &environment_variables[i]);
    return status;
}
