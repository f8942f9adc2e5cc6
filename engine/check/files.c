/* Files in a collection's directory that do not belong to it. */
#include "engine/catalog/header.h"
#include "engine/check/parts.h"
#include "engine/collection/collection_model.h"
#include "engine/formats/file.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* What a model has in its folder. */
static bool is_models(const struct checking *checking, const struct check_model *model, const char *name)
{
    if (strcmp(name, "encoder") == 0)
        return *model->encoder;
    if (strcmp(name, COLLECTION_INDEX) == 0)
        return !model->stored;
    for (size_t i = model->first; i < model->first + model->count; i++)
        if (strcmp(name, checking->matrix[i].file) == 0)
            return true;
    return false;
}

static const struct check_model *model_in(const struct checking *checking, const char *folder)
{
    for (size_t i = 0; i < checking->models; i++)
        if (strcmp(checking->model[i].folder, folder) == 0)
            return &checking->model[i];
    return NULL;
}

/* Whether the collection, or the model in the folder below it, has an entry of that name. */
static bool is_named(const struct checking *checking, const char *folder, const char *name)
{
    const struct check_model *model = model_in(checking, folder);
    char below[512];

    if (is_dots(name) || (model && is_models(checking, model, name)))
        return true;
    if (strcmp(folder, "models") == 0) {
        snprintf(below, sizeof below, "models/%.255s", name);
        return model_in(checking, below);
    }
    if (*folder)
        return false;
    bool others = false;
    for (size_t i = 0; i < checking->models; i++)
        others = others || *checking->model[i].folder;
    return strcmp(name, "catalog.db") == 0 || (others && strcmp(name, "models") == 0);
}

static int check_folder(struct checking *checking, const char *folder, size_t *files, struct check *check,
                        struct error *error)
{
    char path[PATH_MAX];
    const struct dirent *entry;
    struct error reason = {0};

    snprintf(path, sizeof path, "%s", checking->path);
    if (*folder && file_join(path, sizeof path, checking->path, folder, error))
        return -1;
    DIR *dir = opendir(path);
    if (!dir) {
        error_system(&reason, "%s", path);
        return findings_take(&check->findings, path, NULL, &reason, error);
    }
    while ((entry = readdir(dir))) {
        *files += !is_dots(entry->d_name);
        if (is_named(checking, folder, entry->d_name))
            continue;
        if (!*folder && catalog_is_journal(entry->d_name))
            findings_remark(&check->findings, "%s/%s: another program is writing fits, or was killed while it did",
                            path, entry->d_name);
        else
            findings_fault(&check->findings, path, "files that are not part of the collection",
                           "%s/%s: is not part of the collection; move it elsewhere", path, entry->d_name);
    }
    closedir(dir);
    return 0;
}

static int check_files(struct checking *checking, struct check *check, struct error *error)
{
    size_t files = 0;
    bool others = false;

    if (check_folder(checking, "", &files, check, error))
        return -1;
    for (size_t i = 0; i < checking->models; i++) {
        if (!*checking->model[i].folder)
            continue;
        others = true;
        if (check_folder(checking, checking->model[i].folder, &files, check, error))
            return -1;
    }
    if (others && check_folder(checking, "models", &files, check, error))
        return -1;
    snprintf(check->what, sizeof check->what, "%zu in the directory", files);
    return 0;
}

const struct check_part check_part_files = {.name = "files", .cheap = true, .needs_catalog = true, .run = check_files};
