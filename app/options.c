#include "app/options.h"
#include "engine/base/nearest.h"
#include "engine/base/text.h"
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPTIONS_MOST = 128, OPERANDS_MOST = 4, COUNT_MOST = 1000000000, HELP_COLUMN = 36 };

struct place {
    const struct option_entry *entry;
    void *field;
};

/* The options of all targets, groups expanded in place. */
struct parser {
    struct place option[OPTIONS_MOST], operand[OPERANDS_MOST];
    size_t options, operands;
    struct option known[OPTIONS_MOST + 1]; /* the options as getopt takes them */
    char letters[2 * OPTIONS_MOST + 2];
};

int usage_error(struct error *error, const char *format, ...)
{
    char text[sizeof error->text];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return error_set(error, ERROR_USAGE, "%s", text);
}

int usage_from(struct error *error)
{
    error->kind = ERROR_USAGE;
    return -1;
}

static void clear(const struct option_entry *entry, void *field)
{
    if (entry->kind == OPTION_COUNT)
        *(size_t *)field = entry->unset;
    if (entry->kind == OPTION_CHOICE)
        *(int *)field = entry->unset == NOT_GIVEN ? -1 : (int)entry->unset;
}

bool options_is_operand(const struct option_entry *entry)
{
    return entry->kind == OPTION_OPERAND || entry->kind == OPTION_WORDS;
}

static void collect(struct parser *parser, const struct option_group *group, void *values)
{
    for (const struct option_entry *entry = group->entries; entry->name; entry++) {
        void *field = (char *)values + entry->offset;
        if (entry->kind == OPTION_GROUP)
            collect(parser, entry->group, field);
        else if (options_is_operand(entry) && parser->operands < OPERANDS_MOST)
            parser->operand[parser->operands++] = (struct place){entry, field};
        else if (parser->options < OPTIONS_MOST)
            parser->option[parser->options++] = (struct place){entry, field};
    }
}

const char *options_argument(const struct option_entry *entry, char buffer[OPTIONS_ARGUMENT])
{
    if (!entry->name_at)
        return entry->argument;
    buffer[0] = '\0';
    for (size_t i = 0; entry->name_at(i); i++)
        text_append(buffer, OPTIONS_ARGUMENT, "|", entry->name_at(i));
    return buffer;
}

/* Index of `text` among the names "a|b|c"; -1 for any other. */
static int choice_index(const char *names, const char *text)
{
    size_t length = strlen(text);
    int index = 0;
    for (const char *at = names; at; index++) {
        const char *end = strchr(at, '|');
        size_t size = end ? (size_t)(end - at) : strlen(at);
        if (size == length && memcmp(at, text, size) == 0)
            return index;
        at = end ? end + 1 : NULL;
    }
    return -1;
}

/* Reads "1000000", "512M", "1.5G" (K, M, G, T: powers of 1024); false unless it is a size of at least one byte. */
static bool parse_size(const char *text, size_t *bytes)
{
    static const char units[] = "KMGT";
    size_t digits = strspn(text, "0123456789.");
    char *end;
    double size = strtod(text, &end);
    const char *unit = *end ? strchr(units, toupper((unsigned char)*end)) : NULL;
    if (digits == 0 || end != text + digits || (*end && (!unit || end[1])))
        return false; /* no number, or one with a sign, an exponent or hexadecimal digits */
    size = ldexp(size, unit ? 10 * (int)(unit - units + 1) : 0);
    if (!(size >= 1 && size < 0x1p62))
        return false;
    *bytes = (size_t)size;
    return true;
}

static int store_list(const struct option_entry *entry, struct text_list *list, const char *value, struct error *error)
{
    if (list->count == LIST_MOST)
        return usage_error(error, "more than %d --%s", LIST_MOST, entry->name);
    list->item[list->count++] = value;
    return 0;
}

