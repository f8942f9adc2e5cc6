/* What is fitted and analysed first, and on how much, on tasks taken for large. */
#include "ui/model/schedule.h"
#include "made_model.h"
#include "ui/model/first_look.h"
#include "ui/model/fits.h"
#include "ui/views/hubs.h"
#include "ui/views/search.h"

static const struct look_limits small_limits = {.rows = 10, .queries = 15, .products = 0};

static void begin_within(struct model *model, const struct look_limits *limits)
{
    const struct model_options options = {.limits = limits};

    make_collection(2);
    assert_int_equal(model_open(model, &collection, &options, NULL), 0);
}

static void begin_large(struct model *model)
{
    begin_within(model, &small_limits);
}

/* Waits for the next result; false once nothing is left to do. */
static bool next_result(struct model *model)
{
    while (!model_collect(model)) {
        struct pollfd fd = {.fd = model_wake_fd(model), .events = POLLIN};
        if (model_idle(model))
            return false;
        assert_true(poll(&fd, 1, 20000) > 0);
    }
    return true;
}

static const struct fit *fit_of(const struct model *model, const char *name)
{
    return model->source[0]->side[T2V].fit[rule(name)];
}

static const struct analysis *shown(const struct model *model, const char *name)
{
    return model_analysis(model, of(rule(name)));
}

/* While NCL is being fitted, raw is shown in its place. */
static void check_what_stands_in(struct model *model)
{
    static struct search_state search;
    struct hubs_state hubs = {0};

    search_refresh(&search, model);
    const struct search_column *column = &search.column[1];
    assert_int_equal(column->pick.rule, rule("ncl"));
    assert_int_equal(column->of.rule, rule("raw"));
    assert_ptr_equal(column->list, model_list(model, model->versus));
    assert_int_equal(column->count, VIDEOS);
    list_fit(&search.list, column->count, 10); /* as drawing does */
    assert_true(search_view.act(&search, model, ACTION_LAST));
    assert_int_equal(model->video, column->list->item[VIDEOS - 1]);
    hubs_refresh(&hubs, model);
    assert_true(hubs.ready);
    assert_int_equal(hubs.count, VIDEOS);
    assert_int_equal(hubs_after(model).rule, rule("raw"));
    free(hubs.hub);
    free(hubs.tally);
    free(hubs.capture);
}

static void looks_first_and_refines(void **state)
{
    struct model model;
    size_t rows[8] = {0}, steps = 0, last = 0;
    bool raw_first = false, both = false;
    struct first_look look;
    uint32_t asked[15] = {0};
    double rank[15] = {0};

    (void)state;
    begin_large(&model);
    while (next_result(&model)) {
        const struct fit *ncl = fit_of(&model, "ncl");
        const struct analysis *raw = shown(&model, "raw");
        if (raw && raw->queries == 15 && !ncl) {
            raw_first = true;
            memcpy(asked, raw->query, sizeof asked);
            memcpy(rank, raw->rank, sizeof rank);
            if (model_list(&model, model.versus)) /* nearly always answered by now */
                check_what_stands_in(&model);
        }
        if (ncl && ncl->n != last && steps < 8)
            rows[steps++] = last = ncl->n;
        if (!raw || !shown(&model, "ncl"))
            continue;
        both = true;
        assert_int_equal(raw->queries, shown(&model, "ncl")->queries); /* never of other queries */
        if (ncl->n == 10 && raw->query) {
            assert_true(model_first_look(&model, &look));
            assert_int_equal(look.rows, 10);
            assert_int_equal(look.all_rows, BANK);
            assert_int_equal(look.queries, 15);
            assert_int_equal(look.all_queries, QUERIES);
            assert_true(look.r1_within >= 0);
        }
        if (ncl->n == 20)
            assert_int_equal(model.source[0]->side[T2V].refinement[rule("ncl")].from, 10);
        assert_null(fit_of(&model, "is")); /* nobody looks at it */
    }
    assert_true(raw_first && both);
    for (int i = 0; i < 15; i++) { /* of some of the queries, each as it is among all */
        double exact = shown(&model, "raw")->rank[asked[i]];
        assert_true(rank[i] == exact || (isnan(rank[i]) && isnan(exact)));
        assert_true(!i || asked[i] > asked[i - 1]);
    }
    assert_int_equal(steps, 3);
    assert_int_equal(rows[0], 10);
    assert_int_equal(rows[1], 20);
    assert_int_equal(rows[2], BANK);
    assert_false(model_first_look(&model, &look));
    const struct refinement *last_step = &model.source[0]->side[T2V].refinement[rule("ncl")];
    assert_int_equal(last_step->from, 20);
    assert_true(last_step->agreement > 0.5 && last_step->agreement <= 1);
    model_close(&model);
}

