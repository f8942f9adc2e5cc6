/* Changing a collection in place: additions arrive, all else stays unchanged, and any failure leaves the old
 * collection. */
#include "engine/catalog/catalog.h"
#include "engine/collection/staging.h"
#include "engine/heads/head_file.h"
#include "tests/unit/import_made.h"

static struct import change;
static struct import_bank new_bank[1], new_video_bank[1];

/* The collection without the bank "plain" and without video banks, which the tests add. */
static int make_base(void **state)
{
    if (make(state))
        return -1;
    import.bank_count = 1;
    import.video_bank_count = 0;
    import.name = "kept";
    import_good();
    new_bank[0] = (struct import_bank){.name = "plain", .path = file[PLAIN]};
    new_video_bank[0] = (struct import_bank){.name = "train", .path = file[CLIPS]};
    change = (struct import){.destination = destination, .change = true};
    return 0;
}

static void change_good(void)
{
    struct error error = {0};

    if (collection_import(&change, NULL, NULL, NULL, &error))
        fail_msg("%s", error.text);
}

static void put_captions(const char *text)
{
    static char path[128];

    snprintf(path, sizeof path, "%s/plain.csv", folder);
    write_bytes(path, text, strlen(text));
    new_bank[0].texts = path;
}

static ino_t file_of(const char *name)
{
    char path[160];
    struct stat status;

    snprintf(path, sizeof path, "%s/%s", destination, name);
    return stat(path, &status) ? 0 : status.st_ino;
}

static char *meta(const char *key)
{
    struct collection *collection = open_good();
    char *value = catalog_meta(collection->catalog, key);

    collection_close(collection);
    return value;
}

static void banks_are_added(void **state)
{
    (void)state;
    struct import_report report;
    struct error error = {0};
    struct catalog_text text;
    ino_t videos = file_of("videos.npy"), catalog = file_of("catalog.db");

    put_captions("video,caption\na,p0\nnobody,p1\n,p2\n");
    change.banks = new_bank;
    change.video_banks = new_video_bank;
    change.bank_count = change.video_bank_count = 1;
    change.dry_run = true;
    if (collection_import(&change, &report, NULL, NULL, &error))
        fail_msg("%s", error.text);
    assert_int_equal(report.bank_row[0], OTHER);
    assert_int_equal(report.video_bank_row[0], VIDEO_BANK);
    assert_int_equal(report.videos, VIDEOS);
    assert_true(report.replaces);
    assert_true(file_of("catalog.db") == catalog);
    change.dry_run = false;
    change_good();
    assert_true(file_of("videos.npy") == videos); /* the same file, not a copy */
    assert_true(file_of("catalog.db") != catalog);
    assert_int_equal(count_destinations(), 1);

    struct collection *collection = open_good();
    assert_string_equal(collection->name, "kept");
    assert_true(collection->model[0]->logit_scale == 12.5);
    assert_unit_rows(&collection->model[0]->query, QUERY, QUERIES);
    assert_int_equal(collection->model[0]->banks, 2);
    assert_unit_rows(&collection->model[0]->bank[0].matrix, TRAIN, BANK);
    assert_string_equal(collection->model[0]->bank[1].name, "plain");
    assert_unit_rows(&collection->model[0]->bank[1].matrix, PLAIN, OTHER);
    assert_int_equal(collection->model[0]->video_banks, 1);
    assert_unit_rows(&collection->model[0]->video_bank[0].matrix, CLIPS, VIDEO_BANK);
    assert_int_equal(collection->model[0]->bank[1].first_text, 1 + QUERIES + BANK);
    for (size_t row = 0; row < OTHER; row++) {
        char caption[8];
        snprintf(caption, sizeof caption, "p%zu", row);
        assert_int_equal(catalog_text(collection->catalog, "plain", row, &text, &error), 0);
        assert_string_equal(text.caption, caption);
        assert_int_equal(text.id, collection->model[0]->bank[1].first_text + (int64_t)row);
        assert_int_equal(text.video, row == 0 ? 0 : -1);
        catalog_text_close(&text);
    }
    uint32_t rows[4];
    assert_int_equal(catalog_find_captions(collection->catalog, "q3", rows, 4, &error), 1);
    collection_close(collection);

    /* as if all had been imported at once */
    char *changed = meta("digest");
    remove_tree(destination);
    import.bank_count = 2;
    import.video_bank_count = 1;
    import_good();
    char *whole = meta("digest");
    assert_string_equal(changed, whole);
    free(changed);
    free(whole);
}