static int store_count(const struct option_entry *entry, size_t *field, const char *value, struct error *error)
{
    char *end;
    errno = 0;
    unsigned long number = value[0] >= '0' && value[0] <= '9' ? strtoul(value, &end, 10) : 0;
    if (value[0] < '0' || value[0] > '9' || *end || errno || number > COUNT_MOST || number < entry->least)
        return usage_error(error, "--%s takes a whole number from %zu, not '%s'", entry->name, entry->least, value);
    *field = number;
    return 0;
}

static int store_real(const struct option_entry *entry, double *field, const char *value, struct error *error)
{
    char *end;
    double number = strtod(value, &end);
    if (end == value || *end || !isfinite(number) || number <= 0)
        return usage_error(error, "--%s takes a number above 0, not '%s'", entry->name, value);
    *field = number;
    return 0;
}

static int store_choice(const struct option_entry *entry, int *field, const char *value, struct error *error)
{
    char buffer[OPTIONS_ARGUMENT];
    const char *names = options_argument(entry, buffer);
    int index = choice_index(names, value);
    if (index < 0)
        return usage_error(error, "--%s takes %s, not '%s'", entry->name, names, value);
    *field = index;
    return 0;
}

static int store(const struct option_entry *entry, void *field, const char *value, struct error *error)
{
    switch (entry->kind) {
    case OPTION_FLAG:
        *(bool *)field = true;
        return 0;
    case OPTION_TEXT:
        *(const char **)field = value;
        return 0;
    case OPTION_LIST:
        return store_list(entry, field, value, error);
    case OPTION_COUNT:
        return store_count(entry, field, value, error);
    case OPTION_SIZE:
        if (!parse_size(value, field))
            return usage_error(error, "--%s takes a size such as 2G, 512M or 1000000 (bytes), not '%s'", entry->name,
                               value);
        return 0;
    case OPTION_REAL:
        return store_real(entry, field, value, error);
    case OPTION_CHOICE:
        return store_choice(entry, field, value, error);
    case OPTION_RENAMED:
        return usage_error(error, "--%s is now --%s", entry->name, entry->argument);
    case OPTION_OPERAND:
    case OPTION_WORDS:
    case OPTION_GROUP:
        break;
    }
    return 0;
}

/* Assigns the arguments that are not options to the operands, in order. */
static int store_operands(const struct parser *parser, char *const *word, size_t words, struct error *error)
{
    for (size_t i = 0; i < parser->operands && words; i++) {
        const struct place *place = &parser->operand[i];
        if (place->entry->kind == OPTION_OPERAND) {
            *(const char **)place->field = *word++;
            words--;
        } else {
            *(struct words *)place->field = (struct words){word, words};
            words = 0;
        }
    }
    return words ? usage_error(error, "unexpected argument '%s'", *word) : 0;
}

static void prepare(struct parser *parser)
{
    char *letter = parser->letters;
    *letter++ = ':';
    for (size_t i = 0; i < parser->options; i++) {
        const struct option_entry *entry = parser->option[i].entry;
        bool takes_value = entry->kind != OPTION_FLAG;
        int has_arg = takes_value ? required_argument : no_argument;
        parser->known[i] = (struct option){.name = entry->name, .has_arg = has_arg};
        if (entry->letter)
            *letter++ = entry->letter;
        if (entry->letter && takes_value)
            *letter++ = ':';
        clear(entry, parser->option[i].field);
    }
}

static const struct place *find_letter(const struct parser *parser, int letter)
{
    for (size_t i = 0; i < parser->options; i++)
        if (parser->option[i].entry->letter == letter)
            return &parser->option[i];
    return NULL;
}

static int option_unknown(const struct parser *parser, const char *word, struct error *error)
{
    const char *name = word + strspn(word, "-");
    struct nearest nearest = nearest_to(name, strcspn(name, "="));
    char advice[NEAREST_BYTES + 24] = "";
    for (size_t i = 0; i < parser->options && word[0] == '-' && word[1] == '-'; i++)
        nearest_offer(&nearest, parser->option[i].entry->name);
    if (nearest.best[0])
        snprintf(advice, sizeof advice, "; did you mean '--%s'?", nearest.best);
    return usage_error(error, "unknown option '%s'%s", word, advice);
}

