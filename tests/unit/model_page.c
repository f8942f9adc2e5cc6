/* The page that the explorer writes: when it is written, when not, and what is in it. */
#include "made_model.h"
#include "tests/unit/folder.h"

#include "engine/formats/file.h"
#include "ui/model/page_job.h"
#include "ui/model/selection.h"
#include "ui/model/session.h"
#include "ui/model/work.h"

static bool holds(const char *path, const char *text)
{
    size_t size;
    char *bytes = file_read(path, 16 << 20, &size, NULL);

    assert_non_null(bytes);
    bool found = strstr(bytes, text) != NULL;
    free(bytes);
    return found;
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

static void is_written_once(void **state)
{
    const char *path = folder_path(*state, "page.html");
    struct model model;
    struct error error = {0};

    begin(&model);
    model_set_bank(&model, 1);
    model_set_rule(&model, rule("is"));
    assert_int_equal(model_write_page(&model, path, NULL), 0);
    settle(&model);
    assert_false(model.message_is_error);
    assert_non_null(strstr(model.message, path));
    assert_true(holds(path, "</html>"));
    assert_true(holds(path, "--bank second --rule is:beta=20 --rule raw:"));
    assert_false(holds(path, *state)); /* the folder */

    assert_int_equal(model_write_page(&model, path, &error), -1);
    assert_non_null(strstr(error.text, "already exists"));
    model_close(&model);
    assert_int_equal(folder_count(*state), 1);
}

static void cancelling_leaves_nothing(void **state)
{
    const char *path = folder_path(*state, "page.html");
    struct model model;

    begin(&model);
    assert_int_equal(model_write_page(&model, path, NULL), 0);
    model_cancel(&model);
    settle(&model);
    if (!is_there(path)) { /* it may have finished first */
        model_resume(&model);
        settle(&model);
        assert_int_equal(folder_count(*state), 0);
        assert_int_equal(model_write_page(&model, path, NULL), 0);
        settle(&model);
    }
    assert_true(holds(path, "</html>"));
    model_close(&model);
    assert_int_equal(folder_count(*state), 1);
}

/* Requested while fits are being made, and perhaps interrupted by changes: it is still written, with the settings at
 * the time it begins. */
static void follows_changes(void **state)
{
    const char *path = folder_path(*state, "page.html");
    struct model model;

    make_collection(2);
    assert_int_equal(model_open(&model, &collection, NULL, NULL), 0);
    assert_int_equal(model_write_page(&model, path, NULL), 0);
    for (int i = 1; i <= 5; i++)
        model_set_parameter(&model, of(rule("is")), 0, 30 + i);
    settle(&model);
    assert_true(holds(path, "</html>"));
    assert_true(holds(path, "is:beta="));

    const char *other = folder_path(*state, "other.html");
    model_set_parameter(&model, of(rule("is")), 0, 40);
    assert_int_equal(model_write_page(&model, other, NULL), 0);
    settle(&model);
    assert_true(holds(other, "is:beta=40"));
    model_close(&model);
}

static void reports_why_there_is_none(void **state)
{
    struct model model;
    char path[4096];

    begin(&model);
    snprintf(path, sizeof path, "%s/nowhere/page.html", (const char *)*state);
    assert_int_equal(model_write_page(&model, path, NULL), 0);
    settle(&model);
    assert_true(model.message_is_error);
    assert_non_null(strstr(model.message, "nowhere"));
    model_close(&model);
    assert_int_equal(folder_count(*state), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(is_written_once, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(cancelling_leaves_nothing, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(follows_changes, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(reports_why_there_is_none, folder_make, folder_remove),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
