/* usage: json_near TOLERANCE A B [NAME]...: checks that two JSON files are equal, except for the named members; reals
 * may differ by TOLERANCE times the larger of 1 and themselves. */
#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double tolerance;
static char **skipped;
static unsigned compared, wrong;

static void differ(const char *path, const json_t *a, const json_t *b)
{
    char *left = json_dumps(a, JSON_ENCODE_ANY | JSON_COMPACT), *right = json_dumps(b, JSON_ENCODE_ANY | JSON_COMPACT);
    fprintf(stderr, "%s: %.60s is not %.60s\n", path, left ? left : "nothing", right ? right : "nothing");
    free(left);
    free(right);
    wrong++;
}

static bool skips(const char *name)
{
    for (char **at = skipped; *at; at++)
        if (strcmp(*at, name) == 0)
            return true;
    return false;
}

static void compare(const char *path, json_t *a, json_t *b)
{
    char inner[512];
    const char *key;
    json_t *value;
    size_t index;
    compared++;
    if (json_is_object(a) && json_is_object(b)) {
        json_object_foreach (a, key, value) {
            snprintf(inner, sizeof inner, "%s.%s", path, key);
            if (!skips(key))
                compare(inner, value, json_object_get(b, key));
        }
        json_object_foreach (b, key, value)
            if (!skips(key) && !json_object_get(a, key))
                differ(key, NULL, value);
    } else if (json_is_array(a) && json_is_array(b) && json_array_size(a) == json_array_size(b)) {
        json_array_foreach (a, index, value) {
            snprintf(inner, sizeof inner, "%s.%zu", path, index);
            compare(inner, value, json_array_get(b, index));
        }
    } else if (json_is_real(a) && json_is_real(b)) {
        double left = json_real_value(a), right = json_real_value(b);
        if (!(fabs(left - right) <= tolerance * fmax(1, fabs(left))))
            differ(path, a, b);
    } else if (!a || !b || !json_equal(a, b)) {
        differ(path, a, b);
    }
}

int main(int argc, char **argv)
{
    json_error_t error;
    if (argc < 4) {
        fputs("usage: json_near TOLERANCE A B [NAME]...\n", stderr);
        return 2;
    }
    tolerance = strtod(argv[1], NULL);
    skipped = argv + 4;
    json_t *a = json_load_file(argv[2], 0, &error), *b = a ? json_load_file(argv[3], 0, &error) : NULL;
    if (!a || !b) {
        fprintf(stderr, "%s: line %d: %s\n", a ? argv[3] : argv[2], error.line, error.text);
        return 2;
    }
    compare("", a, b);
    json_decref(a);
    json_decref(b);
    return wrong > 0 || compared < 2;
}
