/* Notices on data that may mislead, on tasks made by hand. */
#include "engine/evaluation/notices.h"
#include "engine/collection/collection.h"
#include "engine/matrices/facts.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { QUERIES = 40, ITEMS = 50 };

struct made {
    struct collection collection;
    struct collection_model model, *models[1];
    struct task task;
    uint32_t start[QUERIES + 1];
};

static void make(struct made *made)
{
    *made = (struct made){.model = {.name = "base", .least = NAN, .most = NAN}};
    made->models[0] = &made->model;
    made->collection.model = made->models;
    made->collection.models = 1;
    for (uint32_t q = 0; q <= QUERIES; q++)
        made->start[q] = q;
    made->task = (struct task){.collection = &made->collection,
                               .model = &made->model,
                               .s = {.rows = QUERIES, .cols = ITEMS, .right = &made->model.video},
                               .logit_scale = 100,
                               .target_start = made->start};
    made->model.video.rows = ITEMS;
}

static void silent_on_good_data(void **state)
{
    (void)state;
    struct made made;
    struct notice notice[NOTICES];
    struct analysis good = {.metrics = {.mnr = 6}}, none = {.metrics = {.mnr = NAN}};

    make(&made);
    assert_int_equal(notices_of(&made.task, NULL, 0, notice), 0);
    assert_int_equal(notices_of(&made.task, &good, 1, notice), 0);
    assert_int_equal(notices_of(&made.task, &none, 1, notice), 0);
}

static void logits(void **state)
{
    (void)state;
    struct made made;
    struct notice notice[NOTICES];

    make(&made);
    made.model.stored = true;
    made.task.s.right = NULL;
    made.model.least = -1.0005;
    made.model.most = 1.0005;
    assert_int_equal(notices_of(&made.task, NULL, 0, notice), 0); /* rounding */
    made.model.most = 27.5;
    assert_int_equal(notices_of(&made.task, NULL, 0, notice), 1);
    assert_int_equal(notice[0].kind, NOTICE_LOGITS);
    assert_non_null(strstr(notice[0].text, "to 27.5 look like logits: --logit-scale 1 takes"));
    assert_non_null(strstr(notice[0].text, "(now times 100)"));
    made.collection.path = (char *)"here";
    assert_int_equal(notices_of(&made.task, NULL, 0, notice), 1);
    assert_non_null(strstr(notice[0].text, "importing with --logit-scale 1"));
    made.task.logit_scale = 1;
    assert_int_equal(notices_of(&made.task, NULL, 0, notice), 0);
    made.task.logit_scale = 2;
    made.model.most = 1;
    made.model.least = -3;
    assert_int_equal(notices_of(&made.task, NULL, 0, notice), 1);
}

static void chance(void **state)
{
    (void)state;
    struct made made;
    struct notice notice[NOTICES];
    struct analysis two[] = {{.metrics = {.mnr = 27}}, {.metrics = {.mnr = 24}}};

    make(&made); /* a random order has 25.5 */
    assert_int_equal(notices_of(&made.task, two, 2, notice), 1);
    assert_int_equal(notice[0].kind, NOTICE_CHANCE);
    assert_string_equal(notice[0].badge, "at chance");
    assert_non_null(strstr(notice[0].text, "(mean rank 27.0, random order 25.5)"));
    two[1].metrics.mnr = 20; /* one rule beats chance */
    assert_int_equal(notices_of(&made.task, two, 2, notice), 0);
    two[0].metrics.mnr = 17;
    assert_int_equal(notices_of(&made.task, two, 1, notice), 0);
    for (uint32_t q = 0; q <= QUERIES; q++) /* the best of two: (M + 1) / 3 */
        made.start[q] = 2 * q;
    made.task.several = true;
    assert_int_equal(notices_of(&made.task, two, 1, notice), 1);
    made.task.s.cols = 10; /* too few to be sure */
    two[0].metrics.mnr = 11 / 3.0;
    assert_int_equal(notices_of(&made.task, two, 1, notice), 0);
}

static void duplicates(void **state)
{
    (void)state;
    struct made made;
    struct notice notice[NOTICES];

    make(&made);
    made.model.repeated_queries = 9;
    assert_int_equal(notices_of(&made.task, NULL, 0, notice), 0);
    made.model.repeated_videos = 4;
    assert_int_equal(notices_of(&made.task, NULL, 0, notice), 1);
    assert_int_equal(notice[0].kind, NOTICE_DUPLICATES);
    assert_non_null(strstr(notice[0].text, "4 of 50 videos have the embedding of another"));
    made.task.s.right = &made.model.query;
    made.model.query.rows = ITEMS;
    assert_int_equal(notices_of(&made.task, NULL, 0, notice), 1);
    assert_non_null(strstr(notice[0].text, "9 of 50 captions"));
}

static void facts_of_matrices(void **state)
{
    (void)state;
    const float values[] = {1, 2, 3, -4, 1, 2, 5, 6, 1, 2, 3, -4};
    struct matrix matrix = matrix_view(values, 6, 2), none = matrix_view(values, 0, 2);
    double least, most;
    size_t repeated;

    assert_int_equal(matrix_range(&matrix, &least, &most), 0);
    assert_true(least == -4 && most == 6);
    assert_int_equal(matrix_repeated_rows(&matrix, &repeated), 0);
    assert_int_equal(repeated, 5); /* three rows 1 2, two rows 3 -4 */
    assert_int_equal(matrix_range(&none, &least, &most), 0);
    assert_true(isnan(least) && isnan(most));
    assert_int_equal(matrix_repeated_rows(&none, &repeated), 0);
    assert_int_equal(repeated, 0);
}

static void cosines_for_nicdm(void **state)
{
    (void)state;
    struct made made;
    const struct rule *nicdm = rule_find("nicdm");

    make(&made);
    made.task.b.rows = 3;
    assert_null(rule_unavailable(nicdm, &made.task));
    made.model.most = 1.0005;
    assert_null(rule_unavailable(nicdm, &made.task));
    made.collection.model[0]->most = 1.5;
    assert_string_equal(rule_unavailable(nicdm, &made.task), "needs cosines, but some similarities are above 1");
    assert_null(rule_unavailable(rule_find("csls"), &made.task));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(silent_on_good_data),
        cmocka_unit_test(logits),
        cmocka_unit_test(chance),
        cmocka_unit_test(duplicates),
        cmocka_unit_test(facts_of_matrices),
        cmocka_unit_test(cosines_for_nicdm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
