#include "engine/formats/pickle_file.h"

#include "engine/base/mapping.h"
#include "engine/base/text.h"
#include "engine/formats/file.h"
#include "engine/formats/pickle_tree.h"

#include <stdio.h>
#include <string.h>

int pickle_file_load(struct pickle_file *file, pickle_loader *load, const char *path, struct error *error)
{
    *file = (struct pickle_file){0};
    file->map = file_map(path, &file->size, error);
    if (!file->map)
        return -1;
    return load(file, path, error);
}

void pickle_file_close(struct pickle_file *file)
{
    pickle_close(&file->machine);
    mapping_close(file->map, file->size);
}

static int add_to_list(struct machine *machine, const char *name, bool numbered, const struct pickle_array *array,
                       void *context)
{
    struct array_list *list = context;

    if (array_list_add(list, name, &array->array, machine->error))
        return -1;
    if (!list->more)
        list->entry[list->count - 1].numbered = numbered;
    return list->more;
}

int pickle_file_list(pickle_loader *load, const char *path, struct array_list *list, struct error *error)
{
    struct pickle_file file;
    int failed = pickle_file_load(&file, load, path, error) || pickle_walk(&file.machine, add_to_list, list) < 0;
    const struct object *root = failed ? NULL : &file.machine.object[file.machine.root];

    if (root && !list->count)
        failed =
            pickle_refuse(&file.machine, root->kind == NUMBER || root->kind == REAL ? "holds numbers outside an array"
                                                                                    : "holds no array");
    for (size_t i = 0; i < list->count; i++) { /* they end with the file */
        list->entry[i].array.data = NULL;
        list->entry[i].array.owned = NULL;
    }
    pickle_file_close(&file);
    return failed ? -1 : 0;
}

int pickle_file_elements(struct machine *machine, const char *name, const struct pickle_array *from,
                         struct array *array)
{
    char label[512], clean[128];

    text_clean(clean, sizeof clean, name);
    snprintf(label, sizeof label, *clean ? "%s:%s" : "%s", machine->path, clean);
    if (from->storage)
        return pickle_tensor(machine, from, label, array);
    *array = from->array;
    array->owned = NULL;
    return 0;
}

struct search {
    const char *name;
    struct array array;
    bool found;
};

static int match_name(struct machine *machine, const char *name, bool numbered, const struct pickle_array *array,
                      void *context)
{
    struct search *search = context;

    (void)numbered;
    if (strcmp(name, search->name) != 0)
        return 0;
    if (pickle_file_elements(machine, name, array, &search->array))
        return -1;
    if (array->array.owned) { /* passes on */
        search->array.owned = array->array.owned;
        machine->array[array - machine->array].array.owned = NULL;
    }
    search->found = true;
    return 1;
}

int pickle_file_open(pickle_loader *load, const char *path, const char *name, struct array *array, struct error *error)
{
    struct search search = {.name = name};
    struct pickle_file file;
    char clean[128];
    int failed =
        pickle_file_load(&file, load, path, error) || pickle_walk(&file.machine, match_name, &search) < 0 ? -1 : 0;

    *array = (struct array){0};
    text_clean(clean, sizeof clean, name);
    if (!failed && !search.found)
        failed =
            file.machine.object[file.machine.root].kind == ARRAY
                ? error_set(error, ERROR_INPUT, "%s: holds a single array without a name: omit \":%s\"", path, clean)
                : error_set(error, ERROR_INPUT, "%s: holds no array of the name \"%s\"", path, clean);
    if (!failed) {
        *array = search.array;
        if (!array->owned) { /* the elements lie in the file */
            array->map = file.map;
            array->map_size = file.size;
            file.map = NULL;
        }
    }
    pickle_file_close(&file);
    return failed;
}

struct each {
    const bool *wanted;
    array_taker *take;
    void *context;
    size_t index;
};

static int hand_over(struct machine *machine, const char *name, bool numbered, const struct pickle_array *from,
                     void *context)
{
    struct each *each = context;
    size_t index = each->index++;
    struct array array;

    (void)numbered;
    if (!each->wanted[index])
        return 0;
    if (pickle_file_elements(machine, name, from, &array))
        return -1;
    int failed = each->take(each->context, index, &array, machine->error);
    array_close(&array);
    return failed;
}

int pickle_file_each(pickle_loader *load, const char *path, const bool *wanted, array_taker *take, void *context,
                     struct error *error)
{
    struct each each = {wanted, take, context, 0};
    struct pickle_file file;
    int failed = pickle_file_load(&file, load, path, error) || pickle_walk(&file.machine, hand_over, &each) < 0;

    pickle_file_close(&file);
    return failed ? -1 : 0;
}
