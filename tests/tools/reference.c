/* Writes the tables of the reference pages from those of the program: `reference FILE...` replaces the text between the
 * lines
 *     <!-- table NAME -->
 *     <!-- end -->
 * with the table of that name.  It fails if a name is unknown or a table is missing from all pages, and if completion
 * does not know what an option takes.  `./run doc` runs it on doc/; tests/e2e/doc.sh compares. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "app/global.h"
#include "app/surroundings.h"
#include "app/values.h"
#include "engine/catalog/header.h"
#include "engine/catalog/schema.h"
#include "engine/encoders/encoder.h"
#include "engine/encoders/kind.h"
#include "engine/fitting/rule.h"
#include "engine/formats/file.h"
#include "engine/formats/matrix_format.h"
#include "engine/formats/output.h"
#include "engine/formats/table_reader.h"
#include "engine/glossary/glossary.h"
#include "engine/layouts/layout.h"
#include "engine/results/format.h"
#include "engine/results/measure_table.h"
#include "ui/config/settings.h"
#include "ui/keys/action.h"
#include "ui/lessons/lesson.h"
#include "ui/lessons/value.h"
#include "ui/views/view.h"

enum { PAGE_LIMIT = 1 << 20 };

/* Text for a cell, with Markdown's special characters escaped. */
static void put_text(FILE *out, const char *text)
{
    for (; *text; text++)
        fprintf(out, strchr("|*<\\", *text) ? "\\%c" : "%c", *text);
}

/* Words separated by blanks, each as code. */
static void put_codes(FILE *out, const char *words, const char *before)
{
    char word[64];
    int length;
    for (const char *at = words; sscanf(at, "%63s%n", word, &length) == 1; at += length)
        fprintf(out, "%s`%s%s`", at == words ? "" : " ", before, word);
}

static void put_scope(FILE *out, unsigned scope)
{
    const char *between = "";
    if (scope & SCOPE_LISTS) {
        fputs("lists", out);
        between = ", ";
    }
    for (int v = 0; v < VIEWS; v++)
        if (scope & ((unsigned)SCOPE_SEARCH << v)) {
            fprintf(out, "%s%s", between, views[v]->name);
            between = ", ";
        }
}

static void put_keys(FILE *out)
{
    fputs("| key | where | what it does |\n|---|---|---|\n", out);
    for (int i = 1; i < ACTIONS; i++) {
        fputs("| ", out);
        put_codes(out, action_table[i].keys, "");
        fputs(" | ", out);
        put_scope(out, action_table[i].scope);
        fputs(" | ", out);
        put_text(out, action_table[i].help);
        fputs(" |\n", out);
    }
}

static void put_settings(FILE *out)
{
    fputs("| option | values | default | what it sets |\n|---|---|---|---|\n", out);
    for (int i = 0; i < SETTINGS; i++) {
        const struct setting *setting = &settings_table[i];
        fprintf(out, "| `%s` | ", setting->name);
        put_text(out, setting->values);
        fprintf(out, *setting->fallback ? " | `%s` | " : " | %s | ", setting->fallback);
        put_text(out, setting->help);
        fputs(" |\n", out);
    }
}

static void put_actions(FILE *out)
{
    char word[64];
    for (int i = 1; i < ACTIONS; i++) {
        action_word((enum action)i, word, sizeof word);
        fprintf(out, "%s`%s`", i == 1 ? "" : ",\n", word);
    }
    fputs(".\n", out);
}

static void put_rule_list(FILE *out)
{
    fputs("| rule | title | what it is |\n|---|---|---|\n", out);
    for (size_t i = 0; i < rules_count; i++) {
        fprintf(out, "| [`%s`](#%s) | %s | ", rules[i]->name, rules[i]->name, rules[i]->title);
        put_text(out, rules[i]->brief);
        fputs(" |\n", out);
    }
}

