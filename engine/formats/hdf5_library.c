#include "engine/formats/hdf5_library.h"

#include "engine/formats/hdf5_available.h"

#include <dlfcn.h>
#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct hdf5_library symbols;
static struct error missing;

static void load(void)
{
    void *library = dlopen(HUBSCOPE_HDF5_SONAME, RTLD_NOW | RTLD_LOCAL);

    if (!library) {
        error_set(&missing, ERROR_SYSTEM,
                  "HDF5 files cannot be read: %s; install Debian's libhdf5-dev or the library alone", dlerror());
        return;
    }
#define FIND(name)                                                                                                     \
    if (!(*(void **)&symbols.name = dlsym(library, #name)))                                                            \
        error_set(&missing, ERROR_SYSTEM, "HDF5 files cannot be read: %s", dlerror());
    HDF5_LIBRARY_SYMBOLS(FIND)
#undef FIND
    if (!missing.kind && symbols.H5open() < 0)
        error_set(&missing, ERROR_SYSTEM, "HDF5 files cannot be read: %s cannot be used", HUBSCOPE_HDF5_SONAME);
}

const struct hdf5_library *hdf5_library(struct error *error)
{
    pthread_once(&once, load);
    if (missing.kind) {
        error_set(error, missing.kind, "%s", missing.text);
        return NULL;
    }
    return &symbols;
}

int hdf5_available(struct error *error)
{
    return hdf5_library(error) ? 0 : -1;
}
