#include "engine/formats/json_vector.h"

json_t *json_vector(const char *text)
{
    json_t *list = *text == '[' ? json_loads(text, 0, NULL) : NULL, *value;
    size_t index, numbers = 0;

    json_array_foreach (list, index, value)
        numbers += json_is_number(value);
    if (numbers && numbers == json_array_size(list))
        return list;
    json_decref(list);
    return NULL;
}

void json_vector_floats(const json_t *vector, float *values)
{
    for (size_t i = 0; i < json_array_size(vector); i++)
        values[i] = (float)json_number_value(json_array_get(vector, i));
}
