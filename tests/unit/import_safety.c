/* Import: whatever happens, the destination is the old collection, the new one or nothing. */
#include "tests/unit/import_made.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>

static void refuses_to_replace_other_folders(void **state)
{
    (void)state;
    struct error error = {0};
    char inside[128];

    import_good();
    assert_int_equal(collection_import(&import, NULL, NULL, NULL, &error), -1);
    assert_non_null(strstr(error.text, destination));
    assert_non_null(strstr(error.text, "already exists"));

    import.replace = true;
    snprintf(inside, sizeof inside, "%s/notes.txt", destination);
    write_bytes(inside, "mine", 4);
    assert_int_equal(collection_import(&import, NULL, NULL, NULL, &error), -1);
    assert_non_null(strstr(error.text, "contains \"notes.txt\""));
    assert_int_equal(access(inside, F_OK), 0);
    unlink(inside);
    import.name = "second";
    import_good();
    struct collection *collection = open_good();
    assert_string_equal(collection->name, "second");
    collection_close(collection);
    assert_int_equal(count_destinations(), 1);

    snprintf(inside, sizeof inside, "%s/catalog.db", destination);
    unlink(inside);
    assert_int_equal(collection_import(&import, NULL, NULL, NULL, &error), -1);
    assert_non_null(strstr(error.text, "is not a hubscope collection"));
    remove_tree(destination);
    write_bytes(destination, "a file", 6);
    assert_int_equal(collection_import(&import, NULL, NULL, NULL, &error), -1);
    assert_non_null(strstr(error.text, "not a directory"));
    unlink(destination);

    mkdir(destination, 0755);
    import.replace = false;
    import_good(); /* into an empty directory */
    collection_close(open_good());
}

static void clears_leftovers_of_killed_imports(void **state)
{
    (void)state;
    char stale[128], below[160], inside[192], alive[128], other[128];

    /* a process of that number lives, as in another container */
    snprintf(stale, sizeof stale, "%s.importing-%d", destination, (int)getppid());
    snprintf(below, sizeof below, "%s/models", stale);
    snprintf(inside, sizeof inside, "%s/videos.npy", below);
    snprintf(alive, sizeof alive, "%s.importing-99999999", destination);
    snprintf(other, sizeof other, "%s.importing-notes", destination);
    mkdir(stale, 0755);
    mkdir(below, 0755);
    write_bytes(inside, "half", 4);
    mkdir(alive, 0755);
    int lock = open(alive, O_RDONLY | O_DIRECTORY);
    assert_int_equal(flock(lock, LOCK_EX), 0);
    mkdir(other, 0755);
    import_good();
    assert_int_equal(access(stale, F_OK), -1);
    assert_int_equal(access(alive, F_OK), 0);
    assert_int_equal(access(other, F_OK), 0);
    close(lock);
    rmdir(alive);
    rmdir(other);

    /* killed between the two steps of a replacement on a file system that needs two */
    snprintf(stale, sizeof stale, "%s.replaced-%d", destination, (int)getppid());
    assert_int_equal(rename(destination, stale), 0);
    import.name = "second";
    struct error error = {0};
    assert_int_equal(collection_import(&import, NULL, NULL, NULL, &error), -1);
    struct collection *collection = open_good();
    assert_string_equal(collection->name, "first");
    collection_close(collection);
    assert_int_equal(count_destinations(), 1);
}

static void cancel_leaves_nothing(void **state)
{
    (void)state;
    struct error error = {0};
    struct job job = {0};

    atomic_store(&job.cancel, true);
    assert_int_equal(collection_import(&import, NULL, NULL, &job, &error), -1);
    assert_int_equal(error.kind, ERROR_CANCELLED);
    assert_int_equal(count_destinations(), 0);
}

static void *cancel_soon(void *job)
{
    while (atomic_load(&((struct job *)job)->done) < 3)
        usleep(20);
    atomic_store(&((struct job *)job)->cancel, true);
    return NULL;
}

/* Whenever it is cancelled, it stops and leaves nothing, or it had finished. */
static void cancel_midway_leaves_nothing(void **state)
{
    (void)state;
    for (int round = 0; round < 10; round++) {
        struct error error = {0};
        struct job job = {0};
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, cancel_soon, &job), 0);
        int failed = collection_import(&import, NULL, NULL, &job, &error);
        pthread_join(thread, NULL);
        assert_int_equal(count_destinations(), failed ? 0 : 1);
        assert_true(!failed || error.kind == ERROR_CANCELLED);
        remove_tree(destination);
    }
}

static void survives_out_of_memory(void **state)
{
    (void)state;
    int failed = -1;
    long n = 0;

    for (; failed; n++) {
        struct error error = {0};
        memory_fail_after(n);
        failed = collection_import(&import, NULL, NULL, NULL, &error);
        memory_fail_after(-1);
        assert_true(!failed || error.kind == ERROR_MEMORY);
        assert_int_equal(count_destinations(), failed ? 0 : 1);
        assert_true(n < 3000);
    }
    assert_true(n > 20);
    struct collection *collection = NULL;
    for (n = 0; !collection; n++) {
        struct error error = {0};
        memory_fail_after(n);
        collection = collection_open(destination, &error);
        memory_fail_after(-1);
        assert_true(collection || error.kind == ERROR_MEMORY);
    }
    collection_close(collection);
}

static void a_kill_leaves_old_or_new(void **state)
{
    (void)state;
    enum { ROUNDS = SANITIZED ? 15 : 60 };
    double start = clock_seconds();
    size_t absent = 0, old = 0, new = 0;

    import_and_kill(60);
    double whole = clock_seconds() - start;
    remove_tree(destination);
    for (int round = 0; round < ROUNDS; round++) { /* onto nothing */
        import_and_kill(round == ROUNDS - 1 ? 60 : whole * 1.5 * round / ROUNDS);
        if (access(destination, F_OK)) {
            absent++;
            continue;
        }
        struct collection *collection = open_good();
        assert_string_equal(collection->name, "first");
        collection_close(collection);
        remove_tree(destination);
        new ++;
    }
    assert_true(absent > 0 && new > 0);

    import_good();
    import.replace = true;
    char names_used[2][16] = {"first", ""};
    new = 0;
    for (int round = 0; round < ROUNDS; round++) { /* onto an older one */
        snprintf(names_used[1], sizeof names_used[1], "next%d", round);
        import.name = names_used[1];
        import_and_kill(round == ROUNDS - 1 ? 60 : whole * 1.5 * round / ROUNDS);
        struct collection *collection = open_good();
        bool is_new = strcmp(collection->name, names_used[1]) == 0;
        assert_true(is_new || strcmp(collection->name, names_used[0]) == 0);
        collection_close(collection);
        new += is_new;
        old += !is_new;
        if (is_new)
            strcpy(names_used[0], names_used[1]);
    }
    assert_true(old > 0 && new > 0);
    import_good();
    assert_int_equal(count_destinations(), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(refuses_to_replace_other_folders, make, drop),
        cmocka_unit_test_setup_teardown(clears_leftovers_of_killed_imports, make, drop),
        cmocka_unit_test_setup_teardown(cancel_leaves_nothing, make, drop),
        cmocka_unit_test_setup_teardown(cancel_midway_leaves_nothing, make, drop),
        cmocka_unit_test_setup_teardown(survives_out_of_memory, make, drop),
        cmocka_unit_test_setup_teardown(a_kill_leaves_old_or_new, make, drop),
    };
    return cmocka_run_group_tests_name("import safety", tests, NULL, NULL);
}