static void valid_fits_are_kept(void **state)
{
    (void)state;
    char key[128], stale[] = "2 is:beta=20 t2v 0123456789abcdef train";
    size_t size;
    char *digest = meta("digest");
    struct collection *collection = open_good();

    snprintf(key, sizeof key, "2 is:beta=20 t2v %s train", digest);
    catalog_fit_store(collection->catalog, key, "fit", 4);
    catalog_fit_store(collection->catalog, stale, "old", 4);
    collection_close(collection);
    free(digest);

    change.banks = new_bank;
    change.bank_count = 1;
    change_good();
    digest = meta("digest");
    collection = open_good();
    assert_null(catalog_fit_load(collection->catalog, key, &size));
    assert_null(catalog_fit_load(collection->catalog, stale, &size));
    snprintf(key, sizeof key, "2 is:beta=20 t2v %s train", digest);
    char *fit = catalog_fit_load(collection->catalog, key, &size);
    assert_non_null(fit);
    assert_string_equal(fit, "fit");
    free(fit);
    free(digest);
    collection_close(collection);
}

static void thumbnails_are_replaced(void **state)
{
    (void)state;
    struct import_report report;
    struct error error = {0};
    struct catalog_video video;

    write_bitmap(STRIP, 24, 4);
    write_text(VIDEOS_CSV, "key,strip\na,\nb,s.bmp\nc,\nd,\ne,s.bmp\nf,\n");
    change.thumbnails = folder;
    change.videos_table = file[VIDEOS_CSV];
    if (collection_import(&change, &report, NULL, NULL, &error))
        fail_msg("%s", error.text);
    assert_int_equal(report.thumbnails, 2);
    struct collection *collection = open_good();
    for (size_t row = 0; row < VIDEOS; row++) {
        assert_int_equal(catalog_video(collection->catalog, row, &video, &error), 0);
        assert_int_equal(video.strip_frames, row == 1 || row == 4 ? 6 : 0);
        assert_string_equal(video.title, row == 1 ? "Dog" : video.title); /* titles stay */
        catalog_video_close(&video);
    }
    collection_close(collection);
    assert_int_equal(count_destinations(), 1);
}

static void an_encoder_is_added(void **state)
{
    (void)state;
    float data[16 * 128];
    static const int all[] = {VIDEO, QUERY, TRAIN};
    static const size_t rows[] = {VIDEOS, QUERIES, BANK};
    struct findings findings = {0};
    struct error error = {0};
    char vocabulary[160], *type, *digest;

    for (size_t i = 0; i < 3; i++) {
        for (size_t j = 0; j < 16 * 128; j++)
            data[j] = value(i, j);
        npy_write(file[all[i]], NPY_F32, data, rows[i], 128, NULL);
    }
    import.replace = true;
    import_good();
    digest = meta("digest");
    change.encoder = TESTS_DIR "/../sample_data/encoder";
    change_good();
    struct collection *collection = open_good();
    assert_non_null(collection->model[0]->encoder);
    collection_close(collection);
    type = meta("encoder");
    assert_string_equal(type, "static");
    free(type);
    type = meta("digest");
    assert_string_equal(type, digest);
    free(type);
    free(digest);

    /* this repairs a damaged encoder */
    snprintf(vocabulary, sizeof vocabulary, "%s/encoder/vocab.txt", destination);
    unlink(vocabulary);
    assert_null(collection_open(destination, &error));
    assert_int_equal(collection_import(&change, NULL, &findings, NULL, &error), 0);
    assert_int_equal(findings.lines, 1); /* a remark that it had one */
    findings_close(&findings);
    collection_close(open_good());
}

