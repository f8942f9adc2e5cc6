/* Studies: their entries, and that fits, analyses and differences equal those computed one by one. */
#include "engine/study/study.h"
#include "engine/base/memory.h"
#include "engine/evaluation/bank_subset.h"

#include "made_model.h"

#include "expected.h"

#include <unistd.h>

static void begin_study(struct study *study, const struct study_options *options)
{
    struct error error = {0};

    make_collection(2);
    if (study_open(study, &collection, options, NULL, &error))
        fail_msg("%s", error.text);
}

static void add(struct study *study, const char *text)
{
    struct error error = {0};

    if (study_add_text(study, text, NULL, &error))
        fail_msg("%s: %s", text, error.text);
}

static void run(struct study *study, size_t top)
{
    struct error error = {0};

    if (study_fit(study, NULL, &error) || study_analyse(study, top, NULL, &error))
        fail_msg("%s", error.text);
}

static void expect_entry(const struct study *study, size_t entry, const char *text)
{
    const struct study_key *key = &study->key[entry];
    char spec[256], bank_text[128], whole[512];

    rule_print(&key->spec, spec, sizeof spec);
    bank_name_print(&key->bank, bank_text, sizeof bank_text);
    snprintf(whole, sizeof whole, "%s%s%s", spec, key->banked ? "@" : "", key->banked ? bank_text : "");
    assert_string_equal(whole, text);
    bank_name_print(&study_task_of(study, entry)->bank_subset, whole, sizeof whole);
    assert_string_equal(whole, bank_text);
}

static void keeps_the_order_and_shares_banks(void **state)
{
    struct study study;
    size_t entry[STUDY_ENTRIES];

    (void)state;
    begin_study(&study, &(struct study_options){.direction = T2V});
    add(&study, "is:beta=30@second");
    add(&study, "raw");
    add(&study, "ncl@second:size=20,seed=3");
    add(&study, "is@first"); /* the study's own */
    add(&study, "is@");
    add(&study, "csls:k=2@second");
    assert_int_equal(study.entries, 6);
    assert_int_equal(study.tasks, 3);
    expect_entry(&study, 0, "is:beta=30@second");
    expect_entry(&study, 1, "raw:scale=20");
    expect_entry(&study, 2, "ncl:scale=20,iterations=4@second:size=20,seed=3");
    expect_entry(&study, 3, "is:beta=20");
    expect_entry(&study, 4, "is:beta=20");
    expect_entry(&study, 5, "csls:k=2,scale=20@second");
    assert_int_equal(study_entries_on(&study, 0, entry), 3);
    assert_int_equal(entry[0], 1);
    assert_int_equal(entry[2], 4);
    assert_int_equal(study_entries_on(&study, 1, entry), 2);
    assert_int_equal(entry[1], 5);
    assert_int_equal(task_bank(study.task[2]), 20);
    study_close(&study);
    study_close(&study);
}

static void takes_rows_of_banks_given_by_name_alone(void **state)
{
    struct study study;

    (void)state;
    begin_study(&study, &(struct study_options){.bank = {.name = "second"}, .rows = {.size = 10, .seed = 4}});
    add(&study, "is");
    add(&study, "is@second:size=10,seed=4");
    add(&study, "is@");
    add(&study, "is@second:size=11");
    add(&study, "is@second:adversarial=5");
    assert_int_equal(study.tasks, 4);
    expect_entry(&study, 0, "is:beta=20");
    expect_entry(&study, 1, "is:beta=20");
    expect_entry(&study, 2, "is:beta=20@first:size=10,seed=4");
    expect_entry(&study, 3, "is:beta=20@second:size=11,seed=0");
    expect_entry(&study, 4, "is:beta=20@second:adversarial=5");
    assert_string_equal(study_task(&study)->bank_name, "second");
    assert_int_equal(task_bank(study_task(&study)), 10);
    study_close(&study);
}

