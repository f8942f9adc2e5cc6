/* Top lists of all queries, and the TREC files made from them. */
#include "engine/results/lists.h"

#include "engine/collection/collection.h"
#include "engine/evaluation/analysis.h"
#include "engine/results/lists_write.h"
#include "engine/results/trec.h"
#include "tests/unit/made.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { Q = 150, M = 300, N = 40, RULES = 3 };

struct seen {
    const struct analysis *analysis; /* (RULES) */
    size_t next, depth, stop;        /* expected query, list length, query to stop at */
};

static int compare(void *context, size_t query, const struct list *lists, struct error *error)
{
    struct seen *seen = context;

    assert_int_equal(query, seen->next++);
    for (size_t r = 0; r < RULES; r++) {
        const struct analysis *analysis = &seen->analysis[r];
        assert_int_equal(lists[r].count, seen->depth);
        if (analysis->gate)
            assert_int_equal(lists[r].open, analysis->gate[query]);
        for (size_t i = 0; i < seen->depth; i++) {
            if (i < analysis->top_k)
                assert_int_equal(lists[r].item[i], analysis->top[query * analysis->top_k + i]);
            if (i > 0)
                assert_true(lists[r].score[i] < lists[r].score[i - 1] ||
                            (lists[r].score[i] == lists[r].score[i - 1] && lists[r].item[i] > lists[r].item[i - 1]));
        }
    }
    return query == seen->stop ? error_set(error, ERROR_INPUT, "enough") : 0;
}

/* The lists agree with those of analyses, and beyond these list every item in order, ties included. */
static void test_as_analyses(void **state)
{
    struct made made;
    struct fit *fit[RULES];
    struct analysis analysis[RULES];
    struct ruled ruled[RULES];
    struct error error = {0};

    (void)state;
    made_open(&made, Q, M, N, 1.0f / 64);
    fit[0] = made_fit(&made.task, 20, false, false, 1.0f / 64);
    fit[1] = made_fit(&made.task, 20, true, false, 1.0f / 64);
    fit[2] = made_fit(&made.task, 20, true, true, 1.0f / 64);
    for (size_t r = 0; r < RULES; r++)
        ruled[r] = (struct ruled){&made.task, fit[r]};
    assert_int_equal(analysis_run_top(&made.task, fit, RULES, 100, analysis, NULL, &error), 0);
    static const size_t depths[] = {1, 10, 100, M, M + 5};
    for (size_t d = 0; d < sizeof depths / sizeof *depths; d++) {
        struct seen seen = {analysis, 0, depths[d] < M ? depths[d] : M, SIZE_MAX};
        assert_int_equal(lists_run(ruled, RULES, depths[d], compare, &seen, NULL, &error), 0);
        assert_int_equal(seen.next, Q);
    }
    struct seen seen = {analysis, 0, 10, 7}; /* the receiver may stop */
    assert_int_equal(lists_run(ruled, RULES, 10, compare, &seen, NULL, &error), -1);
    assert_string_equal(error.text, "enough");
    assert_int_equal(seen.next, 8);
    struct job job = {.cancel = true};
    assert_int_equal(lists_run(ruled, RULES, 10, compare, &seen, &job, &error), -1);
    assert_int_equal(error.kind, ERROR_CANCELLED);
    for (long n = 0; n < 8; n++) {
        seen.next = 0;
        seen.stop = SIZE_MAX;
        memory_fail_after(n);
        int status = lists_run(ruled, RULES, 10, compare, &seen, NULL, &error);
        memory_fail_after(-1);
        assert_int_equal(status, -1);
        assert_int_equal(error.kind, ERROR_MEMORY);
    }
    for (size_t r = 0; r < RULES; r++) {
        analysis_close(&analysis[r]);
        fit_release(fit[r]);
    }
    made_close(&made);
}