/* A model and a head without an encoder are added to a copy; the collection itself stays. */
static void a_changed_copy_is_made(void **state)
{
    (void)state;
    char copy[128], path[192], head_folder[128], head_path[160];
    struct error error = {0};
    struct head head;
    ino_t catalog = file_of("catalog.db");

    snprintf(copy, sizeof copy, "%s/copy", folder);
    snprintf(head_folder, sizeof head_folder, "%s/head", folder);
    snprintf(head_path, sizeof head_path, "%s/" ENCODER_HEAD, head_folder);
    assert_int_equal(mkdir(head_folder, 0777), 0);
    assert_int_equal(head_open(&head, HEAD_LINEAR, DIMENSION, &error), 0);
    assert_int_equal(head_write(&head, head_path, &error), 0);
    head_close(&head);
    change.add_model = true;
    change.model_name = "other";
    change.videos = file[VIDEO];
    change.queries = file[QUERY];
    change.encoder = head_folder;
    change.output = copy;
    change_good();
    assert_true(file_of("catalog.db") == catalog);
    struct collection *collection = open_good();
    assert_int_equal(collection->models, 1);
    collection_close(collection);
    collection = collection_open(copy, &error);
    assert_non_null(collection);
    assert_string_equal(collection->name, "kept");
    assert_int_equal(collection->models, 2);
    assert_null(collection->model[1]->encoder);
    assert_unit_rows(&collection->model[1]->video, VIDEO, VIDEOS);
    assert_int_equal(collection->model[0]->banks, 1);
    collection_close(collection);
    snprintf(path, sizeof path, "%s/models/other/encoder/" ENCODER_HEAD, copy);
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(collection_import(&change, NULL, NULL, NULL, &error), -1);
    assert_non_null(strstr(error.text, "copy: already exists"));
    change.replace = true;
    change_good();
}

/* Expects a refusal with a finding that names `who` and says `why`, and an unchanged collection. */
static void assert_unchanged(const char *who, const char *why)
{
    struct import kept = import;
    ino_t catalog = file_of("catalog.db");

    import = change;
    struct error error = {0};
    struct findings findings = {0};
    char line[FINDINGS_LINE];
    bool found = false, remark;
    if (collection_import(&import, NULL, &findings, NULL, &error) == 0)
        fail_msg("is not refused: %s: %s", who, why);
    for (size_t i = 0; i < findings.lines; i++) {
        findings_line(&findings, i, line, sizeof line, &remark);
        found = found || (!remark && strstr(line, who) && strstr(line, why));
    }
    if (!found)
        fail_msg("nothing names %s and says \"%s\": %s", who, why, error.text);
    findings_close(&findings);
    import = kept;
    assert_true(file_of("catalog.db") == catalog);
    assert_true(count_destinations() <= 1);
}

static void refuses_mismatches(void **state)
{
    (void)state;
    float data[8] = {1};

    change.banks = new_bank;
    change.bank_count = 1;
    new_bank[0].name = "train";
    assert_unchanged("made", "has a query bank \"train\" already");
    new_bank[0].name = "a/b";
    assert_unchanged("a/b", "cannot name a query bank");
    new_bank[0].name = "plain";
    npy_write(file[PLAIN], NPY_F32, data, 2, 4, NULL);
    assert_unchanged("plain.npy", "its vectors have 4 dimensions, those of");
    npy_write(file[PLAIN], NPY_F32, data, 1, 8, NULL);
    put_captions("caption\na\nb\n");
    assert_unchanged("plain.npy", "has 1 rows, but");
    data[3] = NAN;
    npy_write(file[PLAIN], NPY_F32, data, 1, 8, NULL);
    assert_unchanged("plain.npy", "1 row holds NaN");
    new_bank[0].texts = NULL;
    new_bank[0].path = "/nowhere/b.npy";
    assert_unchanged("/nowhere/b.npy", "No such file");
    change.bank_count = 0;

    change.encoder = TESTS_DIR "/../sample_data/encoder";
    assert_unchanged("sample_data/encoder", "encodes to 128 dimensions, the matrices have 8");
    change.encoder = NULL;
    change.thumbnails = folder;
    change.videos_table = file[VIDEOS_CSV];
    write_text(VIDEOS_CSV, "key,strip\nb,\na,s.bmp\nc,\nd,\ne,\nf,\n");
    assert_unchanged("videos.csv", "lists other videos than");
    write_text(VIDEOS_CSV, "key,strip\na,\nb,\nc,\nd,\ne,\n");
    assert_unchanged("videos.csv", "lists other videos than");
    write_text(VIDEOS_CSV, "key,strip\na,gone.bmp\nb,\nc,\nd,\ne,\nf,\n");
    assert_unchanged("gone.bmp", "No such file");

    char notes[128];
    snprintf(notes, sizeof notes, "%s/notes.txt", destination);
    write_bytes(notes, "mine", 4);
    assert_unchanged("made", "contains \"notes.txt\"");
    unlink(notes);
    remove_tree(destination);
    assert_unchanged("made", "No such file");
    mkdir(destination, 0755);
    assert_unchanged("made", "catalog.db: No such file");
}

