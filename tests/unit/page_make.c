/* Whole pages of a small collection: the same every time, with every option, complete or not written. */
#include "made_model.h"

#include "engine/base/memory.h"
#include "engine/page/page.h"

static struct page_request request_of(size_t bank_count)
{
    make_collection(bank_count);
    return (struct page_request){.collection = &collection,
                                 .direction = T2V,
                                 .both = true,
                                 .focus = SIZE_MAX,
                                 .samples = 20,
                                 .command = "hubscope <report> & more"};
}

static char *make(const struct page_request *request)
{
    struct error error = {0};
    size_t size;
    char *page = page_make(request, &size, NULL, &error);

    assert_string_equal(error.text, "");
    assert_non_null(page);
    assert_int_equal(strlen(page), size);
    assert_non_null(strstr(page, "</html>\n"));
    assert_non_null(strstr(page, "hubscope &lt;report&gt; &amp; more"));
    assert_null(strstr(page, "nan"));
    assert_null(strstr(page, "inf "));
    return page;
}

static size_t count(const char *page, const char *text)
{
    size_t found = 0;

    for (const char *at = page; (at = strstr(at, text)); at += strlen(text))
        found++;
    return found;
}

static void is_the_same_twice(void **state)
{
    struct page_request request = request_of(2);
    char *first = make(&request), *second = make(&request);

    (void)state;
    assert_string_equal(first, second);
    assert_int_equal(count(first, "<section "), 9);
    assert_int_equal(count(first, "<tr class=\"focus\"><th scope=\"row\">NCL"),
                     5); /* two tables of values, two of differences and one query; videos have no bank */
    free(first);
    free(second);
}

static void has_what_was_asked_for(void **state)
{
    struct page_request request = request_of(2);

    (void)state;
    request.rules = 2;
    request.both = false;
    for (size_t i = 0; i < 2; i++)
        request.rule[i].spec = rule_default(rule_find("is"), 20);
    request.rule[1].spec.value[0] = 50;
    request.rule[1].banked = true;
    strcpy(request.rule[1].bank.name, "second");
    request.focus = 1;
    char *page = make(&request);
    assert_int_equal(count(page, "<tr class=\"focus\"><th scope=\"row\">IS, beta 50 on second"), 5);
    assert_int_equal(count(page, "<th scope=\"row\">IS, beta 20"), 6); /* and in the glossary */
    free(page);

    request.direction = V2T; /* no bank of videos */
    request.rules = 0;
    request.focus = SIZE_MAX;
    page = make(&request);
    assert_null(strstr(page, "id=\"bank\""));
    assert_non_null(strstr(page, "Missing: "));
    free(page);
}

static void reports_what_is_wrong(void **state)
{
    struct page_request request = request_of(0);
    struct error error = {0};
    size_t size;

    (void)state;
    request.rules = 1;
    request.rule[0].spec = rule_default(rule_find("ncl"), 20);
    assert_null(page_make(&request, &size, NULL, &error));
    assert_non_null(strstr(error.text, "ncl cannot be used here"));
    assert_int_equal(size, 0);

    request = request_of(2);
    collection.queries = 0;
    assert_null(page_make(&request, &size, NULL, &error));
    assert_non_null(strstr(error.text, "no evaluation queries"));

    struct job job = {0};
    request = request_of(2);
    atomic_store(&job.cancel, true);
    assert_null(page_make(&request, &size, &job, &error));
    assert_int_equal(error.kind, ERROR_CANCELLED);
}

/* Whichever allocation fails, there is a reason and no page, nothing leaks, and nothing is read out of bounds. */
static void survives_out_of_memory(void **state)
{
    struct page_request request = request_of(2);
    char *page = NULL;
    size_t size, failed = 0;

    (void)state;
    for (long n = 0; !page; n += n < 100 ? 1 : 1 + n / 40) {
        struct error error = {0};
        memory_fail_after(n);
        page = page_make(&request, &size, NULL, &error);
        memory_fail_after(-1);
        if (!page)
            assert_int_equal(error.kind, ERROR_MEMORY);
        failed += !page;
    }
    assert_true(failed > 100);
    free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_the_same_twice),
        cmocka_unit_test(has_what_was_asked_for),
        cmocka_unit_test(reports_what_is_wrong),
        cmocka_unit_test(survives_out_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
