/* The model over a small collection in memory, with its worker threads. */
#include "engine/base/memory.h"
#include "made_model.h"
#include "ui/model/differences.h"
#include "ui/model/query.h"
#include "ui/model/ranks.h"
#include "ui/model/selection.h"
#include "ui/model/session.h"
#include "ui/model/texts.h"
#include "ui/model/work.h"

#include <math.h>
#include <string.h>

static void starts_alive(void **state)
{
    struct model model;
    char caption[MODEL_TEXT];

    (void)state;
    begin(&model);
    assert_int_equal(model.current.rule, rule("ncl"));
    assert_int_equal(model.versus.rule, rule("raw"));
    assert_int_equal(model.columns, 2);
    assert_true(model.third.rule != model.current.rule && model.third.rule != model.versus.rule);
    assert_int_equal(model.query, 0);
    model_caption(&model, 0, caption, sizeof(caption));
    assert_string_equal(model.text, caption);
    for (size_t r = 0; r < rules_count; r++) {
        if (model.source[0]->side[T2V].unavailable[r])
            continue;
        assert_non_null(model.source[0]->side[T2V].fit[r]);
        assert_non_null(model_analysis(&model, of(r)));
        assert_non_null(model_list(&model, of(r)));
    }
    /* the selected video is first under the current rule, and its pulls are known */
    assert_int_equal(model.video, model_list(&model, model.current)->item[0]);
    assert_int_equal(model_rank(&model, model.current, model.video), 1);
    assert_int_equal(model.pulls_video, model.video);
    assert_int_equal(model.pull_count, MODEL_PULLS);
    assert_int_equal(model_target(&model), 0);
    model_close(&model);
}

static void ranks_agree_with_lists(void **state)
{
    struct model model;

    (void)state;
    begin(&model);
    for (size_t r = 0; r < rules_count; r++) {
        const struct search_list *list = model_list(&model, of(r));
        bool order_only = rules[r]->order_only;
        double sum = 0;
        for (size_t i = 0; list && i < model.source[0]->search->k; i++) {
            assert_int_equal(model_rank(&model, of(r), list->item[i]), i + 1);
            sum += model_probability(&model, of(r), list->item[i]);
        }
        if (list && order_only)
            assert_true(isnan(sum));
        else if (list)
            assert_true(fabs(sum - 1) < 1e-6); /* k is the whole gallery here */
    }
    assert_int_equal(model_rank(&model, model.current, VIDEOS), 0);
    assert_true(isnan(model_probability(&model, model.current, NO_VIDEO)));
    model_close(&model);
}

static void rules_never_repeat(void **state)
{
    struct model model;
    size_t list[RULES_MAX];

    (void)state;
    begin(&model);
    model_set_rule(&model, rule("raw")); /* was the compared rule: the two swap */
    assert_int_equal(model.current.rule, rule("raw"));
    assert_int_equal(model.versus.rule, rule("ncl"));
    model_set_versus(&model, rule("raw"));
    assert_int_equal(model.current.rule, rule("ncl"));
    assert_int_equal(model.versus.rule, rule("raw"));
    size_t count = model_rules(&model, 0, list);
    for (size_t a = 0; a < count; a++) {
        for (size_t b = 0; b < count; b++) {
            model_set_rule(&model, list[a]);
            model_set_versus(&model, list[b]);
            if (count > 1)
                assert_int_not_equal(model.current.rule, model.versus.rule);
            if (count > 2)
                assert_true(model.third.rule != model.current.rule && model.third.rule != model.versus.rule);
        }
    }
    model_set_columns(&model, 3);
    assert_int_equal(model_column(&model, 0).rule, model.versus.rule);
    assert_int_equal(model_column(&model, 1).rule, model.third.rule);
    assert_int_equal(model_column(&model, 2).rule, model.current.rule);
    model_set_columns(&model, 1);
    assert_int_equal(model_column(&model, 0).rule, model.current.rule);
    model_set_columns(&model, 4);
    assert_int_equal(model.columns, 1);
    assert_true(model.message_is_error);
    model_close(&model);
}

