/* Files that hold a pickle, as kinds of matrix files: what they share once the pickle ran. */
#ifndef HUBSCOPE_ENGINE_FORMATS_PICKLE_FILE_H
#define HUBSCOPE_ENGINE_FORMATS_PICKLE_FILE_H

#include "engine/formats/matrix_format.h"
#include "engine/formats/pickle_machine.h"

struct pickle_file {
    unsigned char *map; /* the whole file */
    size_t size;
    struct machine machine;
};

/* Runs the pickle in file->map; closing is the caller's task, also after a failure. */
typedef int pickle_loader(struct pickle_file *file, const char *path, struct error *error);

int pickle_file_list(pickle_loader *load, const char *path, struct array_list *list, struct error *error);
int pickle_file_open(pickle_loader *load, const char *path, const char *name, struct array *array, struct error *error);
int pickle_file_each(pickle_loader *load, const char *path, const bool *wanted, array_taker *take, void *context,
                     struct error *error);

#endif