static void adds_all_that_can_be_used(void **state)
{
    struct study study;
    size_t usable = 0, banked = 0;

    (void)state;
    begin_study(&study, &(struct study_options){.direction = T2V});
    for (size_t r = 0; r < rules_count; r++)
        if (!rule_unavailable(rules[r], study_task(&study))) {
            usable++;
            banked += (rules[r]->needs & RULE_NEEDS_BANK) != 0;
        }
    add(&study, "all");
    assert_int_equal(study.entries, usable);
    assert_in_range(usable, banked + 1, rules_count - 1); /* there is no bank of videos */
    for (size_t i = 0, r = 0; i < usable; i++, r++) {
        while (rules[r] != study.key[i].spec.rule)
            r++;
        assert_true(r < rules_count);
    }
    add(&study, "all@second");
    assert_int_equal(study.entries, usable + banked);
    for (size_t i = usable; i < study.entries; i++)
        assert_true(study.task_of[i] == 1 && (study.key[i].spec.rule->needs & RULE_NEEDS_BANK));
    study_close(&study);

    begin_study(&study, &(struct study_options){.direction = V2T}); /* no bank of videos */
    add(&study, "all");
    for (size_t i = 0; i < study.entries; i++)
        assert_false(study.key[i].spec.rule->needs & RULE_NEEDS_BANK);
    study_close(&study);
}

static void expect_refusal(struct study *study, const char *text, const char *reason)
{
    struct error error = {0};
    size_t entries = study->entries;

    assert_int_equal(study_add_text(study, text, NULL, &error), -1);
    assert_true(error.kind == ERROR_INPUT || error.kind == ERROR_USAGE);
    if (!strstr(error.text, reason))
        fail_msg("\"%s\" does not say \"%s\"", error.text, reason);
    assert_int_equal(study->entries, entries);
}

static void reports_what_is_wrong(void **state)
{
    struct study study;
    struct error error = {0};

    (void)state;
    begin_study(&study, &(struct study_options){.direction = T2V});
    expect_refusal(&study, "sinkhole", "unknown rule 'sinkhole'");
    expect_refusal(&study, "all:k=3", "unknown rule 'all'");
    expect_refusal(&study, "", "a rule without a name");
    expect_refusal(&study, "is:gamma=3@second", "unknown parameter 'gamma'");
    expect_refusal(&study, "raw@second", "raw takes no bank");
    expect_refusal(&study, "is@third", "unknown query bank 'third'; known: first, second");
    expect_refusal(&study, "all@third", "unknown query bank 'third'");
    expect_refusal(&study, "is@second:size=x", "write NAME");
    expect_refusal(&study, "is@second:size=51", "only 50 rows");
    expect_refusal(&study, "dualis", "dualis cannot be used here: needs a second bank, of videos");
    for (size_t i = 0; i < STUDY_ENTRIES; i++)
        add(&study, "raw");
    expect_refusal(&study, "raw", "more than 64 rules");
    study_close(&study);

    begin_study(&study, &(struct study_options){.direction = V2T});
    expect_refusal(&study, "ncl", "ncl cannot be used here: needs a bank of videos, and there is none");
    study_close(&study);

    const struct study_options unknown[] = {{.bank = {.name = "none"}}, {.gallery_bank = "none"}};
    assert_int_equal(study_open(&study, &collection, &unknown[0], NULL, &error), -1);
    assert_non_null(strstr(error.text, "unknown query bank 'none'"));
    study_close(&study);
    assert_int_equal(study_open(&study, &collection, &unknown[1], NULL, &error), -1);
    assert_non_null(strstr(error.text, "unknown video bank 'none'"));
    study_close(&study);
}

static void expect_same_analysis(const struct analysis *a, const struct analysis *b)
{
    assert_int_equal(a->queries, b->queries);
    assert_int_equal(a->top_k, b->top_k);
    assert_memory_equal(a->rank, b->rank, a->queries * sizeof *a->rank);
    assert_memory_equal(a->top, b->top, a->queries * a->top_k * sizeof *a->top);
    assert_int_equal(!a->mass, !b->mass);
    if (a->mass)
        assert_memory_equal(a->mass, b->mass, a->gallery * sizeof *a->mass);
    assert_memory_equal(&a->metrics, &b->metrics, sizeof a->metrics);
}

