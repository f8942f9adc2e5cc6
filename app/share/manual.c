/* Writes the manual pages: manual FOLDER DATE PAGE.md... makes hubscope(1), a page of section 1 for each command, and
 * one for each page of doc/, in the section that `sections` gives it or else in 7. */
#include "app/command.h"
#include "app/global.h"
#include "app/help.h"
#include "app/share/markdown.h"
#include "app/share/roff.h"
#include "app/surroundings.h"
#include "engine/formats/file.h"
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 64, PAGE_LIMIT = 1 << 20 };

static const char *folder, *date;

/* Formats of files and directories; the others explain. */
static const char *const sections[] = {"collection", "config", "formats", "lessons"};

/* The pages of doc/, named on the command line. */
static char **pages;
static int page_count;

/* "rules" of "doc/rules.md". */
static void base_of(const char *file, char base[NAME])
{
    const char *slash = strrchr(file, '/'), *from = slash ? slash + 1 : file;

    snprintf(base, NAME, "%.*s", (int)strcspn(from, "."), from);
}

static int section_of(const char *base)
{
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        if (strcmp(base, sections[i]) == 0)
            return 5;
    return 7;
}

static bool name_of(const char *file, char *name, size_t size)
{
    char wanted[NAME], base[NAME];

    if (!strstr(file, ".md"))
        return false;
    base_of(file, wanted);
    if (strcmp(wanted, "options") == 0)
        return snprintf(name, size, "hubscope(1)") > 0;
    for (int i = 0; i < page_count; i++) {
        base_of(pages[i], base);
        if (strcmp(base, wanted) == 0)
            return snprintf(name, size, "hubscope-%s(%d)", base, section_of(base)) > 0;
    }
    return false;
}

/* Begins hubscope-BASE.SECTION, or hubscope.1 without a base. */
static bool begin(struct roff *roff, const char *base, int section, const char *brief)
{
    char name[NAME + 16], path[4096], heading[NAME + 160];

    snprintf(name, sizeof name, "hubscope%s%s", base ? "-" : "", base ? base : "");
    snprintf(path, sizeof path, "%s/%s.%d", folder, name, section);
    *roff = (struct roff){.out = fopen(path, "w"), .font = ROFF_ROMAN};
    if (!roff->out) {
        perror(path);
        return false;
    }
    fputs(".\\\" Made from the tables of the program and the pages of doc/.\n", roff->out);
    snprintf(heading, sizeof heading, ".TH %s %d %s \"hubscope " HUBSCOPE_VERSION "\" \"hubscope manual\"", name,
             section, date);
    roff_macro(roff, heading, NULL);
    fputs(".nr HY 0\n.nh\n.ad l\n", roff->out); /* names stay whole */
    roff_macro(roff, ".SH NAME", NULL);
    roff_text(roff, name);
    roff_text(roff, " ");
    roff_font(roff, ROFF_BOLD); /* in which a minus is one */
    roff_text(roff, "- ");
    roff_font(roff, ROFF_ROMAN);
    roff_plain(roff, brief);
    roff_end(roff);
    return true;
}

static bool end(struct roff *roff)
{
    roff_end(roff);
    bool failed = ferror(roff->out) != 0;
    return (fclose(roff->out) == 0) & !failed;
}

/* ---- pieces ---- */

static void put_synopsis(struct roff *roff, const char *command, const char *usage)
{
    roff_bold(roff, "hubscope");
    if (command) {
        roff_text(roff, " ");
        roff_bold(roff, command);
    }
    roff_text(roff, " ");
    roff_font(roff, ROFF_ITALIC);
    roff_text(roff, usage);
    roff_end(roff);
}

