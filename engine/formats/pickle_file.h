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

/* Maps a file and runs the loader.  Close in both cases. */
int pickle_file_load(struct pickle_file *file, pickle_loader *load, const char *path, struct error *error);
void pickle_file_close(struct pickle_file *file);

/* Makes `array` the elements of an array that the walk visits; `name` is for errors.  They lie in the file or the
 * machine unless the array owns them. */
int pickle_file_elements(struct machine *machine, const char *name, const struct pickle_array *from,
                         struct array *array);

int pickle_file_list(pickle_loader *load, const char *path, struct array_list *list, struct error *error);
int pickle_file_open(pickle_loader *load, const char *path, const char *name, struct array *array, struct error *error);
int pickle_file_each(pickle_loader *load, const char *path, const bool *wanted, array_taker *take, void *context,
                     struct error *error);

#endif