static void put_needs(FILE *out, const struct rule *rule)
{
    static const struct {
        unsigned need;
        const char *name;
    } needs[] = {
        {RULE_NEEDS_BANK, "a bank"},
        {RULE_NEEDS_GALLERY_BANK, "a second bank"},
        {RULE_NEEDS_BANK_GALLERY, "similarities between the two banks"},
        {RULE_NEEDS_EMBEDDINGS, "embeddings"},
        {RULE_NEEDS_COSINES, "similarities that are at most 1"},
        {RULE_NEEDS_ALL_QUERIES, "all evaluation queries at once (*transductive*)"},
    };
    const char *between = "Needs ";
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
        if (rule->needs & needs[i].need) {
            fprintf(out, "%s%s", between, needs[i].name);
            between = ", ";
        }
    fputs(rule->needs ? ".\n" : "Needs nothing.\n", out);
    if (rule->order_only)
        fputs("Its scores order a list but are not logits: no probabilities, no mass.\n", out);
}

static void put_parameters(FILE *out, const struct rule *rule)
{
    if (rule->parameter_count)
        fputs("\n| parameter | meaning | default | range |\n|---|---|---|---|\n", out);
    for (size_t p = 0; p < rule->parameter_count; p++) {
        const struct rule_parameter *parameter = &rule->parameters[p];
        fprintf(out, "| `%s` | ", parameter->name);
        put_text(out, parameter->meaning);
        if (isnan(parameter->value))
            fputs(" | the model's logit scale", out);
        else
            fprintf(out, " | %g", parameter->value);
        fprintf(out, " | %g to %g%s |\n", parameter->least, parameter->most, parameter->whole ? ", whole" : "");
    }
}

static void put_rules(FILE *out)
{
    for (size_t i = 0; i < rules_count; i++) {
        const struct rule *rule = rules[i];
        fprintf(out, "%s### %s\n\n**%s**: ", i ? "\n" : "", rule->name, rule->title);
        put_text(out, rule->brief);
        fprintf(out, ".\n\n    %s\n\n", rule->formula);
        put_text(out, rule->about);
        fputs("\n\n", out);
        put_needs(out, rule);
        put_parameters(out, rule);
        fputs("\nSource: ", out);
        put_text(out, rule->source);
        fputs(".\n", out);
    }
}

static void put_command_list(FILE *out)
{
    fputs("| command | what it does |\n|---|---|\n", out);
    for (size_t i = 0; commands[i]; i++)
        fprintf(out, "| [`%s`](#%s) | %s |\n", commands[i]->name, commands[i]->name, commands[i]->help);
}

static void put_commands(FILE *out)
{
    for (size_t i = 0; commands[i]; i++) {
        const struct command *command = commands[i];
        fprintf(out, "%s### %s\n\n```text\nhubscope %s %s\n%s.\n", i ? "\n" : "", command->name, command->name,
                command->usage, command->help);
        options_details(out, &command->options);
        fputs("\nOptions:\n", out);
        options_help(out, &command->options);
        fputs("```\n", out);
    }
}

static void put_global_options(FILE *out)
{
    fputs("```text\n", out);
    options_help(out, &global_group);
    fputs("```\n", out);
}

static void put_surroundings(FILE *out, const char *heading, const struct surrounding *entry)
{
    fprintf(out, "| %s | meaning |\n|---|---|\n", heading);
    for (size_t i = 0; entry[i].name; i++) {
        fputs("| ", out);
        put_codes(out, entry[i].name, "");
        fputs(" | ", out);
        put_text(out, entry[i].text);
        fputs(" |\n", out);
    }
}

static void put_exit_statuses(FILE *out)
{
    put_surroundings(out, "status", exit_statuses);
}

static void put_environment(FILE *out)
{
    put_surroundings(out, "variable", environment_variables);
}

static void put_files(FILE *out)
{
    put_surroundings(out, "file", user_files);
}

static void put_matrix_files(FILE *out)
{
    static const struct matrix_format *const formats[] = {
#define MATRIX_FORMAT(name) &matrix_format_##name,
#include "engine/formats/matrix_formats.def"
#undef MATRIX_FORMAT
    };
    fputs("| kind | what it is | several arrays |\n|---|---|---|\n", out);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        fprintf(out, "| `%s` | %s | %s |\n", formats[i]->name, formats[i]->title,
                formats[i]->list ? "`FILE:NAME` takes one" : "");
}

static void put_tables(FILE *out)
{
    fputs("| kind | files | what it reads |\n|---|---|---|\n", out);
    for (size_t i = 0; table_readers[i]; i++) {
        fprintf(out, "| %s | ", table_readers[i]->name);
        put_codes(out, table_readers[i]->extensions, ".");
        fputs(" | ", out);
        put_text(out, table_readers[i]->help);
        fputs(" |\n", out);
    }
}

