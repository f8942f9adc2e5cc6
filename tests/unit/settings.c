/* The user's settings: options and keys as text, what is wrong with it, and what is written again. */
#include "ui/config/settings.h"
#include "engine/base/random.h"
#include "ui/config/config_file.h"
#include "ui/keys/action.h"

#include "folder.h"

static void take(const char *text)
{
    settings_read(text, strlen(text));
}

static char *printed(void)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    settings_print(out);
    fclose(out);
    return text;
}

static char *updated(const char *old)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    settings_update(old, strlen(old), out);
    fclose(out);
    return text;
}

static int reset(void **state)
{
    (void)state;
    settings_reset();
    return 0;
}

static void defaults(void **state)
{
    (void)state;
    for (int i = 0; i < SETTINGS; i++) {
        assert_string_equal(settings_get((enum setting_id)i), settings_table[i].fallback);
        assert_false(settings_is_set((enum setting_id)i));
        if (*settings_table[i].fallback) /* it is one of the values */
            assert_int_equal(settings_set((enum setting_id)i, settings_table[i].fallback, NULL), 0);
    }
    assert_int_equal(settings_choice(SETTING_THEME), 0);
    assert_null(settings_problem(0));
}

static void reads_options_and_keys(void **state)
{
    char keys[ACTION_KEYS];

    (void)state;
    take("# mine\n\n  theme \t safe-light \r\nfavourites ncl is\nrule motion/ncl:iterations=2\nbind Ctrl-G back\n"
         "bind Space help\nbind x none\nbank stills");
    assert_string_equal(settings_problem(0), "config:7: with Space bound to help, no key is left for mark");
    assert_int_equal(settings_problems(), 1);
    assert_string_equal(settings_get(SETTING_THEME), "safe-light");
    assert_int_equal(settings_choice(SETTING_THEME), 5);
    assert_string_equal(settings_get(SETTING_FAVOURITES), "ncl is");
    assert_string_equal(settings_get(SETTING_BANK), "stills");
    assert_int_equal(action_of_key("Ctrl-G", SCOPE_GLOBAL), ACTION_BACK);
    assert_string_equal(action_keys(ACTION_BACK, keys), "Ctrl-G Esc");
    assert_int_equal(action_of_key(" ", SCOPE_GLOBAL | SCOPE_LISTS), ACTION_HELP);
    take("theme\n"); /* its default again */
    assert_string_equal(settings_get(SETTING_THEME), "auto");
}

static void keys_of_the_user_come_first(void **state)
{
    char keys[ACTION_KEYS];

    (void)state;
    take("bind k quit\nbind n view-hubs\n");
    assert_int_equal(action_of_key("k", SCOPE_SEARCH | SCOPE_LISTS | SCOPE_GLOBAL), ACTION_QUIT);
    assert_int_equal(action_of_key("n", SCOPE_SEARCH | SCOPE_LISTS | SCOPE_GLOBAL), ACTION_VIEW_HUBS);
    assert_string_equal(action_keys(ACTION_UP, keys), "Up");
    action_first_key(ACTION_VIEW_HUBS, keys, sizeof keys);
    assert_string_equal(keys, "n");
    assert_string_equal(settings_problem(0), "config:2: with n bound to view-hubs, no key is left for next-query");
    take("bind Up none\n");
    assert_int_equal(action_of_key("Up", SCOPE_LISTS | SCOPE_GLOBAL), ACTION_NONE);
    action_unbind_all();
    assert_int_equal(action_of_key("Up", SCOPE_LISTS | SCOPE_GLOBAL), ACTION_UP);
}

