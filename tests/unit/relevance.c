/* Judgements: lines of TREC files, and rows of targets. */
#include "engine/collection/relevance.h"
#include "engine/formats/npy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "folder.h"

enum { QUERIES = 4, VIDEOS = 3 };

static char path[400];

static const char *save(const char *text)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    return path;
}

static int read_text(struct relevance *relevance, const char *text, bool by_video, struct error *error)
{
    const struct relevance_names names = {.queries = QUERIES, .videos = VIDEOS, .by_video = by_video};

    return relevance_read_qrels(relevance, &names, save(text), error);
}

/* As "0:1*3 0:2 2:0": query, video and, unless it is 1, the grade. */
static void expect(const char *text, bool by_video, const char *right)
{
    struct relevance relevance;
    struct error error;
    char found[200] = "";

    if (read_text(&relevance, text, by_video, &error))
        fail_msg("%s", error.text);
    for (size_t q = 0; q < QUERIES; q++)
        for (size_t i = relevance.start[q]; i < relevance.start[q + 1]; i++) {
            size_t used = strlen(found);
            used +=
                (size_t)snprintf(found + used, sizeof found - used, "%s%zu:%u", used ? " " : "", q, relevance.video[i]);
            if (relevance.grade[i] != 1)
                snprintf(found + used, sizeof found - used, "*%g", (double)relevance.grade[i]);
        }
    assert_string_equal(found, right);
    relevance_close(&relevance);
}

static void refuse(const char *text, const char *why)
{
    struct relevance relevance;
    struct error error;

    assert_int_equal(read_text(&relevance, text, false, &error), -1);
    assert_int_equal(error.kind, ERROR_INPUT);
    if (!strstr(error.text, why))
        fail_msg("'%s' says nothing of '%s'", error.text, why);
    relevance_close(&relevance);
}

static void test_lines(void **state)
{
    (void)state;
    expect("0 0 1 1\n", false, "0:1");
    expect("0\t0\t1\t1", false, "0:1");
    expect("  0   Q0 \t1 1  \n\n \t\n3 x 2 1\n", false, "0:1 3:2");
    expect("0 0 1 1\r\n2 0 0 1\r\n", false, "0:1 2:0");
    expect("\xEF\xBB\xBF"
           "0 0 1 1\n",
           false, "0:1");
    expect("3 0 0 1\n0 0 2 1\n0 0 0 1\n", false, "0:0 0:2 3:0"); /* in any order */
    expect("2 0 3 1\n0 0 1 5\n", true, "1:0*5 3:2");             /* the video first */
}

static void test_grades(void **state)
{
    (void)state;
    expect("0 0 0 3\n0 0 1 2\n0 0 2 0\n1 0 0 -1\n1 0 1 0.5\n", false, "0:0*3 0:1*2 1:1*0.5");
    expect("0 0 0 0\n1 0 0 -2\n", false, "");                  /* nothing is relevant */
    expect("0 0 0 2\n0 0 1 1\n0 0 0 2\n", false, "0:0*2 0:1"); /* repeated */
    expect("0 0 0 0\n0 0 0 0\n0 0 1 1\n", false, "0:1");
}

static void test_refusals(void **state)
{
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"", "has no judgements"},
        {"\n \r\n", "has no judgements"},
        {"0 0 1\n", "qrels:1: judgements have four columns"},
        {"0 0 1 1\n0 0 1 1 1\n", "qrels:2: judgements have four columns"},
        {"4 0 1 1\n", "qrels:1: the query is not the row of a caption"},
        {"0 0 0 1\n-1 0 1 1\n", "qrels:2: the query is not the row"},
        {"x 0 1 1\n", "the query is not the row"},
        {"1.0 0 1 1\n", "the query is not the row"},
        {"0 0 3 1\n", "the video is not a row of the gallery"},
        {"0 0 video1 1\n", "the video is not a row of the gallery"},
        {"18446744073709551616 0 1 1\n", "the query is not the row"},
        {"0 0 4294967296 1\n", "the video is not a row"},
        {"0 0 1 99999999999999999999999999999999999999999999999\n", "the grade is not a number"},
        {"0 0 1 nan\n", "the grade is not a number"},
        {"0 0 1 inf\n", "the grade is not a number"},
        {"0 0 1 relevant\n", "the grade is not a number"},
        {"0 0 1 1x\n", "the grade is not a number"},
        {"0 0 1 1\n0 0 1 2\n", "query 0 has two grades for video 1"},
        {"0 0 1 0\n0 0 1 2\n", "query 0 has two grades for video 1"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        refuse(cases[i].text, cases[i].why);
}

