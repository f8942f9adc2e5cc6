/* Golden cases in both directions with every rule, at further k, and how their mass is spread: against the values of
 * tests/tools/expected_more.py. */
#include "engine/evaluation/hub_queries.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "expected.h"
#include "golden_case.h"

enum { MOST_RULES = 2 * RULES_MAX, LONGEST = 50, TENTHS = 10 };

static double number_at(const json_t *entry, const char *name, size_t index)
{
    const json_t *value = json_array_get(json_object_get(entry, name), index);

    if (!json_is_number(value))
        fail_msg("no number %zu in '%s' of the expected values", index, name);
    return json_number_value(value);
}

static bool truth_at(const json_t *entry, const char *name, size_t index)
{
    return json_is_true(json_array_get(json_object_get(entry, name), index));
}

static void check_ranks(const struct analysis *result, const json_t *entry)
{
    json_t *close = json_object_get(entry, "close");
    size_t moved = 0;

    assert_int_equal(json_array_size(json_object_get(entry, "rank")), result->queries);
    for (size_t q = 0; q < result->queries; q++) {
        char key[24];
        snprintf(key, sizeof key, "%zu", q);
        double right = number_at(entry, "rank", q);
        expected_near("rank", result->rank[q], right, json_number_value(json_object_get(close, key)));
        moved += result->rank[q] != right;
    }
    if (moved == 0)
        expected_metrics(json_object_get(entry, "metrics"), &result->metrics);
}

static void check_lists(const struct analysis *result, const json_t *entry)
{
    for (size_t q = 0; q < result->queries; q++) {
        json_t *right = json_array_get(json_object_get(entry, "top10"), q);
        for (size_t place = 0; place < (size_t)number_at(entry, "sure", q); place++)
            assert_int_equal(result->top[q * result->top_k + place], json_integer_value(json_array_get(right, place)));
    }
}

/* Returns at how many k. */
static size_t check_occurrence(const struct analysis *result, const json_t *entry)
{
    json_t *counts = json_object_get(entry, "n"), *right;
    uint32_t *occurrence = calloc(result->gallery, sizeof *occurrence);
    const char *key;
    size_t checked = 0;

    json_object_foreach (counts, key, right) {
        struct hubness hubness;
        const json_t *measures = json_object_get(json_object_get(entry, "hubness"), key);
        size_t k = strtoul(key, NULL, 10);
        assert_int_equal(analysis_occurrence(result, k, occurrence, &hubness), 0);
        assert_int_equal(json_array_size(right), result->gallery);
        for (size_t j = 0; j < result->gallery; j++)
            assert_int_equal(occurrence[j], json_integer_value(json_array_get(right, j)));
        assert_int_equal(hubness.k, k);
        expected_hubness(measures, &hubness, 1e-9);
        expected_near("kurtosis", hubness.kurtosis, expected_number(measures, "kurtosis"), 1e-9);
        expected_near("groupie_ratio", hubness.groupie_ratio, expected_number(measures, "groupie_ratio"), 1e-9);
        checked++;
    }
    free(occurrence);
    return checked;
}

/* Null where there is nobody to be wrong. */
static void check_rate(const json_t *right, const char *name, double rate)
{
    if (json_is_null(json_object_get(right, name)))
        assert_true(isnan(rate));
    else
        expected_near(name, rate, expected_number(right, name), 1e-9);
}

static void check_rates(const json_t *right, const struct false_rates *rates)
{
    assert_int_equal(rates->items, json_integer_value(json_object_get(right, "items")));
    check_rate(right, "false_positive_rate", rates->false_positive);
    check_rate(right, "false_negative_rate", rates->false_negative);
}

static void check_mass(const struct task *task, const struct analysis *result, const json_t *entry)
{
    double quantile[MASS_QUANTILES], lorenz[TENTHS + 1];
    struct false_rates over, under;

    if (json_is_null(json_object_get(entry, "mass"))) {
        assert_null(result->mass);
        return;
    }
    for (size_t j = 0; j < result->gallery; j++) {
        double right = number_at(entry, "mass", j);
        expected_near("mass", result->mass[j], right, fmax(1e-4 * right, 1e-6));
    }
    expected_near("normalization_error", result->mass_summary.normalization_error,
                  expected_number(entry, "normalization_error"), 1e-5);
    assert_int_equal(mass_quantiles_of(result->mass, result->gallery, quantile), 0);
    for (size_t i = 0; i < MASS_QUANTILES; i++)
        expected_near("quantile", quantile[i], number_at(entry, "quantiles", i),
                      1e-4 * number_at(entry, "quantiles", i) + 1e-6);
    assert_int_equal(lorenz_of(result->mass, result->gallery, TENTHS, lorenz), 0);
    for (size_t i = 0; i <= TENTHS; i++)
        expected_near("point of the Lorenz curve", lorenz[i], number_at(entry, "lorenz", i), 1e-5);
    if (json_object_get(entry, "over")) {
        false_rates_of(task, result, &over, &under);
        check_rates(json_object_get(entry, "over"), &over);
        check_rates(json_object_get(entry, "under"), &under);
    }
}