static void selection_follows_the_query_only(void **state)
{
    struct model model;

    (void)state;
    begin(&model);
    model_set_query(&model, 7);
    settle(&model);
    assert_int_equal(model.video, model_list(&model, model.current)->item[0]);
    uint32_t chosen = model_list(&model, model.current)->item[20];
    model_set_video(&model, chosen);
    model_set_rule(&model, rule("qbnorm"));
    settle(&model);
    assert_int_equal(model.video, chosen);
    assert_int_equal(model.pulls_video, chosen);
    assert_int_equal(model.pulls_pick.rule, rule("qbnorm"));
    model_set_query(&model, 8); /* a video chosen after the query stays */
    model_set_video(&model, chosen);
    settle(&model);
    assert_int_equal(model.video, chosen);
    model_set_video(&model, VIDEOS);
    assert_int_equal(model.video, chosen);
    model_set_query(&model, QUERIES);
    assert_int_equal(model.query, 8);
    model_set_query(&model, 3);
    assert_int_equal(model_target(&model), NO_VIDEO);
    model_close(&model);
}

static void parameters_refit_one_rule(void **state)
{
    struct model model;
    size_t ncl = rule("ncl"), raw = rule("raw");

    (void)state;
    begin(&model);
    struct fit *old_ncl = fit_keep(model.source[0]->side[T2V].fit[ncl]), *old_raw = model.source[0]->side[T2V].fit[raw];
    const struct analysis *old_analysis = model_analysis(&model, of(raw));
    unsigned long results = model.results;
    model_set_parameter(&model, of(ncl), 0, 50);
    model_set_parameter(&model, of(ncl), 0, 60); /* right after: the last value counts */
    settle(&model);
    assert_true(model.source[0]->side[T2V].fit[ncl] != old_ncl);
    assert_true(model.source[0]->side[T2V].fit[ncl]->spec.value[0] == 60);
    assert_ptr_equal(model_analysis(&model, of(ncl))->fit, model.source[0]->side[T2V].fit[ncl]);
    assert_ptr_equal(model_list(&model, of(ncl))->fit, model.source[0]->side[T2V].fit[ncl]);
    assert_ptr_equal(model.source[0]->side[T2V].fit[raw], old_raw);
    assert_ptr_equal(model_analysis(&model, of(raw)), old_analysis);
    assert_true(model.results > results);
    model_set_parameter(&model, of(ncl), 0, -1e9);
    assert_true(model.source[0]->spec[ncl].value[0] == rules[ncl]->parameters[0].least);
    settle(&model);
    fit_release(old_ncl);
    model_close(&model);
}

static void banks_change(void **state)
{
    struct model model;
    size_t ncl = rule("ncl");

    (void)state;
    begin(&model);
    double before = model.source[0]->side[T2V].fit[ncl]->bias[0];
    const struct fit *old = model_analysis(&model, of(ncl))->fit;
    assert_false(model_analysis_lags(&model, T2V, of(ncl)));
    assert_false(model_list_lags(&model, of(ncl)));
    model_set_bank(&model, 1);
    assert_null(model.source[0]->side[T2V].fit[ncl]);
    assert_ptr_equal(model_analysis(&model, of(ncl))->fit, old); /* what was shown stays */
    assert_ptr_equal(model_list(&model, of(ncl))->fit, old);
    assert_true(model_analysis_lags(&model, T2V, of(ncl)));
    assert_true(model_list_lags(&model, of(ncl)));
    assert_false(model_analysis_lags(&model, T2V, of(rule("raw")))); /* needs no bank */
    settle(&model);
    assert_false(model_analysis_lags(&model, T2V, of(ncl)));
    assert_false(model_list_lags(&model, of(ncl)));
    assert_int_equal(model.bank, 1);
    assert_string_equal(model.source[0]->side[T2V].task->bank_name, "second");
    assert_true(model.source[0]->side[T2V].fit[ncl]->bias[0] != before);
    assert_non_null(model_analysis(&model, of(ncl)));
    for (int i = 0; i < 20; i++) /* while work is under way */
        model_set_bank(&model, (size_t)(i % 2));
    model_set_bank(&model, 0);
    settle(&model);
    assert_true(model.source[0]->side[T2V].fit[ncl]->bias[0] == before);
    model_set_bank(&model, 2);
    assert_true(model.message_is_error);
    model_close(&model);
}

