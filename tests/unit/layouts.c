/* Dataset layouts: what their files become, and refusals that name the line. */
#include "engine/base/memory.h"
#include "engine/layouts/layout.h"

#include "tests/unit/folder.h"

/* Names and rows as "a|b/1|2|/3|4|/", or the error. */
static void describe(struct table *table, const struct error *error, char *found, size_t size)
{
    size_t used = 0;

    if (!table) {
        snprintf(found, size, "%s", error->text);
        return;
    }
    for (size_t i = 0; i < table_columns(table); i++)
        used += (size_t)snprintf(found + used, size - used, "%s|", table_name(table, i));
    for (size_t row = 0; row < table_rows(table); row++) {
        used += (size_t)snprintf(found + used, size - used, "/");
        for (size_t i = 0; i < table_columns(table); i++)
            used += (size_t)snprintf(found + used, size - used, "%s|", table_field(table, row, i));
    }
    table_close(table);
}

static void expect(const char *dir, struct table *(*read)(const struct layout_request *, struct error *),
                   const char *name, const char *text, const char *expected)
{
    char found[2048];
    struct error error = {0};

    folder_write(dir, name, text, strlen(text));
    describe(read(&(struct layout_request){.file = folder_path(dir, name)}, &error), &error, found, sizeof found);
    if (strncmp(expected, "...", 3) == 0 ? !strstr(found, expected + 3) : strcmp(found, expected))
        fail_msg("\"%s\" is not \"%s\"", found, expected);
}

static void test_names(void **state)
{
    (void)state;
    static const char *const known =
        "hubscope, msrvtt, msvd, flickr, lsmdc, karpathy, didemo, activitynet, vatex, coco, webvid, audiocaps, "
        "clotho";
    char names[240];

    layout_names(names, sizeof names);
    assert_memory_equal(names, known, strlen(known));
    assert_ptr_equal(layout_find("msvd"), &layout_msvd);
    assert_null(layout_find("MSVD"));
    for (size_t i = 0; layouts[i]; i++)
        assert_true(*layouts[i]->help && layouts[i]->texts && layouts[i]->videos);
}

static void test_msrvtt_csv(void **state)
{
    const char *dir = *state;
    static const char test[] = "key,vid_key,video_id,sentence\n"
                               "ret0,msr9770,video9770,\"a person, connecting\"\n"
                               "ret1,msr9771,video9771,a car\n";

    expect(dir, layout_msrvtt.texts, "x.csv", test,
           "key|vid_key|video|caption|/ret0|msr9770|video9770|a person, connecting|"
           "/ret1|msr9771|video9771|a car|");
    expect(dir, layout_msrvtt.videos, "x.csv", test,
           "row|vid_key|key|title|/ret0|msr9770|video9770|a person, connecting|"
           "/ret1|msr9771|video9771|a car|");
    expect(dir, layout_msrvtt.videos, "x.csv", "video_id\nvideo1\n", "key|/video1|");
    assert_false(layout_msrvtt.tells_videos(folder_path(dir, "x.csv")));
}

static const char info[] = "{\"info\":{\"year\":\"2016\"},"
                           "\"videos\":[{\"video_id\":\"video3\",\"split\":\"test\",\"id\":3},"
                           "{\"video_id\":\"video1\",\"split\":\"train\",\"id\":1},"
                           "{\"video_id\":\"video2\",\"split\":\"test\",\"id\":2},"
                           "{\"video_id\":\"video5\",\"split\":\"validate\",\"id\":5}],"
                           "\"sentences\":[{\"caption\":\"a\",\"video_id\":\"video2\",\"sen_id\":0},"
                           "{\"caption\":\"b\",\"video_id\":\"video1\",\"sen_id\":1},"
                           "{\"caption\":\"c\",\"video_id\":\"video5\",\"sen_id\":2},"
                           "{\"caption\":\"d\",\"video_id\":\"video3\",\"sen_id\":3},"
                           "{\"caption\":\"e\",\"video_id\":\"video9\",\"sen_id\":4}]}";