/* The end is the same as without looks, byte for byte. */
static void ends_exactly(void **state)
{
    struct model looked, plain;

    (void)state;
    begin_large(&looked);
    settle(&looked);
    begin(&plain);
    for (int i = 0; i < 2; i++) {
        const struct analysis *a = shown(&looked, i ? "ncl" : "raw"), *b = shown(&plain, i ? "ncl" : "raw");
        assert_int_equal(a->queries, QUERIES);
        assert_null(a->query);
        assert_memory_equal(a->rank, b->rank, QUERIES * sizeof *a->rank);
        assert_memory_equal(a->top, b->top, QUERIES * a->top_k * sizeof *a->top);
        assert_memory_equal(a->mass, b->mass, VIDEOS * sizeof *a->mass);
    }
    assert_memory_equal(fit_of(&looked, "ncl")->bias, fit_of(&plain, "ncl")->bias, VIDEOS * sizeof(double));
    model_close(&looked);
    model_close(&plain);
}

static void fits_others_on_request(void **state)
{
    struct model model;

    (void)state;
    begin_large(&model);
    settle(&model);
    assert_null(fit_of(&model, "is"));
    model_set_rule(&model, rule("is")); /* visible now */
    settle(&model);
    assert_int_equal(fit_of(&model, "is")->n, BANK);
    assert_int_equal(shown(&model, "is")->queries, QUERIES);
    assert_null(fit_of(&model, "csls"));
    assert_true(schedule_waits(&model, T2V, of(rule("csls"))));
    assert_false(schedule_waits(&model, T2V, of(rule("is"))));
    model_forget_asked(&model);
    model_want_rules(&model);
    model_advance(&model);
    settle(&model);
    assert_int_equal(fit_of(&model, "csls")->n, BANK);
    assert_non_null(model_analysis_of(&model, V2T, of(rule("raw"))));
    model_close(&model);
}

/* With a large bank but few queries, raw has its result before any rule is fitted to the bank. */
static void analyses_few_queries_at_once(void **state)
{
    static const struct look_limits limits = {.rows = 10, .queries = 10 * QUERIES, .products = 0};
    struct model model;
    size_t partial = 0;

    (void)state;
    begin_within(&model, &limits);
    while (next_result(&model)) {
        const struct fit *ncl = fit_of(&model, "ncl");
        if (!ncl || ncl->n == BANK)
            continue;
        partial++;
        assert_non_null(shown(&model, "raw"));
        assert_int_equal(shown(&model, "raw")->queries, QUERIES);
        assert_null(shown(&model, "raw")->query);
    }
    assert_true(partial > 0);
    model_close(&model);
}

/* Another bank meanwhile: what was fitted to some rows of the first does not return. */
static void survives_changes(void **state)
{
    struct model model;

    (void)state;
    begin_large(&model);
    for (int i = 0; i < 6; i++) {
        next_result(&model);
        model_set_bank(&model, (size_t)i % 2);
        if (i % 3 == 2)
            model_set_parameter(&model, of(rule("ncl")), 0, 20 + i);
    }
    settle(&model);
    assert_string_equal(fit_of(&model, "ncl")->bank, "second");
    assert_int_equal(fit_of(&model, "ncl")->n, BANK);
    assert_true(fits_current(&model, T2V, model.current) && fits_current(&model, T2V, model.versus));
    model_close(&model);
}

/* A small task is done whole, for every rule. */
static void leaves_small_tasks_alone(void **state)
{
    struct model model;
    struct piece piece;

    (void)state;
    make_collection(2);
    assert_int_equal(model_open(&model, &collection, NULL, NULL), 0);
    while (next_result(&model)) {
        if (schedule_next(&model, T2V, DUE_NOW, false, &piece))
            assert_int_not_equal(piece.kind, PIECE_LOOK);
        assert_false(schedule_next(&model, T2V, DUE_LATER, false, &piece));
    }
    assert_non_null(fit_of(&model, "is"));
    model_close(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looks_first_and_refines), cmocka_unit_test(ends_exactly),
        cmocka_unit_test(fits_others_on_request),  cmocka_unit_test(analyses_few_queries_at_once),
        cmocka_unit_test(survives_changes),        cmocka_unit_test(leaves_small_tasks_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
