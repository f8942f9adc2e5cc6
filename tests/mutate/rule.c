#include "tests/mutate/rule.h"
#include "tests/mutate/folder.h"
#include "tests/mutate/program.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARGUMENTS = 16 };

#define PAGE "page.html"

struct command {
    const char *argument[ARGUMENTS]; /* null-terminated; "@" is the collection */
    bool json;                       /* what it prints */
};

static const struct command check = {{"check", "@", "--format", "json"}, true};

/* Each must work on what passes the check. */
static const struct command commands[] = {
    {{"info", "@", "--format", "json"}, true},
    {{"eval", "@", "--rule", "raw", "--rule", "ncl", "--rule", "qbnorm", "--bootstrap", "0", "--format", "json"}, true},
    {{"eval", "@", "--rule", "raw", "--rule", "sinkhorn", "--direction", "v2t", "--bootstrap", "0"}, false},
    {{"search", "@", "blue", "spiral", "--rule", "raw", "--rule", "ncl", "--format", "json"}, true},
    {{"search", "@", "--caption", "3", "--rule", "ncl"}, false},
    {{"search", "@", "--caption", "5", "--brief"}, false},
    {{"report", "@", "--bootstrap", "1", "--output", PAGE}, false},
    {{"explore", "@", "--script", NULL, "--no-display"}, false},
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static bool broken(char *why, const struct command *command, const struct program_run *run, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Says what is wrong with a run; always false. */
static bool broken(char *why, const struct command *command, const struct program_run *run, const char *format, ...)
{
    va_list arguments;
    int used = snprintf(why, RULE_WHY, "%s: ", command->argument[0]);

    va_start(arguments, format);
    used += vsnprintf(why + used, (size_t)(RULE_WHY - used), format, arguments);
    va_end(arguments);
    if (run && used < RULE_WHY)
        snprintf(why + used, (size_t)(RULE_WHY - used), " (status %d)\n%.1500s", run->status, run->err);
    return false;
}

static void start(struct rule *rule, const struct command *command, struct program_run *run)
{
    const char *argument[ARGUMENTS + 1] = {0};

    for (size_t i = 0;
         i < ARGUMENTS && (command->argument[i] || (i && strcmp(command->argument[i - 1], "--script") == 0)); i++)
        argument[i] = !command->argument[i]                    ? rule->script
                      : strcmp(command->argument[i], "@") == 0 ? rule->name
                                                               : command->argument[i];
    program_start(run, argument);
    rule->runs++;
}

static size_t lines_of(const char *text)
{
    size_t lines = 0;

    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

/* No reason for which a file of a collection may be refused. */
static bool is_lie(const char *text)
{
    static const char *const words[] = {"out of memory", "not an error", "Input/output", "bad parameter",
                                        "(null)",        "Bad file",     "Bad address",  "Success"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(text, words[i]))
            return true;
    return false;
}

static bool is_json(const char *text)
{
    json_t *value = json_loads(text, 0, NULL);

    json_decref(value);
    return value;
}

/* What every command promises, whatever the collection is like. */
static bool ends_well(const struct command *command, const struct program_run *run, char *why)
{
    size_t lines = lines_of(run->err);
    bool checked = command == &check;

    if (run->hung)
        return broken(why, command, run, "hung");
    if (program_crashed(run))
        return broken(why, command, run, "crashed");
    if (run->status != 0 && run->status != 1)
        return broken(why, command, run, "another status");
    if (run->status == 0 && lines)
        return broken(why, command, run, "says something");
    if (run->status == 1 && lines != 1 && !(checked && *run->out))
        return broken(why, command, run, "%zu lines", lines);
    if (run->status == 1 && *run->out && !checked)
        return broken(why, command, run, "half the output");
    if (command->json && *run->out && !is_json(run->out))
        return broken(why, command, run, "not JSON");
    if (is_lie(run->err) || is_lie(run->out))
        return broken(why, command, run, "an untrue reason\n%.500s", is_lie(run->out) ? run->out : "");
    return true;
}

/* Whether a command failed because of the collection; otherwise it is asked for something that this one does not have,
 * such as captions of videos. */
static bool blames(const struct command *command, const struct program_run *run, const char *name)
{
    char path[FOLDER_PATH];

    snprintf(path, sizeof path, "%s/", name);
    return *run->out || strcmp(command->argument[0], "import") == 0 || strstr(run->err, path) ||
           strstr(run->err, "damaged");
}

/* Runs a command on a collection that has passed the check, or not. */
static bool keeps(struct rule *rule, const struct command *command, bool passed, int *status, char *why)
{
    struct program_run run;

    start(rule, command, &run);
    bool well = ends_well(command, &run, why);
    if (well && passed && run.status && blames(command, &run, rule->name))
        well = broken(why, command, &run, "refuses what passed the check\n%.800s", command == &check ? run.out : "");
    *status = run.status;
    program_release(&run);
    return well;
}

/* The page of a report is whole, if it exists. */
static bool is_page_whole(const char *path)
{
    size_t size;
    unsigned char *bytes = folder_read(path, 0, &size);
    bool whole = bytes && strstr((const char *)bytes, "</html>");

    free(bytes);
    return whole;
}

/* Nothing but the collection and a page may lie in the folder. */
static bool leaves_nothing(const struct rule *rule, const struct command *command, int status, char *why)
{
    struct folder_entries entries;
    size_t length = strlen(rule->name);

    folder_list(&entries, rule->work);
    for (size_t i = 0; i < entries.count; i++) {
        const char *path = entries.path[i];
        bool ours = strncmp(path, rule->name, length) == 0 && (!path[length] || path[length] == '/');
        bool page = status == 0 && strcmp(path, PAGE) == 0 && is_page_whole(folder_at(rule->work, PAGE));
        if (!ours && !page)
            return broken(why, command, NULL, "leaves %s", path);
    }
    folder_remove(folder_at(rule->work, PAGE));
    return true;
}

static bool is_journal(const char *line)
{
    return strncmp(line, "catalog.db-", 11) == 0;
}

/* Compares descriptions of a folder, line by line; SQLite may roll back, and remove, what an earlier writer left. */
static bool is_unchanged(const char *before, const char *after)
{
    bool journal = strstr(before, "catalog.db-") != NULL;

    while (*before || *after) {
        size_t left = strcspn(before, "\n"), right = strcspn(after, "\n");
        if (journal && *before && is_journal(before))
            before += left + 1;
        else if (journal && *after && is_journal(after))
            after += right + 1;
        else if (journal && strncmp(before, "catalog.db ", 11) == 0 && strncmp(after, "catalog.db ", 11) == 0)
            before += left + 1, after += right + 1;
        else if (left != right || strncmp(before, after, left) != 0 || !*before || !*after)
            return false;
        else
            before += left + 1, after += right + 1;
    }
    return true;
}

/* The check changes nothing. */
static bool keeps_check(struct rule *rule, bool passed, int *status, char *why)
{
    char *before = folder_describe(folder_at(rule->work, rule->name));
    bool well = keeps(rule, &check, passed, status, why);
    char *after = folder_describe(folder_at(rule->work, rule->name));

    if (well && !is_unchanged(before, after))
        well = broken(why, &check, NULL, "changes the collection\n%s\n%s", before, after);
    free(before);
    free(after);
    return well;
}

/* Adding a bank succeeds as a whole, or leaves the collection as it was. */
static bool keeps_import(struct rule *rule, bool passed, char *why)
{
    char bank[FOLDER_PATH];
    const struct command import = {{"import", "@", "--add-bank", bank}, false};
    int status;

    snprintf(bank, sizeof bank, "new=%s.npy", rule->origin);
    char *before = folder_describe(folder_at(rule->work, rule->name));
    bool well = keeps(rule, &import, passed, &status, why);
    char *after = folder_describe(folder_at(rule->work, rule->name));
    if (well && status == 1 && !is_unchanged(before, after))
        well = broken(why, &import, NULL, "fails, but changes the collection\n%s\n%s", before, after);
    if (well && status == 0 && !strstr(after, "bank_new.npy"))
        well = broken(why, &import, NULL, "adds nothing");
    free(before);
    free(after);
    return well && leaves_nothing(rule, &import, status, why) && (!passed || keeps_check(rule, true, &status, why));
}

/* Whether the command with that number is run: COMMANDS is the import. */
static bool has_turn(const struct rule *rule, bool passed, size_t number)
{
    return rule->pace == THOROUGH || (rule->pace == USUAL && passed) || rule->turn % (COMMANDS + 1) == number;
}

bool rule_holds(struct rule *rule, char why[RULE_WHY])
{
    int status, other;

    if (!keeps_check(rule, false, &status, why))
        return false;
    bool passed = status == 0;
    rule->passed += passed;
    for (size_t i = 0; i < COMMANDS; i++)
        if (has_turn(rule, passed, i) &&
            (!keeps(rule, &commands[i], passed, &other, why) || !leaves_nothing(rule, &commands[i], other, why)))
            return false;
    return !has_turn(rule, passed, COMMANDS) || keeps_import(rule, passed, why);
}