bool options_each(const struct option_group *group, options_taker *take, void *context)
{
    for (const struct option_entry *entry = group->entries; entry->name; entry++)
        if (entry->kind == OPTION_GROUP ? !options_each(entry->group, take, context) : !take(entry, context))
            return false;
    return true;
}

static bool is_offered(const struct option_entry *entry)
{
    return !options_is_operand(entry) && entry->kind != OPTION_RENAMED;
}

struct wanted {
    const char *name;
    const struct option_entry *found;
};

static bool is_other(const struct option_entry *entry, void *context)
{
    struct wanted *wanted = context;
    if (is_offered(entry) && strcmp(entry->name, wanted->name) == 0)
        wanted->found = entry;
    return !wanted->found;
}

const struct option_entry *options_find(const struct option_group *group, const char *name)
{
    struct wanted wanted = {.name = name};
    options_each(group, is_other, &wanted);
    return wanted.found;
}

int options_parse(const struct option_target *targets, size_t count, int argc, char **argv, const char **unknown,
                  struct error *error)
{
    struct parser parser = {.options = 0};
    *unknown = NULL;
    for (size_t i = 0; i < count; i++)
        collect(&parser, targets[i].group, targets[i].values);
    prepare(&parser);

    opterr = 0;
    optind = 0; /* begins anew, also for a second line of words */
    for (;;) {
        int index = 0, before = optind;
        int found = getopt_long(argc, argv, parser.letters, parser.known, &index);
        if (found == -1)
            break;
        const char *word = argv[before < optind ? optind - 1 : before];
        const struct place *place = found == 0 ? &parser.option[index] : find_letter(&parser, found);
        if (found == ':')
            return usage_error(error, "%s needs a value", word);
        if (!place) {
            *unknown = word;
            return option_unknown(&parser, word, error);
        }
        if (store(place->entry, place->field, optarg, error))
            return -1;
    }
    return store_operands(&parser, argv + optind, (size_t)(argc - optind), error);
}

int options_settle(const struct option_group *group, void *values, struct error *error)
{
    if (group->settle && group->settle(values, error))
        return -1;
    for (const struct option_entry *entry = group->entries; entry->name; entry++)
        if (entry->kind == OPTION_GROUP && options_settle(entry->group, (char *)values + entry->offset, error))
            return -1;
    return 0;
}

static void put_option(FILE *out, const struct option_entry *entry)
{
    char names[OPTIONS_ARGUMENT], form[4] = "";
    const char *argument = options_argument(entry, names);
    if (entry->letter)
        snprintf(form, sizeof form, "-%c", entry->letter);
    int width = fprintf(out, "  %s%s--%s%s%s", form, entry->letter ? ", " : "", entry->name, argument ? " " : "",
                        argument ? argument : "");
    if (width > HELP_COLUMN - 2) { /* the help begins on a line of its own */
        fputc('\n', out);
        width = 0;
    }
    fprintf(out, "%*s%s\n", HELP_COLUMN - width, "", entry->help);
}

static bool put_offered(const struct option_entry *entry, void *out)
{
    if (is_offered(entry))
        put_option(out, entry);
    return true;
}

void options_help(FILE *out, const struct option_group *group)
{
    options_each(group, put_offered, out);
}

void options_details(FILE *out, const struct option_group *group)
{
    if (group->details)
        fprintf(out, "\n%s", group->details);
    for (const struct option_entry *entry = group->entries; entry->name; entry++)
        if (entry->kind == OPTION_GROUP)
            options_details(out, entry->group);
}

void options_lists(FILE *out, const struct option_group *group)
{
    for (const struct option_entry *entry = group->entries; entry->name; entry++)
        if (entry->kind == OPTION_GROUP)
            options_lists(out, entry->group);
    if (group->list)
        group->list(out);
}

const char *list_last(const struct text_list *list)
{
    return list->count ? list->item[list->count - 1] : NULL;
}
