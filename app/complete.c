#include "app/complete.h"

#include "app/command.h"
#include "app/global.h"
#include "app/values.h"
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATIENCE_SECONDS = 2, GIVEN_MOST = 128 };

/* A command line up to the cursor. */
struct line {
    const struct command *command;
    const struct option_entry *given[GIVEN_MOST]; /* options before the cursor */
    size_t givens, operands;
    const struct option_entry *pending; /* the option whose value the next word is, or null */
    bool ended;                         /* by "--": only operands follow */
    char path[PATH_MAX];                /* of the collection, if the line names it by a tilde */
    struct values values;
};

static void give_up(int number)
{
    (void)number;
    _exit(EXIT_SUCCESS);
}

static bool takes_value(const struct option_entry *entry)
{
    return entry->kind != OPTION_FLAG;
}

/* ---- options ---- */

static const struct option_entry *find_option(const struct line *line, const char *name)
{
    const struct option_entry *found = options_find(&line->command->options, name);

    return found ? found : options_find(&global_group, name);
}

struct lettered {
    char letter;
    const struct option_entry *found;
};

static bool has_other_letter(const struct option_entry *entry, void *context)
{
    struct lettered *wanted = context;

    if (entry->letter == wanted->letter)
        wanted->found = entry;
    return !wanted->found;
}

static const struct option_entry *find_letter(const struct line *line, char letter)
{
    struct lettered wanted = {.letter = letter};

    if (options_each(&line->command->options, has_other_letter, &wanted))
        options_each(&global_group, has_other_letter, &wanted);
    return wanted.found;
}

/* The option of "--name", "--name=value" or "-l"; null if there is none. */
static const struct option_entry *option_of(const struct line *line, const char *word)
{
    char name[64];
    size_t length = strcspn(word, "=");

    if (word[1] != '-')
        return find_letter(line, word[1]);
    if (length - 2 >= sizeof name)
        return NULL;
    snprintf(name, sizeof name, "%.*s", (int)length - 2, word + 2);
    return find_option(line, name);
}

static bool is_given(const struct line *line, const struct option_entry *entry)
{
    for (size_t i = 0; i < line->givens; i++)
        if (line->given[i] == entry)
            return true;
    return false;
}

static bool offer_option(const struct option_entry *entry, void *context)
{
    struct line *line = context;
    char text[80];

    snprintf(text, sizeof text, "--%s", entry->name);
    if (!options_is_operand(entry) && entry->kind != OPTION_RENAMED &&
        (entry->kind == OPTION_LIST || !is_given(line, entry)))
        candidates_offer(&line->values.candidates, 0, text, entry->help);
    return true;
}

static void offer_options(struct line *line)
{
    options_each(&line->command->options, offer_option, line);
    options_each(&global_group, offer_option, line);
}

/* ---- operands ---- */

struct numbered {
    size_t left;
    const struct option_entry *found;
};

static bool is_earlier(const struct option_entry *entry, void *context)
{
    struct numbered *wanted = context;

    if (!options_is_operand(entry) || (wanted->left && entry->kind != OPTION_WORDS && wanted->left--))
        return true;
    wanted->found = entry;
    return false;
}

/* The operand that a word after `count` others is; null if there is none. */
static const struct option_entry *operand_at(const struct command *command, size_t count)
{
    struct numbered wanted = {.left = count};

    options_each(&command->options, is_earlier, &wanted);
    return wanted.found;
}

/* ---- the line ---- */

static void note_value(struct line *line, const struct option_entry *entry, const char *value)
{
    if (strcmp(entry->name, "rule") == 0)
        line->values.rule = value;
}

static void note_operand(struct line *line, const char *word)
{
    const struct option_entry *entry = operand_at(line->command, line->operands++);

    const char *home = strncmp(word, "~/", 2) == 0 ? getenv("HOME") : NULL;

    if (!entry || (strcmp(entry->name, "COLLECTION") != 0 && strcmp(entry->name, "DIR") != 0))
        return;
    line->values.collection = word;
    if (home && snprintf(line->path, sizeof line->path, "%s%s", home, word + 1) < (int)sizeof line->path)
        line->values.collection = line->path;
}

