/* The explorer's model over a collection with several embedding models: what each pair of rules shows, banks and
 * encoders that one of them lacks, and models that come and go. */
#include "engine/study/study.h"
#include "made_model.h"
#include "screen.h"
#include "tests/unit/folder.h"
#include "ui/explorer/model_picker.h"
#include "ui/explorer/palette.h"
#include "ui/explorer/rule_bar.h"
#include "ui/line/query_note.h"
#include "ui/model/differences.h"
#include "ui/model/export_job.h"
#include "ui/model/page_job.h"
#include "ui/model/query.h"
#include "ui/model/ranks.h"
#include "ui/model/selection.h"

#include "engine/formats/file.h"

static void check_ranks(const struct model *model, struct pick pick, const char *entry)
{
    const struct analysis *shown = model_analysis(model, pick);
    struct study study;

    assert_non_null(shown);
    assert_int_equal(study_open(&study, &collection, &(struct study_options){.direction = T2V}, NULL, NULL), 0);
    assert_int_equal(study_add_text(&study, entry, NULL, NULL), 0);
    assert_int_equal(study_fit(&study, NULL, NULL), 0);
    assert_int_equal(study_analyse(&study, ANALYSIS_TOP, NULL, NULL), 0);
    assert_true(rule_same(&study.fit[0]->spec, &shown->fit->spec));
    for (size_t q = 0; q < QUERIES; q++)
        assert_true(study.analysis[0].rank[q] == shown->rank[q] || q == 3); /* 3 has no target */
    for (size_t j = 0; j < VIDEOS; j++)
        assert_true(study.analysis[0].mass[j] == shown->mass[j]);
    study_close(&study);
}

static void ranks_are_those_of_a_study(void **state)
{
    struct model model;

    (void)state;
    compare_models(&model);
    check_ranks(&model, model.current, "other/ncl");
    check_ranks(&model, model.versus, "raw");
    check_ranks(&model, (struct pick){1, rule("csls")}, "other/csls");
    check_ranks(&model, (struct pick){0, rule("ncl")}, "base/ncl");
    assert_true(rule_value(model_spec(&model, model.current), "scale") == 50); /* each at its model's scale */
    assert_true(rule_value(model_spec(&model, model.versus), "scale") == 20);
    model_close(&model);
}

/* Softmax of a query's similarities under a model at a scale, of one video. */
static double probability(const float *asked, const float *items, double scale, uint32_t video)
{
    double sum = 0, own = 0;

    for (uint32_t j = 0; j < VIDEOS; j++) {
        double similarity = 0;
        for (size_t d = 0; d < DIMENSION; d++)
            similarity += (double)asked[d] * (double)items[j * DIMENSION + d];
        sum += exp(scale * similarity);
        own = j == video ? exp(scale * similarity) : own;
    }
    return own / sum;
}

static void both_answer_a_query(void **state)
{
    struct model model;
    const struct pick raw[2] = {{0, rule("raw")}, {1, rule("raw")}};

    (void)state;
    compare_models(&model);
    model_set_rule(&model, rule("raw"));
    model_set_query(&model, 7);
    settle(&model);
    for (int m = 0; m < 2; m++) {
        assert_int_equal(model_rank(&model, raw[m], 7), (size_t)model_analysis(&model, raw[m])->rank[7]);
        const float *asked = (m ? other_queries : queries) + 7 * DIMENSION, *items = m ? other_videos : videos;
        for (uint32_t j = 0; j < VIDEOS; j++)
            assert_true(fabs(model_probability(&model, raw[m], j) - probability(asked, items, m ? 50 : 20, j)) < 1e-5);
    }
    assert_int_equal(model.video, model_list(&model, model.current)->item[0]); /* the current model's first */
    model_close(&model);
}

