/* Reports on banks: what they say, and when they are made or reused. */
#include "engine/evaluation/bank_subset.h"
#include "made_model.h"
#include "ui/model/bank_reports.h"
#include "ui/model/selection.h"
#include "ui/model/session.h"
#include "ui/model/work.h"

static const struct bank_report *settled(struct model *model, const char *name, size_t size)
{
    struct bank_subset choice = {.size = size, .seed = 1};
    const char *why;

    strcpy(choice.name, name);
    model_bank_report(model, &choice, &why);
    settle(model);
    const struct bank_report *report = model_bank_report(model, &choice, &why);
    assert_true(report || why);
    assert_true(!report || !why);
    return report;
}

/* The same as on the command line, from the same engine. */
static void is_what_the_engine_reports(void **state)
{
    struct model model;
    struct bank_subset choice = {.size = 20, .seed = 1};
    struct bank_report own;
    struct task task;

    (void)state;
    begin(&model);
    const struct bank_report *report = settled(&model, "second", 20);
    assert_non_null(report);
    assert_int_equal(report->rows, 20);
    assert_true(report->rules >= 5);
    strcpy(choice.name, "second");
    assert_int_equal(task_open(&task, &collection, NULL, T2V, "second", NULL), 0);
    assert_int_equal(task_choose_bank(&task, &choice, NULL, NULL), 0);
    struct rule_spec spec[RULES_MAX];
    for (size_t i = 0; i < report->rules; i++)
        spec[i] = report->rule[i].spec;
    assert_int_equal(bank_report_make(&task, spec, report->rules, &own, NULL, NULL), 0);
    assert_true(own.coverage == report->coverage && own.correlation == report->correlation &&
                own.distance == report->distance && own.shared_hubs == report->shared_hubs);
    for (size_t i = 0; i < own.rules; i++)
        assert_memory_equal(&own.rule[i].metrics, &report->rule[i].metrics, sizeof own.rule[i].metrics);
    uint32_t lists[2] = {0, 0};
    for (size_t j = 0; j < VIDEOS; j++) {
        lists[0] += report->bank_count[j];
        lists[1] += report->query_count[j];
    }
    assert_int_equal(lists[0], 20 * 10);
    assert_int_equal(lists[1], QUERIES * 10);
    bank_report_close(&own);
    task_close(&task);
    model_close(&model);
}

/* Known reports stay; a new parameter value makes a new one, and the old one shows until then. */
static void follows_parameters(void **state)
{
    struct model model;
    struct bank_subset first = {.name = "first", .seed = 1};
    const char *why;

    (void)state;
    begin(&model);
    const struct bank_report *report = settled(&model, "first", 0);
    assert_int_equal(report->rows, BANK);
    assert_ptr_equal(settled(&model, "first", 0), report);
    assert_ptr_not_equal(settled(&model, "second", 0), report);
    assert_ptr_equal(settled(&model, "first", 0), report);

    model_set_parameter(&model, of(rule("is")), 0, 60);
    assert_ptr_equal(model_bank_report(&model, &first, &why), report);
    assert_non_null(why);
    settle(&model);
    const struct bank_report *after = model_bank_report(&model, &first, &why);
    assert_null(why);
    assert_ptr_not_equal(after, report);
    for (size_t i = 0; i < after->rules; i++)
        if (after->rule[i].spec.rule == rules[rule("is")])
            assert_true(after->rule[i].spec.value[0] == 60);
    model_close(&model);
}

static void reports_what_is_wrong(void **state)
{
    struct model model;
    struct bank_subset many = {.name = "first", .size = BANK + 1, .seed = 1};
    const char *why;

    (void)state;
    begin(&model);
    assert_null(settled(&model, "first", BANK + 1));
    assert_null(model_bank_report(&model, &many, &why));
    assert_non_null(strstr(why, "only"));
    model_advance(&model);
    assert_true(model_idle(&model)); /* it is not tried again */
    model_close(&model);
}

/* With more reports than fit, the last requested are kept. */
static void forgets_the_oldest(void **state)
{
    struct model model;

    (void)state;
    begin(&model);
    for (size_t size = 10; size < BANK; size++)
        assert_int_equal(settled(&model, "first", size)->rows, size);
    const struct bank_report *last = settled(&model, "first", BANK - 1);
    assert_ptr_equal(settled(&model, "first", BANK - 1), last);
    model_close(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_what_the_engine_reports),
        cmocka_unit_test(follows_parameters),
        cmocka_unit_test(reports_what_is_wrong),
        cmocka_unit_test(forgets_the_oldest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