static void check_fit(const struct analysis *result, const json_t *entry)
{
    const struct fit *fit = result->fit;

    assert_int_equal(json_object_get(entry, "bias") != NULL, fit->bias != NULL);
    for (size_t j = 0; fit->bias && j < fit->m; j++)
        expected_near("bias", fit->bias[j], number_at(entry, "bias", j), 1e-4);
    assert_int_equal(json_object_get(entry, "gate") != NULL, result->gate != NULL);
    for (size_t q = 0; result->gate && q < result->queries; q++)
        assert_int_equal(result->gate[q], truth_at(entry, "gate", q));
    for (size_t j = 0; result->gate && j < fit->m; j++)
        assert_int_equal(fit->active[j], truth_at(entry, "active", j));
    assert_int_equal(json_object_get(entry, "gate_gallery") != NULL, result->gallery_gate != NULL);
    for (size_t q = 0; result->gallery_gate && q < result->queries; q++)
        assert_int_equal(result->gallery_gate[q], truth_at(entry, "gate_gallery", q));
    for (size_t j = 0; result->gallery_gate && j < fit->m; j++)
        assert_int_equal(fit->gallery_active[j], truth_at(entry, "active_gallery", j));
    if (json_object_get(entry, "residual"))
        expected_near("residual", fit->residual, expected_number(entry, "residual"), 1e-4);
}

static void check_direction(struct golden *golden, const json_t *entries, enum direction direction)
{
    struct rule_spec specs[MOST_RULES];
    struct fit *fits[MOST_RULES];
    struct analysis results[MOST_RULES];
    struct fit_options options = {.no_cache = true};
    struct task task;
    struct error error;
    size_t count = json_array_size(entries), occurrences = 0;

    assert_in_range(count, 1, MOST_RULES);
    if (task_open(&task, &golden->collection, NULL, direction, NULL, &error))
        fail_msg("%s", error.text);
    for (size_t r = 0; r < count; r++)
        assert_true(expected_spec(json_array_get(entries, r), task.logit_scale, &specs[r]));
    if (fit_rules(&task, specs, count, &options, fits, NULL, &error) ||
        analysis_run_top(&task, fits, count, LONGEST, results, NULL, &error))
        fail_msg("%s", error.text);
    for (size_t r = 0; r < count; r++) {
        const json_t *entry = json_array_get(entries, r);
        for (size_t q = 0; direction == V2T && q < task_queries(&task); q++)
            assert_int_equal(task.query_row[q], (uint32_t)number_at(entry, "videos", q));
        check_ranks(&results[r], entry);
        check_lists(&results[r], entry);
        occurrences += check_occurrence(&results[r], entry);
        check_mass(&task, &results[r], entry);
        check_fit(&results[r], entry);
        analysis_close(&results[r]);
        fit_release(fits[r]);
    }
    assert_true(occurrences > 5 * count);
    task_close(&task);
}

static void check_case(int number)
{
    struct golden golden;
    char path[600];

    golden_open(&golden, number);
    assert_true(golden.collection.model[0]->stored || golden.collection.model[0]->video_banks == 1);
    snprintf(path, sizeof path, "%s/expected_more.json", golden.folder);
    json_t *expected = expected_read(path);
    check_direction(&golden, json_object_get(expected, "t2v"), T2V);
    if (json_object_get(expected, "v2t"))
        check_direction(&golden, json_object_get(expected, "v2t"), V2T);
    json_decref(expected);
    golden_close(&golden);
}

static void three_captions_a_video(void **state)
{
    (void)state;
    check_case(2);
}

static void unequal_captions(void **state)
{
    (void)state;
    check_case(6);
}

static void note_rules(const char *path, bool *has_values)
{
    json_t *expected = expected_read(path), *entries = json_object_get(expected, "t2v");

    for (size_t i = 0; i < json_array_size(entries); i++) {
        const char *name = json_string_value(json_object_get(json_array_get(entries, i), "rule"));
        for (size_t r = 0; r < rules_count; r++)
            has_values[r] = has_values[r] || (name && strcmp(rules[r]->name, name) == 0);
    }
    json_decref(expected);
}

/* A rule comes with values of its own from the reference. */
static void every_rule_has_expected_values(void **state)
{
    bool has_values[RULES_MAX] = {false};
    glob_t found;

    (void)state;
    assert_int_equal(glob(TESTS_DIR "/golden/*/expected*.json", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        note_rules(found.gl_pathv[i], has_values);
    globfree(&found);
    for (size_t r = 0; r < rules_count; r++)
        if (!has_values[r])
            fail_msg("no expected values of %s in tests/golden", rules[r]->name);
}

/* A thousand times as wide as cosines, with a second bank. */
static void stored_similarities(void **state)
{
    (void)state;
    check_case(7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_captions_a_video),
        cmocka_unit_test(unequal_captions),
        cmocka_unit_test(every_rule_has_expected_values),
        cmocka_unit_test(stored_similarities),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
