#include "ui/keys/action.h"
#include "ui/terminal/key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const unsigned scopes[] = {
    SCOPE_GLOBAL,
    SCOPE_LISTS,
#define VIEW(id, name, key, help) SCOPE_##id,
#include "ui/keys/views.def"
#undef VIEW
};

/* Calls back for every key of an action, with its length. */
static void each_key(enum action action, void (*call)(enum action action, const char *key, size_t length))
{
    for (const char *key = action_table[action].keys; *key;) {
        size_t length = strcspn(key, " ");
        call(action, key, length);
        key += length + (key[length] == ' ');
    }
}

static void parse(enum action action, const char *key, size_t length)
{
    char name[KEY_NAME_SIZE];

    (void)action;
    assert_true(key_parse(key, length, name));
}

static void every_key_parses(void **state)
{
    (void)state;
    for (int i = 1; i < ACTIONS; i++) {
        assert_true(action_table[i].keys[0]);
        assert_true(action_table[i].help[0]);
        assert_true(strlen(action_table[i].help) < 60); /* the room of the help at 80 columns */
        assert_true(action_table[i].scope);
        assert_true(strlen(action_table[i].footer) < 16);
        each_key((enum action)i, parse);
        assert_int_equal(action_of_name(action_table[i].name), i);
    }
    assert_int_equal(action_of_name("NO_SUCH"), ACTION_NONE);
}

/* If two actions of one scope claimed a key, lookups would only find the first; if a narrower scope hid a key, only the
 * wide scope would find it. */
static void find_again(enum action action, const char *key, size_t length)
{
    char name[KEY_NAME_SIZE];

    key_parse(key, length, name);
    for (size_t s = 0; s < sizeof(scopes) / sizeof(scopes[0]); s++)
        if (action_table[action].scope & scopes[s])
            assert_int_equal(action_of_key(name, scopes[s]), action);
}

static void no_key_has_two_meanings(void **state)
{
    (void)state;
    for (int i = 1; i < ACTIONS; i++)
        each_key((enum action)i, find_again);
}

/* Every view has lists, so their keys and the global ones must not collide either. */
static void list_keys_differ_from_global_keys(void **state)
{
    (void)state;
    for (int i = 1; i < ACTIONS; i++) {
        if (action_table[i].scope & SCOPE_GLOBAL) {
            char key[KEY_NAME_SIZE];
            action_first_key((enum action)i, key, sizeof(key));
            assert_int_equal(action_of_key(key, SCOPE_LISTS), i);
        }
    }
}

static void narrow_scopes_come_first(void **state)
{
    (void)state;
    assert_int_equal(action_of_key("n", SCOPE_SEARCH | SCOPE_LISTS), ACTION_NEXT_QUERY);
    assert_int_equal(action_of_key("n", SCOPE_HUBS | SCOPE_LISTS), ACTION_NONE);
    assert_int_equal(action_of_key("j", SCOPE_HUBS | SCOPE_LISTS), ACTION_DOWN);
    assert_int_equal(action_of_key("j", SCOPE_METRICS), ACTION_NONE);
    assert_int_equal(action_of_key("q", SCOPE_METRICS), ACTION_QUIT);
    assert_int_equal(action_of_key("PageDow", SCOPE_LISTS), ACTION_NONE);
    assert_int_equal(action_of_key("", SCOPE_LISTS), ACTION_NONE);
}

static void key_names(void **state)
{
    char key[KEY_NAME_SIZE];

    (void)state;
    assert_true(key_parse("Space", 5, key));
    assert_string_equal(key, " ");
    assert_true(key_parse("Ctrl-A", 6, key));
    assert_true(key_parse("\xc3\xa9", 2, key));
    assert_false(key_parse("Ctrl-I", 6, key)); /* this is Tab */
    assert_false(key_parse("Ctrl-a", 6, key));
    assert_false(key_parse("Donw", 4, key));
    assert_false(key_parse("", 0, key));
    assert_false(key_parse("ab", 2, key));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_parses),
        cmocka_unit_test(no_key_has_two_meanings),
        cmocka_unit_test(list_keys_differ_from_global_keys),
        cmocka_unit_test(narrow_scopes_come_first),
        cmocka_unit_test(key_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
