#include "engine/layouts/layout.h"

#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/layouts/beginning.h"

#include <stdlib.h>
#include <string.h>

const struct dataset_layout *const layouts[] = {
#define LAYOUT(name) &layout_##name,
#include "engine/layouts/layouts.def"
    NULL,
};

const struct dataset_layout *layout_find(const char *name)
{
    for (size_t i = 0; layouts[i]; i++)
        if (strcmp(layouts[i]->name, name) == 0)
            return layouts[i];
    return NULL;
}

const struct dataset_layout *layout_recognise(const char *file)
{
    char *head = memory_array(BEGINNING_MOST + 1, 1);
    const struct dataset_layout *found = layouts[0];

    if (head)
        beginning_read(file, head);
    for (size_t i = 1; head && layouts[i] && found == layouts[0]; i++)
        if (layouts[i]->recognise && layouts[i]->recognise(head))
            found = layouts[i];
    free(head);
    return found;
}

void layout_names(char *buffer, size_t size)
{
    *buffer = '\0';
    for (size_t i = 0; layouts[i]; i++)
        text_append(buffer, size, ", ", layouts[i]->name);
}