static void works_without_a_bank(void **state)
{
    struct model model;
    size_t list[RULES_MAX];

    (void)state;
    make_collection(0);
    assert_int_equal(model_open(&model, &collection, NULL, NULL), 0);
    settle(&model);
    assert_int_equal(model.current.rule, rule("raw"));
    assert_int_equal(model.columns, 1);
    size_t count = model_rules(&model, 0, list);
    assert_true(count >= 2); /* raw, and dsl which needs only the queries */
    for (size_t i = 0; i < count; i++)
        assert_false(rules[list[i]]->needs & RULE_NEEDS_BANK);
    assert_non_null(model.source[0]->side[T2V].unavailable[rule("ncl")]);
    assert_non_null(model_list(&model, model.current));
    model_set_rule(&model, rule("ncl"));
    assert_int_equal(model.current.rule, rule("raw"));
    assert_true(model.message_is_error);
    assert_int_equal(model.pull_count, 0);
    model_close(&model);
}

static void typed_text_needs_an_encoder(void **state)
{
    struct model model;

    (void)state;
    begin(&model);
    model_set_text(&model, "a cat");
    settle(&model);
    assert_int_equal(model.query, NO_QUERY);
    assert_string_equal(model.text, "a cat");
    assert_null(model.source[0]->search);
    assert_non_null(strstr(model.search_note, "encoder"));
    model_set_text(&model, "");
    assert_string_equal(model.search_note, "");
    model_set_query(&model, 1);
    settle(&model);
    assert_non_null(model.source[0]->search);
    model_close(&model);
}

static void cancels(void **state)
{
    struct model model;

    (void)state;
    make_collection(2);
    assert_int_equal(model_open(&model, &collection, NULL, NULL), 0);
    model_cancel(&model);
    settle(&model);
    assert_true(model.paused);
    model_set_parameter(&model, of(rule("ncl")), 1, 2); /* resumes, with everything that is missing */
    settle(&model);
    for (size_t r = 0; r < rules_count; r++)
        if (!model.source[0]->side[T2V].unavailable[r])
            assert_non_null(model_analysis(&model, of(r)));
    model_close(&model);
}

static void check_difference(struct model *model, size_t r)
{
    const struct analysis *from = model_analysis(model, model->versus), *to = model_analysis(model, of(r));
    struct bootstrap expected;
    struct error error;

    assert_null(model_difference(model, T2V, of(r))); /* only requested */
    settle(model);
    const struct bootstrap *difference = model_difference(model, T2V, of(r));
    assert_non_null(difference);
    assert_int_equal(bootstrap_paired(from->rank, to->rank, QUERIES, BOOTSTRAP_SAMPLES, 0, &expected, NULL, &error), 0);
    assert_int_equal(difference->queries, QUERIES - 1);
    assert_int_equal(difference->helped, expected.helped);
    assert_int_equal(difference->hurt, expected.hurt);
    assert_int_equal(difference->unchanged, expected.unchanged);
    assert_true(difference->mnr.difference == expected.mnr.difference);
    assert_true(difference->mnr.low == expected.mnr.low && difference->mnr.p == expected.mnr.p);
}

static void expect_mass(struct model *model, size_t r)
{
    const struct analysis *pair[2] = {model_analysis(model, model->versus), model_analysis(model, of(r))};
    struct mass_samples samples[2];
    struct bootstrap expected;

    assert_int_equal(model_difference_in_mass(model, T2V, of(r))->mass, MASS_UNASKED); /* only requested */
    settle(model);
    const struct bootstrap *difference = model_difference_in_mass(model, T2V, of(r));
    assert_int_equal(
        mass_samples_draw(model->source[0]->side[T2V].task, pair, 2, BOOTSTRAP_SAMPLES, 0, samples, NULL, NULL), 0);
    expected = *difference;
    assert_int_equal(bootstrap_add_mass(&samples[0], &samples[1], &expected), 0);
    assert_memory_equal(difference, &expected, sizeof expected);
    for (int i = 0; i < 2; i++)
        mass_samples_close(&samples[i]);
}