static void differences_cross_models(void **state)
{
    struct model model;
    struct bootstrap expected;

    (void)state;
    compare_models(&model);
    assert_null(model_difference(&model, T2V, model.current)); /* only requested */
    settle(&model);
    const struct bootstrap *difference = model_difference(&model, T2V, model.current);
    assert_non_null(difference);
    assert_int_equal(bootstrap_paired(model_analysis(&model, model.versus)->rank,
                                      model_analysis(&model, model.current)->rank, QUERIES, BOOTSTRAP_SAMPLES, 0,
                                      &expected, NULL, NULL),
                     0);
    assert_int_equal(difference->helped, expected.helped);
    assert_int_equal(difference->hurt, expected.hurt);
    assert_true(difference->mnr.difference == expected.mnr.difference);
    /* the same rule of the other model is another difference */
    const struct pick raw = {1, rule("raw")};
    assert_null(model_difference(&model, T2V, raw));
    settle(&model);
    assert_non_null(model_difference(&model, T2V, raw));
    model_close(&model);
}

static void the_same_rule_of_two_models_is_a_pair(void **state)
{
    struct model model;
    struct pick picks[PICKS_MAX];

    (void)state;
    compare_models(&model);
    model_set_versus(&model, rule("ncl"));
    assert_string_equal(pick_name(&model, model.versus).text, "base/NCL");
    assert_string_equal(pick_name(&model, model.current).text, "other/NCL");
    assert_int_equal(model.versus.rule, model.current.rule);
    model_set_model(&model, 0); /* would be the compared rule: the two swap */
    assert_int_equal(model.current.model, 0);
    assert_int_equal(model.versus.model, 1);
    model_swap(&model);
    assert_int_equal(model.current.model, 1);
    model_set_columns(&model, 3);
    assert_false(pick_same(model.third, model.current) || pick_same(model.third, model.versus));
    model_set_versus(&model, rule("raw"));
    assert_true(pick_same(model.third, (struct pick){0, rule("ncl")})); /* first the rule, then the model */
    assert_true(model_picks(&model, picks) > RULES_MAX / 2);
    model_close(&model);
}

static void a_new_model_shows_the_old_ones_results_meanwhile(void **state)
{
    struct model model;
    const size_t ncl = rule("ncl");

    (void)state;
    begin_two(&model);
    const struct analysis *old = model_analysis(&model, model.current);
    const struct search_list *list = model_list(&model, model.current);
    assert_int_equal(model.current.rule, ncl);
    model_set_model(&model, 1);
    model_set_versus_model(&model, 1);
    assert_null(model.source[1]->side[T2V].analysis[ncl]);
    assert_ptr_equal(model_analysis(&model, model.current), old);
    assert_ptr_equal(model_list(&model, model.current), list);
    assert_true(model_rank(&model, model.current, model.video) > 0);
    assert_true(model_analysis_lags(&model, T2V, model.current) && model_list_lags(&model, model.current));
    settle(&model);
    assert_ptr_equal(model_analysis(&model, model.current), model.source[1]->side[T2V].analysis[ncl]);
    assert_false(model_analysis_lags(&model, T2V, model.current) || model_list_lags(&model, model.current));
    assert_null(model.source[0]->side[T2V].task);
    model_close(&model);
}

static void models_off_the_screen_are_closed(void **state)
{
    struct model model;

    (void)state;
    compare_models(&model);
    model_set_parameter(&model, model.current, 0, 33);
    settle(&model);
    const struct fit *kept = model.source[0]->side[T2V].fit[rule("raw")];
    model_set_model(&model, 0);
    assert_null(model.source[1]->side[T2V].task);
    assert_null(model.source[1]->search);
    assert_ptr_equal(model.source[0]->side[T2V].fit[rule("raw")], kept);
    settle(&model);
    model_set_versus_model(&model, 1);
    for (int i = 0; i < 10; i++) /* while work is under way */
        model_set_versus_model(&model, (size_t)(i % 2));
    model_set_model(&model, 1);
    settle(&model);
    assert_true(rule_value(&model.source[1]->spec[rule("ncl")], "scale") == 33); /* parameters stay */
    model_close(&model);
}

