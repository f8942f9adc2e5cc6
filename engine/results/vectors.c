#include "engine/results/vectors.h"
#include "engine/base/unfinished.h"
#include "engine/formats/file.h"
#include "engine/formats/npy.h"
#include "engine/formats/output.h"
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

/* Complete files that are not in place yet. */
struct files {
    struct output output[RULES_MOST * KINDS];
    size_t count;
};

static int write_vector(struct files *files, const char *path, const struct vector *vector, bool replace,
                        struct error *error)
{
    struct output *output = &files->output[files->count];
    if (!replace && access(path, F_OK) == 0)
        return error_set(error, ERROR_INPUT, "%s already exists: choose another directory or replace it", path);
    if (output_open(output, path, replace, error))
        return -1;
    files->count++;
    return npy_put(output->stream, path, vector->type, vector->data, vector->count, 0, error);
}

static int write_all(const struct task *task, const struct analysis *analyses, size_t count, const char *dir,
                     bool replace, struct files *files, struct error *error)
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
            if (file_join(path, sizeof path, dir, name, error) || write_vector(files, path, &vector[v], replace, error))
                return -1;
        }
    }
    return 0;
}

/* Whether the folder was made, which settle_folder is then called for. */
static bool make_folder(const char *dir)
{
    unfinished_hold();
    bool made = mkdir(dir, 0777) == 0;
    int reason = errno;
    if (made)
        unfinished_add(dir);
    unfinished_let_go();
    errno = reason;
    return made;
}

static void settle_folder(const char *dir, bool keep)
{
    unfinished_hold();
    unfinished_remove(dir);
    if (!keep)
        rmdir(dir);
    unfinished_let_go();
}

int vectors_write(const struct task *task, const struct analysis *analyses, size_t count, const char *dir, bool replace,
                  size_t *files, struct error *error)
{
    struct files written = {.count = 0};
    *files = 0;
    if (count > RULES_MOST)
        return error_set(error, ERROR_INPUT, "more than %d rules have vectors to write", RULES_MOST);
    bool made = make_folder(dir);
    if (!made && errno != EEXIST)
        return error_system(error, "%s: the directory cannot be created", dir);
    int failed = write_all(task, analyses, count, dir, replace, &written, error);
    for (size_t i = 0; i < written.count && failed; i++)
        output_abandon(&written.output[i]);
    if (!failed && !(failed = output_commit_all(written.output, written.count, error)))
        *files = written.count;
    if (made)
        settle_folder(dir, !failed);
    return failed ? -1 : 0;
}