/* Fits and analyses one task's entries without a study. */
static void expect_task(const struct study *study, size_t index, const char *bank_text, size_t top)
{
    struct bank_subset subset;
    struct task task;
    struct rule_spec spec[STUDY_ENTRIES];
    struct fit *fit[STUDY_ENTRIES];
    struct analysis analysis[STUDY_ENTRIES];
    size_t entry[STUDY_ENTRIES], count = study_entries_on(study, index, entry);

    assert_true(count > 0);
    assert_int_equal(bank_name_parse(bank_text, &subset, NULL), 0);
    assert_int_equal(task_open(&task, study->collection, NULL, study->options.direction, NULL, NULL), 0);
    assert_int_equal(task_choose_bank(&task, &subset, NULL, NULL), 0);
    for (size_t i = 0; i < count; i++)
        spec[i] = study->key[entry[i]].spec;
    assert_int_equal(fit_rules(&task, spec, count, NULL, fit, NULL, NULL), 0);
    assert_int_equal(analysis_run_top(&task, fit, count, top, analysis, NULL, NULL), 0);
    for (size_t i = 0; i < count; i++) {
        const struct fit *fitted = study->fit[entry[i]];
        assert_ptr_equal(study->analysis[entry[i]].fit, fitted);
        assert_string_equal(fitted->bank, fit[i]->bank);
        assert_int_equal(!fitted->bias, !fit[i]->bias);
        if (fitted->bias)
            assert_memory_equal(fitted->bias, fit[i]->bias, fitted->m * sizeof *fitted->bias);
        expect_same_analysis(&study->analysis[entry[i]], &analysis[i]);
        analysis_close(&analysis[i]);
        fit_release(fit[i]);
    }
    task_close(&task);
}

static void fits_and_analyses_as_one_by_one(void **state)
{
    struct study study;

    (void)state;
    begin_study(&study, &(struct study_options){.direction = T2V});
    add(&study, "ncl@second");
    add(&study, "raw");
    add(&study, "qbnorm@second:size=20,seed=3");
    add(&study, "all");
    add(&study, "is:beta=3@second");
    run(&study, 20);
    expect_task(&study, 0, "first", 20);
    expect_task(&study, 1, "second", 20);
    expect_task(&study, 2, "second:size=20,seed=3", 20);

    struct fit *fit = study.fit[0]; /* adding more later leaves the rest unchanged */
    double *rank = study.analysis[0].rank;
    add(&study, "gc@second");
    run(&study, ANALYSIS_TOP);
    assert_ptr_equal(study.fit[0], fit);
    assert_ptr_equal(study.analysis[0].rank, rank);
    assert_ptr_equal(study.analysis[study.entries - 1].fit, study.fit[study.entries - 1]);
    assert_int_equal(study.analysis[study.entries - 1].top_k, ANALYSIS_TOP);
    study_close(&study);
}

static void goes_over_an_open_task(void **state)
{
    struct study study;
    struct task task;
    struct rule_spec spec;
    struct fit *fit;

    (void)state;
    make_collection(2);
    assert_int_equal(task_open(&task, &collection, NULL, T2V, "second", NULL), 0);
    spec = rule_default(rule_find("is"), task.logit_scale);
    assert_int_equal(fit_rules(&task, &spec, 1, NULL, &fit, NULL, NULL), 0);
    study_over(&study, &task);
    assert_ptr_equal(study_task(&study), &task);
    assert_int_equal(study_add_fit(&study, fit, NULL), 0);
    add(&study, "is@first");
    add(&study, "is@second");
    assert_int_equal(study.tasks, 2);
    run(&study, ANALYSIS_TOP);
    assert_ptr_equal(study.fit[0], fit);
    assert_string_equal(study.fit[1]->bank, "first");
    expect_same_analysis(&study.analysis[0], &study.analysis[2]);
    study_close(&study);
    assert_int_equal(fit->references, 1);
    fit_release(fit);
    assert_string_equal(task.bank_name, "second"); /* still open */
    task_close(&task);
}

