/* NumPy .npz files: zip archives of .npy members, stored or deflated, through libzip.  A member is read into memory
 * whole, after its header was checked against its declared size, and that against the most that its compressed bytes
 * can expand to: so nothing larger than the matrix is ever allocated. */
#include "engine/base/library.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/formats/allowance.h"
#include "engine/formats/matrix_format.h"
#include "engine/formats/npy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

enum {
    HEADER = 65536 + 10, /* the longest header of .npy version 1.0 */
    DEFLATE_MOST = 1032  /* bytes that one deflated byte can expand to */
};

/* F(function) for each function used of libzip, which is loaded at the first archive: it depends on libcrypto. */
#define ZIP_FUNCTIONS(F)                                                                                               \
    F(zip_discard)                                                                                                     \
    F(zip_error_fini)                                                                                                  \
    F(zip_error_init_with_code)                                                                                        \
    F(zip_error_strerror)                                                                                              \
    F(zip_fclose)                                                                                                      \
    F(zip_file_strerror)                                                                                               \
    F(zip_fopen_index)                                                                                                 \
    F(zip_fread)                                                                                                       \
    F(zip_get_name)                                                                                                    \
    F(zip_get_num_entries)                                                                                             \
    F(zip_name_locate)                                                                                                 \
    F(zip_open)                                                                                                        \
    F(zip_stat_index)                                                                                                  \
    F(zip_strerror)

static struct {
#define FIELD(function) __typeof__(function) *function;
    ZIP_FUNCTIONS(FIELD)
#undef FIELD
} zip;

#define SYMBOL(entry) {.name = #entry, .place = &zip.entry},
static const struct library_symbol symbols[] = {ZIP_FUNCTIONS(SYMBOL){0}};
static struct library library = {
    .file = HUBSCOPE_ZIP_SONAME, .without = ".npz archives cannot be read", .debian = "libzip4", .symbols = symbols};

static bool npz_matches(const unsigned char *bytes, size_t size)
{
    return size > 4 && (memcmp(bytes, "PK\3\4", 4) == 0 || memcmp(bytes, "PK\5\6", 4) == 0);
}

static zip_t *open_archive(const char *path, struct error *error)
{
    int code = 0;

    if (library_load(&library, error))
        return NULL;
    zip_t *archive = zip.zip_open(path, ZIP_RDONLY, &code);
    if (!archive) {
        zip_error_t failure;
        zip.zip_error_init_with_code(&failure, code);
        error_set(error, ERROR_INPUT, "%s: is not a readable zip archive: %s", path, zip.zip_error_strerror(&failure));
        zip.zip_error_fini(&failure);
    }
    return archive;
}

/* Checks the archive's entry for a member before reading any of it. */
static int check_member(zip_t *archive, zip_uint64_t index, const char *label, zip_stat_t *stat, struct error *error)
{
    const zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;

    if (zip.zip_stat_index(archive, index, 0, stat) || (stat->valid & needed) != needed)
        return error_set(error, ERROR_INPUT, "%s: cannot be found in the archive: %s", label,
                         zip.zip_strerror(archive));
    if (stat->comp_method != ZIP_CM_STORE && stat->comp_method != ZIP_CM_DEFLATE)
        return error_set(error, ERROR_INPUT, "%s: is compressed by method %u; write it with numpy.savez_compressed",
                         label, stat->comp_method);
    if (stat->size / DEFLATE_MOST > stat->comp_size || stat->size > PTRDIFF_MAX)
        return error_set(error, ERROR_INPUT,
                         "%s: declares %llu bytes, more than its %llu compressed ones can "
                         "hold; the archive is damaged",
                         label, (unsigned long long)stat->size, (unsigned long long)stat->comp_size);
    return 0;
}

/* Reads the first `size` bytes of a member; with `all` they must be the whole, which its checksum then verifies. */
static int read_member(zip_t *archive, zip_uint64_t index, const char *label, bool all, unsigned char *bytes,
                       size_t size, struct error *error)
{
    unsigned char beyond;
    zip_file_t *file = zip.zip_fopen_index(archive, index, 0);

    if (!file)
        return error_set(error, ERROR_INPUT, "%s: cannot be read: %s", label, zip.zip_strerror(archive));
    size_t done = 0;
    zip_int64_t count = 1;
    while (done < size && (count = zip.zip_fread(file, bytes + done, size - done)) > 0)
        done += (size_t)count;
    if (all && count > 0)
        count = zip.zip_fread(file, &beyond, 1);
    int failed = 0;
    if (count < 0)
        failed = error_set(error, ERROR_INPUT, "%s: is damaged: %s", label, zip.zip_file_strerror(file));
    else if (done < size || (all && count > 0))
        failed = error_set(error, ERROR_INPUT, "%s: is damaged: its size is not the declared one", label);
    zip.zip_fclose(file);
    return failed;
}