static void names_what_is_wrong(void **state)
{
    static const struct {
        const char *line, *problem;
    } cases[] = {
        {"themee dark", "config:2: there is no option 'themee'; did you mean 'theme'?"},
        {"theme drak", "config:2: theme takes auto|dark|light|safe|safe-dark|safe-light, not 'drak'"},
        {"bind q", "config:2: bind takes a key and an action, such as 'bind Ctrl-G back'"},
        {"bind q help me", "config:2: bind takes a key and an action, such as 'bind Ctrl-G back'"},
        {"bind Ctrl-1 quit", "config:2: unknown key 'Ctrl-1'"},
        {"bind x nxet-query", "config:2: there is no action 'nxet-query'; did you mean 'next-query'?"},
        {"favourites ncl nlc", "config:2: favourites: there is no rule 'nlc'"},
        {"\033[31m", "config:2: there is no option ' [31m'"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[200];
        settings_reset();
        snprintf(text, sizeof text, "# one\n%s\nimages off\n", cases[i].line);
        take(text);
        assert_string_equal(settings_problem(0), cases[i].problem);
        assert_null(settings_problem(1));
        assert_string_equal(settings_get(SETTING_IMAGES), "off"); /* all else counts */
    }
}

static void names_conflicts(void **state)
{
    (void)state;
    take("bind z back\nbind z swap\nbind v up\nbind v columns\n");
    assert_string_equal(settings_problem(0), "config:2: z is bound to swap and, on line 1, to back: the later counts");
    assert_null(settings_problem(1)); /* one is of lists, the other of Search alone */
    assert_int_equal(action_of_key("z", SCOPE_GLOBAL), ACTION_SWAP);
    assert_int_equal(action_of_key("v", SCOPE_SEARCH | SCOPE_LISTS), ACTION_COLUMNS);
    assert_int_equal(action_of_key("v", SCOPE_MASS | SCOPE_LISTS), ACTION_UP);
}

static void what_is_printed_is_read_back(void **state)
{
    (void)state;
    take("theme light\nbind k none\nbind Ctrl-G back\nbind n view-hubs\nrule csls:k=3\nbind Delete help\n");
    char *first = printed();
    settings_reset();
    take(first);
    assert_int_equal(settings_problems(), 1); /* nothing is left for next-query */
    char *second = printed();
    assert_string_equal(first, second);
    free(first);
    free(second);
}

static void comments_stay(void **state)
{
    (void)state;
    take("theme dark\nbind x back\nbind y swap\nbank stills\n");
    settings_set(SETTING_THEME, "light", NULL);
    settings_bind("y none", 0, NULL);
    char *text = updated("# mine\n  theme   dark\n\nthemee odd\nbind x   back\nbind y swap\nbank stills");
    assert_string_equal(text, "# mine\ntheme light\n\nthemee odd\nbind x   back\nbank stills\nbind y none\n");
    free(text);
    text = updated("");
    assert_string_equal(text, "theme light\nbank stills\nbind x back\nbind y none\n");
    free(text);
}

static void saves_and_loads(void **state)
{
    char path[200], *place = *state;
    struct error error;

    setenv("XDG_CONFIG_HOME", place, 1);
    settings_reset();
    config_file_load(); /* there is none */
    assert_int_equal(settings_problems(), 0);
    settings_set(SETTING_THEME, "safe", NULL);
    assert_non_null(config_file_save(&error));
    settings_reset();
    config_file_load();
    assert_string_equal(settings_get(SETTING_THEME), "safe");
    snprintf(path, sizeof path, "%s/hubscope/config", place);
    assert_int_equal(unlink(path), 0);
    snprintf(path, sizeof path, "%s/hubscope", place);
    assert_int_equal(rmdir(path), 0);
    FILE *file = fopen(path, "w"); /* in the way */
    fclose(file);
    assert_null(config_file_save(&error));
    assert_string_equal(settings_get(SETTING_THEME), "safe");
}

/* Whatever the bytes: read, printed, and updated without a fault, and the text printed is read back. */
static void any_bytes(void **state)
{
    static const char *const words[] = {"bind", "theme",  "rule", "favourites", "\n",     " ",    "#",    "k",
                                        "back", "Ctrl-A", "none", "ncl:scale=", "safe\n", "\n\n", "\xff", "\t"};
    struct random_state random = {7};
    char text[400];

    (void)state;
    for (int round = 0; round < 150; round++) {
        size_t size = 0;
        for (size_t i = random_below(&random, 40); i > 0 && size < sizeof text - 16; i--) {
            const char *word = words[random_below(&random, sizeof words / sizeof *words)];
            memcpy(text + size, word, strlen(word));
            size += strlen(word);
            if (random_below(&random, 8) == 0)
                text[size++] = (char)random_below(&random, 256);
        }
        char *exact = malloc(size + 1); /* so that a sanitizer sees reads past the end */
        memcpy(exact, text, size);
        char *whole = realloc(exact, size ? size : 1);
        settings_reset();
        settings_read(whole, size);
        char *again = NULL;
        size_t length;
        FILE *out = open_memstream(&again, &length);
        settings_update(whole, size, out);
        fclose(out);
        free(again);
        char *first = printed();
        settings_reset();
        take(first);
        char *second = printed();
        assert_string_equal(first, second);
        free(first);
        free(second);
        free(whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(defaults, reset),
        cmocka_unit_test_setup(reads_options_and_keys, reset),
        cmocka_unit_test_setup(keys_of_the_user_come_first, reset),
        cmocka_unit_test_setup(names_what_is_wrong, reset),
        cmocka_unit_test_setup(names_conflicts, reset),
        cmocka_unit_test_setup(what_is_printed_is_read_back, reset),
        cmocka_unit_test_setup(comments_stay, reset),
        cmocka_unit_test_setup(any_bytes, reset),
        cmocka_unit_test_setup_teardown(saves_and_loads, folder_make, folder_remove),
    };
    return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
