/* Verifying a collection: an unchanged one is clean, running out of memory and cancelling are not faults, and no
 * damaged file crashes the check.  tests/e2e/check.sh tests what it finds. */
#include "engine/check/check.h"

#include "tests/unit/folder.h"
#include "tests/unit/import_made.h"

static const struct check_options thorough = {.cheap = false}, cheap = {.cheap = true};

static void test_unchanged_is_clean(void **state)
{
    (void)state;
    struct check_report report = {0};
    struct error error = {0};

    import_good();
    assert_int_equal(collection_check(destination, &thorough, &report, NULL, &error), 0);
    assert_int_equal(report.faults, 0);
    assert_int_equal(report.wrong, 0);
    assert_true(report.checks >= 12);
    for (size_t i = 0; i < report.checks; i++) {
        assert_false(report.check[i].skipped);
        assert_true(*report.check[i].what);
    }
    size_t all = report.checks;
    check_report_close(&report);
    assert_int_equal(collection_check(destination, &cheap, &report, NULL, &error), 0);
    assert_int_equal(report.faults, 0);
    assert_true(report.checks > 0 && report.checks < all);
    check_report_close(&report);
}

static void test_cancelled(void **state)
{
    (void)state;
    struct check_report report = {0};
    struct error error = {0};
    struct job job = {0};

    import_good();
    atomic_store(&job.cancel, true);
    assert_int_equal(collection_check(destination, &thorough, &report, &job, &error), -1);
    assert_int_equal(error.kind, ERROR_CANCELLED);
    check_report_close(&report);
}

static void test_progress_ends_at_its_total(void **state)
{
    (void)state;
    struct check_report report = {0};
    struct job job = {0};

    import_good();
    assert_int_equal(collection_check(destination, &thorough, &report, &job, NULL), 0);
    assert_true(atomic_load(&job.total) > 0);
    assert_int_equal(atomic_load(&job.done), atomic_load(&job.total));
    check_report_close(&report);
}

static void test_out_of_memory(void **state)
{
    (void)state;
    int status = -1;

    import_good();
    for (long n = 0; status; n++) {
        struct check_report report = {0};
        struct error error = {0};
        memory_fail_after(n);
        status = collection_check(destination, &thorough, &report, NULL, &error);
        memory_fail_after(-1);
        if (status)
            assert_int_equal(error.kind, ERROR_MEMORY);
        assert_int_equal(report.faults, 0);
        check_report_close(&report);
    }
}

/* Damages a file of the collection in many ways and checks each. */
static void damage(const char *name, int times)
{
    char path[192];
    uint32_t seed = 20;
    int found = 0;

    snprintf(path, sizeof path, "%s/%s", destination, name);
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    unsigned char *bytes = memory_array(1 << 20, 1), *damaged = memory_array((1 << 20) + 16, 1);
    size_t size = fread(bytes, 1, 1 << 20, stream);
    fclose(stream);
    for (int i = 0; i < times; i++) {
        struct check_report report = {0};
        struct error error = {0};
        size_t cut = folder_mutate(bytes, size, damaged, &seed);
        unlink(path);
        write_bytes(path, damaged, cut);
        if (collection_check(destination, &thorough, &report, NULL, &error))
            fail_msg("damage %d of %s: %s", i, name, error.text);
        found += report.faults > 0;
        check_report_close(&report);
    }
    if (found == 0 || (SANITIZED && found * 2 < times))
        fail_msg("of %d times that %s was damaged %d were found", times, name, found);
    unlink(path);
    write_bytes(path, bytes, size);
    free(bytes);
    free(damaged);
}

static void test_damaged_files(void **state)
{
    (void)state;
    import_good();
    damage("catalog.db", folder_mutations(400));
    damage("queries.npy", SANITIZED ? 80 : 30);
    damage("bank_train.npy", SANITIZED ? 40 : 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_unchanged_is_clean, make, drop),
        cmocka_unit_test_setup_teardown(test_cancelled, make, drop),
        cmocka_unit_test_setup_teardown(test_progress_ends_at_its_total, make, drop),
        cmocka_unit_test_setup_teardown(test_out_of_memory, make, drop),
        cmocka_unit_test_setup_teardown(test_damaged_files, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
