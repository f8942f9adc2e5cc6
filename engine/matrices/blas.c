#include "engine/matrices/blas.h"

#include "engine/base/library.h"
#include "engine/base/signals.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>

static struct blas functions;

static int set_one_thread(struct error *error)
{
    (void)error;
    functions.set_num_threads(1);
    return 0;
}

static const struct library_symbol symbols[] = {
    {.name = "cblas_sgemm", .place = &functions.sgemm},
    {.name = "cblas_sgemv", .place = &functions.sgemv},
    {.name = "openblas_get_config", .place = &functions.get_config},
    {.name = "openblas_set_num_threads", .place = &functions.set_num_threads},
    {.name = "blas_memory_alloc", .place = &functions.memory_alloc, .optional = true},
    {.name = "blas_memory_free", .place = &functions.memory_free, .optional = true},
    {0},
};
static struct library library = {.file = HUBSCOPE_OPENBLAS_SONAME,
                                 .without = "similarities cannot be computed",
                                 .debian = "libopenblas0",
                                 .symbols = symbols,
                                 .prepare = set_one_thread,
                                 .alone = true};

/* OpenBLAS starts a thread for each processor while it loads.  We use none of them: the engine's pool is what works in
 * parallel.  They cost address space (with little of it OpenBLAS hangs when the program ends), and take signals: one
 * sent to the process would reach one of them and wake nobody, so that a new window size would go unnoticed.
 *
 * So the thread that loads it is bound to one processor meanwhile, which is then all that OpenBLAS finds.  The
 * environment, which could say the same, may be read by other threads.  Where binding fails, the threads block signals,
 * as they inherit that. */
static int load_with_one_processor(struct error *error)
{
    cpu_set_t before, one;
    sigset_t mask;
    int processor = sched_getcpu();
    bool bound = processor >= 0 && processor < CPU_SETSIZE && sched_getaffinity(0, sizeof before, &before) == 0;

    CPU_ZERO(&one);
    if (bound) {
        CPU_SET((size_t)processor, &one);
        bound = sched_setaffinity(0, sizeof one, &one) == 0;
    }
    signals_block(&mask);
    int status = library_load(&library, error);
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    if (bound)
        sched_setaffinity(0, sizeof before, &before);
    return status;
}

const struct blas *blas(struct error *error)
{
    if (!library.loaded && load_with_one_processor(error))
        return NULL;
    return &functions;
}
