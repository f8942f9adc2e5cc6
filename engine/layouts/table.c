#include "engine/layouts/layout.h"

#include "engine/base/text.h"

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

void layout_names(char *buffer, size_t size)
{
    *buffer = '\0';
    for (size_t i = 0; layouts[i]; i++)
        text_append(buffer, size, ", ", layouts[i]->name);
}
