/* A vector as text: "[0.1, 0.2]". */
#ifndef HUBSCOPE_ENGINE_FORMATS_JSON_VECTOR_H
#define HUBSCOPE_ENGINE_FORMATS_JSON_VECTOR_H

#include <jansson.h>

/* The numbers; null if the text is anything else, or when out of memory.  Release with json_decref. */
json_t *json_vector(const char *text);

/* Stores its json_array_size floats. */
void json_vector_floats(const json_t *vector, float *values);

#endif
