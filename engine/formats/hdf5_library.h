/* libhdf5, loaded when the first HDF5 file is read: with the thirty libraries it depends on, it would take a third of
 * every start of the program.  For hdf5.c alone. */
#ifndef HUBSCOPE_ENGINE_FORMATS_HDF5_LIBRARY_H
#define HUBSCOPE_ENGINE_FORMATS_HDF5_LIBRARY_H

#include "engine/base/error.h"

#include <hdf5.h>

/* Constants of the headers would call the library: it is opened before they are used. */
#undef H5OPEN
#define H5OPEN
#undef H5CHECK
#define H5CHECK

/* F(name) for each function and variable used. */
#define HDF5_LIBRARY_SYMBOLS(F)                                                                                        \
    F(H5open)                                                                                                          \
    F(H5Dclose)                                                                                                        \
    F(H5Dget_create_plist)                                                                                             \
    F(H5Dget_space)                                                                                                    \
    F(H5Dget_storage_size)                                                                                             \
    F(H5Dget_type)                                                                                                     \
    F(H5Dopen2)                                                                                                        \
    F(H5Dread)                                                                                                         \
    F(H5Eset_auto2)                                                                                                    \
    F(H5Ewalk2)                                                                                                        \
    F(H5Fclose)                                                                                                        \
    F(H5Fget_filesize)                                                                                                 \
    F(H5Fopen)                                                                                                         \
    F(H5Lget_info)                                                                                                     \
    F(H5Ovisit2)                                                                                                       \
    F(H5PLset_loading_state)                                                                                           \
    F(H5Pclose)                                                                                                        \
    F(H5Pget_chunk)                                                                                                    \
    F(H5Pget_external_count)                                                                                           \
    F(H5Pget_filter2)                                                                                                  \
    F(H5Pget_layout)                                                                                                   \
    F(H5Pget_nfilters)                                                                                                 \
    F(H5Sclose)                                                                                                        \
    F(H5Sget_simple_extent_dims)                                                                                       \
    F(H5Sget_simple_extent_ndims)                                                                                      \
    F(H5Sget_simple_extent_type)                                                                                       \
    F(H5Tclose)                                                                                                        \
    F(H5Tcopy)                                                                                                         \
    F(H5Tget_class)                                                                                                    \
    F(H5Tget_native_type)                                                                                              \
    F(H5Tget_sign)                                                                                                     \
    F(H5Tget_size)                                                                                                     \
    F(H5Tget_super)                                                                                                    \
    F(H5Zfilter_avail)                                                                                                 \
    F(H5T_NATIVE_FLOAT_g)                                                                                              \
    F(H5T_NATIVE_INT64_g)                                                                                              \
    F(H5T_NATIVE_UINT64_g)

struct hdf5_library {
#define FIELD(name) __typeof__(name) *name;
    HDF5_LIBRARY_SYMBOLS(FIELD)
#undef FIELD
};

/* Loads the library at the first call, from any thread.  Null if it cannot be loaded. */
const struct hdf5_library *hdf5_library(struct error *error);

#endif
