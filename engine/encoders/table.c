#include "engine/encoders/kind.h"

#include <string.h>

static const struct encoder_kind *const kinds[] = {&encoder_static};

const struct encoder_kind *encoder_kind_find(const char *type)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i]->type, type) == 0)
            return kinds[i];
    return NULL;
}