/* Scores that tie, and infinite ones, are written as finite and strictly falling. */
static void test_falling_scores(void **state)
{
    static const float score[] = {
        INFINITY,        3,  3,  3,         0x1.fffffep-1f, 0x1.fffffcp-1f, 0.5f, 0.5f, 0, 0, 0, -0.0f, -1e-30f, -2, -2,
        -0x1.fffffep+1f, -4, -4, -INFINITY, -INFINITY};
    enum { COUNT = sizeof score / sizeof *score };
    uint32_t item[COUNT];
    struct made made;
    struct trec trec;
    struct error error = {0};
    char *text = NULL, name[64], q0[8], tag[64];
    size_t size, rank;
    float before = INFINITY, read;
    int end;

    (void)state;
    made_open(&made, 2, COUNT, 1, 0);
    for (uint32_t i = 0; i < COUNT; i++)
        item[i] = COUNT - 1 - i;
    const struct list list = {.item = item, .score = score, .count = COUNT};
    FILE *out = open_memstream(&text, &size);
    assert_int_equal(trec_open(&trec, &made.task, &error), 0);
    assert_int_equal(trec_put_list(out, &trec, "q1", &list, "a_tag", &error), 0);
    trec_close(&trec);
    fclose(out);
    const char *at = text;
    for (size_t i = 0; i < COUNT; i++) {
        unsigned row;
        assert_int_equal(sscanf(at, "%63s %7s %u %zu %f %63s%n", name, q0, &row, &rank, &read, tag, &end), 6);
        at += end + 1;
        assert_string_equal(name, "q1");
        assert_string_equal(q0, "Q0");
        assert_string_equal(tag, "a_tag");
        assert_int_equal(row, item[i]);
        assert_int_equal(rank, i + 1);
        assert_true(isfinite(read));
        assert_true(read < before);
        before = read;
    }
    assert_int_equal(at - text, size);
    free(text);
    made_close(&made);
}

static void test_judgements(void **state)
{
    struct made made;
    struct error error = {0};
    char *text = NULL;
    size_t size, lines, expected = 0;

    (void)state;
    made_open(&made, 5, 9, 1, 0); /* query q has q % 4 targets */
    FILE *out = open_memstream(&text, &size);
    assert_int_equal(lists_write(&made.task, NULL, 0, 0, &format_qrels, &out, &lines, NULL, &error), 0);
    fclose(out);
    assert_int_equal(lines, 6);
    const char *at = text;
    for (size_t q = 0; q < 5; q++)
        for (size_t t = 0; t < q % 4; t++, expected++) {
            unsigned query, item;
            int end;
            assert_int_equal(sscanf(at, "%u 0 %u 1%n", &query, &item, &end), 2);
            at += end + 1;
            assert_int_equal(query, q);
            assert_int_equal(item, made.task.target[expected]);
        }
    assert_int_equal(at - text, size);
    free(text);
    made_close(&made);
}

/* Every format of lists, each failed allocation and typed text. */
static void test_formats(void **state)
{
    static struct collection_model unnamed, *models[] = {&unnamed};
    static const struct collection bare = {.model = models, .models = 1};
    struct made made;
    const struct format *format;

    (void)state;
    made_open(&made, 5, 9, 4, 0);
    made.task.collection = &bare;
    made.task.model = &unnamed;
    made.task.gallery_bank_name = "";
    struct fit *fit = made_fit(&made.task, 20, false, false, 0);
    const struct ruled ruled = {&made.task, fit};
    static const uint32_t item[] = {3, 1};
    static const float score[] = {1, 0.5f};
    const struct list list = {.item = item, .score = score, .count = 2, .open = true};
    for (size_t i = 0; (format = format_at(FORMAT_LISTS, i)); i++) {
        int status = -1;
        for (long n = 0; status; n++) {
            struct error error = {0};
            char *text = NULL;
            size_t size, rows;
            FILE *out = open_memstream(&text, &size);
            memory_fail_after(n);
            status = lists_write(&made.task, &ruled, 1, 3, format, &out, &rows, NULL, &error);
            memory_fail_after(-1);
            assert_true(status ? error.kind == ERROR_MEMORY : rows > 0);
            if (!status && !format->lists->no_rules) {
                assert_int_equal(rows, 15);
                assert_int_equal(lists_write_one(&ruled, LISTS_TYPED, &list, format, out, &rows, &error), 0);
                assert_int_equal(rows, 2);
            }
            fclose(out);
            free(text);
        }
    }
    fit_release(fit);
    made_close(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_analyses),
        cmocka_unit_test(test_falling_scores),
        cmocka_unit_test(test_judgements),
        cmocka_unit_test(test_formats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
