/* Fits in a file, made in one run for others: for rules whose fit takes long, or many machines. */
#ifndef HUBSCOPE_ENGINE_FITTING_FIT_FILE_H
#define HUBSCOPE_ENGINE_FITTING_FIT_FILE_H

#include "engine/fitting/fit.h"
#include "engine/formats/record_file.h"

enum { FIT_FILE_MOST = 64, FIT_FILE_RULE = 1024 /* bytes of fit_file_rule */ };

/* Whether a rule's fits can be in files: not if it needs none, or keeps data of its own, which is made in every run. */
static inline bool fit_file_takes(const struct rule *rule)
{
    return rule->needs != RULE_NEEDS_NOTHING && !rule->close;
}

/* A fit on a task; the task is the one it was made on. */
struct fit_file_entry {
    const struct task *task;
    const struct fit *fit;
};

/* Writes fits of one collection and direction, all or nothing. */
int fit_file_write(const char *path, bool replace, const struct fit_file_entry *entries, size_t count,
                   struct error *error);

struct fit_file {
    struct record_file records;
    size_t count; /* fits */
};

/* Opens a file of fits of the collection in that direction; refuses others. */
int fit_file_open(struct fit_file *file, const char *path, const struct collection *collection,
                  enum direction direction, struct error *error);
void fit_file_close(struct fit_file *file);

/* How --rule would name fit number `index`, model and bank included. */
int fit_file_rule(const struct fit_file *file, size_t index, char *buffer, size_t size, struct error *error);

/* The fit of a rule on a task; null, with the error filled, if the file has none that belongs to them. */
struct fit *fit_file_take(const struct fit_file *file, const struct task *task, const struct rule_spec *spec,
                          struct error *error);

#endif
