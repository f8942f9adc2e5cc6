/* Findings: clean lines, counting similar ones, the verdict, and what is not a finding. */
#include "engine/base/findings.h"
#include "engine/base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void expect_line(const struct findings *findings, size_t index, const char *text, bool is_remark)
{
    char line[FINDINGS_LINE];
    bool remark;

    assert_in_range(index, 0, findings->lines - 1);
    findings_line(findings, index, line, sizeof line, &remark);
    assert_string_equal(line, text);
    assert_int_equal(remark, is_remark);
}

static void test_alike_are_counted(void **state)
{
    (void)state;
    struct findings findings = {0};

    for (int i = 0; i < 10; i++) {
        findings_fault(&findings, "a.csv", "keys that are taken", "a.csv:%d: taken", i);
        findings_fault(&findings, "b.csv", "keys that are taken", "b.csv:%d: taken", i);
        if (i < 4)
            findings_fault(&findings, "a.csv", "keys that are empty", "a.csv:%d: empty", i);
        findings_fault(&findings, "a.csv", NULL, "alone %d", i);
    }
    assert_int_equal(findings.faults, 34);
    assert_int_equal(findings.lines, 4 + 4 + 4 + 10);
    expect_line(&findings, 0, "a.csv:0: taken", false);
    expect_line(&findings, 1, "b.csv:0: taken", false);
    expect_line(&findings, 8, "a.csv:2: taken", false);
    expect_line(&findings, 12, "a.csv: 7 more keys that are taken", false);
    expect_line(&findings, 13, "b.csv: 7 more keys that are taken", false);
    expect_line(&findings, 14, "a.csv: 1 more keys that are empty", false);
    expect_line(&findings, 21, "alone 9", false);
    findings_close(&findings);
}

static void test_lines_are_clean(void **state)
{
    (void)state;
    struct findings findings = {0};
    char wide[2 * FINDINGS_LINE];

    findings_fault(&findings, "x\x1b", "rows", "a\x1b[2J\nb\xff");
    expect_line(&findings, 0, "a [2J b\xef\xbf\xbd", false);
    for (int i = 0; i < 4; i++)
        findings_fault(&findings, "x\x1b", "rows", "r");
    expect_line(&findings, 3, "x : 2 more rows", false);
    memset(wide, 'w', sizeof wide - 1);
    wide[sizeof wide - 1] = 0;
    findings_remark(&findings, "%s", wide);
    char line[FINDINGS_LINE];
    bool remark;
    findings_line(&findings, 4, line, sizeof line, &remark);
    assert_int_equal(strlen(line), FINDINGS_LINE - 1);
    assert_true(remark);
    findings_close(&findings);
}

static void test_verdict(void **state)
{
    (void)state;
    struct findings findings = {0};
    struct error error = {0};

    assert_int_equal(findings_verdict(&findings, "--all", &error), 0);
    findings_remark(&findings, "a remark");
    assert_int_equal(findings_verdict(&findings, "--all", &error), 0);
    findings_fault(&findings, "f", NULL, "the first");
    assert_int_equal(findings_verdict(&findings, "--all", &error), -1);
    assert_string_equal(error.text, "the first");
    findings_fault(&findings, "f", NULL, "the second");
    findings_fault(&findings, "f", NULL, "the third");
    assert_int_equal(findings_verdict(&findings, "--all", &error), -1);
    assert_string_equal(error.text, "the first (and 2 more: --all lists them)");
    assert_int_equal(error.kind, ERROR_INPUT);
    findings_close(&findings);

    char wide[FINDINGS_LINE];
    memset(wide, 'w', sizeof wide - 1);
    wide[sizeof wide - 1] = 0;
    findings_fault(&findings, "f", NULL, "%s", wide);
    findings_fault(&findings, "f", NULL, "the second");
    assert_int_equal(findings_verdict(&findings, "--all", &error), -1);
    assert_non_null(strstr(error.text, "w (and 1 more: --all lists them)"));
    findings_close(&findings);
}

static void test_takes_faults_only(void **state)
{
    (void)state;
    struct findings findings = {0};
    struct error error = {0}, reason = {.kind = ERROR_SYSTEM, .text = "f: No such file"};

    assert_int_equal(findings_take(&findings, "f", NULL, &reason, &error), 0);
    assert_int_equal(findings.faults, 1);
    expect_line(&findings, 0, "f: No such file", false);
    assert_int_equal(error.kind, ERROR_NONE);
    error_memory(&reason);
    assert_int_equal(findings_take(&findings, "f", NULL, &reason, &error), -1);
    assert_int_equal(error.kind, ERROR_MEMORY);
    error_set(&reason, ERROR_CANCELLED, "cancelled");
    assert_int_equal(findings_take(&findings, "f", NULL, &reason, NULL), -1);
    assert_int_equal(findings.faults, 1);
    findings_close(&findings);
}

static void test_has_an_end(void **state)
{
    (void)state;
    struct findings findings = {0};
    struct error error = {0};

    for (int i = 0; i < FINDINGS_LINES + 50; i++)
        findings_fault(&findings, "f", NULL, "fault %d", i);
    assert_int_equal(findings.lines, FINDINGS_LINES);
    assert_int_equal(findings.faults, FINDINGS_LINES + 50);
    assert_int_equal(findings.hidden, 50);
    findings_close(&findings);
    assert_int_equal(findings.faults, 0);

    /* without memory for its line a fault still counts, and the verdict gives the reason */
    for (long n = 0; n < 3; n++) {
        memory_fail_after(n);
        findings_fault(&findings, "f", "rows", "a fault");
        memory_fail_after(-1);
        assert_int_equal(findings.faults, 1);
        assert_int_equal(findings_verdict(&findings, "--all", &error), -1);
        assert_int_equal(error.kind, ERROR_MEMORY);
        findings_close(&findings);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alike_are_counted), cmocka_unit_test(test_lines_are_clean),
        cmocka_unit_test(test_verdict),           cmocka_unit_test(test_takes_faults_only),
        cmocka_unit_test(test_has_an_end),
    };
    return cmocka_run_group_tests_name("findings", tests, NULL, NULL);
}
