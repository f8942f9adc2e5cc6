/* Import: what comes in is what opens; what is wrong is refused by file and reason; and whatever
 * happens on the way, the destination is the old collection, the new one or nothing. */
#include "engine/import.h"
#include "engine/catalog.h"
#include "engine/collection.h"
#include "engine/formats/npy.h"
#include "engine/memory.h"

#include <dirent.h>
#include <ftw.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { VIDEOS = 6, QUERIES = 10, BANK = 5, OTHER = 3, VIDEO_BANK = 4, DIMENSION = 8 };

static const char videos_table[] = "key,title,group,duration_ms,frames,strip,poster\n"
                                 "a,\"Cat, \"\"the\"\" tabby\",pets,3000,72,s.bmp,\n"
                                 "b,Dog,,,,,p.bmp\n"
                                 "c,,pets,1,2,,\n"
                                 "d,Emu,birds,,,,\n"
                                 "e,\"Two\nlines\",,,,,\n"
                                 "f,Fox,,,,s.bmp,\n";

/* Splits are mixed on purpose: each keeps its own order. */
static const char texts_table[] =
    "split,video,caption\n"
    "query,a,q0\ntrain,,b0\nquery,a,q1\nquery,b,q2\ntrain,zz,b1\ntrain,a,b2\nquery,c,q3\nquery,d,"
    "q4\n"
    "query,e,q5\nquery,e,q6\nquery,,q7\nquery,f,q8\ntrain,f,b3\ntrain,,b4\nquery,f,q9\n";

static char folder[64], file[9][96], destination[96];
enum { VIDEOS_CSV, TEXTS_CSV, VIDEO, QUERY, TRAIN, PLAIN, CLIPS, STRIP, POSTER };
static const char *const names[] = {"videos.csv", "texts.csv", "v.npy", "q.npy", "train.npy",
                                    "plain.npy",  "clips.npy", "s.bmp", "p.bmp"};
static struct import_bank banks[2], video_banks[1];
static struct import import;

static void write_bytes(const char *path, const void *bytes, size_t size)
{
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, size, stream), size);
    assert_int_equal(fclose(stream), 0);
}

static void write_text(int which, const char *text)
{
    write_bytes(file[which], text, strlen(text));
}

static float value(size_t which, size_t i)
{
    return (float)sin((double)(which * 1000 + i) * 0.7) * 3;
}

static void write_matrix(int which, size_t rows, size_t cols)
{
    float data[32 * 16];
    for (size_t i = 0; i < rows * cols; i++)
        data[i] = value((size_t)which, i);
    assert_int_equal(npy_write(file[which], NPY_F32, data, rows, cols, NULL), 0);
}

static void write_bitmap(int which, unsigned char width, unsigned char height)
{
    unsigned char bitmap[54 + 64 * 64 * 3] = {
        'B', 'M', [10] = 54, [14] = 40, [18] = width, [22] = height, [26] = 1, [28] = 24};
    write_bytes(file[which], bitmap, (size_t)54 + width * height * 3u);
}