static void a_kill_leaves_the_old_or_the_new(void **state)
{
    (void)state;
    enum { ROUNDS = SANITIZED ? 15 : 60 };
    size_t old = 0, new = 0;
    struct import whole = import;
    double start = clock_seconds();

    put_captions("caption\np0\np1\np2\n");
    change.banks = new_bank;
    change.bank_count = 1;
    import = change;
    import_and_kill(60);
    double length = clock_seconds() - start;
    for (int round = 0; round < ROUNDS; round++) {
        struct import_bank *bank = new_bank;
        char name[32];
        remove_tree(destination);
        import = whole;
        import_good();
        snprintf(name, sizeof name, "round%d", round);
        bank->name = name;
        import = change;
        import_and_kill(round == ROUNDS - 1 ? 60 : length * 1.5 * round / ROUNDS);
        struct collection *collection = open_good();
        assert_string_equal(collection->name, "kept");
        assert_true(collection->model[0]->banks == 1 || collection->model[0]->banks == 2);
        if (collection->model[0]->banks == 2) {
            assert_string_equal(collection->model[0]->bank[1].name, name);
            assert_unit_rows(&collection->model[0]->bank[1].matrix, PLAIN, OTHER);
            assert_int_equal(catalog_count_texts(collection->catalog, name), OTHER);
        } else {
            assert_int_equal(catalog_count_texts(collection->catalog, name), 0);
        }
        new += collection->model[0]->banks == 2;
        old += collection->model[0]->banks == 1;
        collection_close(collection);
    }
    assert_true(old > 0 && new > 0);
    import.banks = new_bank;
    new_bank[0].name = "last";
    import_good();
    assert_int_equal(count_destinations(), 1); /* leftovers of killed imports are gone */
}

static void survives_out_of_memory(void **state)
{
    (void)state;
    int failed = -1;

    put_captions("caption,video\np0,a\np1,\np2,b\n");
    change.banks = new_bank;
    change.bank_count = 1;
    for (long n = 0; failed; n++) {
        struct error error = {0};
        memory_fail_after(n);
        failed = collection_import(&change, NULL, NULL, NULL, &error);
        memory_fail_after(-1);
        assert_true(!failed || error.kind == ERROR_MEMORY);
        assert_int_equal(count_destinations(), 1);
        struct collection *collection = open_good();
        assert_int_equal(collection->model[0]->banks, failed ? 1 : 2);
        collection_close(collection);
        assert_true(n < 3000);
    }
}

static void two_at_once_do_not_mix(void **state)
{
    (void)state;
    struct staging staging;
    struct error error = {0};

    change.banks = new_bank;
    change.bank_count = 1;
    assert_int_equal(staging_open(&staging, destination, true, &error), 0);
    pid_t child = fork();
    if (child == 0)
        _exit(collection_import(&change, NULL, NULL, NULL, &error) == -1 &&
                      strstr(error.text, "another program is writing it")
                  ? 0
                  : 1);
    int status;
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    staging_abandon(&staging);
    change_good();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(banks_are_added, make_base, drop),
        cmocka_unit_test_setup_teardown(valid_fits_are_kept, make_base, drop),
        cmocka_unit_test_setup_teardown(thumbnails_are_replaced, make_base, drop),
        cmocka_unit_test_setup_teardown(an_encoder_is_added, make_base, drop),
        cmocka_unit_test_setup_teardown(a_changed_copy_is_made, make_base, drop),
        cmocka_unit_test_setup_teardown(refuses_mismatches, make_base, drop),
        cmocka_unit_test_setup_teardown(a_kill_leaves_the_old_or_the_new, make_base, drop),
        cmocka_unit_test_setup_teardown(survives_out_of_memory, make_base, drop),
        cmocka_unit_test_setup_teardown(two_at_once_do_not_mix, make_base, drop),
    };
    return cmocka_run_group_tests_name("import changes", tests, NULL, NULL);
}
