/* Learning in the explorer: the curves, the model that joins the collection, refusals, cancelling, leaving. */
#include "made_model.h"

#include "ui/model/learned.h"
#include "ui/model/learning.h"
#include "ui/model/selection.h"

enum { CLIPS = BANK / 2, EPOCHS = 40 };
static float clips[CLIPS * DIMENSION];
static struct bank video_bank;

/* Two captions for each clip, which a matrix could map to it: its components with others mixed in. */
static void pair_captions(float *captions)
{
    for (size_t i = 0; i < BANK; i++) {
        const float *clip = clips + i / 2 * DIMENSION;
        for (size_t d = 0; d < DIMENSION; d++)
            captions[i * DIMENSION + d] =
                0.3f * clip[d] - 0.9f * clip[(d + 5) % DIMENSION] + 0.2f * clip[(d + i % 2) % DIMENSION];
    }
}

static int open_model(void **state)
{
    static struct model model;

    make_collection(2);
    fill(clips, CLIPS, 9);
    pair_captions(banks[0]);
    video_bank = (struct bank){.name = "first", .matrix = matrix_view(clips, CLIPS, DIMENSION)};
    base_model.video_bank = &video_bank;
    base_model.video_banks = 1;
    collection.model = calloc(COLLECTION_MODELS_MOST, sizeof(struct collection_model *));
    collection.model[0] = &base_model;
    assert_int_equal(model_open(&model, &collection, NULL, NULL), 0);
    settle(&model);
    *state = &model;
    return 0;
}

static int close_model(void **state)
{
    model_close(*state);
    for (size_t m = 1; m < collection.models; m++) {
        collection_model_close(collection.model[m]);
        free(collection.model[m]);
    }
    free(collection.model);
    return 0;
}

static struct learning_choice choose(const struct model *model, enum loss_kind loss)
{
    struct learning_choice choice = learning_defaults(model);

    choice.loss = loss;
    choice.epochs = EPOCHS;
    return choice;
}

/* Trains by a loss to the end. */
static const struct learning_record *train(struct model *model, enum loss_kind loss)
{
    const struct learning_choice choice = choose(model, loss);

    model_learn(model, &choice);
    assert_true(learning_busy(model));
    settle(model);
    assert_false(learning_busy(model));
    return model_learning(model, loss);
}

static double sum(const double *bins)
{
    double all = 0;

    for (size_t i = 0; i < LEARNING_BINS; i++)
        all += bins[i];
    return all;
}

static void records_the_curves(void **state)
{
    struct model *model = *state;

    assert_null(model_learning(model, LOSS_NCL));
    assert_int_equal(choose(model, LOSS_NCL).texts, 0); /* "first" has clips */
    const struct learning_record *record = train(model, LOSS_NCL);
    assert_non_null(record);
    assert_null(model_learning(model, LOSS_INFONCE));
    assert_int_equal(record->state, LEARNING_DONE);
    assert_int_equal(record->runs, 3);
    assert_true(record->best_epoch > 0 && record->best_epoch <= EPOCHS);
    assert_int_equal(record->clips + record->held_clips, CLIPS);
    for (size_t i = 0; i < record->runs; i++) {
        const struct learning_run *run = &record->run[i];
        assert_true(run->rate == train_defaults(1).rate[i]);
        assert_true(run->epochs > 1 && run->epochs <= EPOCHS); /* it may give up */
        assert_true(run->value[LEARNING_R1][0] == record->run[0].value[LEARNING_R1][0]);
        assert_true(isnan(run->value[LEARNING_BATCH_ERROR][0]));
        for (size_t e = 1; e <= run->epochs; e++)
            for (int m = 0; m < LEARNING_MEASURES; m++)
                assert_true(isfinite(run->value[m][e]));
    }
    const struct learning_masses *masses[] = {&record->first, &record->now, &record->best};
    for (int i = 0; i < 3; i++) {
        assert_float_equal(sum(masses[i]->held), 100, 1e-6);
        assert_float_equal(sum(masses[i]->batch), 100, 1e-6);
    }
}

/* A name of its own each, the first loss's record kept, the same seed the same curves. */
static void models_join_the_collection(void **state)
{
    struct model *model = *state;
    const struct learning_record first = *train(model, LOSS_NCL);

    assert_int_equal(collection.models, 2);
    assert_int_equal(first.model, 1);
    assert_string_equal(collection.model[1]->name, "ncl-linear");
    assert_non_null(strstr(model->message, "ncl-linear: held-out R@1 "));
    assert_non_null(strstr(model->message, "evaluation queries were never looked at"));
    assert_int_equal(train(model, LOSS_INFONCE)->model, 2);
    assert_string_equal(collection.model[2]->name, "infonce-linear");
    assert_memory_equal(model_learning(model, LOSS_NCL), &first, sizeof first);

    model_choose(model, (struct pick){2, rule("ncl")});
    settle(model);
    assert_int_equal(model->current.model, 2);
    assert_non_null(model_analysis(model, model->current));
    assert_int_equal(learned_from(model, 2), 0);
    assert_int_equal(learned_from(model, 0), SIZE_MAX);
    assert_int_equal(choose(model, LOSS_NCL).from, 0); /* not over heads */
    const struct learning_record *again = train(model, LOSS_NCL);
    assert_int_equal(again->model, 3);
    assert_string_equal(collection.model[3]->name, "ncl-linear-2");
    assert_memory_equal(&again->run, &first.run, sizeof first.run);
}

