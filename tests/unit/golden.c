/* The six golden cases from end to end, against values in double precision. */
#include "engine/evaluation/analysis.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "expected.h"
#include "golden_case.h"

enum { MOST_RULES = 2 * RULES_MAX };
#define CLOSE 1e-4 /* logits that are nearer than this may change places */

/* S[q][j] of t2v in double precision; all golden matrices are float32. */
static double similarity(const struct collection *collection, size_t q, size_t j)
{
    const float *left = collection->model[0]->query.data, *right = collection->model[0]->video.data;
    size_t width = collection->model[0]->query.cols;
    double sum = 0;

    if (collection->model[0]->stored)
        return left[q * width + j];
    for (size_t i = 0; i < width; i++)
        sum += (double)left[q * width + i] * (double)right[j * width + i];
    return sum;
}

static double number_at(const json_t *entry, const char *name, size_t index)
{
    return json_number_value(json_array_get(json_object_get(entry, name), index));
}

/* The logit from the expected bias and gate. */
static double logit(const struct golden *golden, const json_t *entry, double scale, size_t q, size_t j)
{
    json_t *gate = json_object_get(entry, "gate");
    bool open = !gate || json_is_true(json_array_get(gate, q));

    return scale * similarity(&golden->collection, q, j) + (open ? number_at(entry, "bias", j) : 0);
}

static void check_ranks(const struct analysis *result, const json_t *entry, size_t *moved)
{
    json_t *close = json_object_get(entry, "close");
    char key[24];

    assert_int_equal(json_array_size(json_object_get(entry, "rank")), result->queries);
    for (size_t q = 0; q < result->queries; q++) {
        double right = number_at(entry, "rank", q);
        snprintf(key, sizeof key, "%zu", q);
        double allowed = json_number_value(json_object_get(close, key)); /* 0 where there is none */
        if (!(fabs(result->rank[q] - right) <= allowed))
            fail_msg("query %zu has rank %g, should be %g", q, result->rank[q], right);
        *moved += result->rank[q] != right;
    }
    if (*moved == 0)
        expected_metrics(json_object_get(entry, "metrics"), &result->metrics);
}

static void check_lists(const struct golden *golden, const struct analysis *result, const json_t *entry,
                        size_t *swapped)
{
    for (size_t q = 0; q < result->queries; q++) {
        json_t *right = json_array_get(json_object_get(entry, "top10"), q);
        assert_int_equal(json_array_size(right), result->top_k);
        for (size_t place = 0; place < result->top_k; place++) {
            size_t item = result->top[q * result->top_k + place];
            size_t wanted = (size_t)json_integer_value(json_array_get(right, place));
            if (item == wanted)
                continue;
            if (result->fit->spec.rule->score)
                fail_msg("query %zu, place %zu: item %zu, should be %zu", q, place + 1, item, wanted);
            double apart =
                logit(golden, entry, result->fit->scale, q, item) - logit(golden, entry, result->fit->scale, q, wanted);
            if (!(fabs(apart) < CLOSE))
                fail_msg("query %zu, place %zu: item %zu, should be %zu (logits %g apart)", q, place + 1, item, wanted,
                         apart);
            ++*swapped;
        }
    }
    if (*swapped)
        return;
    for (size_t i = 0; i < ANALYSIS_KS; i++) {
        char k[8];
        snprintf(k, sizeof k, "%zu", analysis_k[i]);
        json_t *right = json_object_get(json_object_get(entry, "n"), k);
        assert_int_equal(json_array_size(right), result->gallery);
        for (size_t j = 0; j < result->gallery; j++)
            assert_int_equal(result->occurrence[i][j], json_integer_value(json_array_get(right, j)));
        expected_hubness(json_object_get(json_object_get(entry, "hubness"), k), &result->hubness[i], 1e-9);
    }
}

/* Largest relative difference of masses, those below a millionth left aside. */
static double check_mass(const struct analysis *result, const json_t *entry)
{
    double worst = 0;

    if (json_is_null(json_object_get(entry, "mass"))) { /* an order without probabilities */
        assert_null(result->mass);
        assert_true(isnan(result->mass_summary.normalization_error));
        return 0;
    }
    assert_int_equal(json_array_size(json_object_get(entry, "mass")), result->gallery);
    for (size_t j = 0; j < result->gallery; j++) {
        double right = number_at(entry, "mass", j), apart = fabs(result->mass[j] - right);
        if (!(apart <= fmax(1e-4 * right, 1e-6)))
            fail_msg("item %zu has mass %.9g, should be %.9g", j, result->mass[j], right);
        if (apart > 1e-6)
            worst = fmax(worst, apart / right);
    }
    double right = expected_number(entry, "normalization_error");
    expected_near("normalization_error", result->mass_summary.normalization_error, right, 1e-4 * right);
    return worst;
}

