/* Whether HDF5 files can be read: 0, or -1 with an error that says what is missing. */
#ifndef HUBSCOPE_ENGINE_FORMATS_HDF5_AVAILABLE_H
#define HUBSCOPE_ENGINE_FORMATS_HDF5_AVAILABLE_H

#include "engine/base/error.h"

int hdf5_available(struct error *error);

#endif
