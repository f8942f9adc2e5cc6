#include "ui/config/user_text.h"

#include "engine/base/user_file.h"
#include "engine/formats/file.h"

#include <stdlib.h>

int user_text_write(const char *path, void (*put)(FILE *out, const void *context), const void *context,
                    struct error *error)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    int failed;

    if (!out)
        return error_memory(error);
    put(out, context);
    if (fclose(out)) {
        failed = error_memory(error);
    } else {
        user_file_make_parents(path);
        failed = file_write(path, &(struct file_part){text, size}, 1, error);
    }
    free(text);
    return failed;
}