static int describe(zip_t *archive, zip_uint64_t index, const char *label, struct array *array, size_t *size,
                    uint64_t *most_size, size_t *data_start, struct error *error)
{
    static const size_t most = HEADER;
    zip_stat_t stat;

    if (check_member(archive, index, label, &stat, error))
        return -1;
    *size = stat.size;
    if (most_size)
        *most_size = allowance_of(stat.comp_size);
    size_t first = *size < most ? *size : most;
    unsigned char *start = memory_array(first, 1);
    if (!start)
        return error_memory(error);
    int failed = read_member(archive, index, label, false, start, first, error) ||
                 npy_header(label, start, first, *size, array, data_start, error);
    free(start);
    return failed ? -1 : 0;
}

/* The member's name without .npy; false if it has no such name. */
static bool array_name(zip_t *archive, zip_uint64_t index, char *name, size_t size)
{
    const char *full = zip.zip_get_name(archive, index, ZIP_FL_ENC_RAW);
    size_t length = full ? strlen(full) : 0;

    if (length < 5 || length - 4 >= size || strcmp(full + length - 4, ".npy") != 0)
        return false;
    memcpy(name, full, length - 4);
    name[length - 4] = '\0';
    return true;
}

static int npz_list(const char *path, struct array_list *list, struct error *error)
{
    zip_t *archive = open_archive(path, error);
    int failed = archive ? 0 : -1;
    size_t size, data_start;
    char name[256];

    zip_int64_t entries = archive ? zip.zip_get_num_entries(archive, 0) : 0;
    for (zip_int64_t i = 0; i < entries && !failed && !list->more; i++) {
        struct array array;
        if (!array_name(archive, (zip_uint64_t)i, name, sizeof name))
            continue;
        struct error reason = {0};
        if (describe(archive, (zip_uint64_t)i, name, &array, &size, NULL, &data_start, &reason))
            array.kind = ARRAY_OTHER; /* an array of texts or objects must not fail the list */
        failed = reason.kind == ERROR_MEMORY ? error_set(error, ERROR_MEMORY, "%s", reason.text)
                                             : array_list_add(list, name, &array, error);
    }
    if (archive)
        zip.zip_discard(archive);
    if (!failed && !list->count)
        return error_set(error, ERROR_INPUT,
                         "%s: is a zip archive without .npy members; write the matrices with "
                         "numpy.savez",
                         path);
    return failed;
}

/* The member called `name` or `name`.npy. */
static zip_int64_t find_member(zip_t *archive, const char *name)
{
    char full[272];

    snprintf(full, sizeof full, "%s.npy", name);
    zip_int64_t index = zip.zip_name_locate(archive, full, ZIP_FL_ENC_RAW);
    return index >= 0 ? index : zip.zip_name_locate(archive, name, ZIP_FL_ENC_RAW);
}

static int npz_open(const char *path, const char *name, struct array *array, struct error *error)
{
    zip_t *archive = open_archive(path, error);
    size_t size, data_start;
    uint64_t most_size;
    char label[512], clean[128];
    unsigned char *bytes = NULL;

    *array = (struct array){0};
    if (!archive)
        return -1;
    text_clean(clean, sizeof clean, name);
    snprintf(label, sizeof label, "%s:%s", path, clean);
    zip_int64_t index = find_member(archive, name);
    if (index < 0) {
        error_set(error, ERROR_INPUT, "%s: the archive has no member of that name", label);
        goto fail;
    }
    if (describe(archive, (zip_uint64_t)index, label, array, &size, &most_size, &data_start, error))
        goto fail;
    if (size > most_size) {
        allowance_refuse(label, error);
        goto fail;
    }
    bytes = (unsigned char *)memory_floats(size / sizeof(float) + 1); /* aligned like a mapped file */
    if (!bytes) {
        error_memory(error);
        goto fail;
    }
    if (read_member(archive, (zip_uint64_t)index, label, true, bytes, size, error))
        goto fail;
    zip.zip_discard(archive);
    array->owned = bytes;
    array->data = bytes + data_start;
    return 0;
fail:
    free(bytes);
    zip.zip_discard(archive);
    *array = (struct array){0};
    return -1;
}

const struct matrix_format matrix_format_npz = {
    .name = ".npz",
    .title = "a NumPy .npz archive",
    .matches = npz_matches,
    .list = npz_list,
    .open = npz_open,
};
