/* Every export in each of its formats: written completely, or refused with nothing left behind. */
#include "made_model.h"

#include "engine/base/memory.h"
#include "engine/exports/export.h"
#include "engine/formats/file.h"
#include "tests/unit/folder.h"

static const struct export_kind *const kinds[] = {
#define EXPORT(name) &export_##name,
#include "engine/exports/exports.def"
#undef EXPORT
};
enum { KINDS = sizeof kinds / sizeof *kinds };

struct bed {
    struct task task;
    struct fit *fit[2]; /* raw and IS */
};

static void bed_open(struct bed *bed)
{
    struct rule_spec spec[2];

    make_collection(2);
    assert_int_equal(task_open(&bed->task, &collection, NULL, T2V, NULL, NULL), 0);
    spec[0] = rule_default(rule_find("raw"), bed->task.logit_scale);
    spec[1] = rule_default(rule_find("is"), bed->task.logit_scale);
    assert_int_equal(fit_rules(&bed->task, spec, 2, NULL, bed->fit, NULL, NULL), 0);
}

static void bed_close(struct bed *bed)
{
    fit_release(bed->fit[0]);
    fit_release(bed->fit[1]);
    task_close(&bed->task);
}

/* What the explorer requests, for one rule or for both. */
static struct export_request export_of(const struct bed *bed, const struct export_kind *kind, size_t rules_wanted)
{
    struct export_request export = {.kind = kind, .k = 5, .query = 7, .text = memory_text("a caption")};

    study_over(&export.study, &bed->task);
    for (size_t i = 2 - rules_wanted; i < 2 && kind->rules != EXPORT_NO_RULES; i++)
        assert_int_equal(study_add_fit(&export.study, bed->fit[i], NULL), 0);
    if (kind == &export_sweep)
        assert_int_equal(sweep_run(&bed->task, &bed->fit[1]->spec, NULL, 0, &export.sweep, NULL, NULL), 0);
    if (kind == &export_banks)
        export.bank_spec[export.bank_specs++] = bed->fit[1]->spec;
    return export;
}

/* How many rows each export has: of one rule in lists and vectors, of both in reports. */
static size_t rows_of(const struct export_kind *kind, const struct format *format)
{
    const char *name = kind->name;

    if (!format->report && strcmp(format->name, "qrels") == 0)
        return kind == &export_answers ? 1 : QUERIES - 1;
    if (!format->report && format->lists)
        return kind == &export_answers ? VIDEOS : VIDEOS * QUERIES;
    if (kind == &export_answers || kind == &export_hubs || kind == &export_marked || kind == &export_mass)
        return format->report ? 2 * VIDEOS : VIDEOS;
    if (kind == &export_shifts)
        return format->report ? QUERIES - 1 : QUERIES;
    return strcmp(name, "sweep") == 0 ? 1 : 2; /* rules or banks */
}

static void is_written_in_every_format(void **state)
{
    struct bed bed;
    size_t written = 0;

    bed_open(&bed);
    for (size_t k = 0; k < KINDS; k++) {
        const struct format *format;
        for (size_t f = 0; (format = format_at(export_contents(kinds[k]), f)); f++) {
            char name[64];
            size_t size;
            struct export_request export = export_of(&bed, kinds[k], format->report ? 2 : 1);
            struct export_outcome outcome;
            struct error error = {0};
            snprintf(name, sizeof name, "%s.%s", kinds[k]->name, format->name);
            if (export_write(&export, folder_path(*state, name), format, false, &outcome, NULL, &error))
                fail_msg("%s: %s", name, error.text);
            if (outcome.rows != rows_of(kinds[k], format))
                fail_msg("%s has %zu rows", name, outcome.rows);
            char *bytes = file_read(folder_path(*state, name), 1 << 24, &size, NULL);
            assert_non_null(bytes);
            assert_true(size > 0);
            free(bytes);
            int again = export_write(&export, folder_path(*state, name), format, false, &outcome, NULL, &error);
            assert_int_equal(again, -1);
            assert_non_null(strstr(error.text, "already exists"));
            export_close(&export);
            written++;
        }
    }
    assert_int_equal(folder_count(*state), written);
    assert_true(written > 20);
    bed_close(&bed);
}