/* A line of a megabyte, and a file that does not exist. */
static void test_files(void **state)
{
    enum { LONG = 1 << 20 };
    char *text = malloc(LONG + 20);
    struct relevance relevance;
    struct error error;
    const struct relevance_names names = {.queries = QUERIES, .videos = VIDEOS};

    (void)state;
    assert_non_null(text);
    memset(text, '1', LONG);
    strcpy(text + LONG, " 0 1 1\n");
    refuse(text, "qrels");
    memset(text, ' ', LONG);
    strcpy(text + LONG, "1 0 1 1\n");
    expect(text, false, "1:1");
    free(text);
    remove(path);
    assert_int_equal(relevance_read_qrels(&relevance, &names, path, &error), -1);
    assert_non_null(strstr(error.text, "qrels"));
}

static int read_rows(struct relevance *relevance, const char *header, const int64_t *values, size_t count,
                     struct error *error)
{
    unsigned char start[128] = "\x93NUMPY\x01\x00\x76";
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    memset(start + 10, ' ', sizeof start - 11);
    memcpy(start + 10, header, strlen(header));
    start[sizeof start - 1] = '\n';
    fwrite(start, 1, sizeof start, file);
    fwrite(values, sizeof *values, count, file);
    assert_int_equal(fclose(file), 0);
    return relevance_read_rows(relevance, QUERIES, VIDEOS, path, error);
}

#define HEADER(order, shape) "{'descr': '<i8', 'fortran_order': " order ", 'shape': " shape ", }"

static void test_rows(void **state)
{
    static const int64_t rows[] = {2, 0, 1, -1, -1, -1, 1, 1}, across[] = {2, 1, -1, 1, 0, -1, -1, 1};
    static const int64_t beyond[] = {0, 1, 2, -1, 3, -1, 0, -1}, one[] = {0, 1, 2, -1};
    struct relevance relevance;
    struct error error;

    (void)state;
    for (int fortran = 0; fortran < 2; fortran++) {
        const char *header = fortran ? HEADER("True", "(4, 2)") : HEADER("False", "(4, 2)");
        uint32_t target[QUERIES];
        assert_int_equal(read_rows(&relevance, header, fortran ? across : rows, 8, &error), 0);
        assert_int_equal(relevance.start[1], 2);
        assert_int_equal(relevance.video[0], 0); /* ascending */
        assert_int_equal(relevance.start[2], 3);
        assert_int_equal(relevance.start[3], 3);
        assert_int_equal(relevance.start[4], 4); /* repeated targets count once */
        assert_true(relevance_is_plural(&relevance));
        relevance_targets(&relevance, target);
        assert_int_equal(target[2], UINT32_MAX);
        assert_int_equal(target[3], 1);
        relevance_close(&relevance);
    }
    assert_int_equal(read_rows(&relevance, HEADER("False", "(4,)"), one, 4, &error), 0);
    assert_false(relevance_is_plural(&relevance));
    relevance_close(&relevance);

    assert_int_equal(read_rows(&relevance, HEADER("False", "(4, 2)"), beyond, 8, &error), -1);
    assert_non_null(strstr(error.text, "target 0 of query 2 is 3, but videos are 0 to 2"));
    relevance_close(&relevance);
    assert_int_equal(read_rows(&relevance, HEADER("False", "(2, 4)"), rows, 8, &error), -1);
    assert_non_null(strstr(error.text, "has 2 targets, but there are 4 queries"));
    relevance_close(&relevance);
}

static void test_keeping(void **state)
{
    static const uint32_t keep[] = {0, 3};
    struct relevance relevance;
    struct error error;

    (void)state;
    assert_int_equal(read_text(&relevance, "0 0 0 2\n0 0 1 1\n1 0 2 1\n3 0 2 4\n", false, &error), 0);
    assert_int_equal(relevance_keep(&relevance, keep, 2), 0);
    assert_int_equal(relevance.queries, 2);
    assert_int_equal(relevance.start[1], 2);
    assert_int_equal(relevance.start[2], 3);
    assert_int_equal(relevance.video[2], 2);
    assert_true(relevance.grade[2] == 4);
    relevance_close(&relevance);
}

static int open_folder(void **state)
{
    if (folder_make(state))
        return -1;
    snprintf(path, sizeof path, "%s", folder_path(*state, "qrels"));
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines), cmocka_unit_test(test_grades), cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_files), cmocka_unit_test(test_rows),   cmocka_unit_test(test_keeping),
    };

    return cmocka_run_group_tests(tests, open_folder, folder_remove);
}
