#include "engine/encoders/kind.h"

#include "engine/base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct encoder_kind *const kinds[] = {
#define ENCODER(name) &encoder_##name,
#include "engine/encoders/kinds.def"
};

const struct encoder_kind *encoder_kind_find(const char *type)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i]->type, type) == 0 || (kinds[i]->also && strcmp(kinds[i]->also, type) == 0))
            return kinds[i];
    return NULL;
}

void encoder_kind_list(char *buffer, size_t size)
{
    char quoted[64];

    *buffer = '\0';
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        snprintf(quoted, sizeof quoted, "\"%s\"", kinds[i]->type);
        text_append(buffer, size, ", ", quoted);
    }
}

int encoder_unit(float *vector, size_t dimension, struct error *error)
{
    double squares = 0;

    for (size_t i = 0; i < dimension; i++)
        squares += (double)vector[i] * (double)vector[i];
    if (!isfinite(squares) || squares == 0) {
        memset(vector, 0, dimension * sizeof *vector);
        return error_set(error, ERROR_INPUT, "the encoder gives no direction for this text: its vector is %s",
                         squares == 0 ? "zero" : "not finite");
    }
    double scale = 1 / sqrt(squares);
    for (size_t i = 0; i < dimension; i++)
        vector[i] = (float)(vector[i] * scale);
    return 0;
}