static void mass_is_tested_on_request(void **state)
{
    struct model model;

    (void)state;
    begin(&model);
    check_difference(&model, rule("ncl"));
    check_difference(&model, rule("is"));
    check_difference(&model, rule("gc"));
    expect_mass(&model, rule("ncl"));
    expect_mass(&model, rule("is")); /* raw's samples are known */
    assert_int_equal(model_difference(&model, T2V, of(rule("ncl")))->mass, MASS_SAMPLED);
    assert_non_null(model_difference_in_mass(&model, T2V, of(rule("gc"))));
    settle(&model);
    assert_int_equal(model_difference_in_mass(&model, T2V, of(rule("gc")))->mass, MASS_NONE);
    model_set_parameter(&model, of(rule("ncl")), 1, 2);
    settle(&model);
    assert_null(model_difference_in_mass(&model, T2V, of(rule("ncl"))));
    settle(&model);
    expect_mass(&model, rule("ncl"));
    model_set_parameter(&model, of(rule("ncl")), 1, 4);
    settle(&model);
    assert_int_equal(model_difference(&model, T2V, of(rule("ncl")))->mass, MASS_SAMPLED); /* still known */
    assert_non_null(model_difference(&model, T2V, of(rule("is"))));
    model_close(&model);
}

static void differences_are_requested_once(void **state)
{
    struct model model;

    (void)state;
    begin(&model);
    assert_null(model_difference(&model, T2V, model.versus));
    model_advance(&model);
    assert_true(model_idle(&model));
    check_difference(&model, rule("ncl"));
    check_difference(&model, rule("qbnorm"));
    model_set_parameter(&model, of(rule("ncl")), 1, 2);
    settle(&model);
    check_difference(&model, rule("ncl"));
    assert_non_null(model_difference(&model, T2V, of(rule("qbnorm"))));
    model_set_parameter(&model, of(rule("ncl")), 1, 4);
    settle(&model);
    assert_non_null(model_difference(&model, T2V, of(rule("ncl")))); /* still known */
    model_set_bank(&model, 1);
    settle(&model);
    check_difference(&model, rule("ncl"));
    model_set_versus(&model, rule("csls"));
    settle(&model);
    check_difference(&model, rule("ncl"));
    model_set_versus(&model, rule("raw"));
    model_set_bank(&model, 0);
    settle(&model);
    assert_non_null(model_difference(&model, T2V, of(rule("ncl"))));
    model_close(&model);
}

/* More pairs than are remembered. */
static void differences_are_forgotten_for_new_ones(void **state)
{
    struct model model;

    (void)state;
    begin(&model);
    for (int scale = 1; scale <= 140; scale++) {
        model_set_parameter(&model, of(rule("ncl")), 0, scale);
        settle(&model);
        assert_null(model_difference(&model, T2V, of(rule("ncl"))));
        settle(&model);
        assert_non_null(model_difference(&model, T2V, of(rule("ncl"))));
    }
    model_set_parameter(&model, of(rule("ncl")), 0, 1);
    settle(&model);
    assert_null(model_difference(&model, T2V, of(rule("ncl"))));
    model_close(&model);
}

/* Video to text by videos, and the second bank of text to video through a change of bank. */
static void follows_conventions_and_second_bank(void **state)
{
    struct model_options options = {.gallery_bank = "second", .conventions = {.videos = true, .keep_masked = true}};
    struct model model;
    struct error error;

    (void)state;
    make_collection(2);
    base_model.video_bank = bank;
    base_model.video_banks = 2;
    if (model_open(&model, &collection, &options, &error))
        fail_msg("%s", error.text);
    settle(&model);
    assert_string_equal(model.source[0]->side[T2V].task->gallery_bank_name, "second");
    assert_string_equal(model.source[0]->side[V2T].task->gallery_bank_name, "first");
    assert_int_equal(task_items(model.source[0]->side[V2T].task), VIDEOS);
    assert_int_equal(task_queries(model.source[0]->side[V2T].task), VIDEOS);
    assert_int_equal(task_without_captions(model.source[0]->side[V2T].task), VIDEOS - QUERIES + 1);
    assert_int_equal(task_without_captions(model.source[0]->side[T2V].task), 0);
    assert_true(model.source[0]->side[V2T].analysis[rule("raw")]->videos);
    model_set_bank(&model, 1);
    settle(&model);
    assert_string_equal(model.source[0]->side[T2V].task->gallery_bank_name, "second");
    model_close(&model);

    options.gallery_bank = "third";
    assert_int_equal(model_open(&model, &collection, &options, &error), -1);
    assert_non_null(strstr(error.text, "unknown video bank 'third'"));
}

static void closes_while_busy(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        struct model model;
        make_collection(2);
        assert_int_equal(model_open(&model, &collection, NULL, NULL), 0);
        for (int turn = 0; turn < i; turn++)
            model_collect(&model);
        model_close(&model);
    }
}