static void a_bank_may_be_missing(void **state)
{
    struct model model;

    (void)state;
    compare_models(&model);
    model_set_bank(&model, 1);
    settle(&model);
    const char *why = model.source[1]->side[T2V].unavailable[rule("ncl")];
    assert_string_equal(why, "model other has no bank second");
    assert_null(model.source[1]->side[T2V].unavailable[rule("raw")]);
    assert_null(model.source[0]->side[T2V].unavailable[rule("ncl")]);
    assert_true(pick_same(model.current, (struct pick){1, rule("raw")}));
    assert_non_null(model_analysis(&model, model.current));
    model_set_rule(&model, rule("ncl"));
    assert_int_equal(model.current.rule, rule("raw"));
    assert_non_null(strstr(model.message, why));
    /* a rule that the other model cannot take gives way to one that it can */
    model_set_model(&model, 0);
    model_set_versus(&model, rule("is"));
    model_set_rule(&model, rule("ncl"));
    model_set_model(&model, 1);
    assert_true(pick_same(model.current, (struct pick){1, rule("raw")}));
    assert_non_null(strstr(model.message, "raw instead of NCL"));
    model_set_bank(&model, 0);
    settle(&model);
    model_set_rule(&model, rule("ncl"));
    settle(&model);
    assert_non_null(model_analysis(&model, model.current));
    model_close(&model);
}

static void models_may_arrive_later(void **state)
{
    struct model model;

    (void)state;
    compare_models(&model);
    model_set_model(&model, 2);
    assert_int_equal(model.current.model, 1); /* not there yet */
    collection.models = 3;
    model_set_model(&model, 2);
    settle(&model);
    assert_int_equal(model.current.model, 2);
    check_ranks(&model, model.current, "late/ncl");
    model_close(&model);
}

static void rules_are_offered_by_model(void **state)
{
    struct model model;
    static const char *const names[] = {"raw", "other/ncl:iterations=2", "base/is"};
    const struct model_options options = {.rule = names, .rules = 3};
    size_t list[RULES_MAX];

    (void)state;
    make_collection(2);
    make_other_models();
    assert_int_equal(model_open(&model, &collection, &options, NULL), 0);
    settle(&model);
    assert_int_equal(model_rules(&model, 0, list), 2);
    model_set_model(&model, 1);
    assert_int_equal(model_rules(&model, 1, list), 2);
    assert_true(rule_value(&model.source[1]->spec[rule("ncl")], "iterations") == 2);
    assert_true(rule_value(&model.source[1]->spec[rule("ncl")], "scale") == 50);
    model_close(&model);
}

/* One of everything that chooses rules, models, columns or the bank. */
static void choose(struct model *model, size_t what)
{
    static const struct pick left[MODEL_COLUMNS] = {{1, 0}, {0, 1}, {0, 0}};
    static const char *const names[] = {"raw", "is", "ncl"};

    if (what < 2)
        model_set_model(model, what);
    else if (what < 4)
        model_set_versus_model(model, what - 2);
    else if (what < 7)
        model_set_rule(model, rule(names[what - 4]));
    else if (what < 10)
        model_set_versus(model, rule(names[what - 7]));
    else if (what < 13)
        model_set_columns(model, (unsigned)what - 9);
    else if (what < 15)
        model_set_bank(model, what - 13);
    else if (what == 15)
        model_swap(model);
    else
        model_choose_all(model, left, MODEL_COLUMNS);
}

/* However few rules are offered, and in whatever order they, models, columns and banks are chosen. */
static void any_choices_leave_rules_that_exist(void **state)
{
    static const char *const offers[][3] = {{"raw", "ncl"},
                                            {"ncl"},
                                            {"raw", "is", "ncl"},
                                            {"raw", "other/ncl"},
                                            {"base/ncl", "base/raw", "other/raw"},
                                            {0}};
    enum { CHOICES = 17, ORDERS = CHOICES * CHOICES * CHOICES };
    struct model model;

    (void)state;
    for (size_t o = 0; o < sizeof offers / sizeof *offers; o++) {
        size_t count = 0;
        while (count < 3 && offers[o][count])
            count++;
        const struct model_options options = {.rule = offers[o], .rules = count};
        make_collection(2);
        make_other_models();
        assert_int_equal(model_open(&model, &collection, &options, NULL), 0);
        for (size_t order = 0; order < ORDERS; order++) { /* each begins where the last ended */
            for (size_t rest = order, i = 0; i < 3; i++, rest /= CHOICES) {
                choose(&model, rest % CHOICES);
                const char *broken = selection_broken(&model);
                if (broken)
                    fail_msg("offer %zu, order %zu, choice %zu: %s", o, order, rest % CHOICES, broken);
            }
        }
        settle(&model);
        model_close(&model);
    }
}