static int make(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/hubscope-import-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        snprintf(file[i], sizeof file[i], "%s/%s", folder, names[i]);
    snprintf(destination, sizeof destination, "%s/made", folder);
    write_text(VIDEOS_CSV, videos_table);
    write_text(TEXTS_CSV, texts_table);
    write_matrix(VIDEO, VIDEOS, DIMENSION);
    write_matrix(QUERY, QUERIES, DIMENSION);
    write_matrix(TRAIN, BANK, DIMENSION);
    write_matrix(PLAIN, OTHER, DIMENSION);
    write_matrix(CLIPS, VIDEO_BANK, DIMENSION);
    write_bitmap(STRIP, 16, 4);
    write_bitmap(POSTER, 16, 4);
    banks[0] = (struct import_bank){"train", file[TRAIN]};
    banks[1] = (struct import_bank){"plain", file[PLAIN]};
    video_banks[0] = (struct import_bank){"train", file[CLIPS]};
    import = (struct import){
        .destination = destination,
        .videos_table = file[VIDEOS_CSV],
        .texts_table = file[TEXTS_CSV],
        .videos = file[VIDEO],
        .queries = file[QUERY],
        .banks = banks,
        .bank_count = 2,
        .video_banks = video_banks,
        .video_bank_count = 1,
        .thumbnails = folder,
        .name = "first",
        .licence = "CC0",
        .logit_scale = 12.5,
    };
    return 0;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

static void remove_tree(const char *path)
{
    nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static int drop(void **state)
{
    (void)state;
    memory_fail_after(-1);
    remove_tree(folder);
    return 0;
}

static void import_good(void)
{
    struct error error = {0};

    if (collection_import(&import, NULL, NULL, NULL, &error))
        fail_msg("%s", error.text);
}

static struct collection *open_good(void)
{
    struct error error = {0};
    struct collection *collection = collection_open(destination, &error);

    if (!collection)
        fail_msg("%s", error.text);
    return collection;
}

/* Entries of the folder that begin like the destination: itself and what stands in for it. */
static size_t count_destinations(void)
{
    size_t count = 0;
    struct dirent *entry;
    DIR *dir = opendir(folder);

    assert_non_null(dir);
    while ((entry = readdir(dir)))
        count += strncmp(entry->d_name, "made", 4) == 0;
    closedir(dir);
    return count;
}

static void assert_unit_rows(const struct matrix *matrix, int which, size_t rows)
{
    assert_int_equal(matrix->rows, rows);
    assert_int_equal(matrix->cols, DIMENSION);
    for (size_t i = 0; i < rows; i++) {
        const float *row = matrix_rows(matrix, i, 1, NULL);
        double sum = 0;
        for (size_t j = 0; j < DIMENSION; j++)
            sum += pow(value((size_t)which, i * DIMENSION + j), 2);
        for (size_t j = 0; j < DIMENSION; j++)
            assert_true(fabs(row[j] - value((size_t)which, i * DIMENSION + j) / sqrt(sum)) < 1e-6);
    }
}

static void comes_in_and_opens(void **state)
{
    (void)state;
    struct error error = {0};
    struct import_report report;
    struct job job = {0};

    if (collection_import(&import, &report, NULL, &job, &error))
        fail_msg("%s", error.text);
    assert_int_equal(report.videos, VIDEOS);
    assert_int_equal(report.queries, QUERIES);
    assert_int_equal(report.banks, 2);
    assert_int_equal(report.video_banks, 1);
    assert_int_equal(report.bank_rows, BANK + OTHER + VIDEO_BANK);
    assert_int_equal(report.thumbnails, 3);
    assert_int_equal(report.queries_without_video, 1);
    assert_int_equal(job.done, job.total);
    assert_true(job.total > 0);
    assert_int_equal(count_destinations(), 1);

    struct collection *collection = open_good();
    assert_string_equal(collection->name, "first");
    assert_string_equal(collection->licence, "CC0");
    assert_string_equal(collection->path, destination);
    assert_true(collection->logit_scale == 12.5);
    assert_false(collection->stored);
    assert_int_equal(collection->dimension, DIMENSION);
    assert_null(collection->encoder);
    assert_unit_rows(&collection->video, VIDEO, VIDEOS);
    assert_unit_rows(&collection->query, QUERY, QUERIES);
    assert_int_equal(collection->banks, 2);
    assert_string_equal(collection->bank[0].name, "train");
    assert_unit_rows(&collection->bank[0].matrix, TRAIN, BANK);
    assert_int_equal(collection->bank[0].first_text, 1 + QUERIES);
    assert_string_equal(collection->bank[1].name, "plain");
    assert_int_equal(collection->bank[1].first_text, 0);
    assert_int_equal(collection->video_banks, 1);
    assert_unit_rows(&collection->video_bank[0].matrix, CLIPS, VIDEO_BANK);
    static const uint32_t targets[] = {0, 0, 1, 2, 3, 4, 4, UINT32_MAX, 5, 5};
    assert_memory_equal(collection->target, targets, sizeof targets);

    struct catalog *catalog = collection->catalog;
    struct catalog_text text;
    for (size_t row = 0; row < BANK; row++) {
        char caption[8];
        snprintf(caption, sizeof caption, "b%zu", row);
        assert_int_equal(catalog_text(catalog, "train", row, &text, &error), 0);
        assert_string_equal(text.caption, caption);
        assert_int_equal(text.id, collection->bank[0].first_text + (int64_t)row);
        assert_int_equal(text.video, row == 2 ? 0 : row == 3 ? 5 : -1);
        catalog_text_close(&text);
    }
    struct catalog_video video;
    assert_int_equal(catalog_video(catalog, 0, &video, &error), 0);
    assert_string_equal(video.title, "Cat, \"the\" tabby");
    assert_string_equal(video.details, "group: pets\n");
    assert_int_equal(video.strip_frames, 4);
    assert_int_equal(video.duration_ms, 3000);
    catalog_video_close(&video);
    assert_int_equal(catalog_video(catalog, 1, &video, &error), 0);
    assert_int_equal(video.strip_frames, 1); /* a poster is one frame, however wide */
    assert_string_equal(video.details, "");
    catalog_video_close(&video);
    size_t size;
    int frames;
    void *image = catalog_thumbnail(catalog, 5, &size, &frames, &error);
    assert_int_equal(size, 54 + 16 * 4 * 3);
    free(image);
    char *digest = catalog_meta(catalog, "digest");
    assert_int_equal(strlen(digest), 16);
    free(digest);
    collection_close(collection);
}

static char *digest_of_made(void)
{
    struct collection *collection = open_good();
    char *digest = catalog_meta(collection->catalog, "digest");
    collection_close(collection);
    return digest;
}

static void digest_tells_matrices_apart(void **state)
{
    (void)state;
    import.replace = true;
    import_good();
    char *first = digest_of_made();
    import_good();
    char *again = digest_of_made();
    banks[1].path = file[CLIPS];
    import_good();
    char *other = digest_of_made();
    assert_string_equal(first, again);
    assert_string_not_equal(first, other);
    free(first);
    free(again);
    free(other);
}

/* Refused with a finding that names `who` and says `why`; the error names the first, and nothing is
 * left. */
static void assert_refused(const char *who, const char *why)
{
    struct error error = {0};
    struct findings findings = {0};
    char line[FINDINGS_LINE], first[FINDINGS_LINE];
    bool found = false, remark;

    assert_int_equal(collection_import(&import, NULL, &findings, NULL, &error), -1);
    for (size_t i = 0; i < findings.lines; i++) {
        findings_line(&findings, i, line, sizeof line, &remark);
        found = found || (!remark && strstr(line, who) && strstr(line, why));
    }
    if (!found)
        fail_msg("nothing names %s and says \"%s\": %s", who, why, error.text);
    findings_line(&findings, 0, first, sizeof first, &remark);
    assert_memory_equal(error.text, first, strlen(first));
    assert_true(findings.faults == 1 ? strlen(error.text) == strlen(first)
                                     : strstr(error.text, "more: --dry-run lists them)") != NULL);
    findings_close(&findings);
    assert_int_equal(count_destinations(), 0);
}

static void refuses_tables(void **state)
{
    (void)state;
    static const struct {
        int which;
        const char *text, *who, *why;
    } cases[] = {
        {VIDEOS_CSV, "title\nx\n", "videos.csv", "has no column \"key\""},
        {VIDEOS_CSV, "key,strip\n", "videos.csv", "has no videos"},
        {VIDEOS_CSV, "key,title\na,x\n", "videos.csv", "no column \"strip\" or \"poster\""},
        {VIDEOS_CSV, "key,strip\na,\nb,\n,\n", "videos.csv:4", "key is empty"},
        {VIDEOS_CSV, "key,strip\nz,\nb,\na,\nb,\n", "videos.csv:5",
         "\"b\" is taken: line 3 has it"},
        {VIDEOS_CSV, "key,strip\na,\nb,\nc,\nd,\ne,\nf,\ng,\n", "v.npy", "has 6 rows, but"},
        {VIDEOS_CSV, "key,strip,frames\na,,\nb,,x1\nc,,\nd,,\ne,,\nf,,\n", "videos.csv:3",
         "frames is no whole number: \"x1\""},
        {VIDEOS_CSV, "key,strip,frames\na,,\nb,,-1\nc,,\nd,,\ne,,\nf,,\n", "videos.csv:3",
         "frames is no whole number: \"-1\""},
        {VIDEOS_CSV, "key,strip,duration_ms\na,,99999999999\nb,,\nc,,\nd,,\ne,,\nf,,\n",
         "videos.csv:2", "duration_ms is no whole number"},
        {VIDEOS_CSV, "key,strip\na,../s.bmp\nb,\nc,\nd,\ne,\nf,\n", "videos.csv:2",
         "is not inside"},
        {VIDEOS_CSV, "key,strip\na,/etc/passwd\nb,\nc,\nd,\ne,\nf,\n", "videos.csv:2",
         "is not inside"},
        {VIDEOS_CSV, "key,strip\na,x/../../s.bmp\nb,\nc,\nd,\ne,\nf,\n", "videos.csv:2",
         "is not inside"},
        {VIDEOS_CSV, "key,strip\na,gone.jpg\nb,\nc,\nd,\ne,\nf,\n", "gone.jpg", "No such file"},
        {VIDEOS_CSV, "key,strip\na,v.npy\nb,\nc,\nd,\ne,\nf,\n", "v.npy", ""},
        {TEXTS_CSV, "split,caption\nquery,x\n", "texts.csv", "has no column \"video\""},
        {TEXTS_CSV, "video,caption\na,x\n", "texts.csv", "has no column \"split\""},
        {TEXTS_CSV, "split,video\nquery,a\n", "texts.csv", "has no column \"caption\""},
        {TEXTS_CSV, "split,video,caption\ntrain,a,x\n", "texts.csv",
         "no text of the split \"query\""},
        {TEXTS_CSV, "split,video,caption\nquery,a,x\nvalid,a,y\n", "texts.csv:3",
         "split \"valid\" is neither \"query\" nor the name of a query bank"},
        {TEXTS_CSV, "split,video,caption\nquery,a,x\nquery,nobody,y\n", "texts.csv:3",
         "no video has the key \"nobody\""},
        {TEXTS_CSV, "split,video,caption\nquery,a,x\n", "q.npy", "has 10 rows, but"},
        {TEXTS_CSV,
         "split,video,caption\nquery,,x\nquery,,x\nquery,,x\nquery,,x\nquery,,x\nquery,,x\nquery,,"
         "x\nquery,,x\nquery,,x\nquery,,x\ntrain,,y\n",
         "train.npy", "1 texts of the split \"train\""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_text(VIDEOS_CSV, videos_table);
        write_text(TEXTS_CSV, texts_table);
        write_text(cases[i].which, cases[i].text);
        assert_refused(cases[i].who, cases[i].why);
    }
    write_text(VIDEOS_CSV, videos_table);
    write_text(TEXTS_CSV, texts_table);
    import.strip_frames = 3;
    assert_refused("s.bmp", "16 pixels wide, which 3 frames");
    import.strip_frames = 0;
    import.texts_table = "/nowhere/t.csv";
    assert_refused("/nowhere/t.csv", "No such file");
}

static void refuses_matrices(void **state)
{
    (void)state;
    float data[QUERIES * DIMENSION];

    write_matrix(TRAIN, BANK, DIMENSION - 1);
    assert_refused("train.npy", "its vectors have 7 dimensions, those of");
    write_matrix(TRAIN, BANK, DIMENSION);

    for (size_t i = 0; i < QUERIES * DIMENSION; i++)
        data[i] = 1 + (float)i;
    data[2 * DIMENSION] = NAN;
    data[4 * DIMENSION + 3] = -INFINITY;
    npy_write(file[QUERY], NPY_F32, data, QUERIES, DIMENSION, NULL);
    assert_refused("q.npy", "2 rows hold NaN or infinite values (rows 2, 4; the first in column 0)");
    memset(data + 9 * DIMENSION, 0, DIMENSION * sizeof *data);
    npy_write(file[QUERY], NPY_F32, data, QUERIES, DIMENSION, NULL);
    assert_refused("q.npy", "(rows 2, 4; the first in column 0); 1 row is all zeros (row 9), counted from 0");
    memset(data, 0, sizeof data);
    npy_write(file[QUERY], NPY_F32, data, QUERIES, DIMENSION, NULL);
    assert_refused("q.npy", "10 rows are all zeros (rows 0, 1, 2, 3, 4, 5, ...)");
    data[0] = 1e-45f;
    for (size_t i = 1; i < QUERIES; i++)
        data[i * DIMENSION] = 3e38f;
    npy_write(file[QUERY], NPY_F32, data, QUERIES, DIMENSION, NULL);
    import_good(); /* extreme lengths are lengths too */
    struct collection *collection = open_good();
    assert_true(matrix_rows(&collection->query, 0, 1, NULL)[0] == 1);
    assert_true(matrix_rows(&collection->query, 1, 1, NULL)[0] == 1);
    collection_close(collection);
}

static void refuses_options(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "query",
        "a/b",
        "../x",
        "a b",
        "é",
        "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        banks[1].name = bad[i];
        assert_refused(bad[i], "cannot name a query bank");
    }
    banks[1].name = "train";
    assert_refused("train", "two query banks are named");
    banks[1].name = "plain";
    import.logit_scale = -1;
    assert_refused("logit scale", "positive");
    import.logit_scale = NAN;
    assert_refused("logit scale", "positive");
    import.logit_scale = 0;
    import.encoder = TESTS_DIR "/../sample_data/encoder";
    assert_refused("sample_data/encoder", "encodes to 128 dimensions");
    import.encoder = "/nowhere/encoder";
    assert_refused("/nowhere/encoder", "No such file");
    import.encoder = NULL;
    import.destination = "/nowhere/deep/made";
    assert_refused("/nowhere/deep", "No such file");
    import.destination = "";
    assert_refused("", "has no name");
}

static void keeps_what_is_not_to_be_replaced(void **state)
{
    (void)state;
    struct error error = {0};
    char inside[128];

    import_good();
    assert_int_equal(collection_import(&import, NULL, NULL, NULL, &error), -1);
    assert_non_null(strstr(error.text, destination));
    assert_non_null(strstr(error.text, "exists already"));

    import.replace = true;
    snprintf(inside, sizeof inside, "%s/notes.txt", destination);
    write_bytes(inside, "mine", 4);
    assert_int_equal(collection_import(&import, NULL, NULL, NULL, &error), -1);
    assert_non_null(strstr(error.text, "holds \"notes.txt\""));
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

static void clears_what_the_dead_left(void **state)
{
    (void)state;
    char stale[128], inside[160], alive[128], other[128];
    pid_t dead = fork();

    if (dead == 0)
        _exit(0);
    waitpid(dead, NULL, 0);
    snprintf(stale, sizeof stale, "%s.importing-%d", destination, (int)dead);
    snprintf(inside, sizeof inside, "%s/videos.npy", stale);
    snprintf(alive, sizeof alive, "%s.importing-1", destination);
    snprintf(other, sizeof other, "%s.importing-notes", destination);
    mkdir(stale, 0755);
    write_bytes(inside, "half", 4);
    mkdir(alive, 0755);
    mkdir(other, 0755);
    import_good();
    assert_int_equal(access(stale, F_OK), -1);
    assert_int_equal(access(alive, F_OK), 0);
    assert_int_equal(access(other, F_OK), 0);
    rmdir(alive);
    rmdir(other);

    /* killed between the two steps of a replacement that could not be one */
    snprintf(stale, sizeof stale, "%s.replaced-%d", destination, (int)dead);
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

/* Wherever it is by then: it stops and leaves nothing, or it was done. */
static void cancel_on_the_way_leaves_nothing(void **state)
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

static void survives_want_of_memory(void **state)
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

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Starts an import in a child and kills it after `delay` seconds, or lets it end. */
static void import_and_kill(double delay)
{
    double start = seconds();
    pid_t child = fork();
    int status;

    if (child == 0)
        _exit(collection_import(&import, NULL, NULL, NULL, NULL) ? 1 : 0);
    assert_true(child > 0);
    while (waitpid(child, &status, WNOHANG) == 0) {
        if (seconds() - start >= delay) {
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
            break;
        }
        usleep(50);
    }
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
}

static void a_kill_leaves_old_or_new(void **state)
{
    (void)state;
    enum { ROUNDS = 60 };
    double start = seconds();
    size_t absent = 0, old = 0, new = 0;

    import_and_kill(60);
    double whole = seconds() - start;
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

static void brings_an_encoder(void **state)
{
    (void)state;
    float data[16 * 128];
    static const int all[] = {VIDEO, QUERY, TRAIN, PLAIN, CLIPS};
    static const size_t rows[] = {VIDEOS, QUERIES, BANK, OTHER, VIDEO_BANK};

    for (size_t i = 0; i < 5; i++) {
        for (size_t j = 0; j < 16 * 128; j++)
            data[j] = value(i, j);
        npy_write(file[all[i]], NPY_F32, data, rows[i], 128, NULL);
    }
    import.encoder = TESTS_DIR "/../sample_data/encoder";
    import_good();
    struct collection *collection = open_good();
    assert_non_null(collection->encoder);
    collection_close(collection);

    char path[128];
    struct error error = {0};
    snprintf(path, sizeof path, "%s/encoder/vocab.txt", destination);
    unlink(path);
    assert_null(collection_open(destination, &error));
    assert_non_null(strstr(error.text, "vocab.txt"));
}

static void assert_unopened(const char *who, const char *why)
{
    struct error error = {0};
    struct collection *collection = collection_open(destination, &error);

    assert_null(collection);
    if (!strstr(error.text, who) || !strstr(error.text, why))
        fail_msg("\"%s\" does not name %s and say \"%s\"", error.text, who, why);
}

static void opens_only_what_agrees(void **state)
{
    (void)state;
    char path[128];
    float data[16 * DIMENSION] = {0};

    assert_unopened(destination, "No such file");
    mkdir(destination, 0755);
    assert_unopened(destination, "is no collection");
    import_good();
    snprintf(path, sizeof path, "%s/videos.npy", destination);
    npy_write(path, NPY_F32, data, VIDEOS + 1, DIMENSION, NULL);
    assert_unopened("videos.npy", "is 7 x 8, but the catalog tells of 6 rows of 8 dimensions");
    npy_write(path, NPY_F32, data, VIDEOS, DIMENSION, NULL);
    snprintf(path, sizeof path, "%s/bank_plain.npy", destination);
    npy_write(path, NPY_F32, data, OTHER, DIMENSION - 1, NULL);
    assert_unopened("bank_plain.npy", "is 3 x 7");
    unlink(path);
    assert_unopened("bank_plain.npy", "No such file");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(comes_in_and_opens, make, drop),
        cmocka_unit_test_setup_teardown(digest_tells_matrices_apart, make, drop),
        cmocka_unit_test_setup_teardown(refuses_tables, make, drop),
        cmocka_unit_test_setup_teardown(refuses_matrices, make, drop),
        cmocka_unit_test_setup_teardown(refuses_options, make, drop),
        cmocka_unit_test_setup_teardown(keeps_what_is_not_to_be_replaced, make, drop),
        cmocka_unit_test_setup_teardown(clears_what_the_dead_left, make, drop),
        cmocka_unit_test_setup_teardown(cancel_leaves_nothing, make, drop),
        cmocka_unit_test_setup_teardown(cancel_on_the_way_leaves_nothing, make, drop),
        cmocka_unit_test_setup_teardown(survives_want_of_memory, make, drop),
        cmocka_unit_test_setup_teardown(a_kill_leaves_old_or_new, make, drop),
        cmocka_unit_test_setup_teardown(brings_an_encoder, make, drop),
        cmocka_unit_test_setup_teardown(opens_only_what_agrees, make, drop),
    };
    return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