static void shares_the_tasks_of_another(void **state)
{
    struct study owner, study;

    (void)state;
    begin_study(&owner, &(struct study_options){.direction = T2V, .rows = {.size = 20, .seed = 3}});
    add(&owner, "is@second");
    study_share(&study, &owner);
    assert_int_equal(study.entries, 0);
    assert_ptr_equal(study_task(&study), study_task(&owner));
    add(&study, "raw");
    assert_int_equal(study_add(&study, &owner.key[0], NULL, NULL), 0);
    assert_ptr_equal(study_task_of(&study, 1), study_task_of(&owner, 0));
    add(&study, "is@second"); /* whole */
    assert_int_equal(study.tasks, owner.tasks + 1);
    assert_int_equal(task_bank(study_task_of(&study, 2)), base_model.bank[1].matrix.rows);
    run(&study, ANALYSIS_TOP);
    study_close(&study);
    assert_int_equal(task_bank(study_task_of(&owner, 0)), 20); /* still open */
    study_close(&owner);
}

static void compares_as_by_hand(void **state)
{
    struct study study;
    struct bootstrap result, right;

    (void)state;
    begin_study(&study, &(struct study_options){.direction = T2V});
    add(&study, "raw");
    add(&study, "is@first");
    add(&study, "is@second");
    run(&study, ANALYSIS_TOP);
    for (size_t from = 0; from < study.entries; from++)
        for (size_t to = 0; to < study.entries; to++) {
            const double *a = study.analysis[from].rank, *b = study.analysis[to].rank;
            assert_int_equal(study_difference(&study, from, to, 300, 7, &result, NULL, NULL), 0);
            const struct analysis *left = &study.analysis[from], *other = &study.analysis[to];
            assert_int_equal(bootstrap_analyses(left, other, 10, 300, 7, &right, NULL, NULL), 0);
            assert_memory_equal(&result, &right, sizeof result);
            assert_int_equal(bootstrap_paired(a, b, QUERIES, 300, 7, &right, NULL, NULL), 0);
            assert_memory_equal(result.of, right.of, BOOTSTRAP_RANKED * sizeof *result.of);
            assert_int_equal(result.queries, QUERIES - 1);
        }
    study_close(&study);
}

static void tests_mass_where_it_was_sampled(void **state)
{
    const size_t chosen[] = {0, 2};
    struct study study;
    struct bootstrap result, right;
    struct mass_samples drawn[2];

    (void)state;
    begin_study(&study, &(struct study_options){.direction = T2V});
    add(&study, "raw");
    add(&study, "is@first");
    add(&study, "is@second"); /* a task of its own */
    run(&study, ANALYSIS_TOP);
    assert_int_equal(study_sample_mass(&study, chosen, 2, 100, 7, NULL, NULL), 0);
    assert_int_equal(study_difference(&study, 0, 1, 100, 7, &result, NULL, NULL), 0);
    assert_int_equal(result.mass, MASS_UNASKED);
    assert_true(isnan(result.normalization_error.difference));
    assert_int_equal(study_difference(&study, 0, 2, 100, 7, &result, NULL, NULL), 0);
    assert_int_equal(result.mass, MASS_SAMPLED);
    for (size_t i = 0; i < 2; i++) {
        const struct analysis *analysis = &study.analysis[chosen[i]];
        const struct task *task = study_task_of(&study, chosen[i]);
        assert_int_equal(mass_samples_draw(task, &analysis, 1, 100, 7, &drawn[i], NULL, NULL), 0);
    }
    right = result;
    assert_int_equal(bootstrap_add_mass(&drawn[0], &drawn[1], &right), 0);
    assert_memory_equal(&result, &right, sizeof right);
    assert_true(result.most.difference == study.analysis[2].mass_summary.most - study.analysis[0].mass_summary.most);
    for (size_t i = 0; i < 2; i++)
        mass_samples_close(&drawn[i]);
    study_close(&study);
}

