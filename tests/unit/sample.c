/* The sample collection, every bank and both directions, against expected values in double precision. */
#include "engine/collection/collection.h"
#include "engine/evaluation/analysis.h"
#include "engine/formats/npy.h"
#include "engine/matrices/unit_rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "expected.h"

#define SAMPLE TESTS_DIR "/../sample_data/"

enum { MOST_RULES = 2 * RULES_MAX, BANKS = 3, CAPTIONS = 2 };
static const char *const bank_names[BANKS] = {"train", "stills", "keywords"};

struct sample {
    struct collection collection;
    struct collection_model model, *models[1];
    struct bank bank[BANKS], video_bank;
    json_t *expected;
};

static void read_matrix(const char *name, struct matrix *matrix)
{
    char path[600];
    struct error error;

    snprintf(path, sizeof path, SAMPLE "%s.npy", name);
    if (npy_open(path, matrix, &error))
        fail_msg("%s", error.text);
}

static int sample_open(void **state)
{
    struct sample *sample = calloc(1, sizeof *sample);
    struct collection *collection = &sample->collection;
    struct collection_model *model = &sample->model;
    char name[64];

    sample->models[0] = model;
    collection->model = sample->models;
    collection->models = 1;
    strcpy(model->name, "motion");
    read_matrix("videos", &model->video);
    read_matrix("queries", &model->query);
    read_matrix("video_bank_train", &sample->video_bank.matrix);
    strcpy(sample->video_bank.name, "train");
    for (size_t i = 0; i < BANKS; i++) {
        strcpy(sample->bank[i].name, bank_names[i]);
        snprintf(name, sizeof name, "bank_%s", bank_names[i]);
        read_matrix(name, &sample->bank[i].matrix);
    }
    model->logit_scale = 22.712;
    collection->videos = model->video.rows;
    collection->queries = model->query.rows;
    model->dimension = model->video.cols;
    model->bank = sample->bank;
    model->banks = BANKS;
    model->video_bank = &sample->video_bank;
    model->video_banks = 1;
    collection->target = calloc(collection->queries, sizeof *collection->target);
    for (size_t q = 0; q < collection->queries; q++)
        collection->target[q] = (uint32_t)(q / CAPTIONS);
    sample->expected = expected_read(SAMPLE "expected.json");
    *state = sample;
    return 0;
}

static int sample_close(void **state)
{
    struct sample *sample = *state;

    matrix_close(&sample->model.video);
    matrix_close(&sample->model.query);
    matrix_close(&sample->video_bank.matrix);
    for (size_t i = 0; i < BANKS; i++)
        matrix_close(&sample->bank[i].matrix);
    free(sample->collection.target);
    json_decref(sample->expected);
    free(sample);
    return 0;
}

/* What the entry says about the mass: v2t entries have less. */
static void check_mass(const json_t *mass, const struct mass_summary *summary)
{
    if (json_is_null(mass)) { /* an order without probabilities */
        assert_true(isnan(summary->normalization_error));
        return;
    }
    double error = expected_number(mass, "normalization_error");

    expected_near("expected", summary->expected, expected_number(mass, "expected"), 1e-12);
    expected_near("normalization_error", summary->normalization_error, error, 1e-4 * error);
    if (json_object_get(mass, "min")) {
        double least = expected_number(mass, "min"), most = expected_number(mass, "max");
        expected_near("min", summary->least, least, 1e-4 * least);
        expected_near("max", summary->most, most, 1e-4 * most);
    }
}

static void check_bank(struct sample *sample, enum direction direction, const char *bank, const json_t *entries)
{
    struct rule_spec specs[MOST_RULES];
    const json_t *entry_of[MOST_RULES], *entry;
    struct fit *fits[MOST_RULES];
    struct analysis results[MOST_RULES];
    struct fit_options options = {.no_cache = true};
    struct task task;
    struct error error;
    size_t count = 0, i;

    assert_true(json_array_size(entries) > 0);
    if (task_open(&task, &sample->collection, NULL, direction, bank, &error))
        fail_msg("%s", error.text);
    json_array_foreach (entries, i, entry) {
        assert_true(count < MOST_RULES);
        entry_of[count] = entry;
        assert_true(expected_spec(entry, task.logit_scale, &specs[count]));
        count++;
    }
    print_message("  bank %s\n", bank);
    if (fit_rules(&task, specs, count, &options, fits, NULL, &error) ||
        analysis_run(&task, fits, count, results, NULL, &error))
        fail_msg("%s", error.text);
    for (size_t r = 0; r < count; r++) {
        char name[128];
        json_t *hubness = json_object_get(entry_of[r], "hubness");
        rule_print(&specs[r], name, sizeof name);
        print_message("  %s\n", name);
        expected_metrics(json_object_get(entry_of[r], "metrics"), &results[r].metrics);
        assert_true(expected_number(hubness, "k") == 10);
        expected_hubness(hubness, &results[r].hubness[ANALYSIS_KS - 1], 1e-6);
        check_mass(json_object_get(entry_of[r], "mass"), &results[r].mass_summary);
        analysis_close(&results[r]);
        fit_release(fits[r]);
    }
    task_close(&task);
}

