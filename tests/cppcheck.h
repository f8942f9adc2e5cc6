/* For `./run lint` only: loops of Jansson that cppcheck does not find the definitions of. */
#define json_array_foreach(array, index, value)                                                                        \
    for (index = 0; index < json_array_size(array) && (value = json_array_get(array, index)); index++)
#define json_object_foreach(object, key, value)                                                                        \
    for (void *next = json_object_iter(object);                                                                        \
         next && (key = json_object_iter_key(next)) && (value = json_object_iter_value(next));                         \
         next = json_object_iter_next(object, next))