static void survives_out_of_memory(void **state)
{
    struct error error;

    (void)state;
    make_collection(2);
    for (long n = 0; n < 40; n++) {
        struct model model;
        memory_fail_after(n);
        int status = model_open(&model, &collection, NULL, &error);
        if (status == 0)
            settle(&model);
        memory_fail_after(-1);
        if (status == 0)
            model_close(&model);
    }
}

/* ---- with an index of the videos ---- */

static int8_t code[VIDEOS * DIMENSION];
static float code_scale[VIDEOS], code_off[VIDEOS];

static void begin_indexed(struct model *model)
{
    static const struct look_limits limits = {.rows = 5000, .queries = 2000, .products = 0};
    const struct model_options options = {.limits = &limits};

    base_model.index = (struct row_codes){
        .rows = VIDEOS, .cols = DIMENSION, .longest = 1.001, .code = code, .scale = code_scale, .off = code_off};
    for (size_t i = 0; i < VIDEOS; i++)
        row_codes_encode(videos + i * DIMENSION, DIMENSION, code + i * DIMENSION, &code_scale[i], &code_off[i]);
    assert_int_equal(model_open(model, &collection, &options, NULL), 0);
    settle(model);
}

static void assert_same_answer(const struct model *model, const struct model *plain)
{
    const struct pick shown[] = {model->current, model->versus};

    assert_int_equal(model->video, plain->video);
    for (size_t i = 0; i < 2; i++) {
        assert_true(model_list_current(model, shown[i]));
        assert_memory_equal(model_list(model, shown[i])->item, model_list(plain, shown[i])->item,
                            VIDEOS * sizeof(uint32_t));
        for (uint32_t v = 0; v < VIDEOS; v++) {
            assert_int_equal(model_rank(model, shown[i], v), model_rank(plain, shown[i], v));
            assert_true(model_probability(model, shown[i], v) == model_probability(plain, shown[i], v));
        }
    }
}

/* If it is on the screen. */
static void check_brief_answer(const struct model *model, const struct model *plain)
{
    if (!model_found(model, model->current).search->brief)
        return;
    assert_false(model_list_current(model, model->current));
    assert_memory_equal(model_list(model, model->current)->item, model_list(plain, plain->current)->item,
                        VIDEOS * sizeof(uint32_t));
    assert_int_equal(model_rank(model, model->current, model->video), 1);
    assert_true(isnan(model_probability(model, model->current, model->video)));
}

static void an_index_answers_first(void **state)
{
    struct model model, plain;

    (void)state;
    begin(&plain);
    begin_indexed(&model);
    for (size_t q = 0; q < 8; q++) {
        unsigned long answers = model.answers;
        model_set_query(&plain, q);
        settle(&plain);
        model_set_query(&model, q);
        while (model_collect(&model) || !model_idle(&model))
            check_brief_answer(&model, &plain);
        assert_int_equal(model.answers - answers, 2);
        assert_same_answer(&model, &plain);
    }
    model_close(&plain);
    model_close(&model);
}

/* The selection must not follow the compared rule meanwhile. */
static void an_index_waits_for_rules_that_need_all(void **state)
{
    struct model model;

    (void)state;
    make_collection(2);
    begin_indexed(&model);
    model_choose(&model, of(rule("gc")));
    settle(&model);
    unsigned long answers = model.answers;
    model_set_query(&model, 5);
    settle(&model);
    assert_int_equal(model.answers - answers, 1);
    assert_int_equal(model.video, model_list(&model, model.current)->item[0]);
    model_close(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starts_alive),
        cmocka_unit_test(ranks_agree_with_lists),
        cmocka_unit_test(rules_never_repeat),
        cmocka_unit_test(selection_follows_the_query_only),
        cmocka_unit_test(parameters_refit_one_rule),
        cmocka_unit_test(banks_change),
        cmocka_unit_test(works_without_a_bank),
        cmocka_unit_test(typed_text_needs_an_encoder),
        cmocka_unit_test(cancels),
        cmocka_unit_test(differences_are_requested_once),
        cmocka_unit_test(mass_is_tested_on_request),
        cmocka_unit_test(differences_are_forgotten_for_new_ones),
        cmocka_unit_test(follows_conventions_and_second_bank),
        cmocka_unit_test(closes_while_busy),
        cmocka_unit_test(survives_out_of_memory),
        cmocka_unit_test(an_index_answers_first),
        cmocka_unit_test(an_index_waits_for_rules_that_need_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