static bool put_option(const struct option_entry *entry, void *context)
{
    struct roff *roff = context;
    char buffer[OPTIONS_ARGUMENT], text[NAME];
    const char *argument = options_argument(entry, buffer);

    if (options_is_operand(entry) || entry->kind == OPTION_RENAMED)
        return true;
    roff_macro(roff, ".TP", NULL);
    snprintf(text, sizeof text, "-%c", entry->letter);
    if (entry->letter)
        roff_bold(roff, text), roff_text(roff, ", ");
    snprintf(text, sizeof text, "--%s", entry->name);
    roff_bold(roff, text);
    if (argument) {
        roff_text(roff, " ");
        roff_font(roff, ROFF_ITALIC);
        roff_text(roff, argument);
    }
    roff_end(roff);
    roff_plain(roff, entry->help);
    roff_end(roff);
    return true;
}

static void put_options(struct roff *roff, const struct command *command)
{
    roff_macro(roff, ".SH OPTIONS", NULL);
    options_each(&command->options, put_option, roff);
    options_each(&global_group, put_option, roff);
}

static void put_surroundings(struct roff *roff, const char *heading, const struct surrounding *entry)
{
    roff_macro(roff, ".SH", heading);
    for (size_t i = 0; entry[i].name; i++) {
        roff_macro(roff, ".TP", NULL);
        roff_bold(roff, entry[i].name);
        roff_end(roff);
        roff_plain(roff, entry[i].text);
        roff_text(roff, ".");
        roff_end(roff);
    }
}

/* What the help prints, by its layout: "Title:" alone on a line heads a section, two blanks begin an entry of a name
 * and its text, more blanks a further line of it, and all else is a paragraph. */
static void put_help_line(struct roff *roff, const char *line, bool *paragraph)
{
    size_t indent = strspn(line, " "), length = strlen(line);
    char name[NAME], title[NAME];

    if (!length) {
        *paragraph = false;
    } else if (!indent && !*paragraph && line[length - 1] == ':' && length < sizeof title) {
        snprintf(title, sizeof title, "%.*s", (int)length - 1, line);
        roff_macro(roff, ".SS", title);
        *paragraph = true;
    } else if (indent == 2) {
        snprintf(name, sizeof name, "%.*s", (int)strcspn(line + 2, " "), line + 2);
        roff_macro(roff, ".TP", NULL);
        roff_bold(roff, name);
        roff_end(roff);
        roff_plain(roff, line + 2 + strlen(name));
        roff_end(roff);
    } else if (indent) {
        roff_macro(roff, ".br", NULL);
        roff_plain(roff, line + indent);
        roff_end(roff);
    } else {
        if (!*paragraph)
            roff_macro(roff, ".PP", NULL);
        roff_plain(roff, line);
        roff_text(roff, " ");
        *paragraph = true;
    }
}

static void put_help(struct roff *roff, const struct option_group *group,
                     void (*print)(FILE *out, const struct option_group *group))
{
    char *text = NULL, *rest;
    size_t size;
    bool paragraph = false;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return;
    print(out, group);
    fclose(out);
    rest = text;
    for (char *line; (line = strsep(&rest, "\n"));)
        put_help_line(roff, line, &paragraph);
    roff_end(roff);
    free(text);
}

static void put_reference(struct roff *roff, const char *name, bool last)
{
    roff_bold(roff, name);
    roff_text(roff, last ? "" : ", ");
}

/* ---- pages ---- */

