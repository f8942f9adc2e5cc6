#include "app/values.h"

#include "app/named_collection.h"
#include "engine/collection/where.h"
#include "engine/fitting/rule.h"
#include "ui/lessons/lessons.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef void offer(struct values *values, size_t at);

enum { NAME = 96 };

/* ---- files and collections ---- */

/* Beside files, which it escapes itself, bash does so with everything else. */
static void offer_files(struct values *values, size_t at)
{
    (void)at;
    values->files = true;
    values->candidates.escaped = false;
}

static void offer_folders(struct values *values, size_t at)
{
    (void)at;
    values->folders = true;
    values->candidates.escaped = false;
}

static bool is_collection(const char *folder)
{
    char path[PATH_MAX + 16];

    snprintf(path, sizeof path, "%s/catalog.db", folder);
    return access(path, F_OK) == 0;
}

static void offer_collections(struct values *values, size_t at)
{
    candidates_offer(&values->candidates, at, "sample", "the sample collection");
    candidates_offer_folders(&values->candidates, at, is_collection, values->first);
}

static void offer_lessons(struct values *values, size_t at)
{
    char room[PATH_MAX];
    const char *folder = named_collection_lessons("sample", room, sizeof room);
    struct lessons lessons = {.count = 0};

    offer_files(values, at);
    if (!folder || lessons_read(&lessons, folder, NULL))
        return;
    for (size_t i = 0; i < lessons.count; i++)
        candidates_offer(&values->candidates, at, lessons.entry[i].name, lessons.entry[i].title);
    lessons_close(&lessons);
}

/* ---- what the collection holds ---- */

/* Null without a collection, or if it cannot be opened. */
static struct catalog *open_catalog(const struct values *values)
{
    char folder[PATH_MAX], path[PATH_MAX + 16];

    if (!values->collection || named_collection_path(values->collection, folder, sizeof folder, NULL))
        return NULL;
    snprintf(path, sizeof path, "%s/catalog.db", folder);
    return catalog_open(path, NULL);
}

static bool bank_name(struct catalog *catalog, int kind, size_t index, char name[NAME])
{
    char file[NAME];
    int64_t text;

    return catalog_bank(catalog, kind, index, name, NAME, file, sizeof file, &text);
}

static bool has_query_bank(struct catalog *catalog, const char *name)
{
    char other[NAME];

    for (size_t i = 0; bank_name(catalog, 0, i, other); i++)
        if (strcmp(other, name) == 0)
            return true;
    return false;
}

static void offer_banks(struct values *values, size_t at)
{
    struct catalog *catalog = open_catalog(values);
    char name[NAME];

    for (size_t i = 0; catalog && bank_name(catalog, 0, i, name); i++)
        candidates_offer(&values->candidates, at, name, "a query bank");
    for (size_t i = 0; catalog && bank_name(catalog, 1, i, name); i++)
        if (!has_query_bank(catalog, name))
            candidates_offer(&values->candidates, at, name, "a bank of videos");
    catalog_close(catalog);
}

/* Every model, followed by `after`. */
static void put_models(struct values *values, size_t at, const char *after, size_t least)
{
    struct catalog *catalog = open_catalog(values);
    char name[NAME], folder[NAME], text[NAME + 8];
    size_t count = 0;

    while (catalog && catalog_model(catalog, count, name, sizeof name, folder, sizeof folder))
        count++;
    for (size_t i = 0; count >= least && i < count; i++) {
        catalog_model(catalog, i, name, sizeof name, folder, sizeof folder);
        snprintf(text, sizeof text, "%s%s", name, after);
        candidates_offer(&values->candidates, at, text, "a model");
    }
    catalog_close(catalog);
}

static void offer_models(struct values *values, size_t at)
{
    put_models(values, at, "", 1);
}

static void offer_columns(struct values *values, size_t at)
{
    struct collection *collection = values->collection ? named_collection_open(values->collection, NULL) : NULL;
    char name[NAME], text[NAME + 8];

    for (size_t i = 0; collection && where_column(collection, i, name, sizeof name); i++) {
        snprintf(text, sizeof text, "%s=", name);
        candidates_offer(&values->candidates, at, text, "a column");
    }
    collection_close(collection);
}

/* ---- rules ---- */

static void offer_parameters_of(struct values *values, size_t at, const char *rule, size_t length)
{
    char name[NAME], text[NAME], help[160];

    snprintf(name, sizeof name, "%.*s", (int)length, rule);
    const struct rule *found = length < sizeof name ? rule_find(name) : NULL;
    for (size_t i = 0; found && i < found->parameter_count; i++) {
        const struct rule_parameter *parameter = &found->parameters[i];
        snprintf(text, sizeof text, "%s=", parameter->name);
        snprintf(help, sizeof help, "%s (%g to %g)", parameter->meaning, parameter->least, parameter->most);
        candidates_offer(&values->candidates, at, text, help);
    }
}

/* The rule's name in [MODEL/]NAME[:p=v,...][@BANK]. */
static const char *name_in(const char *text)
{
    const char *slash = memchr(text, '/', strcspn(text, ":@"));

    return slash ? slash + 1 : text;
}

