#include "engine/formats/hdf5_library.h"

#include "engine/base/library.h"
#include "engine/formats/hdf5_available.h"

static struct hdf5_library functions;

static int begin(struct error *error)
{
    return functions.H5open() < 0
               ? error_set(error, ERROR_SYSTEM, "HDF5 files cannot be read: %s cannot be used", HUBSCOPE_HDF5_SONAME)
               : 0;
}

#define SYMBOL(entry) {.name = #entry, .place = &functions.entry},
static const struct library_symbol symbols[] = {HDF5_LIBRARY_SYMBOLS(SYMBOL){0}};
static struct library library = {.file = HUBSCOPE_HDF5_SONAME,
                                 .without = "HDF5 files cannot be read",
                                 .debian = "libhdf5-dev, or the library alone,",
                                 .symbols = symbols,
                                 .prepare = begin};

const struct hdf5_library *hdf5_library(struct error *error)
{
    return library_load(&library, error) ? NULL : &functions;
}

int hdf5_available(struct error *error)
{
    return hdf5_library(error) ? 0 : -1;
}