static void test_msrvtt_json(void **state)
{
    const char *dir = *state;

    expect(dir, layout_msrvtt.texts, "x.json", info,
           "video|caption|split|/video2|a|query|/video1|b|train|/video5|c|validate|/video3|d|query|"
           "/video9|e||");
    expect(dir, layout_msrvtt.videos, "x.json", info, "key|split|id|/video3|test|3|/video2|test|2|");
    assert_true(layout_msrvtt.tells_videos(folder_path(dir, "x.json")));
    /* without a test split the validation videos are searched */
    expect(dir, layout_msrvtt.videos, "x.json",
           "{\"videos\":[{\"video_id\":\"v1\",\"split\":\"train\"},"
           "{\"video_id\":\"v2\",\"split\":\"validate\"}],\"sentences\":[]}",
           "key|split|/v2|validate|");
    expect(dir, layout_msrvtt.videos, "x.json",
           "{\"videos\":[{\"video_id\":\"v1\"},{\"video_id\":\"v2\"}],\"sentences\":[]}", "key|/v1|/v2|");
    expect(dir, layout_msrvtt.texts, "x.json", "[{\"video_id\":\"v1\",\"sentence\":\"a\"}]", "video|caption|/v1|a|");
    expect(dir, layout_msrvtt.texts, "x.json", "{\"videos\":[{}],\"sentences\":[{},]}",
           "...x.json:1 (row 2): is not an object");
    expect(dir, layout_msrvtt.texts, "x.json", "{\"videos\":[{}]}",
           "...has no array of objects \"sentences\"; it has: videos");
    expect(dir, layout_msrvtt.videos, "x.json", "{\"sentences\":[{}]}",
           "...has no array of objects \"videos\"; it has: sentences");
}

static void test_msvd(void **state)
{
    const char *dir = *state;

    expect(dir, layout_msvd.texts, "x.txt",
           "# comment\n\nmv89psg6zh4_33_46 A bird in a sink keeps getting.\n"
           "-4wsuPCjDBc_5_15\t a squirrel \r\n",
           "video|caption|/mv89psg6zh4_33_46|A bird in a sink keeps getting.|"
           "/-4wsuPCjDBc_5_15|a squirrel|");
    expect(dir, layout_msvd.videos, "x.txt", "mv89psg6zh4_33_46 vid1\n-4wsuPCjDBc_5_15\n",
           "key|name|/mv89psg6zh4_33_46|vid1|/-4wsuPCjDBc_5_15||");
    expect(dir, layout_msvd.texts, "x.txt", "", "video|caption|");
    expect(dir, layout_msvd.texts, "x.txt", "a b\nc \n", "...x.txt:2: has a key but no caption");
    expect(dir, layout_msvd.texts, "x.txt", "a b\nc \xff\n", "...x.txt:2: is not UTF-8");
}

static void test_flickr(void **state)
{
    const char *dir = *state;

    expect(dir, layout_flickr.texts, "x.token",
           "1000092795.jpg#0\tTwo young guys with shaggy hair .\n"
           "1000092795.jpg#1\tTwo \"young\" , White | males \n10002456.JPG#0\tmen\n",
           "video|caption|/1000092795|Two young guys with shaggy hair .|"
           "/1000092795|Two \"young\" , White | males|/10002456|men|");
    expect(dir, layout_flickr.texts, "x.csv",
           "image_name| comment_number| comment\n1000092795.jpg| 0| Two young guys , | .\n"
           "2199200615.jpg| 4   A dog runs across the grass .\n",
           "video|caption|/1000092795|Two young guys , | .|"
           "/2199200615|A dog runs across the grass .|");
    expect(dir, layout_flickr.texts, "x.txt", "image,caption\n1.jpg,\"A child , in \"\"pink\"\"\"\n2.jpg,b\n",
           "video|caption|/1|A child , in \"pink\"|/2|b|");
    expect(dir, layout_flickr.videos, "x.txt", "1000092795.jpg\n\n10002456 \n",
           "key|poster|/1000092795|1000092795.jpg|/10002456|10002456.jpg|");
    expect(dir, layout_flickr.texts, "x.txt", "1.jpg#0\ta\n1.jpg a\n", "...x.txt:2: is neither");
    expect(dir, layout_flickr.texts, "x.txt", "1.jpg#0\t \n", "...x.txt:1: is neither");
    expect(dir, layout_flickr.texts, "x.txt", "1.jpg| x| a\n", "...x.txt:1: is neither");
    expect(dir, layout_flickr.texts, "x.txt", "#0\ta\n", "...x.txt:1: is neither");
    expect(dir, layout_flickr.texts, "x.txt", "image,caption\n1.jpg\n", "...x.txt:2: has 1 field where");
}

static void test_lsmdc(void **state)
{
    const char *dir = *state;
    static const char line[] = "0001_A_00.01-00.02\t00.01\t00.02\t00.01\t00.02\tSOMEONE, \"he\", waits.\n";

    expect(dir, layout_lsmdc.texts, "x.csv", line,
           "video|start_aligned|end_aligned|start_extracted|end_extracted|caption|"
           "/0001_A_00.01-00.02|00.01|00.02|00.01|00.02|SOMEONE, \"he\", waits.|");
    expect(dir, layout_lsmdc.videos, "x.txt", "0001_A\n0002_A\n", "key|/0001_A|/0002_A|");
    expect(dir, layout_lsmdc.texts, "x.csv", "a\tb\n", "...x.csv:1: is not LSMDC's clip");
    expect(dir, layout_msvd.texts, "x.csv", line, "...x.csv:1: has fields between tabs after the key");
    expect(dir, layout_flickr.texts, "x.csv", line, "...x.csv:1: is neither");
}

