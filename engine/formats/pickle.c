/* Pickles: a numpy array, or a dict or list of arrays. */
#include "engine/formats/pickle_file.h"

#include <string.h>

static bool is_supported(const unsigned char *bytes, size_t size)
{
    return size > 2 && bytes[0] == 0x80 && bytes[1] >= 2 && bytes[1] <= 5;
}

/* Protocols 0 and 1 have no magic number: an array begins with the name of numpy's function. */
static bool is_old(const unsigned char *bytes, size_t size)
{
    static const char start[] = "cnumpy.";

    return size > sizeof start && memcmp(bytes, start, sizeof start - 1) == 0;
}

static bool pickle_matches(const unsigned char *bytes, size_t size)
{
    return is_supported(bytes, size) || is_old(bytes, size);
}

static int load(struct pickle_file *file, const char *path, struct error *error)
{
    if (is_old(file->map, file->size)) {
        file->machine = (struct machine){.path = path, .error = error};
        return pickle_refuse(&file->machine, "is pickled with protocol 0 or 1");
    }
    if (pickle_run(&file->machine, path, file->map, file->size, false, error))
        return -1;
    return file->machine.at == file->machine.end ? 0
                                                 : pickle_refuse(&file->machine, "holds more after its first object");
}

static int list(const char *path, struct array_list *found, struct error *error)
{
    return pickle_file_list(load, path, found, error);
}

static int open_array(const char *path, const char *name, struct array *array, struct error *error)
{
    return pickle_file_open(load, path, name, array, error);
}

static int each(const char *path, const bool *wanted, array_taker *take, void *context, struct error *error)
{
    return pickle_file_each(load, path, wanted, take, context, error);
}

const struct matrix_format matrix_format_pickle = {
    .name = "pickle",
    .title = "a pickle",
    .matches = pickle_matches,
    .list = list,
    .open = open_array,
    .each = each,
};
