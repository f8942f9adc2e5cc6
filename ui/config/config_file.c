#include "ui/config/config_file.h"

#include "engine/base/user_file.h"
#include "engine/formats/file.h"
#include "ui/config/settings.h"
#include "ui/config/user_text.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

enum { LIMIT = 1 << 20 };

static const char *config_path(void)
{
    static char path[PATH_MAX];

    return user_file(USER_CONFIG, "config", path, sizeof path) ? path : NULL;
}

/* The file's text; null if there is none, with the error unless it does not exist. */
static char *read_text(const char *path, size_t *size, struct error *error)
{
    *size = 0;
    return access(path, F_OK) ? NULL : file_read_regular(path, LIMIT, size, error);
}

void config_file_load(void)
{
    const char *path = config_path();
    struct error error = {0};
    size_t size;
    char *text = path ? read_text(path, &size, &error) : NULL;

    if (text)
        settings_read(text, size);
    else if (error.kind)
        settings_add_problem(error.text);
    free(text);
}

struct old_text {
    const char *text;
    size_t size;
};

static void put_settings(FILE *out, const void *context)
{
    const struct old_text *old = context;

    settings_update(old->text ? old->text : "", old->size, out);
}

const char *config_file_save(struct error *error)
{
    const char *path = config_path();
    size_t size = 0;
    char *old = NULL;
    int status;

    if (!path) {
        error_set(error, ERROR_INPUT, "there is no place for settings: HOME is not set");
        return NULL;
    }
    *error = (struct error){0};
    old = read_text(path, &size, error);
    status = !old && error->kind ? -1 : user_text_write(path, put_settings, &(struct old_text){old, size}, error);
    free(old);
    return status ? NULL : path;
}