static void reports_on_banks(void **state)
{
    struct study study;
    struct task task;
    struct bank_report report, right;
    struct error error = {0};
    struct rule_spec spec[2];
    const struct bank_subset second = {.name = "second"}, third = {.name = "third"};

    (void)state;
    begin_study(&study, &(struct study_options){.direction = T2V});
    spec[0] = rule_default(rule_find("ncl"), 20);
    spec[1] = rule_default(rule_find("csls"), 20);
    assert_int_equal(study_report_bank(&study, &second, spec, 2, &report, NULL, NULL), 0);
    assert_int_equal(task_open(&task, &collection, NULL, T2V, "second", NULL), 0);
    assert_int_equal(bank_report_make(&task, spec, 2, &right, NULL, NULL), 0);
    assert_string_equal(report.subset.name, "second");
    assert_true(report.coverage == right.coverage && report.correlation == right.correlation);
    assert_memory_equal(&report.rule[1].metrics, &right.rule[1].metrics, sizeof right.rule[1].metrics);
    bank_report_close(&report);
    bank_report_close(&right);
    task_close(&task);
    assert_int_equal(study_report_bank(&study, &third, spec, 2, &report, NULL, &error), -1);
    assert_non_null(strstr(error.text, "unknown query bank 'third'"));
    assert_int_equal(study.tasks, 1);
    study_close(&study);
}

static void stops_when_cancelled(void **state)
{
    const struct study_options options = {.bank = {.adversarial = 5}};
    struct job job = {0}, other = {0};
    struct error error = {0};
    struct study study;

    (void)state;
    make_collection(2);
    atomic_store(&job.cancel, true);
    assert_int_equal(study_open(&study, &collection, &options, &job, &error), -1);
    assert_int_equal(error.kind, ERROR_CANCELLED);
    study_close(&study);

    assert_int_equal(study_open(&study, &collection, &options, &other, &error), 0);
    add(&study, "is");
    assert_int_equal(study_fit(&study, &job, &error), -1);
    assert_int_equal(error.kind, ERROR_CANCELLED);
    assert_null(study.fit[0]);
    assert_int_equal(study_fit(&study, &other, &error), 0);
    assert_int_equal(study_analyse(&study, ANALYSIS_TOP, &job, &error), -1);
    assert_int_equal(error.kind, ERROR_CANCELLED);
    assert_null(study.analysis[0].rank);
    assert_int_equal(study_analyse(&study, ANALYSIS_TOP, &other, &error), 0);
    assert_non_null(study.analysis[0].rank);
    assert_true(atomic_load(&other.done) > 0 && atomic_load(&other.done) == atomic_load(&other.total));
    struct bootstrap difference;
    assert_int_equal(study_difference(&study, 0, 0, 100, 0, &difference, &job, &error), -1);
    assert_int_equal(error.kind, ERROR_CANCELLED);
    study_close(&study);
}

static int run_once(struct error *error)
{
    struct study study;
    struct bootstrap difference;
    int status = study_open(&study, &collection, &(struct study_options){.bank = {.name = "second"}}, NULL, error) ||
                         study_add_text(&study, "all", NULL, error) ||
                         study_add_text(&study, "ncl@first:adversarial=9", NULL, error) ||
                         study_fit(&study, NULL, error) || study_analyse(&study, ANALYSIS_TOP, NULL, error) ||
                         study_sample_mass(&study, NULL, 0, 20, 0, NULL, error) ||
                         study_difference(&study, 0, 1, 20, 0, &difference, NULL, error)
                     ? -1
                     : 0;
    study_close(&study);
    return status;
}

/* Whichever allocation fails, the error gives a reason and nothing leaks. */
static void survives_out_of_memory(void **state)
{
    size_t failed = 0;
    int status = -1;

    (void)state;
    make_collection(2);
    for (long n = 0; status; n += n < 100 ? 1 : 1 + n / 40) {
        struct error error = {0};
        memory_fail_after(n);
        status = run_once(&error);
        memory_fail_after(-1);
        if (status)
            assert_int_equal(error.kind, ERROR_MEMORY);
        failed += status != 0;
    }
    assert_true(failed > 50);
}

