/* Every column of every view and every measure has an entry in the glossary, whose entries are sound. */
#include "engine/glossary/glossary.h"
#include "engine/results/measure_table.h"
#include "ui/explorer/picker.h"
#include "ui/views/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { TEXT_MOST = 400 }; /* six rows of the picker */

static bool is_view(const char *name, size_t length)
{
    for (size_t v = 0; v < VIEWS; v++)
        if (strlen(views[v]->name) == length && memcmp(views[v]->name, name, length) == 0)
            return true;
    return false;
}

static void entries_are_sound(void **state)
{
    (void)state;
    assert_true(glossary_count > 0 && glossary_count <= PICKER_LINES);
    for (size_t i = 0; i < glossary_count; i++) {
        const struct glossary_entry *entry = &glossary[i];
        size_t length = strlen(entry->text);
        assert_true(*entry->word && length > 20 && length < TEXT_MOST && entry->text[length - 1] == '.');
        assert_true(strlen(entry->headings) < PICKER_TEXT);
        assert_ptr_equal(glossary_find(entry->word, NULL) ? entry : NULL, entry);
        for (const char *at = entry->views; *at; at += strcspn(at, " "), at += *at == ' ')
            if (!is_view(at, strcspn(at, " ")))
                fail_msg("%s: there is no view '%s'", entry->word, at);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(entry->word, glossary[j].word);
    }
}

static void explained(const char *heading, const char *view)
{
    const struct glossary_entry *entry = glossary_find(heading, view);

    if (!entry || !glossary_shown(entry, view))
        fail_msg("the glossary does not explain '%s' for %s", heading, view);
}

static void columns_are_explained(void **state)
{
    (void)state;
    for (size_t i = 0; i < measures_count; i++)
        explained(measure_table[i].name, "metrics");
    for (size_t v = 0; v < VIEWS; v++)
        for (const char *const *heading = views[v]->headings; heading && *heading; heading++)
            explained(*heading, views[v]->name);
}

static void the_views_own_meaning_comes_first(void **state)
{
    (void)state;
    assert_string_equal(glossary_find("hubs", "banks")->word, "known hubs");
    assert_string_equal(glossary_find("hubs", "metrics")->word, "number of hubs");
    assert_string_equal(glossary_find("hubs", NULL)->word, "number of hubs");
    assert_null(glossary_find("R", NULL));
    assert_null(glossary_find("", NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_sound),
        cmocka_unit_test(columns_are_explained),
        cmocka_unit_test(the_views_own_meaning_comes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
