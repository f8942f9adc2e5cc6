/* Options described by tables.  An entry of a table names a field of a structure; options_parse fills the structure
 * from the command line, options_help prints the table.  Options shared by several commands form a group: a structure
 * and its table, which a command's table includes where the command's structure embeds the group's. */
#ifndef HUBSCOPE_APP_OPTIONS_H
#define HUBSCOPE_APP_OPTIONS_H

#include "engine/base/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { LIST_MOST = 64 };
#define NOT_GIVEN SIZE_MAX

struct text_list {
    const char *item[LIST_MOST];
    size_t count;
};

struct words {
    char *const *word;
    size_t count;
};

/* With the type of the field; texts are borrowed from the command line. */
enum option_kind {
    OPTION_FLAG,    /* bool */
    OPTION_TEXT,    /* const char * */
    OPTION_LIST,    /* struct text_list: repeatable */
    OPTION_COUNT,   /* size_t */
    OPTION_SIZE,    /* size_t: bytes, such as 2G */
    OPTION_REAL,    /* double, above 0; 0 when not given */
    OPTION_CHOICE,  /* int: index of the name given, -1 when not given and `unset` is NOT_GIVEN */
    OPTION_OPERAND, /* const char *: the next argument that is not an option */
    OPTION_WORDS,   /* struct words: all remaining ones */
    OPTION_RENAMED, /* none: an error that names `argument`, the option to use instead */
    OPTION_GROUP,   /* the group's structure */
};

struct option_group;

struct option_entry {
    const char *name;
    enum option_kind kind;
    size_t offset;        /* of the field */
    const char *argument; /* as the help shows it; the names of a choice, as "text|json" */
    const char *help;
    size_t least;                         /* of a count */
    size_t unset;                         /* of a count or choice that is not given */
    const char *(*name_at)(size_t index); /* the names of a choice from a table, null after the last */
    const struct option_group *group;
    char letter; /* the short form, or 0 */
};

/* For the table of `struct TYPE`. */
#define INCLUDE_GROUP(type, field, included)                                                                           \
    {                                                                                                                  \
        .name = #field, .kind = OPTION_GROUP, .offset = offsetof(struct type, field), .group = &(included)             \
    }

struct option_group {
    const struct option_entry *entries; /* the last one has no name */
    const char *details;                /* lines for the help, or null */
    void (*list)(FILE *out);            /* prints a list below the options in the help; or null */
    /* Checks and completes the values once all are read; -1 for wrong usage.  Or null. */
    int (*settle)(void *values, struct error *error);
};

/* A group and the structure to fill. */
struct option_target {
    const struct option_group *group;
    void *values; /* zeroed */
};

/* Fills the targets from argv[1..], which is reordered; -1 for wrong usage, with *unknown the option that none of them
 * has, or null. */
int options_parse(const struct option_target *targets, size_t count, int argc, char **argv, const char **unknown,
                  struct error *error);

/* The option of that name that a group, or one that it includes, offers; null if there is none. */
const struct option_entry *options_find(const struct option_group *group, const char *name);

/* Passes the entries of a group and of those that it includes, in order, to a function that returns false to stop;
 * false if it did. */
typedef bool options_taker(const struct option_entry *entry, void *context);
bool options_each(const struct option_group *group, options_taker *take, void *context);

enum { OPTIONS_ARGUMENT = 200 };
/* What the help shows for the value, the names of a choice as "text|json"; null if the option takes none. */
const char *options_argument(const struct option_entry *entry, char buffer[OPTIONS_ARGUMENT]);
bool options_is_operand(const struct option_entry *entry);

/* Settles a group, then those it includes; -1 for wrong usage. */
int options_settle(const struct option_group *group, void *values, struct error *error);

/* For the help: "  --name ARGUMENT   help" for every option; the details, a paragraph a group; the lists. */
void options_help(FILE *out, const struct option_group *group);
void options_details(FILE *out, const struct option_group *group);
void options_lists(FILE *out, const struct option_group *group);

/* Sets a usage error, or turns the error that is set into one; returns -1. */
int usage_error(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
int usage_from(struct error *error);

/* Last of a repeatable option, null if not given. */
const char *list_last(const struct text_list *list);

#endif