/* The expected ranks of a golden case, whose files are used as bare matrices. */
static void expect_golden(const struct collection *bare, const json_t *entries, enum direction direction)
{
    struct study study;
    struct error error = {0};
    const json_t *entry, *rank;
    size_t i, q;

    if (study_open(&study, bare, &(struct study_options){.direction = direction}, NULL, &error))
        fail_msg("%s", error.text);
    json_array_foreach (entries, i, entry) {
        struct study_key key = {0};
        assert_true(expected_spec(entry, study_task(&study)->logit_scale, &key.spec));
        assert_int_equal(study_add(&study, &key, NULL, &error), 0);
    }
    run(&study, ANALYSIS_TOP);
    json_array_foreach (entries, i, entry) {
        const struct analysis *analysis = &study.analysis[i];
        assert_int_equal(json_array_size(json_object_get(entry, "rank")), analysis->queries);
        json_array_foreach (json_object_get(entry, "rank"), q, rank) {
            char key[24];
            snprintf(key, sizeof key, "%zu", q);
            double close = json_number_value(json_object_get(json_object_get(entry, "close"), key));
            if (!(fabs(analysis->rank[q] - json_number_value(rank)) <= close))
                fail_msg("entry %zu, query %zu has rank %g, should be %g", i, q, analysis->rank[q],
                         json_number_value(rank));
        }
    }
    assert_int_equal(i, study.entries);
    study_close(&study);
}

static const char *golden_file(const char *folder, const char *name)
{
    static char path[8][600];
    static size_t next;
    char *buffer = path[next++ % 8];

    snprintf(buffer, sizeof path[0], "%s/%s.npy", folder, name);
    return access(buffer, F_OK) == 0 ? buffer : NULL;
}

static void agrees_with_the_golden_cases(void **state)
{
    (void)state;
    for (int number = 1; number <= 7; number++) {
        char folder[512], path[600];
        struct error error = {0};
        snprintf(folder, sizeof folder, "%s/golden/case%d", TESTS_DIR, number);
        const struct bare files = {
            .queries = golden_file(folder, "queries"),
            .videos = golden_file(folder, "videos"),
            .bank = golden_file(folder, "bank"),
            .video_bank = golden_file(folder, "video_bank"),
            .sims = golden_file(folder, "sims"),
            .bank_sims = golden_file(folder, "bank_sims"),
            .targets = golden_file(folder, "targets"),
        };
        struct collection *bare = collection_bare(&files, &error);
        const struct second_bank_files second = {
            .embeddings = golden_file(folder, "gallery_bank"),
            .gallery_bank_sims = golden_file(folder, "gallery_bank_sims"),
            .bank_gallery_sims = golden_file(folder, "bank_gallery_sims"),
        };
        if (!bare || collection_open_second_bank(bare, &second, &error))
            fail_msg("%s", error.text);
        snprintf(path, sizeof path, "%s/expected%s.json", folder, number == 7 ? "_more" : "");
        json_t *expected = expected_read(path), *v2t = json_object_get(expected, "v2t");
        expect_golden(bare, json_object_get(expected, "t2v"), T2V);
        if (v2t)
            expect_golden(bare, v2t, V2T);
        json_decref(expected);
        collection_close(bare);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_the_order_and_shares_banks),
        cmocka_unit_test(takes_rows_of_banks_given_by_name_alone),
        cmocka_unit_test(adds_all_that_can_be_used),
        cmocka_unit_test(reports_what_is_wrong),
        cmocka_unit_test(fits_and_analyses_as_one_by_one),
        cmocka_unit_test(goes_over_an_open_task),
        cmocka_unit_test(shares_the_tasks_of_another),
        cmocka_unit_test(compares_as_by_hand),
        cmocka_unit_test(tests_mass_where_it_was_sampled),
        cmocka_unit_test(reports_on_banks),
        cmocka_unit_test(stops_when_cancelled),
        cmocka_unit_test(survives_out_of_memory),
        cmocka_unit_test(agrees_with_the_golden_cases),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