static void commands_name_models(void **state)
{
    struct model model;
    enum action action;
    struct error error = {0};

    (void)state;
    begin_two(&model);
    assert_int_equal(palette_run(&model, "model other", &action, NULL), 0);
    assert_true(pick_same(model.current, (struct pick){1, rule("ncl")}));
    assert_int_equal(palette_run(&model, "rule csls", &action, NULL), 0);
    assert_true(pick_same(model.current, (struct pick){1, rule("csls")}));
    assert_int_equal(palette_run(&model, "model-versus other", &action, NULL), 0);
    assert_int_equal(model.versus.model, 1);
    assert_int_equal(palette_run(&model, "rule base/ncl:scale=7", &action, NULL), 0);
    assert_true(pick_same(model.current, (struct pick){0, rule("ncl")}));
    assert_true(rule_value(&model.source[0]->spec[rule("ncl")], "scale") == 7);
    assert_int_equal(palette_run(&model, "versus other/is", &action, NULL), 0);
    assert_true(pick_same(model.versus, (struct pick){1, rule("is")}));
    assert_int_equal(palette_run(&model, "model third", &action, &error), -1);
    assert_non_null(strstr(error.text, "base, other"));
    assert_int_equal(palette_run(&model, "rule ncl@second", &action, &error), -1);
    settle(&model);
    model_close(&model);
}

static void the_query_line_says_what_each_knows(void **state)
{
    struct model model;
    char note[QUERY_NOTE];

    (void)state;
    compare_models(&model);
    model.query = NO_QUERY;
    model.search_ms = 0;
    model.source[0]->typed.encoding = (struct encoding){.words = 5, .known = 3};
    model.source[1]->typed.encoding = (struct encoding){.words = 5, .known = 4};
    query_note(&model, 60, note);
    assert_string_equal(note, "other knows 4 of 5 words, base 3");
    query_note(&model, 20, note); /* no room */
    assert_string_equal(note, "4 of 5 words known");
    model.source[0]->typed.encoding.known = 4;
    query_note(&model, 60, note);
    assert_string_equal(note, "4 of 5 words known");
    model_close(&model);
}

static bool holds(const char *path, const char *text)
{
    size_t size;
    char *bytes = file_read(path, 16 << 20, &size, NULL);

    assert_non_null(bytes);
    bool found = strstr(bytes, text) != NULL;
    if (!found)
        print_message("%s is not in %s\n", text, path);
    free(bytes);
    return found;
}

static void export_to(struct model *model, const struct export_kind *kind, const char *path)
{
    struct exhibit exhibit = {.kind = kind, .direction = T2V, .k = 10};
    struct error error = {0};

    if (model_export(model, &exhibit, path, path, false, &error))
        fail_msg("%s", error.text);
    settle(model);
    assert_false(model->message_is_error);
}

static void files_name_models(void **state)
{
    struct model model;

    compare_models(&model);
    export_to(&model, &export_shifts, folder_path(*state, "shifts.json"));
    assert_non_null(strstr(model.message, "base/raw and other/NCL"));
    assert_true(holds(folder_path(*state, "shifts.json"), "other/ncl:scale=50"));
    export_to(&model, &export_metrics, folder_path(*state, "metrics.csv"));
    assert_true(holds(folder_path(*state, "metrics.csv"), "other/csls"));
    assert_true(holds(folder_path(*state, "metrics.csv"), "\ncsls,")); /* the first model needs no name */
    export_to(&model, &export_answers, folder_path(*state, "query.json"));
    assert_true(holds(folder_path(*state, "query.json"), "other/ncl"));
    assert_int_equal(model_write_page(&model, folder_path(*state, "page.html"), NULL), 0);
    settle(&model);
    assert_true(holds(folder_path(*state, "page.html"), "--rule other/ncl:scale=50,iterations=4"));
    model_close(&model);
}

