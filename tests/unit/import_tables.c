/* Import: the same collection from tables of any kind, column order and layout; splits, tables of banks, and videos
 * that no table lists. */
#include "tests/unit/import_made.h"

static void put_file(const char *name, const char *text)
{
    char path[128];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    write_bytes(path, text, strlen(text));
}

/* Valid in the folder while the test runs. */
static const char *in_folder(const char *name)
{
    static char paths[8][128];
    static size_t next;
    char *path = paths[next++ % 8];

    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static void describe_texts(struct catalog *catalog, const char *split, char *text, size_t size)
{
    struct catalog_text row;
    size_t used = strlen(text);

    used += (size_t)snprintf(text + used, size - used, "%s:", split);
    for (size_t i = 0; i < catalog_count_texts(catalog, split); i++) {
        assert_int_equal(catalog_text(catalog, split, i, &row, NULL), 0);
        used += (size_t)snprintf(text + used, size - used, " %s@%d", row.caption, (int)row.video);
        catalog_text_close(&row);
    }
    snprintf(text + used, size - used, "\n");
}

/* Videos with all they have, then the texts of queries and banks. */
static void describe(char *text, size_t size)
{
    struct collection *collection = open_good();
    struct catalog_video video;
    size_t used = 0;

    for (size_t row = 0; row < collection->videos; row++) {
        assert_int_equal(catalog_video(collection->catalog, row, &video, NULL), 0);
        used += (size_t)snprintf(text + used, size - used, "%s|%s|%s|%s|%d|%d|%d\n", video.key, video.title, video.tags,
                                 video.details, video.duration_ms, video.frames, video.strip_frames);
        catalog_video_close(&video);
    }
    describe_texts(collection->catalog, "query", text, size);
    for (size_t i = 0; i < collection->model[0]->banks; i++)
        describe_texts(collection->catalog, collection->model[0]->bank[i].name, text, size);
    collection_close(collection);
    remove_tree(destination);
}

static const struct {
    const char *videos, *texts, *videos_text, *texts_text;
} kinds[] = {
    {"v.tsv", "t.tab",
     "title\tkey\tgroup\tduration_ms\tframes\tstrip\tposter\n"
     "\"Cat, \"\"the\"\" tabby\"\ta\tpets\t3000\t72\ts.bmp\t\n"
     "Dog\tb\t\t\t\t\tp.bmp\n\tc\tpets\t1\t2\t\t\nEmu\td\tbirds\t\t\t\t\nEel\te\t\t\t\t\t\n"
     "Fox\tf\t\t\t\ts.bmp\t\n",
     "caption\tsplit\tvideo\nq0\tquery\ta\nb0\ttrain\t\nq1\tquery\ta\nq2\tquery\tb\nb1\ttrain\tzz\n"
     "b2\ttrain\ta\nq3\tquery\tc\nq4\tquery\td\nq5\tquery\te\nq6\tquery\te\nq7\tquery\t\n"
     "q8\tquery\tf\nb3\ttrain\tf\nb4\ttrain\t\nq9\tquery\tf\n"},
    {"v.json", "t.json",
     "[{\"key\":\"a\",\"title\":\"Cat, \\\"the\\\" tabby\",\"group\":\"pets\",\"duration_ms\":3000,"
     "\"frames\":72,\"strip\":\"s.bmp\"},\n{\"key\":\"b\",\"title\":\"Dog\",\"poster\":\"p.bmp\"},"
     "{\"key\":\"c\",\"group\":\"pets\",\"duration_ms\":1,\"frames\":2},"
     "{\"key\":\"d\",\"title\":\"Emu\",\"group\":\"birds\"},{\"key\":\"e\",\"title\":\"Eel\","
     "\"strip\":null},{\"key\":\"f\",\"title\":\"Fox\",\"strip\":\"s.bmp\"}]",
     "{\"about\":{},\"texts\":[{\"split\":\"query\",\"video\":\"a\",\"caption\":\"q0\"},"
     "{\"split\":\"train\",\"caption\":\"b0\"},"
     "{\"split\":\"query\",\"video\":\"a\",\"caption\":\"q1\"},"
     "{\"split\":\"query\",\"video\":\"b\",\"caption\":\"q2\"},"
     "{\"split\":\"train\",\"video\":\"zz\",\"caption\":\"b1\"},"
     "{\"split\":\"train\",\"video\":\"a\",\"caption\":\"b2\"},"
     "{\"split\":\"query\",\"video\":\"c\",\"caption\":\"q3\"},"
     "{\"split\":\"query\",\"video\":\"d\",\"caption\":\"q4\"},"
     "{\"split\":\"query\",\"video\":\"e\",\"caption\":\"q5\"},"
     "{\"split\":\"query\",\"video\":\"e\",\"caption\":\"q6\"},"
     "{\"split\":\"query\",\"video\":null,\"caption\":\"q7\"},"
     "{\"split\":\"query\",\"video\":\"f\",\"caption\":\"q8\"},"
     "{\"split\":\"train\",\"video\":\"f\",\"caption\":\"b3\"},"
     "{\"split\":\"train\",\"video\":\"\",\"caption\":\"b4\"},"
     "{\"split\":\"query\",\"video\":\"f\",\"caption\":\"q9\"}]}"},
    {"v.jsonl", "t.ndjson",
     "{\"key\":\"a\",\"title\":\"Cat, \\\"the\\\" tabby\",\"group\":\"pets\",\"duration_ms\":3000,"
     "\"frames\":72,\"strip\":\"s.bmp\"}\n{\"key\":\"b\",\"title\":\"Dog\",\"poster\":\"p.bmp\"}\n"
     "{\"key\":\"c\",\"group\":\"pets\",\"duration_ms\":1,\"frames\":2}\n"
     "{\"key\":\"d\",\"title\":\"Emu\",\"group\":\"birds\"}\n{\"key\":\"e\",\"title\":\"Eel\"}\n"
     "{\"key\":\"f\",\"title\":\"Fox\",\"strip\":\"s.bmp\"}\n",
     "{\"split\":\"query\",\"video\":\"a\",\"caption\":\"q0\"}\n"
     "{\"split\":\"train\",\"caption\":\"b0\"}\n"
     "{\"split\":\"query\",\"video\":\"a\",\"caption\":\"q1\"}\n"
     "{\"split\":\"query\",\"video\":\"b\",\"caption\":\"q2\"}\n"
     "{\"split\":\"train\",\"video\":\"zz\",\"caption\":\"b1\"}\n"
     "{\"split\":\"train\",\"video\":\"a\",\"caption\":\"b2\"}\n"
     "{\"split\":\"query\",\"video\":\"c\",\"caption\":\"q3\"}\n"
     "{\"split\":\"query\",\"video\":\"d\",\"caption\":\"q4\"}\n"
     "{\"split\":\"query\",\"video\":\"e\",\"caption\":\"q5\"}\n"
     "{\"split\":\"query\",\"video\":\"e\",\"caption\":\"q6\"}\n"
     "{\"split\":\"query\",\"caption\":\"q7\"}\n"
     "{\"split\":\"query\",\"video\":\"f\",\"caption\":\"q8\"}\n"
     "{\"split\":\"train\",\"video\":\"f\",\"caption\":\"b3\"}\n"
     "{\"split\":\"train\",\"caption\":\"b4\"}\n"
     "{\"split\":\"query\",\"video\":\"f\",\"caption\":\"q9\"}\n"},
};

static void every_kind_gives_the_same(void **state)
{
    (void)state;
    char wanted[2048] = "", found[2048] = "", *digest, *other;

    write_text(VIDEOS_CSV, "key,title,group,duration_ms,frames,strip,poster\n"
                           "a,\"Cat, \"\"the\"\" tabby\",pets,3000,72,s.bmp,\nb,Dog,,,,,p.bmp\n"
                           "c,,pets,1,2,,\nd,Emu,birds,,,,\ne,Eel,,,,,\nf,Fox,,,,s.bmp,\n");
    import_good();
    struct collection *collection = open_good();
    digest = catalog_meta(collection->catalog, "digest");
    collection_close(collection);
    describe(wanted, sizeof wanted);
    assert_non_null(strstr(wanted, "a|Cat, \"the\" tabby||group: pets\n|3000|72|4\n"));
    assert_non_null(strstr(wanted, "query: q0@0 q1@0 q2@1 q3@2 q4@3 q5@4 q6@4 q7@-1 q8@5 q9@5\n"
                                   "train: b0@-1 b1@-1 b2@0 b3@5 b4@-1\nplain:\n"));
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        put_file(kinds[i].videos, kinds[i].videos_text);
        put_file(kinds[i].texts, kinds[i].texts_text);
        import.videos_table = in_folder(kinds[i].videos);
        import.texts_table = in_folder(kinds[i].texts);
        import_good();
        collection = open_good();
        other = catalog_meta(collection->catalog, "digest");
        assert_string_equal(other, digest);
        assert_unit_rows(&collection->model[0]->query, QUERY, QUERIES);
        collection_close(collection);
        free(other);
        describe(found, sizeof found);
        assert_string_equal(found, wanted);
    }
    free(digest);
}