static void one_rate_is_one_run(void **state)
{
    struct model *model = *state;
    struct learning_choice choice = choose(model, LOSS_INFONCE);

    choice.rate = 3e-3;
    choice.head = HEAD_MLP;
    model_learn(model, &choice);
    settle(model);
    const struct learning_record *record = model_learning(model, LOSS_INFONCE);
    assert_int_equal(record->runs, 1);
    assert_true(record->run[0].rate == 3e-3);
    assert_true(learning_same(&record->choice, &choice));
    choice.rate = 0;
    assert_false(learning_same(&record->choice, &choice));
    assert_string_equal(learning_rate(3e-3).text, "3e-3");
    assert_string_equal(learning_rate(2.5e-4).text, "2.5e-4");
}

static void expect_refused(struct model *model, const char *why)
{
    size_t before = collection.models;
    const struct learning_choice choice = choose(model, LOSS_NCL);

    model_learn(model, &choice);
    settle(model);
    assert_true(model->message_is_error);
    if (!strstr(learning_failure(model, &choice), why))
        fail_msg("\"%s\" does not say \"%s\"", learning_failure(model, &choice), why);
    assert_int_equal(collection.models, before);
}

static void refusals_keep_the_curves(void **state)
{
    struct model *model = *state;

    const struct learning_record *record = train(model, LOSS_NCL);
    banks[0][0] += 0.25f;
    memcpy(queries + 5 * DIMENSION, banks[0] + 7 * DIMENSION, DIMENSION * sizeof(float));
    expect_refused(model, "bank first: 1 of its 50 rows equal evaluation captions, the first in row 7");
    assert_int_equal(model_learning(model, LOSS_NCL)->state, LEARNING_DONE);
    assert_int_equal(record->runs, 3);
    queries[5 * DIMENSION] += 0.25f;
    base_model.video_banks = 0;
    expect_refused(model, "unknown video bank 'first': the collection has none");
    base_model.banks = 0;
    expect_refused(model, "model base has no query bank to learn from");
    base_model.banks = 2;
    base_model.video_banks = 1;
    base_model.stored = true;
    expect_refused(model, "stores similarities");
    base_model.stored = false;
    train(model, LOSS_NCL);
    assert_false(model->message_is_error);
    const struct learning_choice choice = choose(model, LOSS_NCL);
    assert_string_equal(learning_failure(model, &choice), "");
}

/* Cancelled before it begins or while it runs; changes of parameters do not stop it. */
static void cancelling_makes_no_model(void **state)
{
    struct model *model = *state;
    struct learning_choice choice = choose(model, LOSS_NCL);

    model_learn(model, &choice);
    model_cancel(model);
    settle(model);
    assert_false(learning_busy(model));
    assert_int_equal(collection.models, 1);
    model_learn(model, &choice);
    model_advance(model);
    model_set_parameter(model, of(rule("is")), 0, 33);
    model_cancel(model);
    settle(model);
    assert_false(learning_busy(model));
    if (collection.models == 1) /* it may have finished first */
        assert_true(!model_learning(model, LOSS_NCL) || model_learning(model, LOSS_NCL)->state == LEARNING_CANCELLED);
    model_learn(model, &choice);
    model_advance(model);
    model_set_parameter(model, of(rule("is")), 0, 44);
    model_set_bank(model, 1);
    settle(model);
    assert_int_equal(model_learning(model, LOSS_NCL)->state, LEARNING_DONE);
    assert_true(model_side(model, T2V, of(0))->fit[rule("is")]->spec.value[0] == 44);
}

static void unsaved_models_are_mentioned_once(void **state)
{
    struct model *model = *state;
    struct error error = {0};

    assert_true(learned_may_quit(model));
    assert_int_equal(model_save_learned(model, "", &error), -1);
    assert_non_null(strstr(error.text, "no model was learned yet"));
    train(model, LOSS_NCL);
    assert_int_equal(model_save_learned(model, "", &error), -1); /* there is no directory */
    assert_non_null(strstr(error.text, "bare matrices"));
    assert_false(learned_may_quit(model));
    assert_non_null(strstr(model->message, "ncl-linear is not saved: :save-model saves it"));
    assert_true(learned_may_quit(model));
    train(model, LOSS_INFONCE);
    assert_false(learned_may_quit(model));
    assert_true(learned_may_quit(model));
}

/* Closing does not wait for a training. */
static void closing_stops_it(void **state)
{
    struct model *model = *state;
    const struct learning_choice choice = choose(model, LOSS_NCL);

    model_learn(model, &choice);
    model_advance(model);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_model, close_model)
    const struct CMUnitTest tests[] = {
        TEST(records_the_curves),       TEST(models_join_the_collection), TEST(one_rate_is_one_run),
        TEST(refusals_keep_the_curves), TEST(cancelling_makes_no_model),  TEST(unsaved_models_are_mentioned_once),
        TEST(closing_stops_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