static void offer_rules(struct values *values, size_t at)
{
    const char *word = values->candidates.word, *text = word + at, *name = name_in(text);
    size_t length = strcspn(name, ":");

    if (name[length]) {
        const char *last = name + length;
        for (const char *comma = last; (comma = strchr(comma, ',')); comma++)
            last = comma;
        offer_parameters_of(values, (size_t)(last + 1 - word), name, length);
        return;
    }
    for (size_t i = 0; i < rules_count; i++)
        candidates_offer(&values->candidates, (size_t)(name - word), rules[i]->name, rules[i]->brief);
    if (name == text)
        put_models(values, at, "/", 2);
}

static void offer_rules_on_banks(struct values *values, size_t at)
{
    const char *word = values->candidates.word, *bank = strchr(word + at, '@');

    if (bank) {
        offer_banks(values, (size_t)(bank + 1 - word));
        return;
    }
    offer_rules(values, at);
    candidates_offer(&values->candidates, at, "all", "every rule");
}

static void offer_parameters(struct values *values, size_t at)
{
    const char *name = values->rule ? name_in(values->rule) : NULL;

    if (name)
        offer_parameters_of(values, at, name, strcspn(name, ":@"));
}

/* ---- pairs ---- */

/* The file of NAME=FILE; before the equals sign the name, which may begin with a model's. */
static void offer_named_file(struct values *values, size_t at)
{
    const char *word = values->candidates.word, *equals = strchr(word + at, '=');

    if (equals)
        candidates_offer_files(&values->candidates, (size_t)(equals + 1 - word));
}

static void offer_named_or_file(struct values *values, size_t at)
{
    if (strchr(values->candidates.word + at, '='))
        offer_named_file(values, at);
    else
        offer_files(values, at);
}

static void offer_model_files(struct values *values, size_t at)
{
    const char *text = values->candidates.word + at;

    offer_named_file(values, at);
    if (!strpbrk(text, "/="))
        put_models(values, at, "/", 2);
}

/* ---- the words ---- */

static const struct {
    const char *argument;
    offer *offer; /* null: any text */
} known[] = {
    {"FILE", offer_files},
    {"DIR", offer_folders},
    {"COLLECTION", offer_collections},
    {"LESSON", offer_lessons},
    {"BANK", offer_banks},
    {"MODEL", offer_models},
    {"[MODEL/]NAME[:p=v,...]", offer_rules},
    {"[MODEL/]NAME[:p=v,...][@BANK]", offer_rules_on_banks},
    {"P=A:B:[log]N|P=V,...", offer_parameters},
    {"COLUMN=VALUE", offer_columns},
    {"NAME=FILE", offer_named_file},
    {"[NAME=]FILE", offer_named_or_file},
    {"[MODEL/]NAME=FILE", offer_model_files},
    {"COMMAND", NULL},
    {"I/N", NULL},
    {"K", NULL},
    {"KEY", NULL},
    {"MORE", NULL},
    {"N", NULL},
    {"N,...", NULL},
    {"NAME", NULL},
    {"OURS=THEIRS", NULL},
    {"R,...", NULL},
    {"ROW", NULL},
    {"SECONDS", NULL},
    {"SIZE", NULL},
    {"TEXT", NULL},
    {"W", NULL},
    {"WORD[,PLURAL]", NULL},
    {"X", NULL},
};
enum { KNOWN = sizeof known / sizeof *known };

static size_t find(const char *argument)
{
    size_t i = 0;

    while (i < KNOWN && strcmp(known[i].argument, argument) != 0)
        i++;
    return i;
}

/* Copies one of "A|B|c" and moves past it; false at the end. */
static bool next_alternative(const char **argument, char alternative[NAME])
{
    size_t length = strcspn(*argument, "|");

    if (!**argument)
        return false;
    snprintf(alternative, NAME, "%.*s", (int)length, *argument);
    *argument += length + ((*argument)[length] == '|');
    return true;
}

/* Names that stand for themselves have a small letter or a digit, and no brackets. */
static bool is_literal(const char *text)
{
    return strpbrk(text, "abcdefghijklmnopqrstuvwxyz0123456789") && !strpbrk(text, "[]=,.");
}

bool values_known(const char *argument)
{
    char alternative[NAME];

    if (find(argument) < KNOWN)
        return true;
    while (next_alternative(&argument, alternative))
        if (!is_literal(alternative) && find(alternative) == KNOWN)
            return false;
    return true;
}

static void offer_one(struct values *values, const char *alternative, size_t at)
{
    size_t found = find(alternative);

    if (found == KNOWN)
        candidates_offer(&values->candidates, at, alternative, NULL);
    else if (known[found].offer)
        known[found].offer(values, at);
}

void values_offer(struct values *values, const char *argument, size_t at)
{
    char alternative[NAME];

    if (find(argument) < KNOWN) {
        offer_one(values, argument, at);
        return;
    }
    for (const char *rest = argument; next_alternative(&rest, alternative);) /* files come first */
        if (strcmp(alternative, "FILE") == 0)
            offer_files(values, at);
    while (next_alternative(&argument, alternative))
        offer_one(values, alternative, at);
}