static void put_layouts(FILE *out)
{
    fputs("| `--layout` | what it reads |\n|---|---|\n", out);
    for (size_t i = 0; layouts[i]; i++) {
        fprintf(out, "| `%s` | ", layouts[i]->name);
        put_text(out, layouts[i]->help);
        fputs(" |\n", out);
    }
}

static void put_output_files(FILE *out)
{
    static const struct {
        unsigned contents;
        const char *name;
    } kinds[] = {
        {FORMAT_REPORT, "tables"},
        {FORMAT_LISTS, "top lists"},
        {FORMAT_VECTOR, "vectors"},
        {FORMAT_PAGE, "the report page"},
        {FORMAT_SCREEN, "pictures of the screen"},
    };
    const struct format *format;
    fputs("| format | files | what it is | holds |\n|---|---|---|---|\n", out);
    for (size_t i = 0; (format = format_at(FORMAT_ANY, i)); i++) {
        const char *between = "";
        fprintf(out, "| `%s` | ", format->name);
        put_codes(out, format->endings, ".");
        fputs(" | ", out);
        put_text(out, format->help);
        fputs(" | ", out);
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            if (format_holds(format) & kinds[k].contents) {
                fprintf(out, "%s%s", between, kinds[k].name);
                between = ", ";
            }
        fputs(" |\n", out);
    }
}

/* A statement a paragraph, a column a line. */
static void put_schema(FILE *out)
{
    int depth = 0;
    fprintf(out, "```sql\nPRAGMA application_id = 0x%X;\nPRAGMA user_version = %d;\n", CATALOG_APPLICATION,
            CATALOG_VERSION);
    for (const char *at = catalog_schema; *at; at++) {
        bool column = (*at == '(' && depth == 0) || (*at == ',' && depth == 1);
        depth += (*at == '(') - (*at == ')');
        fprintf(out, "%c%s", *at, column ? "\n    " : *at == ';' ? "\n" : "");
        while ((column || at[0] == ' ') && at[1] == ' ')
            at++;
    }
    fputs("```\n", out);
}

static void put_encoders(FILE *out)
{
    static const struct encoder_kind *const kinds[] = {
#define ENCODER(name) &encoder_##name,
#include "engine/encoders/kinds.def"
#undef ENCODER
    };
    fputs("| type | files |\n|---|---|\n", out);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        fprintf(out, "| `%s`", kinds[i]->type);
        if (kinds[i]->also)
            fprintf(out, ", `%s`", kinds[i]->also);
        fputs(" | `" ENCODER_CONFIG "`", out);
        for (size_t f = 0; kinds[i]->files[f]; f++)
            fprintf(out, " `%s`", kinds[i]->files[f]);
        fprintf(out, "%s%s |\n", kinds[i]->weights ? " and " : "", kinds[i]->weights ? kinds[i]->weights : "");
    }
}

static void put_measures(FILE *out)
{
    static const char *const better[] = {"lower", "", "higher"};
    fputs("| in tables | in JSON | what it is | group | better |\n|---|---|---|---|---|\n", out);
    for (size_t i = 0; i < measures_count; i++) {
        const struct measure *measure = &measure_table[i];
        fprintf(out, "| %s | `%s` | ", measure->name, measure->key);
        put_text(out, measure->title);
        fprintf(out, " | %s | %s |\n", measure_group_title(measure->group), better[measure->better + 1]);
    }
}

static void put_glossary(FILE *out)
{
    fputs("| word | heads columns | meaning |\n|---|---|---|\n", out);
    for (size_t i = 0; i < glossary_count; i++) {
        const char *heading = glossary[i].headings, *between = "";
        fprintf(out, "| %s | ", glossary[i].word);
        for (; *heading; heading += strcspn(heading, "|"), heading += *heading == '|', between = " ")
            fprintf(out, "%s`%.*s`", between, (int)strcspn(heading, "|"), heading);
        fputs(" | ", out);
        put_text(out, glossary[i].text);
        fputs(" |\n", out);
    }
}