static void columns_by_other_names(void **state)
{
    (void)state;
    char wanted[2048] = "", found[2048] = "";
    static const struct import_column columns[] = {
        {"key", "video_id"}, {"videos.title", "name"}, {"video", "vid"}, {"texts.caption", "sentence"}};

    import.thumbnails = NULL;
    import.bank_count = 0;
    write_text(VIDEOS_CSV, "key,title\na,x\nb,y\nc,\nd,\ne,\nf,\n");
    write_text(TEXTS_CSV, "video,caption\na,0\na,1\nb,2\nb,3\nc,4\nc,5\nd,6\nd,7\ne,8\nf,9\n");
    import_good();
    describe(wanted, sizeof wanted);
    write_text(VIDEOS_CSV, "name,video_id\nx,a\ny,b\n,c\n,d\n,e\n,f\n");
    write_text(TEXTS_CSV, "sentence,vid\n0,a\n1,a\n2,b\n3,b\n4,c\n5,c\n6,d\n7,d\n8,e\n9,f\n");
    import.columns = columns;
    import.column_count = 4;
    import_good();
    describe(found, sizeof found);
    assert_string_equal(found, wanted);

    static const struct import_column odd[] = {
        {"captoin", "sentence"}, {"texts.key", "video_id"}, {"video", "nothere"}};
    import.columns = odd;
    import.column_count = 3;
    assert_refused("--column captoin", "is not a column that is read");
    assert_refused("--column texts.key", "is not a column that is read");
    assert_refused("texts.csv", "has no column \"nothere\" to be \"video\"; it has: sentence, vid");
    import.column_count = 0;
    assert_refused("videos.csv", "has no column \"key\"; it has: name, video_id (name it with --column key=NAME");
}

