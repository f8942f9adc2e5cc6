#include "engine/layouts/layout.h"

#include <stdio.h>
#include <string.h>

const struct dataset_layout *const layouts[] = {&layout_hubscope, &layout_msrvtt, &layout_msvd,
                                        &layout_flickr, NULL};

const struct dataset_layout *layout_find(const char *name)
{
    for (size_t i = 0; layouts[i]; i++)
        if (strcmp(layouts[i]->name, name) == 0)
            return layouts[i];
    return NULL;
}

void layout_names(char *buffer, size_t size)
{
    size_t used = 0;

    for (size_t i = 0; layouts[i] && used < size; i++)
        used += (size_t)snprintf(buffer + used, size - used, "%s%s", i ? ", " : "",
                                 layouts[i]->name);
}
