#include "engine/results/vectors.h"
#include "engine/formats/file.h"
#include "engine/formats/npy.h"
#include "engine/results/describe.h"
#include "engine/results/name.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KINDS = 5, RULES_MOST = 64 };

struct vector {
    const char *what;
    enum npy_type type;
    const void *data; /* null: the rule has none */
    size_t count;
};

static void vectors_of(const struct analysis *analysis, struct vector *vector)
{
    size_t items = analysis->gallery, queries = analysis->queries;
    vector[0] = (struct vector){"bias", NPY_F64, analysis->fit->bias, analysis->fit->m};
    vector[1] = (struct vector){"mass", NPY_F64, analysis->mass, items};
    vector[2] = (struct vector){"n10", NPY_U32, analysis->occurrence[ANALYSIS_KS - 1], items};
    vector[3] = (struct vector){"rank", NPY_F64, analysis->rank, queries};
    vector[4] = (struct vector){"gate", NPY_BOOL, analysis->gate, queries};
}

void vectors_name(const struct task *task, struct fit *const *fits, size_t count, size_t index, char *name, size_t size)
{
    const struct rule *rule = fits[index]->spec.rule;
    char text[512];
    snprintf(text, sizeof text, "%s", rule->name);
    for (size_t i = 0; i < count; i++)
        if (i != index && fits[i]->spec.rule == rule)
            fit_name(task, fits[index], text, sizeof text);
    name_part(name, size, text);
}

/* Does `write` of every vector, or else only looks whether its file is there already. */
static int walk(const struct task *task, const struct analysis *analyses, size_t count, const char *dir, bool write,
                size_t *files, struct error *error)
{
    struct fit *fit[RULES_MOST];
    for (size_t i = 0; i < count; i++)
        fit[i] = analyses[i].fit;
    for (size_t i = 0; i < count; i++) {
        struct vector vector[KINDS];
        char rule[512], name[640], path[PATH_MAX];
        vectors_of(&analyses[i], vector);
        vectors_name(task, fit, count, i, rule, sizeof rule);
        for (size_t v = 0; v < KINDS; v++) {
            if (!vector[v].data)
                continue;
            snprintf(name, sizeof name, "%s.%s.npy", rule, vector[v].what);
            if (file_join(path, sizeof path, dir, name, error))
                return -1;
            if (!write && access(path, F_OK) == 0)
                return error_set(error, ERROR_INPUT, "%s already exists: choose another directory or replace it", path);
            if (write && npy_write(path, vector[v].type, vector[v].data, vector[v].count, 0, error))
                return -1;
            *files += write;
        }
    }
    return 0;
}

int vectors_write(const struct task *task, const struct analysis *analyses, size_t count, const char *dir, bool replace,
                  size_t *files, struct error *error)
{
    *files = 0;
    if (count > RULES_MOST)
        return error_set(error, ERROR_INPUT, "vectors of more than %d rules", RULES_MOST);
    if (mkdir(dir, 0777) && errno != EEXIST)
        return error_system(error, "%s: the directory cannot be made", dir);
    if (!replace && walk(task, analyses, count, dir, false, files, error))
        return -1;
    return walk(task, analyses, count, dir, true, files, error);
}
