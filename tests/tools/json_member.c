/* usage: json_member PATH [VALUE]: reads JSON from standard input; the member at PATH, such as "a.0.b", must exist and,
 * if VALUE is given, print as VALUE (numbers as %.10g). */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_value(const json_t *value, char *out, size_t size)
{
    if (json_is_string(value)) {
        snprintf(out, size, "%s", json_string_value(value));
    } else if (json_is_number(value)) {
        snprintf(out, size, "%.10g", json_number_value(value));
    } else {
        snprintf(out, size, "%s",
                 json_is_true(value)    ? "true"
                 : json_is_false(value) ? "false"
                 : json_is_null(value)  ? "null"
                                        : "(list)");
    }
}

int main(int argc, char **argv)
{
    json_error_t error;
    char text[1024], path[256];
    if (argc < 2 || argc > 3) {
        fputs("usage: json_member PATH [VALUE]\n", stderr);
        return 2;
    }
    json_t *root = json_loadf(stdin, 0, &error);
    if (!root) {
        fprintf(stderr, "not JSON: line %d: %s\n", error.line, error.text);
        return 1;
    }
    const json_t *value = root;
    snprintf(path, sizeof path, "%s", argv[1]);
    for (char *part = strtok(path, "."); part && value; part = strtok(NULL, "."))
        value = json_is_array(value) ? json_array_get(value, strtoul(part, NULL, 10)) : json_object_get(value, part);
    int status = 0;
    if (!value) {
        fprintf(stderr, "no member %s\n", argv[1]);
        status = 1;
    } else if (argc == 3) {
        print_value(value, text, sizeof text);
        if (strcmp(text, argv[2]) != 0) {
            fprintf(stderr, "%s is %s, not %s\n", argv[1], text, argv[2]);
            status = 1;
        }
    }
    json_decref(root);
    return status;
}
