/* HDF5 files through libhdf5: datasets of one to three dimensions of floats or integers, of any width and byte order,
 * chunked and compressed as the library supports.  Only the named file is read: links and datasets that lead into
 * another file are refused, and so are filters that would be loaded at run time. */
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/formats/allowance.h"
#include "engine/formats/hdf5_library.h"
#include "engine/formats/matrix_format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct hdf5_library *h5; /* set before a file is opened, always to the same */

static const unsigned char SIGNATURE[8] = "\x89HDF\r\n\x1a\n";

static bool hdf5_matches(const unsigned char *bytes, size_t size)
{
    /* at the start, or after a user block of 512 bytes times a power of two */
    for (size_t at = 0; at < size && size - at >= sizeof SIGNATURE; at = at ? 2 * at : 512)
        if (memcmp(bytes + at, SIGNATURE, sizeof SIGNATURE) == 0)
            return true;
    return false;
}

/* Copies the innermost reason for a failure in the library, on one line. */
static herr_t first_reason(unsigned depth, const H5E_error2_t *reason, void *text)
{
    if (depth == 0 && reason->desc)
        text_clean(text, 160, reason->desc);
    return 0;
}

static int refuse(const char *label, const char *what, struct error *error)
{
    char reason[160] = "the file is damaged";

    h5->H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, first_reason, reason);
    return error_set(error, ERROR_INPUT, "%s: %s: %s", label, what, reason);
}

static hid_t open_file(const char *path, struct error *error)
{
    if (!(h5 = hdf5_library(error)))
        return -1;
    h5->H5Eset_auto2(H5E_DEFAULT, NULL, NULL); /* we report errors ourselves */
    h5->H5PLset_loading_state(0);              /* no filters from shared libraries */
    hid_t file = h5->H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    if (file < 0)
        refuse(path, "is not a readable HDF5 file", error);
    return file;
}

/* Type and shape of a dataset, without its values. */
static void describe(hid_t dataset, struct array *array)
{
    hid_t type = h5->H5Dget_type(dataset), space = h5->H5Dget_space(dataset);
    hsize_t shape[H5S_MAX_RANK];
    int dimensions = space < 0 ? -1 : h5->H5Sget_simple_extent_ndims(space);

    *array = (struct array){.kind = ARRAY_OTHER};
    if (type >= 0 && dimensions >= 0 && dimensions <= ARRAY_DIMENSIONS &&
        h5->H5Sget_simple_extent_type(space) != H5S_NULL &&
        h5->H5Sget_simple_extent_dims(space, shape, NULL) == dimensions) {
        H5T_class_t class = h5->H5Tget_class(type);
        array->dimensions = (size_t)dimensions;
        for (int i = 0; i < dimensions; i++)
            array->shape[i] = (size_t)shape[i];
        array->width = h5->H5Tget_size(type);
        if (class == H5T_FLOAT)
            array->kind = ARRAY_FLOAT;
        else if (class == H5T_INTEGER || class == H5T_ENUM) /* h5py's bool is an enum */
            array->kind = ARRAY_SIGNED;
    }
    if (type >= 0)
        h5->H5Tclose(type);
    if (space >= 0)
        h5->H5Sclose(space);
}

struct visit {
    hid_t file;
    struct array_list *list;
    struct error *error;
};

static herr_t visit_object(hid_t root, const char *name, const H5O_info_t *info, void *context)
{
    struct visit *visit = context;
    struct array array;

    if (info->type != H5O_TYPE_DATASET)
        return 0;
    hid_t dataset = h5->H5Dopen2(root, name, H5P_DEFAULT);
    if (dataset < 0)
        return 0;
    describe(dataset, &array);
    h5->H5Dclose(dataset);
    if (array_list_add(visit->list, name, &array, visit->error))
        return -1;
    return visit->list->more; /* a positive number stops the iteration */
}

static int hdf5_list(const char *path, struct array_list *list, struct error *error)
{
    struct visit visit = {.list = list, .error = error};
    int failed = -1;

    if (error)
        *error = (struct error){0};
    visit.file = open_file(path, error);
    if (visit.file >= 0) {
        /* hard links only: soft and external ones are aliases or lead outside */
        herr_t status = h5->H5Ovisit2(visit.file, H5_INDEX_NAME, H5_ITER_INC, visit_object, &visit, H5O_INFO_BASIC);
        failed = status < 0 ? -1 : 0;
        if (failed && (!error || error->kind == ERROR_NONE))
            refuse(path, "its objects cannot be listed", error);
        h5->H5Fclose(visit.file);
    }
    return failed;
}