static void note_option(struct line *line, const char *word)
{
    const struct option_entry *entry = option_of(line, word);
    const char *equals = strchr(word, '=');

    if (!entry)
        return;
    if (line->givens < GIVEN_MOST)
        line->given[line->givens++] = entry;
    if (takes_value(entry) && equals)
        note_value(line, entry, equals + 1);
    else if (takes_value(entry))
        line->pending = entry;
}

static void note_word(struct line *line, const char *word)
{
    if (line->pending) {
        note_value(line, line->pending, word);
        line->pending = NULL;
    } else if (!line->ended && strcmp(word, "--") == 0) {
        line->ended = true;
    } else if (!line->ended && word[0] == '-' && word[1]) {
        note_option(line, word);
    } else {
        note_operand(line, word);
    }
}

static void offer_value(struct line *line, const struct option_entry *entry, size_t at)
{
    char buffer[OPTIONS_ARGUMENT];
    const char *argument = options_is_operand(entry) ? entry->name : options_argument(entry, buffer);

    if (argument)
        values_offer(&line->values, argument, at);
}

static void offer_word(struct line *line)
{
    const char *word = line->values.candidates.word, *equals = strchr(word, '=');
    bool option = !line->ended && word[0] == '-';
    const struct option_entry *entry = line->pending              ? line->pending
                                       : !option                  ? operand_at(line->command, line->operands)
                                       : equals && word[1] == '-' ? option_of(line, word)
                                                                  : NULL;

    if (entry)
        offer_value(line, entry, !line->pending && option ? (size_t)(equals + 1 - word) : 0);
    else if (option && !equals)
        offer_options(line);
}

static void offer_commands(struct line *line)
{
    for (size_t i = 0; commands[i]; i++)
        candidates_offer(&line->values.candidates, 0, commands[i]->name, commands[i]->help);
}

/* Offers what can follow `count` words. */
static void offer_all(struct line *line, char **word, size_t count)
{
    const struct command *named = count ? command_find(word[0]) : NULL;

    if (count && strcmp(word[0], "help") == 0) {
        if (count == 1)
            offer_commands(line);
        return;
    }
    if (!count) {
        offer_commands(line);
        candidates_offer(&line->values.candidates, 0, "help", "help on a command");
    }
    line->values.first = !count;
    line->command = named ? named : commands[0];
    for (size_t i = named ? 1 : 0; i < count; i++)
        note_word(line, word[i]);
    if (!line->values.collection && !line->operands && line->command == commands[0])
        line->values.collection = "sample";
    offer_word(line);
}

int complete(int argc, char **argv)
{
    enum { SHELL = 2, KEPT, WORDS };
    struct line line = {.values.candidates = {.out = stdout}};
    struct candidates *candidates = &line.values.candidates;

    signal(SIGALRM, give_up);
    alarm(PATIENCE_SECONDS);
    if (argc <= WORDS)
        return EXIT_SUCCESS;
    candidates->escaped = strcmp(argv[SHELL], "bash") == 0;
    candidates->home = strncmp(argv[argc - 1], "~/", 2) == 0;
    for (int i = KEPT; candidates->escaped && i < argc; i++)
        candidates->quote = candidates_unquote(argv[i]);
    candidates->word = argv[argc - 1];
    candidates->kept = strncmp(argv[KEPT], candidates->word, strlen(argv[KEPT])) == 0 ? strlen(argv[KEPT]) : 0;
    offer_all(&line, argv + WORDS, (size_t)(argc - WORDS - 1));
    puts(line.values.files ? "files" : line.values.folders ? "folders" : "words");
    return EXIT_SUCCESS;
}