static void banks_have_texts_of_their_own(void **state)
{
    (void)state;
    char wanted[2048] = "", found[2048] = "";

    import_good();
    describe(wanted, sizeof wanted);
    write_text(TEXTS_CSV, "video,caption\na,q0\na,q1\nb,q2\nc,q3\nd,q4\ne,q5\ne,q6\n,q7\nf,q8\nf,q9\n");
    put_file("train.csv", "video,caption\n,b0\nzz,b1\na,b2\nf,b3\n,b4\n");
    banks[0].texts = in_folder("train.csv");
    import_good();
    describe(found, sizeof found);
    assert_string_equal(found, wanted);

    /* from a table with splits only the bank's rows are used; captions alone suffice */
    put_file("train.csv", "caption,split\nx,valid\nb0,train\nb1,train\nb2,train\nb3,train\nb4,train\n");
    import_good();
    describe(found, sizeof found);
    assert_non_null(strstr(found, "train: b0@-1 b1@-1 b2@-1 b3@-1 b4@-1\n"));

    /* renamed columns apply to texts; a bank's table needs only the caption */
    static const struct import_column columns[] = {{"video", "vid"}, {"caption", "sentence"}};
    import.columns = columns;
    import.column_count = 2;
    write_text(TEXTS_CSV, "vid,sentence\na,q0\na,q1\nb,q2\nc,q3\nd,q4\ne,q5\ne,q6\n,q7\nf,q8\nf,q9\n");
    put_file("train.csv", "sentence\nb0\nb1\nb2\nb3\nb4\n");
    import_good();
    describe(found, sizeof found);
    assert_non_null(strstr(found, "train: b0@-1 b1@-1 b2@-1 b3@-1 b4@-1\n"));
    import.column_count = 0;
    write_text(TEXTS_CSV, "video,caption\na,q0\na,q1\nb,q2\nc,q3\nd,q4\ne,q5\ne,q6\n,q7\nf,q8\nf,q9\n");

    put_file("train.csv", "caption\nb0\nb1\n");
    assert_refused("train.npy", "has 5 rows, but");
    put_file("train.csv", "text\nb0\nb1\n");
    assert_refused("train.csv", "has no column \"caption\"; it has: text");
    put_file("train.csv", "caption\n0\n1\n2\n3\n4\n");
    write_text(TEXTS_CSV, texts_table);
    assert_refused("train.csv", "are texts of the bank \"train\", but");
    banks[0].texts = in_folder("gone.csv");
    assert_refused("gone.csv", "No such file");
}

