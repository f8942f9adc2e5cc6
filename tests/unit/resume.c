/* A collection is opened where it was left, with every rule's parameters. */
#include "ui/explorer/resume.h"
#include "made_model.h"
#include "ui/model/marks.h"
#include "ui/model/query.h"
#include "ui/views/view.h"

#include <ftw.h>
#include <stdio.h>
#include <unistd.h>

static char folder[] = "/tmp/resume-XXXXXX";

static int make(void **state)
{
    (void)state;
    return mkdtemp(folder) ? setenv("XDG_STATE_HOME", folder, 1) : -1;
}

static int drop_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status, (void)kind, (void)place;
    return remove(path);
}

static void *states[VIEWS];

static void close_states(void)
{
    for (size_t i = 0; i < VIEWS; i++) {
        if (states[i] && views[i]->close)
            views[i]->close(states[i]);
        free(states[i]);
        states[i] = NULL;
    }
}

static int drop(void **state)
{
    (void)state;
    close_states();
    return nftw(folder, drop_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* What a view would write down. */
static const char *kept(size_t view, char text[512])
{
    FILE *out = fmemopen(text, 512, "w");

    assert_non_null(out);
    views[view]->keep(states[view], &(struct keeper){.view = views[view]->name, .out = out});
    fclose(out);
    return text;
}

static void open_model(struct model *model)
{
    close_states();
    for (size_t i = 0; i < VIEWS; i++)
        assert_non_null(states[i] = calloc(1, views[i]->state_size));
    make_collection(2);
    make_other_models();
    collection.path = folder;
    assert_int_equal(model_open(model, &collection, NULL, NULL), 0);
    settle(model);
}

static double scale_of(const struct model *model, size_t m, const char *name)
{
    return rule_value(&model->source[m]->spec[rule(name)], "scale");
}

static void everything_is_as_it_was_left(void **state)
{
    const struct pick picks[] = {{1, rule("ncl")}, {0, rule("is")}, {1, rule("csls")}};
    static const enum action acts[] = {ACTION_HUB_K,   ACTION_GRID,      ACTION_RATIO, ACTION_ORDER,
                                       ACTION_REVERSE, ACTION_NEXT_PANE, ACTION_ORDER, ACTION_REVERSE};
    char was[VIEWS][512] = {""}, fresh[512], now[512];
    size_t keeping = 0;
    struct model model;
    struct error error;

    (void)state;
    open_model(&model);
    assert_null(resume_begin(&model, states));
    model_choose(&model, picks[0]);
    model_compare(&model, picks[1]);
    model_choose_all(&model, picks, 3);
    model_set_parameter(&model, picks[0], 0, 31.25);
    model_set_parameter(&model, (struct pick){0, rule("ncl")}, 0, 1 / 3.0); /* neither current, compared nor third */
    model_set_parameter(&model, picks[2], 0, 7);
    model_mark(&model, 4, true);
    model_mark(&model, 9, true);
    model_set_marked_rows(&model, MARKED_HIDDEN);
    for (size_t i = 0; i < VIEWS;
         i++) { /* whatever each view can be told by keys: sorted otherwise, another k, a grid */
        if (views[i]->enter)
            views[i]->enter(states[i], &model);
        for (size_t a = 0; views[i]->keep && a < sizeof acts / sizeof *acts; a++)
            views[i]->act(states[i], &model, acts[a]);
    }
    model_set_video(&model, 9);
    settle(&model);
    const double other = model_spec(&model, picks[2])->value[0];
    const struct rule_spec is = *model_spec(&model, picks[1]);
    for (size_t i = 0; i < VIEWS; i++)
        if (views[i]->keep)
            kept(i, was[i]);
    if (resume_end(&model, states, "hubs", &error))
        fail_msg("%s", error.text);
    model_close(&model);

    open_model(&model);
    for (size_t i = 0; i < VIEWS; i++) {
        keeping += views[i]->keep != NULL;
        if (views[i]->keep)
            assert_string_not_equal(kept(i, fresh), was[i]);
    }
    assert_int_equal(keeping, 5); /* all with lists that can be sorted */
    assert_string_equal(resume_begin(&model, states), "hubs");
    for (size_t i = 0; i < VIEWS; i++)
        if (views[i]->keep)
            assert_string_equal(kept(i, now), was[i]);
    settle(&model);
    assert_true(pick_same(model.current, picks[0]) && pick_same(model.versus, picks[1]));
    assert_true(model.columns == 3 && pick_same(model.third, picks[2]));
    assert_true(scale_of(&model, 1, "ncl") == 31.25);
    assert_true(fabs(scale_of(&model, 0, "ncl") - 1 / 3.0) < 1e-6);
    assert_true(model_spec(&model, picks[2])->value[0] == other);
    assert_true(rule_same(model_spec(&model, picks[1]), &is));
    assert_true(model_is_marked(&model, 4) && model_is_marked(&model, 9) && model_marks(&model) == 2);
    assert_int_equal(model_marked_rows(&model), MARKED_HIDDEN);
    assert_int_equal(model.video, 9);
    model_close(&model);
}

static void what_no_longer_applies_is_passed_over(void **state)
{
    char command[512];
    struct model model;

    (void)state;
    snprintf(command, sizeof command, "for f in %s/hubscope/left/*; do printf '%s' >> $f; done", folder,
             "parameters gone/ncl:scale=3\\nparameters base/gone\\nthird\\nthird gone/raw\\nmarked 3 of 7\\n"
             "parameters base/csls:k=-1\\nlist none\\nhubs: k 99\\nhubs: colour 1\\nmoon: grid 1\\n");
    assert_int_equal(system(command), 0);
    open_model(&model);
    assert_string_equal(resume_begin(&model, states), "hubs");
    settle(&model);
    assert_int_equal(model_marks(&model), 2);
    assert_true(scale_of(&model, 1, "ncl") == 31.25);
    model_close(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_as_it_was_left),
        cmocka_unit_test(what_no_longer_applies_is_passed_over),
    };

    return cmocka_run_group_tests(tests, make, drop);
}
