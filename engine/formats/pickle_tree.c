#include "engine/formats/pickle_tree.h"

#include "engine/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PATH = 1024, DEPTH = 32 };

struct walk {
    struct machine *machine;
    pickle_visitor *visit;
    void *context;
    char name[PATH];
    size_t left; /* objects and items that may still be visited: a list may hold itself, and others many times */
};

static int refuse_depth(struct machine *machine)
{
    return pickle_refuse(machine, "holds lists or dicts that hold themselves or others too often, or nest too deeply");
}

static int walk_object(struct walk *walk, size_t index, size_t length, unsigned depth, bool numbered);

/* Appends a part to the name; returns its new length, SIZE_MAX if it does not fit. */
static size_t add_part(struct walk *walk, size_t length, const char *part, size_t size)
{
    size_t slash = length > 0;

    if (size >= PATH - length - slash)
        return SIZE_MAX;
    if (slash)
        walk->name[length] = '/';
    memcpy(walk->name + length + slash, part, size);
    walk->name[length + slash + size] = '\0';
    return length + slash + size;
}

static bool holds_arrays(const struct object *object)
{
    return object->kind == ARRAY || object->kind == DICT || object->kind == LIST || object->kind == TUPLE;
}

static int walk_dict(struct walk *walk, const struct object *dict, size_t length, unsigned depth)
{
    struct machine *machine = walk->machine;
    char number[24];
    int result = 0;

    for (size_t i = 0; i < dict->count && !result; i += 2) {
        const struct object *key = &machine->object[dict->item[i]];
        if (!walk->left--)
            return refuse_depth(machine);
        if (!holds_arrays(&machine->object[dict->item[i + 1]]))
            continue;
        size_t longer;
        if (pickle_is_text(key) && text_is_utf8((const char *)key->bytes, key->size) &&
            !memchr(key->bytes, 0, key->size))
            longer = add_part(walk, length, (const char *)key->bytes, key->size);
        else if (key->kind == NUMBER)
            longer = add_part(walk, length, number, (size_t)snprintf(number, sizeof number, "%" PRId64, key->number));
        else
            return pickle_refuse(machine, "holds a dict whose keys are neither texts nor integers");
        if (longer == SIZE_MAX)
            return pickle_refuse(machine, "holds a dict with a key of more than 1000 bytes");
        result = walk_object(walk, dict->item[i + 1], longer, depth + 1, false);
    }
    return result;
}

static int walk_list(struct walk *walk, const struct object *list, size_t length, unsigned depth)
{
    struct machine *machine = walk->machine;
    char number[24];
    int result = 0;

    for (size_t i = 0; i < list->count && !result; i++) {
        const struct object *value = &machine->object[list->item[i]];
        if (!walk->left--)
            return refuse_depth(machine);
        if (!holds_arrays(value))
            continue;
        if (value->kind == DICT && value->count)
            return pickle_refuse(machine, "holds a list of dicts, whose order of rows would be a guess: save a dict of "
                                          "one vector a key, or the vectors stacked");
        size_t longer = add_part(walk, length, number, (size_t)snprintf(number, sizeof number, "%zu", i));
        if (longer == SIZE_MAX)
            return pickle_refuse(machine, "nests lists too deeply");
        result = walk_object(walk, list->item[i], longer, depth + 1, true);
    }
    return result;
}

static int walk_object(struct walk *walk, size_t index, size_t length, unsigned depth, bool numbered)
{
    struct machine *machine = walk->machine;
    const struct object *object = &machine->object[index];

    if (!walk->left-- || depth > DEPTH)
        return refuse_depth(machine);
    walk->name[length] = '\0';
    switch (object->kind) {
    case ARRAY:
        return walk->visit(machine, walk->name, numbered, &machine->array[object->number], walk->context);
    case DICT:
        return walk_dict(walk, object, length, depth);
    case LIST:
    case TUPLE:
        return walk_list(walk, object, length, depth);
    default:
        return 0;
    }
}

int pickle_walk(struct machine *machine, pickle_visitor *visit, void *context)
{
    struct walk walk = {.machine = machine, .visit = visit, .context = context, .left = 2 * machine->objects + 16};

    for (size_t i = 0; i < machine->objects; i++) {
        const struct object *object = &machine->object[i];
        if (object->kind == DICT || object->kind == LIST || object->kind == TUPLE)
            walk.left += 2 * object->count;
    }
    return walk_object(&walk, machine->root, 0, 0, false);
}
