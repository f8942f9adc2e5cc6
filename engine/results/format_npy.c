/* NumPy's .npy. */
#include "engine/results/format.h"

static int put_vector(const char *path, enum npy_type type, const void *data, size_t count, struct error *error)
{
    return npy_write(path, type, data, count, 0, error);
}

const struct format format_npy = {
    .name = "npy",
    .endings = "npy",
    .help = "a vector of the current rule",
    .vector = put_vector,
};