static void put_lesson_values(FILE *out)
{
    fputs("| value | what it is |\n|---|---|\n", out);
    for (size_t i = 0; value_entry(i).name; i++)
        fprintf(out, "| `%s` | %s |\n", value_entry(i).name, value_entry(i).help);
}

static void put_lesson_commands(FILE *out)
{
    for (size_t i = 0; lesson_command(i); i++)
        fprintf(out, "%s`:%s`", i ? ", " : "", lesson_command(i));
    fputs("; as keys ", out);
    put_codes(out, LESSON_KEYS, "");
    fputs(".\n", out);
}

static const struct table {
    const char *name;
    void (*put)(FILE *out);
} tables[] = {
    {"keys", put_keys},
    {"settings", put_settings},
    {"actions", put_actions},
    {"rule-list", put_rule_list},
    {"rules", put_rules},
    {"command-list", put_command_list},
    {"commands", put_commands},
    {"global-options", put_global_options},
    {"exit-statuses", put_exit_statuses},
    {"environment", put_environment},
    {"files", put_files},
    {"matrix-files", put_matrix_files},
    {"tables", put_tables},
    {"layouts", put_layouts},
    {"output-files", put_output_files},
    {"schema", put_schema},
    {"encoders", put_encoders},
    {"measures", put_measures},
    {"glossary", put_glossary},
    {"lesson-values", put_lesson_values},
    {"lesson-commands", put_lesson_commands},
};
enum { TABLES = sizeof tables / sizeof *tables };

static bool placed[TABLES];

static int put_table(FILE *out, const char *name, struct error *error)
{
    for (size_t i = 0; i < TABLES; i++)
        if (strcmp(tables[i].name, name) == 0) {
            fputc('\n', out);
            tables[i].put(out);
            fputc('\n', out);
            placed[i] = true;
            return 0;
        }
    return error_set(error, ERROR_INPUT, "unknown table '%s'", name);
}

/* Copies the page with its tables replaced. */
static int put_page(FILE *out, const char *page, struct error *error)
{
    static const char end[] = "<!-- end -->\n";
    char name[64];
    int length = 0;
    for (const char *mark; (mark = strstr(page, "<!-- table ")); page = strstr(page, end)) {
        if (sscanf(mark, "<!-- table %63[a-z-] -->%n", name, &length) != 1 || mark[length] != '\n')
            return error_set(error, ERROR_INPUT, "cannot read the mark '%.40s'", mark);
        const char *body = mark + length + 1;
        fwrite(page, 1, (size_t)(body - page), out);
        if (put_table(out, name, error))
            return -1;
        page = body;
        if (!strstr(page, end))
            return error_set(error, ERROR_INPUT, "no '<!-- end -->' after table '%s'", name);
        length = 0;
    }
    fputs(page, out);
    return 0;
}

static int write_page(const char *path, struct error *error)
{
    struct output output = {0};
    size_t size;
    char *page = file_read(path, PAGE_LIMIT, &size, error);
    int failed = !page || output_open(&output, path, true, error) || put_page(output.stream, page, error) ||
                 output_commit(&output, error);
    output_abandon(&output);
    free(page);
    return failed ? -1 : 0;
}

/* Whether completion knows what the option, or operand, takes. */
static bool is_completed(const struct option_entry *entry, void *context)
{
    char buffer[OPTIONS_ARGUMENT];
    const char *argument = options_is_operand(entry) ? entry->name : options_argument(entry, buffer);
    int *failures = context;
    if (entry->kind == OPTION_RENAMED || !argument || values_known(argument))
        return true;
    fprintf(stderr, "reference: completion does not know '%s' of '%s': use another word, or add it to app/values.c\n",
            argument, entry->name);
    ++*failures;
    return true;
}

int main(int argc, char **argv)
{
    struct error error;
    int failures = 0;
    options_each(&global_group, is_completed, &failures);
    for (size_t i = 0; commands[i]; i++)
        options_each(&commands[i]->options, is_completed, &failures);
    for (int i = 1; i < argc; i++)
        if (write_page(argv[i], &error)) {
            fprintf(stderr, "reference: %s: %s\n", argv[i], error.text);
            failures++;
        }
    for (size_t i = 0; i < TABLES; i++)
        if (!placed[i]) {
            fprintf(stderr, "reference: no page has the table '%s'\n", tables[i].name);
            failures++;
        }
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
