/* README's table of keys is the table of actions, its table of rules has every rule, and what it lists of files is what
 * there is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/fitting/rule.h"
#include "engine/formats/file.h"
#include "engine/formats/matrix_format.h"
#include "engine/formats/table_reader.h"
#include "engine/layouts/layout.h"
#include "engine/results/format.h"
#include "ui/keys/action.h"

static char *readme;

static int open_readme(void **state)
{
    size_t size;

    (void)state;
    readme = file_read(TESTS_DIR "/../README.md", 1 << 20, &size, NULL);
    return readme ? 0 : -1;
}

static int close_readme(void **state)
{
    (void)state;
    free(readme);
    return 0;
}

/* "| `Up` `k` |" and later on the same line "| row up |". */
static int has_row(const struct action_entry *entry)
{
    char keys[200] = "| ", help[200], word[64];
    const char *at = entry->keys;
    int length;

    for (; sscanf(at, "%63s%n", word, &length) == 1; at += length)
        snprintf(keys + strlen(keys), sizeof keys - strlen(keys), "`%s` ", word);
    strncat(keys, "|", sizeof keys - strlen(keys) - 1);
    snprintf(help, sizeof help, "| %s |", entry->help);
    const char *row = strstr(readme, keys), *end = row ? strchr(row, '\n') : NULL, *found = row ? strstr(row, help) : NULL;
    return found && found < end;
}

static void every_key_is_in_the_table(void **state)
{
    (void)state;
    for (int i = 1; i < ACTIONS; i++)
        if (!has_row(&action_table[i]))
            fail_msg("README.md lacks the row of %s: %s, %s", action_table[i].name, action_table[i].keys,
                     action_table[i].help);
}

static void no_row_is_left_over(void **state)
{
    size_t rows = 0;

    (void)state;
    for (const char *at = strstr(readme, "| key | where |"); at && *at == '|'; at = strchr(at, '\n') + 1)
        rows++;
    assert_int_equal(rows, ACTIONS - 1 + 2);
}

static void assert_named(const char *before, const char *name, const char *after)
{
    char text[120];

    snprintf(text, sizeof text, "%s%s%s", before, name, after);
    if (!strstr(readme, text))
        fail_msg("README.md does not name \"%s\"", text);
}

static void every_kind_of_file_is_named(void **state)
{
    static const struct matrix_format *const matrices[] = {
#define MATRIX_FORMAT(name) &matrix_format_##name,
#include "engine/formats/matrix_formats.def"
    };
    const struct format *format;
    char ending[FORMAT_ENDING];

    (void)state;
    for (size_t i = 0; i < sizeof matrices / sizeof *matrices; i++)
        assert_named(*matrices[i]->name == '.' ? "| `" : "| ", matrices[i]->name, *matrices[i]->name == '.' ? "` |" : " |");
    for (size_t i = 0; table_readers[i]; i++)
        assert_named("", table_readers[i]->name, "");
    for (size_t i = 1; layouts[i]; i++)
        assert_named("`--layout ", layouts[i]->name, "`");
    for (size_t i = 0; (format = format_at(FORMAT_ANY, i)); i++)
        assert_named(".", format_ending(format, ending), "");
}

/* In the first column: "| `dualis`, `dualdis` |". */
static void every_rule_is_in_the_table(void **state)
{
    const char *table = strstr(readme, "| rule | logit");

    (void)state;
    assert_non_null(table);
    for (size_t i = 0; i < rules_count; i++) {
        char name[64];
        bool found = false;
        snprintf(name, sizeof name, "`%s`", rules[i]->name);
        for (const char *row = table; *row == '|' && !found; row = strchr(row, '\n') + 1) {
            const char *at = strstr(row, name);
            found = at && at < strchr(row + 1, '|');
        }
        if (!found)
            fail_msg("README.md lacks the rule %s", rules[i]->name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_is_in_the_table),
        cmocka_unit_test(no_row_is_left_over),
        cmocka_unit_test(every_kind_of_file_is_named),
        cmocka_unit_test(every_rule_is_in_the_table),
    };
    return cmocka_run_group_tests(tests, open_readme, close_readme);
}