/* A page on a bank that the first model lacks names the bank with each rule. */
static void pages_name_banks(void **state)
{
    struct model model;

    make_collection(2);
    make_other_models();
    bank[1].matrix = (struct matrix){0};
    other_bank[1].matrix = matrix_view(banks[1], BANK, DIMENSION);
    assert_int_equal(model_open(&model, &collection, NULL, NULL), 0);
    model_set_model(&model, 1);
    model_set_bank(&model, 1);
    settle(&model);
    assert_true(pick_same(model.current, (struct pick){1, rule("ncl")}));
    assert_int_equal(model_write_page(&model, folder_path(*state, "page.html"), NULL), 0);
    settle(&model);
    assert_false(model.message_is_error);
    assert_true(holds(folder_path(*state, "page.html"), "--rule other/ncl:scale=50,iterations=4@second"));
    assert_false(holds(folder_path(*state, "page.html"), "--bank"));
    model_set_bank(&model, 0);
    settle(&model);
    export_to(&model, &export_banks, folder_path(*state, "banks.csv"));
    model_close(&model);
}

static const char *row_of_rules(struct model *model, int columns)
{
    struct rule_bar bar;
    struct zones zones = {.count = 0};

    draw_clear((struct rect){0, 0, 24, 120});
    rule_bar_lay_out(&bar, model, columns);
    rule_bar_draw(&bar, model, &zones, (struct rect){0, 0, 1, columns});
    return screen_text("");
}

static void header_and_picker_name_models(void **state)
{
    struct model model;
    struct picker picker = {0};

    (void)state;
    screen_start("xterm-256color", "C.UTF-8", 24, 120, (struct terminal_options){0});
    begin_two(&model);
    assert_non_null(strstr(row_of_rules(&model, 80), "base: (1 raw) [2 NCL]"));
    model_set_model(&model, 1);
    settle(&model);
    assert_non_null(strstr(row_of_rules(&model, 80), "1 raw (1 base/raw) [2 other/NCL] 3 QB-Norm"));
    assert_non_null(strstr(row_of_rules(&model, 40), "(1 base/raw) [2 other/NCL]"));
    strcpy(other_model.name, "a-model-with-a-very-long-name-before");
    assert_non_null(strstr(row_of_rules(&model, 60), "[2 a-model-..e-before/NCL]"));
    strcpy(other_model.name, "other");
    model_picker_open(&picker, &model);
    assert_true(picker.open);
    assert_int_equal(picker.list.count, 2);
    assert_int_equal(picker.list.selected, 1);
    picker_draw(&picker, (struct rect){0, 0, 24, 120}, 2);
    assert_non_null(strstr(screen_text(""), "16 dimensions, logit scale 50, no text encoder; without bank second"));
    model_close(&model);

    begin(&model);
    picker.open = false;
    model_picker_open(&picker, &model); /* one model: only a line */
    assert_false(picker.open);
    assert_non_null(strstr(model.message, "this collection has one model, base"));
    assert_null(strstr(row_of_rules(&model, 80), "base"));
    model_close(&model);
    terminal_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_are_those_of_a_study),
        cmocka_unit_test(both_answer_a_query),
        cmocka_unit_test(differences_cross_models),
        cmocka_unit_test(the_same_rule_of_two_models_is_a_pair),
        cmocka_unit_test(a_new_model_shows_the_old_ones_results_meanwhile),
        cmocka_unit_test(models_off_the_screen_are_closed),
        cmocka_unit_test(a_bank_may_be_missing),
        cmocka_unit_test(models_may_arrive_later),
        cmocka_unit_test(rules_are_offered_by_model),
        cmocka_unit_test(any_choices_leave_rules_that_exist),
        cmocka_unit_test(commands_name_models),
        cmocka_unit_test(the_query_line_says_what_each_knows),
        cmocka_unit_test_setup_teardown(files_name_models, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(pages_name_banks, folder_make, folder_remove),
        cmocka_unit_test(header_and_picker_name_models),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