/* Whether every link on the way to `name` stays inside the file. */
static int check_path(hid_t file, const char *name, const char *label, struct error *error)
{
    char part[1024];
    size_t length = strlen(name);

    if (!length || length >= sizeof part)
        return error_set(error, ERROR_INPUT, "%s: no dataset has that name", label);
    for (size_t end = 1; end <= length; end++) {
        if (name[end] && name[end] != '/')
            continue;
        memcpy(part, name, end);
        part[end] = '\0';
        if (part[end - 1] == '/' || strcmp(part, "/") == 0)
            continue;
        H5L_info_t info;
        if (h5->H5Lget_info(file, part, &info, H5P_DEFAULT) < 0)
            return error_set(error, ERROR_INPUT, "%s: no dataset has that name", label);
        if (info.type != H5L_TYPE_HARD)
            return error_set(error, ERROR_INPUT, "%s: is a link; name the dataset itself, in the file that holds it",
                             label);
    }
    return 0;
}

/* Refuses datasets that are stored outside the file or composed of other datasets, and filters that are not
 * available. */
static int check_storage(hid_t dataset, const char *label, struct error *error)
{
    hid_t made = h5->H5Dget_create_plist(dataset);
    int failed = 0;

    if (made < 0)
        return refuse(label, "cannot be read", error);
    int filters = h5->H5Pget_nfilters(made);
    if (h5->H5Pget_layout(made) == H5D_VIRTUAL || h5->H5Pget_external_count(made) != 0)
        failed =
            error_set(error, ERROR_INPUT, "%s: keeps its values in other files; copy them into one dataset", label);
    for (int i = 0; i < filters && !failed; i++) {
        unsigned flags, settings;
        size_t values = 0;
        char name[64] = "", clean[64];
        H5Z_filter_t filter =
            h5->H5Pget_filter2(made, (unsigned)i, &flags, &values, NULL, sizeof name, name, &settings);
        text_clean(clean, sizeof clean, name);
        if (filter < 0 || h5->H5Zfilter_avail(filter) <= 0)
            failed = error_set(error, ERROR_INPUT,
                               "%s: is compressed by %s (filter %d), which is not built in; write it "
                               "with gzip",
                               label, *clean ? clean : "a filter", (int)filter);
    }
    h5->H5Pclose(made);
    return failed;
}

enum { PACKED_MOST = 1032 }; /* bytes that one stored byte can expand to, at deflate's best */

/* Compares a dataset's declared size with what is stored: one that was never written, or whose chunks are forged, could
 * request any amount of memory. */
static int check_size(hid_t file, hid_t dataset, const char *label, size_t bytes, struct error *error)
{
    hsize_t stored = h5->H5Dget_storage_size(dataset), whole = 0, chunk[H5S_MAX_RANK];
    hid_t made = h5->H5Dget_create_plist(dataset), type = h5->H5Dget_type(dataset);
    size_t largest = type < 0 ? 0 : h5->H5Tget_size(type);

    int dimensions = h5->H5Pget_layout(made) == H5D_CHUNKED ? h5->H5Pget_chunk(made, H5S_MAX_RANK, chunk) : 0;
    bool overflow = false;
    for (int i = 0; i < dimensions; i++)
        overflow = overflow || __builtin_mul_overflow(largest, chunk[i], &largest);
    if (made >= 0)
        h5->H5Pclose(made);
    if (type >= 0)
        h5->H5Tclose(type);
    if (h5->H5Fget_filesize(file, &whole) < 0 || stored > whole)
        stored = whole;
    if (!overflow && bytes / PACKED_MOST <= stored && largest / PACKED_MOST <= whole)
        return bytes <= allowance_of(stored) ? 0 : allowance_refuse(label, error);
    return error_set(error, ERROR_INPUT, "%s: needs %zu bytes, of which the file stores only %llu", label, bytes,
                     (unsigned long long)stored);
}