static double check_fit(const struct analysis *result, const json_t *entry)
{
    const struct fit *fit = result->fit;
    bool split_gates = json_object_get(entry, "gate_query");
    json_t *gate = json_object_get(entry, split_gates ? "gate_query" : "gate");
    json_t *active = json_object_get(entry, "active"), *gallery_gate = json_object_get(entry, "gate_gallery");
    double worst = 0;

    bool split = json_object_get(entry, "bias_gallery");
    assert_int_equal(split || json_object_get(entry, "bias"), fit->bias != NULL);
    assert_int_equal(split, fit->gallery_bias != NULL);
    for (size_t j = 0; fit->bias && j < result->gallery; j++) {
        double gallery = split ? number_at(entry, "bias_gallery", j) : 0;
        double right = split ? number_at(entry, "bias_query", j) + gallery : number_at(entry, "bias", j);
        worst = fmax(worst, fabs(fit->bias[j] - right));
        worst = fmax(worst, split ? fabs(fit->gallery_bias[j] - gallery) : 0);
    }
    expected_near("largest difference of a bias", worst, 0, 1e-4);

    assert_int_equal(gate != NULL, result->gate != NULL);
    assert_int_equal(gallery_gate != NULL, result->gallery_gate != NULL);
    for (size_t q = 0; gallery_gate && q < result->queries; q++)
        assert_int_equal(result->gallery_gate[q], json_is_true(json_array_get(gallery_gate, q)));
    assert_int_equal(active || split_gates, fit->active != NULL);
    if (gate) {
        size_t open = 0;
        for (size_t q = 0; q < result->queries; q++) {
            assert_int_equal(result->gate[q], json_is_true(json_array_get(gate, q)));
            open += result->gate[q];
        }
        expected_near("gate_rate", result->gate_rate, (double)open / (double)result->queries, 1e-12);
        for (size_t j = 0; active && j < result->gallery; j++)
            assert_int_equal(fit->active[j], json_is_true(json_array_get(active, j)));
    } else {
        assert_true(isnan(result->gate_rate));
    }
    if (json_object_get(entry, "residual")) {
        double right = expected_number(entry, "residual");
        expected_near("residual", fit->residual, right, fmax(1e-4 * right, 1e-5));
    } else {
        assert_true(isnan(fit->residual));
    }
    return worst;
}

static const char *const name_of[] = {[T2V] = "t2v", [V2T] = "v2t"};

static void check_direction(struct golden *golden, const json_t *entries, enum direction direction)
{
    struct rule_spec specs[MOST_RULES];
    const json_t *entry_of[MOST_RULES], *entry;
    struct fit *fits[MOST_RULES];
    struct analysis results[MOST_RULES];
    struct fit_options options = {.no_cache = true};
    struct task task;
    struct error error;
    size_t count = 0, i;

    if (task_open(&task, &golden->collection, NULL, direction, NULL, &error))
        fail_msg("%s", error.text);
    json_array_foreach (entries, i, entry) {
        assert_true(count < MOST_RULES);
        entry_of[count] = entry;
        if (!expected_spec(entry, task.logit_scale, &specs[count]))
            fail_msg("rule %s is not in the table", json_string_value(json_object_get(entry, "rule")));
        count++;
    }
    assert_true(count > 0);
    if (fit_rules(&task, specs, count, &options, fits, NULL, &error) ||
        analysis_run(&task, fits, count, results, NULL, &error))
        fail_msg("%s", error.text);
    for (size_t r = 0; r < count; r++) {
        char name[128];
        size_t moved = 0, swapped = 0;
        double mass = 0, bias = 0;
        rule_print(&specs[r], name, sizeof name);
        entry = entry_of[r];
        print_message("  %s %-26s", name_of[direction], name);
        check_ranks(&results[r], entry, &moved);
        if (direction == T2V) {
            check_lists(golden, &results[r], entry, &swapped);
            mass = check_mass(&results[r], entry);
            bias = check_fit(&results[r], entry);
        } else {
            for (size_t q = 0; q < task_queries(&task); q++)
                assert_int_equal(task.query_row[q], (uint32_t)number_at(entry, "videos", q));
            if (moved == 0 && swapped == 0) {
                expected_near("nDCG@10", results[r].metrics.ndcg, expected_number(entry, "ndcg10"), 1e-9);
                expected_near("MAP", results[r].metrics.map, expected_number(entry, "map"), 1e-9);
            }
        }
        print_message(" close ranks moved %zu, places swapped %zu; apart: mass %.1e, bias %.1e\n", moved, swapped, mass,
                      bias);
        analysis_close(&results[r]);
        fit_release(fits[r]);
    }
    task_close(&task);
}

static void check_case(int number)
{
    struct golden golden;
    char path[600];

    golden_open(&golden, number);
    snprintf(path, sizeof path, "%s/expected.json", golden.folder);
    json_t *expected = expected_read(path), *v2t = json_object_get(expected, "v2t");
    check_direction(&golden, json_object_get(expected, "t2v"), T2V);
    if (v2t)
        check_direction(&golden, v2t, V2T);
    json_decref(expected);
    golden_close(&golden);
}

static void square(void **state)
{
    (void)state;
    check_case(1);
}

static void three_captions_a_video(void **state)
{
    (void)state;
    check_case(2);
}

static void exact_ties(void **state)
{
    (void)state;
    check_case(3);
}

static void large_logits(void **state)
{
    (void)state;
    check_case(4);
}

static void tiny_bank(void **state)
{
    (void)state;
    check_case(5);
}

static void unequal_captions(void **state)
{
    (void)state;
    check_case(6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(square),     cmocka_unit_test(three_captions_a_video),
        cmocka_unit_test(exact_ties), cmocka_unit_test(large_logits),
        cmocka_unit_test(tiny_bank),  cmocka_unit_test(unequal_captions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