static void captions_to_videos(void **state)
{
    struct sample *sample = *state;
    json_t *expected = json_object_get(sample->expected, "expected");

    for (size_t i = 0; i < BANKS; i++)
        check_bank(sample, T2V, bank_names[i], json_object_get(expected, bank_names[i]));
}

static void videos_to_captions(void **state)
{
    struct sample *sample = *state;
    json_t *expected = json_object_get(sample->expected, "expected_v2t");

    check_bank(sample, V2T, "train", json_object_get(expected, "train"));
}

/* The second model's files, as an import reads them. */
static void ridge_open(struct sample *ridge)
{
    struct matrix *const matrices[] = {&ridge->model.query, &ridge->bank[0].matrix, &ridge->bank[1].matrix,
                                       &ridge->bank[2].matrix};
    static const char *const files[] = {"ridge/queries", "ridge/bank_train", "ridge/bank_stills",
                                        "ridge/bank_keywords"};
    struct error error;

    memset(ridge, 0, sizeof *ridge);
    read_matrix("videos", &ridge->model.video);
    for (size_t i = 0; i < 4; i++) {
        read_matrix(files[i], matrices[i]);
        if (unit_rows_scale(matrices[i], 1e-6, &error))
            fail_msg("%s", error.text);
    }
    for (size_t i = 0; i < BANKS; i++)
        strcpy(ridge->bank[i].name, bank_names[i]);
    strcpy(ridge->model.name, "ridge");
    ridge->model.logit_scale = 20;
    ridge->model.dimension = ridge->model.video.cols;
    ridge->model.bank = ridge->bank;
    ridge->model.banks = BANKS;
    ridge->models[0] = &ridge->model;
    ridge->collection = (struct collection){
        .videos = ridge->model.video.rows, .queries = ridge->model.query.rows, .model = ridge->models, .models = 1};
    ridge->collection.target = calloc(ridge->collection.queries, sizeof *ridge->collection.target);
    for (size_t q = 0; q < ridge->collection.queries; q++)
        ridge->collection.target[q] = (uint32_t)(q / CAPTIONS);
    ridge->expected = expected_read(SAMPLE "ridge/expected.json");
}

static void second_model(void **state)
{
    struct sample *ridge = calloc(1, sizeof *ridge);
    const json_t *entry;
    size_t i;

    (void)state;
    ridge_open(ridge);
    json_array_foreach (ridge->expected, i, entry) {
        struct task task;
        struct rule_spec spec;
        struct fit *fit = NULL;
        struct analysis analysis;
        struct error error;
        const json_t *hubness = json_object_get(entry, "hubness");
        print_message("  %s@%s\n", json_string_value(json_object_get(entry, "rule")),
                      json_string_value(json_object_get(entry, "bank")));
        if (task_open(&task, &ridge->collection, NULL, T2V, json_string_value(json_object_get(entry, "bank")),
                      &error) ||
            rule_parse(json_string_value(json_object_get(entry, "rule")), task.logit_scale, &spec, &error) ||
            fit_rules(&task, &spec, 1, NULL, &fit, NULL, &error) ||
            analysis_run(&task, &fit, 1, &analysis, NULL, &error))
            fail_msg("%s", error.text);
        expected_metrics(json_object_get(entry, "metrics"), &analysis.metrics);
        expected_hubness(hubness, &analysis.hubness[ANALYSIS_KS - 1], 1e-6);
        analysis_close(&analysis);
        fit_release(fit);
        task_close(&task);
    }
    assert_int_equal(i, 24);
    void *opened = ridge;
    sample_close(&opened);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(captions_to_videos),
        cmocka_unit_test(videos_to_captions),
        cmocka_unit_test(second_model),
    };
    return cmocka_run_group_tests(tests, sample_open, sample_close);
}