static void videos_come_from_texts(void **state)
{
    (void)state;
    char found[2048] = "";
    struct findings findings = {0};
    struct error error = {0};
    char line[FINDINGS_LINE];
    bool remark;

    import.videos_table = NULL;
    import.thumbnails = NULL;
    write_text(TEXTS_CSV, "video,caption\nf,0\nf,1\nb,2\na,3\nb,4\ne,5\nc,6\nc,7\n,8\nd,9\n");
    assert_int_equal(collection_import(&import, NULL, &findings, NULL, &error), 0);
    assert_int_equal(findings.lines, 2); /* the other: rows are scaled */
    findings_line(&findings, 0, line, sizeof line, &remark);
    assert_true(remark);
    assert_non_null(strstr(line, "the 6 videos that it names, in order of first appearance"));
    findings_close(&findings);
    describe(found, sizeof found);
    assert_non_null(strstr(found, "f||||0|0|0\nb||||0|0|0\na||||0|0|0\ne||||0|0|0\nc||||0|0|0\n"
                                  "d||||0|0|0\nquery: 0@0 1@0 2@1 3@2 4@1 5@3 6@4 7@4 8@-1 9@5\n"));
    write_text(TEXTS_CSV, "video,caption\nf,0\nf,1\nb,2\na,3\nb,4\ne,5\nc,6\nc,7\n,8\nc,9\n");
    assert_refused("v.npy", "has 6 rows, but ");
    assert_refused("v.npy", "5 videos, in order of first appearance; give all of them, in the order "
                            "of the rows, by --videos-table");
    write_text(TEXTS_CSV, "video,caption\n,0\n");
    assert_refused("texts.csv", "names no video");
}

static void plain_text_goes_by_order(void **state)
{
    (void)state;
    char found[2048] = "";

    put_file("keys.txt", "a\nb\nc\nd\ne\n");
    put_file("captions.txt", "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    write_matrix(VIDEO, VIDEOS - 1, DIMENSION);
    import.videos_table = in_folder("keys.txt");
    import.texts_table = in_folder("captions.txt");
    import.thumbnails = NULL;
    import_good();
    describe(found, sizeof found);
    assert_non_null(strstr(found, "a||||0|0|0\nb||||0|0|0\nc|"));
    assert_non_null(strstr(found, "query: 0@0 1@0 2@1 3@1 4@2 5@2 6@3 7@3 8@4 9@4\n"));
    put_file("keys.txt", "a\nb\nc\nd\n");
    assert_refused("captions.txt", "has no column \"video\", and its 10 texts of queries cannot be "
                                   "distributed over 4 videos");
    put_file("keys.txt", "a\nb\na\n");
    assert_refused("keys.txt:3", "the key \"a\" is taken: line 1 has it");
    import.videos_table = NULL;
    assert_refused("captions.txt", "has no column \"video\"; it has: caption");
}

static void splits_are_counted_by_name(void **state)
{
    (void)state;
    struct findings findings = {0};
    struct error error = {0};
    char text[4096] = "split,video,caption\n";

    for (int i = 0; i < 30; i++)
        sprintf(text + strlen(text), "s%d,a,x\ns%d,a,y\n", i % 10, i % 10);
    write_text(TEXTS_CSV, text);
    assert_int_equal(collection_import(&import, NULL, &findings, NULL, &error), -1);
    assert_int_equal(findings.faults, 9); /* eight by name, and one for the rest */
    assert_non_null(strstr(error.text, "texts.csv:2: the split \"s0\" (6 texts) is neither"));
    findings_close(&findings);
}

static void another_split_is_the_queries(void **state)
{
    (void)state;
    char wanted[2048] = "", found[2048] = "", text[2048] = "";
    struct findings findings = {0};
    struct error error = {0};

    import_good();
    describe(wanted, sizeof wanted);
    /* "test" for "query", and a split that is not a bank */
    for (const char *at = texts_table; *at; at++)
        if (strncmp(at, "query,", 6) == 0) {
            strcat(text, "test,");
            at += 5;
        } else {
            text[strlen(text)] = *at;
        }
    strcat(text, "val,a,x\nval,nobody,y\n");
    write_text(TEXTS_CSV, text);
    assert_refused("texts.csv:2", "the split \"test\" (10 texts) is neither \"query\"");
    import.query_split = "test";
    if (collection_import(&import, NULL, &findings, NULL, &error))
        fail_msg("%s", error.text);
    assert_int_equal(findings.faults, 0);
    findings_close(&findings);
    describe(found, sizeof found);
    assert_string_equal(found, wanted);
    import.query_split = "query";
    assert_refused("texts.csv", "has no text of the split \"query\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_kind_gives_the_same, make, drop),
        cmocka_unit_test_setup_teardown(columns_by_other_names, make, drop),
        cmocka_unit_test_setup_teardown(banks_have_texts_of_their_own, make, drop),
        cmocka_unit_test_setup_teardown(videos_come_from_texts, make, drop),
        cmocka_unit_test_setup_teardown(plain_text_goes_by_order, make, drop),
        cmocka_unit_test_setup_teardown(splits_are_counted_by_name, make, drop),
        cmocka_unit_test_setup_teardown(another_split_is_the_queries, make, drop),
    };
    return cmocka_run_group_tests_name("import tables", tests, NULL, NULL);
}