/* The type in memory, in native byte order, that loses nothing (or, for wide floats, no more than float32 does). */
static hid_t memory_type(hid_t dataset, struct array *array)
{
    hid_t type = h5->H5Dget_type(dataset);
    hid_t memory = -1;

    if (array->kind == ARRAY_FLOAT) {
        memory = h5->H5Tcopy(*h5->H5T_NATIVE_FLOAT_g);
        array->width = sizeof(float);
    } else if (array->kind == ARRAY_SIGNED) {
        hid_t base = h5->H5Tget_class(type) == H5T_ENUM ? h5->H5Tget_super(type) : h5->H5Tcopy(type);
        bool wide = base >= 0 && h5->H5Tget_sign(base) == H5T_SGN_NONE;
        memory = base < 0                             ? -1
                 : h5->H5Tget_class(type) == H5T_ENUM ? h5->H5Tget_native_type(type, H5T_DIR_ASCEND)
                 : wide                               ? h5->H5Tcopy(*h5->H5T_NATIVE_UINT64_g)
                                                      : h5->H5Tcopy(*h5->H5T_NATIVE_INT64_g);
        array->kind = wide ? ARRAY_UNSIGNED : ARRAY_SIGNED;
        array->width = memory < 0 ? 0 : h5->H5Tget_size(memory);
        if (base >= 0)
            h5->H5Tclose(base);
    }
    if (type >= 0)
        h5->H5Tclose(type);
    return memory;
}

static int read_values(hid_t file, hid_t dataset, const char *label, struct array *array, struct error *error)
{
    size_t bytes;
    int failed = -1;

    describe(dataset, array);
    if (array->kind == ARRAY_OTHER)
        return error_set(error, ERROR_INPUT, "%s: its elements are neither floats nor integers", label);
    if (array->dimensions < 1 || array->dimensions > 3)
        return error_set(error, ERROR_INPUT, "%s: is %zu-D; a matrix has 2 dimensions", label, array->dimensions);
    hid_t memory = memory_type(dataset, array);
    if (memory < 0)
        return refuse(label, "its type cannot be read", error);
    if (array_bytes(array, label, &bytes, error) || check_size(file, dataset, label, bytes, error))
        goto done;
    float *values = memory_floats(bytes / sizeof(float) + 1);
    if (!values) {
        error_memory(error);
        goto done;
    }
    array->owned = values;
    array->data = (const unsigned char *)values;
    failed = h5->H5Dread(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0
                 ? refuse(label, "cannot be read", error)
                 : 0;
done:
    h5->H5Tclose(memory);
    return failed;
}

static int read_dataset(hid_t file, const char *path, const char *name, struct array *array, struct error *error)
{
    char label[512], clean[128];
    int failed = -1;

    *array = (struct array){0};
    text_clean(clean, sizeof clean, name);
    snprintf(label, sizeof label, "%s:%s", path, clean);
    if (check_path(file, name, label, error))
        return -1;
    hid_t dataset = h5->H5Dopen2(file, name, H5P_DEFAULT);
    if (dataset < 0)
        return error_set(error, ERROR_INPUT, "%s: is not a dataset", label);
    if (!check_storage(dataset, label, error))
        failed = read_values(file, dataset, label, array, error);
    h5->H5Dclose(dataset);
    if (failed)
        array_close(array);
    return failed;
}

static int hdf5_open(const char *path, const char *name, struct array *array, struct error *error)
{
    *array = (struct array){0};
    hid_t file = open_file(path, error);
    int failed = file < 0 ? -1 : read_dataset(file, path, name, array, error);

    if (file >= 0)
        h5->H5Fclose(file);
    return failed;
}

static int hdf5_each(const char *path, const bool *wanted, array_taker *take, void *context, struct error *error)
{
    struct array_list list = {0};
    int failed = hdf5_list(path, &list, error);
    hid_t file = failed ? -1 : open_file(path, error);

    failed = file < 0 ? -1 : 0;
    for (size_t i = 0; i < list.count && !failed; i++) {
        struct array array;
        if (!wanted[i])
            continue;
        failed =
            read_dataset(file, path, list.entry[i].name, &array, error) || take(context, i, &array, error) ? -1 : 0;
        array_close(&array);
    }
    if (file >= 0)
        h5->H5Fclose(file);
    array_list_close(&list);
    return failed;
}

const struct matrix_format matrix_format_hdf5 = {
    .name = "HDF5",
    .title = "an HDF5 file",
    .matches = hdf5_matches,
    .list = hdf5_list,
    .open = hdf5_open,
    .each = hdf5_each,
};