static bool write_main(void)
{
    struct roff roff;
    char name[NAME + 16];

    if (!begin(&roff, NULL, 1, "explore text-video retrieval in a terminal"))
        return false;
    roff_macro(&roff, ".SH SYNOPSIS", NULL);
    put_synopsis(&roff, NULL, "[COLLECTION] [options]");
    roff_macro(&roff, ".br", NULL);
    put_synopsis(&roff, NULL, "COMMAND ...");
    roff_macro(&roff, ".SH DESCRIPTION", NULL);
    roff_plain(&roff, help_summary);
    roff_macro(&roff, ".SH COMMANDS", NULL);
    for (size_t i = 0; commands[i]; i++) {
        roff_macro(&roff, ".TP", NULL);
        snprintf(name, sizeof name, "hubscope-%s(1)", commands[i]->name);
        roff_bold(&roff, name);
        roff_end(&roff);
        roff_plain(&roff, commands[i]->help);
        roff_end(&roff);
    }
    roff_macro(&roff, ".TP", NULL);
    roff_bold(&roff, "help");
    roff_end(&roff);
    roff_plain(&roff, "help on a command: `hubscope help COMMAND`");
    put_options(&roff, commands[0]);
    put_surroundings(&roff, "EXIT STATUS", exit_statuses);
    put_surroundings(&roff, "ENVIRONMENT", environment_variables);
    put_surroundings(&roff, "FILES", user_files);
    roff_macro(&roff, ".SH SEE ALSO", NULL);
    for (size_t i = 0; commands[i]; i++) {
        snprintf(name, sizeof name, "hubscope-%s(1)", commands[i]->name);
        put_reference(&roff, name, false);
    }
    for (int i = 0; i < page_count; i++)
        if (name_of(pages[i], name, sizeof name))
            put_reference(&roff, name, i == page_count - 1);
    return end(&roff);
}

static bool write_command(const struct command *command)
{
    struct roff roff;

    if (!begin(&roff, command->name, 1, command->help))
        return false;
    roff_macro(&roff, ".SH SYNOPSIS", NULL);
    put_synopsis(&roff, command->name, command->usage);
    roff_macro(&roff, ".SH DESCRIPTION", NULL);
    roff_point(&roff, (uint32_t)toupper((unsigned char)command->help[0]));
    roff_plain(&roff, command->help + 1);
    roff_text(&roff, ".");
    put_help(&roff, &command->options, options_details);
    put_options(&roff, command);
    put_help(&roff, &command->options, options_lists);
    roff_macro(&roff, ".SH EXIT STATUS", NULL);
    for (size_t i = 0; exit_statuses[i].name; i++) {
        roff_bold(&roff, exit_statuses[i].name);
        roff_text(&roff, " ");
        roff_plain(&roff, exit_statuses[i].text);
        roff_text(&roff, exit_statuses[i + 1].name ? "; " : ".");
    }
    roff_macro(&roff, ".SH SEE ALSO", NULL);
    put_reference(&roff, "hubscope(1)", !page_count);
    for (int i = 0; i < page_count; i++) {
        char name[NAME + 16];
        if (name_of(pages[i], name, sizeof name))
            put_reference(&roff, name, i == page_count - 1);
    }
    return end(&roff);
}

static bool write_page(const char *file)
{
    struct error error;
    struct roff roff;
    char base[NAME], title[MARKDOWN_TITLE] = "";
    size_t size;
    char *text = file_read(file, PAGE_LIMIT, &size, &error);
    bool headed = text && markdown_title(text, title);

    if (!headed)
        fprintf(stderr, "manual: %s: %s\n", file, text ? "does not begin with a heading" : error.text);
    title[0] = (char)tolower((unsigned char)title[0]);
    base_of(file, base);
    bool good = headed && begin(&roff, base, section_of(base), title);
    if (good) {
        if (text[strspn(text + strcspn(text, "\n"), "\n") + strcspn(text, "\n")] != '#')
            roff_macro(&roff, ".SH DESCRIPTION", NULL);
        markdown_put(&roff, text, name_of);
        roff_macro(&roff, ".SH SEE ALSO", NULL);
        put_reference(&roff, "hubscope(1)", true);
        good = end(&roff);
    }
    free(text);
    return good;
}

int main(int argc, char **argv)
{
    bool good = argc > 2;

    if (!good)
        fputs("usage: manual FOLDER DATE PAGE.md...\n", stderr);
    else {
        folder = argv[1];
        date = argv[2];
        pages = argv + 3;
        page_count = argc - 3;
        good = write_main();
    }
    for (size_t i = 0; good && commands[i]; i++)
        good = write_command(commands[i]);
    for (int i = 0; good && i < page_count; i++)
        good = write_page(pages[i]);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