static void fills_a_directory(void **state)
{
    struct bed bed;
    struct export_outcome outcome;
    struct error error;

    bed_open(&bed);
    struct export_request export = export_of(&bed, &export_vectors, 2);
    assert_int_equal(export_write(&export, *state, NULL, false, &outcome, NULL, &error), 0);
    assert_int_equal(outcome.files, 7); /* mass, n10 and rank of both, bias of one */
    assert_int_equal(folder_count(*state), 7);
    assert_int_equal(export_write(&export, *state, NULL, false, &outcome, NULL, &error), -1);
    assert_non_null(strstr(error.text, "already exists"));
    assert_int_equal(export_write(&export, *state, NULL, true, &outcome, NULL, &error), 0);
    export_close(&export);
    bed_close(&bed);
}

static void expect_refusal(struct export_request *export, const char *format, const char *dir, const char *reason)
{
    struct export_outcome outcome;
    struct error error = {0};
    const struct format *found = format_named(export_contents(export->kind), format);

    assert_int_equal(export_write(export, folder_path(dir, "x"), found, false, &outcome, NULL, &error), -1);
    if (!strstr(error.text, reason))
        fail_msg("\"%s\" does not say \"%s\"", error.text, reason);
    export_close(export);
}

static void reports_what_it_lacks(void **state)
{
    struct bed bed;
    struct fit *order;
    struct rule_spec spec;

    bed_open(&bed);
    struct export_request typed = export_of(&bed, &export_answers, 1);
    typed.vector[0] = memory_floats(DIMENSION);
    memcpy(typed.vector[0], queries, DIMENSION * sizeof *queries);
    expect_refusal(&typed, "qrels", *state, "typed text has no judgements");

    spec = rule_default(rule_find("gc"), 20);
    assert_int_equal(fit_rules(&bed.task, &spec, 1, NULL, &order, NULL, NULL), 0);
    struct export_request mass = {.kind = &export_mass};
    study_over(&mass.study, &bed.task);
    assert_int_equal(study_add_fit(&mass.study, order, NULL), 0);
    expect_refusal(&mass, "npy", *state, "orders without probabilities");
    fit_release(order);
    assert_int_equal(folder_count(*state), 0);
    bed_close(&bed);
}

/* Each export in its first format. */
static void stops_when_cancelled(void **state)
{
    struct bed bed;
    struct job job = {0};

    bed_open(&bed);
    atomic_store(&job.cancel, true);
    for (size_t k = 0; k < KINDS; k++) {
        struct export_request export = export_of(&bed, kinds[k], 2);
        struct export_outcome outcome;
        struct error error = {0};
        if (kinds[k] == &export_answers || kinds[k] == &export_sweep) { /* these finish at once */
            export_close(&export);
            continue;
        }
        assert_int_equal(export_write(&export, kinds[k]->directory ? *state : folder_path(*state, "x"),
                                      format_at(export_contents(kinds[k]), 0), false, &outcome, &job, &error),
                         -1);
        assert_int_equal(error.kind, ERROR_CANCELLED);
        export_close(&export);
    }
    assert_int_equal(folder_count(*state), 0);
    bed_close(&bed);
}

/* A directory may be left with some of its files; a file is complete or does not exist. */
static void survives_out_of_memory(void **state)
{
    struct bed bed;

    bed_open(&bed);
    for (size_t k = 0; k < KINDS; k++) {
        const struct format *format = format_at(export_contents(kinds[k]), 0);
        const char *path = kinds[k]->directory ? *state : folder_path(*state, "x");
        int status = -1;
        for (long n = 0; status; n += n < 100 ? 1 : 1 + n / 40) {
            struct export_request export = export_of(&bed, kinds[k], 2);
            struct export_outcome outcome;
            struct error error = {0};
            memory_fail_after(n);
            status = export_write(&export, path, format, kinds[k]->directory, &outcome, NULL, &error);
            memory_fail_after(-1);
            if (status && error.kind != ERROR_MEMORY)
                fail_msg("%s: \"%s\" instead of a lack of memory", kinds[k]->name, error.text);
            if (!kinds[k]->directory)
                assert_int_equal(folder_count(*state), !status);
            export_close(&export);
        }
        if (!kinds[k]->directory)
            assert_int_equal(unlink(path), 0);
    }
    bed_close(&bed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(is_written_in_every_format, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(fills_a_directory, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(reports_what_it_lacks, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(stops_when_cancelled, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(survives_out_of_memory, folder_make, folder_remove),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