static void test_karpathy(void **state)
{
    const char *dir = *state;

    expect(dir, layout_karpathy.texts, "x.json",
           "{\"images\":[{\"filename\":\"1_a.JPG\",\"split\":\"test\",\"sentences\":[{\"raw\":\"A cat.\"},"
           "{\"raw\":\"A dog.\"}]},{\"filename\":\"2\",\"split\":\"train\",\"sentences\":[{\"raw\":\"b\"}]}]}",
           "video|caption|split|/1_a|A cat.|test|/1_a|A dog.|test|/2|b|train|");
    expect(dir, layout_karpathy.videos, "x.txt", "1_a.jpg\n2\n", "key|/1_a|/2|");
    expect(dir, layout_karpathy.texts, "x.json", "{\"images\":[{\"filename\":\"1\"}]}",
           "...(row 1): has no \"filename\"");
    expect(dir, layout_karpathy.texts, "x.json", "{\"images\":[{\"filename\":\"1\",\"sentences\":[{}]}]}",
           "...(row 1): a sentence has no text \"raw\"");
}

static void test_mutations(void **state)
{
    static const struct {
        const struct dataset_layout *layout;
        const char *name, *text;
    } cases[] = {
        {&layout_msrvtt, "x.json", info},
        {&layout_msrvtt, "x.csv", "key,vid_key,video_id,sentence\nr,m,v,s\n"},
        {&layout_msvd, "x.txt", "# c\nkey some words\n"},
        {&layout_flickr, "x.txt", "1.jpg#0\ta b\n2.jpg| 0| c\n"},
        {&layout_flickr, "x.txt", "image,caption\n1.jpg,a\n"},
        {&layout_lsmdc, "x.csv", "a\t1\t2\t3\t4\tb\n"},
        {&layout_karpathy, "x.json", "{\"images\":[{\"filename\":\"1\",\"sentences\":[{\"raw\":\"b\"}]}]}"},
    };
    unsigned char bytes[1024];
    uint32_t seed = 20261121;

    for (size_t which = 0; which < sizeof cases / sizeof *cases; which++)
        for (int i = 0; i < folder_mutations(1000); i++) {
            size_t size =
                folder_mutate((const unsigned char *)cases[which].text, strlen(cases[which].text), bytes, &seed);
            char path[4200];
            snprintf(path, sizeof path, "%s", folder_path(*state, cases[which].name));
            folder_write(*state, cases[which].name, bytes, size);
            table_close(cases[which].layout->texts(&(struct layout_request){.file = path}, NULL));
            table_close(cases[which].layout->videos(&(struct layout_request){.file = path}, NULL));
        }
}

static void test_out_of_memory(void **state)
{
    static const struct {
        const struct dataset_layout *layout;
        const char *name, *text;
    } cases[] = {
        {&layout_msrvtt, "x.json", info},
        {&layout_msvd, "x.txt", "key some words\n"},
        {&layout_flickr, "y.txt", "1.jpg#0\ta b\n"},
        {&layout_flickr, "z.txt", "image,caption\n1.jpg,a\n"},
        {&layout_lsmdc, "l.csv", "a\t1\t2\t3\t4\tb\n"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[4200];
        snprintf(path, sizeof path, "%s", folder_path(*state, cases[i].name));
        folder_write(*state, cases[i].name, cases[i].text, strlen(cases[i].text));
        struct table *texts = NULL, *videos = NULL;
        for (long n = 0; !texts || !videos; n++) {
            struct error error = {0};
            table_close(texts);
            table_close(videos);
            memory_fail_after(n);
            texts = cases[i].layout->texts(&(struct layout_request){.file = path}, &error);
            assert_true(texts || error.kind != ERROR_NONE);
            videos = cases[i].layout->videos(&(struct layout_request){.file = path}, &error);
            memory_fail_after(-1);
            assert_true(n < 2000);
        }
        table_close(texts);
        table_close(videos);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(test_names), TEST(test_msrvtt_csv), TEST(test_msrvtt_json), TEST(test_msvd),          TEST(test_flickr),
        TEST(test_lsmdc), TEST(test_karpathy),   TEST(test_mutations),   TEST(test_out_of_memory),
    };
    return cmocka_run_group_tests_name("layouts", tests, NULL, NULL);
}
