/* Captions of the sample typed letter by letter: half a word counts by the words that begin so, and what was found
 * stays until something else is.  Esc and the history of queries lose nothing either. */
#include "engine/encoders/encoder.h"
#include "engine/formats/npy.h"
#include "made_model.h"
#include "sanitized.h"
#include "ui/line/query_line.h"
#include "ui/line/query_note.h"
#include "ui/model/query.h"
#include "ui/terminal/event.h"

#include <stdio.h>

#define SAMPLE TESTS_DIR "/../sample_data/"

enum { CAPTIONS = SANITIZED ? 30 : 100, CAPTION = 256 };

static struct collection_model typed_model = {.name = "motion", .logit_scale = 22.712};
static struct collection_model *typed_models[] = {&typed_model};
static struct bank typed_bank = {.name = "train"};
static struct collection typed = {.name = "typed", .model = typed_models, .models = 1};

static int open_model(void **state)
{
    static const char *const offered[] = {"raw", "ncl"};
    struct model *model = calloc(1, sizeof *model);
    struct error error;

    typed_model.bank = &typed_bank;
    typed_model.banks = 1;
    if (npy_open(SAMPLE "videos.npy", &typed_model.video, &error) ||
        npy_open(SAMPLE "bank_train.npy", &typed_bank.matrix, &error) ||
        !(typed_model.encoder = encoder_open(SAMPLE "encoder", &error)))
        fail_msg("%s", error.text);
    typed_model.dimension = typed_model.video.cols;
    typed.videos = typed_model.video.rows;
    assert_int_equal(model_open(model, &typed, &(struct model_options){.rule = offered, .rules = 2}, &error), 0);
    settle(model);
    *state = model;
    return 0;
}

static int close_model(void **state)
{
    model_close(*state);
    free(*state);
    encoder_close(typed_model.encoder);
    matrix_close(&typed_model.video);
    matrix_close(&typed_bank.matrix);
    return 0;
}

static void type(struct model *model, const char *text)
{
    model_set_text(model, text);
    settle(model);
}

static void half_words_count(void **state)
{
    struct model *model = *state;
    char note[QUERY_NOTE];
    uint32_t whole;

    type(model, "yellow face");
    assert_int_equal(model_reader(model)->typed.encoding.known, 2);
    assert_int_equal(model_reader(model)->typed.encoding.completions, 0);
    type(model, "yellowstone");
    whole = model->video;
    type(model, "yellowsto");
    assert_false(model_list_lags(model, model->current));
    assert_int_equal(model->video, whole); /* nothing else begins so */
    assert_true(model_reader(model)->typed.encoding.word[0].begun);
    query_note(model, 60, note);
    assert_non_null(strstr(note, "yellowsto..."));
    type(model, "yellowsto "); /* is finished, and no word */
    assert_int_equal(model_reader(model)->typed.encoding.completions, 0);
    assert_non_null(strstr(model->search_note, "no word"));
    assert_true(model_list_lags(model, model->current));
    assert_int_equal(model->video, whole);
    type(model, "YellowSto");
    assert_int_equal(model->video, whole);
}

static void misspelt_words_are_suggested(void **state)
{
    struct model *model = *state;

    type(model, "a yelow Face cryinng");
    assert_string_equal(model_suggestion(model), "a yellow Face crying");
    assert_false(model_list_lags(model, model->current)); /* "face" is known */
    type(model, "yelow ");
    assert_string_equal(model_suggestion(model), "yellow ");
    assert_true(model_list_lags(model, model->current));
    type(model, "qqqq zzxzz ");
    assert_string_equal(model_suggestion(model), "");
    type(model, "yellow");
    assert_string_equal(model_suggestion(model), "");
}

static void press(struct query_line *line, struct model *model, const char *key)
{
    struct event event = event_of_key(key);

    query_line_event(line, &event);
    settle(model);
}

static void press_all(struct query_line *line, struct model *model, const char *keys)
{
    for (; *keys; keys++)
        press(line, model, (char[]){*keys, 0});
}

static void esc_never_loses_a_query(void **state)
{
    struct model *model = *state;
    struct query_line *line = query_line_new(model, NULL);

    type(model, "red car");
    query_line_begin(line, QUERY_TYPING);
    press_all(line, model, "frog");
    press(line, model, "Esc"); /* keeps what was found */
    assert_int_equal(query_line_mode(line), QUERY_REST);
    assert_string_equal(model->text, "frog");
    query_line_begin(line, QUERY_TYPING);
    press_all(line, model, "qqzzxx ");
    press(line, model, "Esc"); /* it found nothing */
    assert_string_equal(model->text, "frog");
    assert_false(model_list_lags(model, model->current));
    query_line_begin(line, QUERY_TYPING);
    press(line, model, "Ctrl-U");
    press(line, model, "Esc");
    assert_string_equal(model->text, "frog");
    query_line_free(line);
}

static void the_history_is_searched(void **state)
{
    static const char *const earlier[] = {"red car", "yellow face", "red face"};
    struct model *model = *state;
    struct query_line *line = query_line_new(model, NULL);

    query_line_begin(line, QUERY_HISTORY);
    assert_int_equal(query_line_mode(line), QUERY_REST);
    assert_non_null(strstr(model->message, "no query"));
    for (size_t i = 0; i < sizeof earlier / sizeof *earlier; i++) {
        query_line_begin(line, QUERY_TYPING);
        press_all(line, model, earlier[i]);
        press(line, model, "Enter");
    }
    query_line_begin(line, QUERY_TYPING);
    press_all(line, model, "blue");
    press(line, model, "Ctrl-R");
    press_all(line, model, "face");
    assert_string_equal(model->text, "blue"); /* nothing jumps while one searches */
    press(line, model, "Esc");
    assert_int_equal(query_line_mode(line), QUERY_TYPING);
    assert_string_equal(model->text, "blue");
    press(line, model, "Ctrl-R");
    press_all(line, model, "face");
    press(line, model, "Ctrl-R"); /* the one before */
    press(line, model, "Enter");
    assert_int_equal(query_line_mode(line), QUERY_REST);
    assert_string_equal(model->text, "yellow face");
    query_line_begin(line, QUERY_HISTORY);
    press_all(line, model, "car");
    press(line, model, "Tab"); /* to be edited */
    press_all(line, model, "t");
    assert_string_equal(model->text, "red cart");
    press(line, model, "Ctrl-R");
    press_all(line, model, "zz");
    press(line, model, "Enter");
    assert_non_null(strstr(model->message, "no query has"));
    query_line_free(line);
}

static void nothing_goes_blank(void **state)
{
    struct model *model = *state;
    FILE *file = fopen(SAMPLE "texts.csv", "r");
    char line[CAPTION], text[CAPTION];
    size_t captions = 0, stale = 0, letters = 0;

    assert_non_null(file);
    while (captions < CAPTIONS && fgets(line, sizeof line, file)) {
        const char *caption = strrchr(line, ',');
        if (strncmp(line, "query,", 6) != 0 || strchr(line, '"'))
            continue;
        captions++;
        type(model, "");
        for (size_t length = 1; caption[length] != '\n'; length++) {
            snprintf(text, sizeof text, "%.*s", (int)length, caption + 1);
            type(model, text);
            letters++;
            stale += model_list_lags(model, model->current);
            if (!model_list(model, model->current) || !model_list(model, model->versus))
                fail_msg("'%s' shows nothing", text);
        }
        assert_false(model_list_lags(model, model->current));
    }
    fclose(file);
    print_message("%zu letters of %zu captions, %zu without an answer of their own\n", letters, captions, stale);
    assert_int_equal(captions, CAPTIONS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(half_words_count),        cmocka_unit_test(misspelt_words_are_suggested),
        cmocka_unit_test(esc_never_loses_a_query), cmocka_unit_test(the_history_is_searched),
        cmocka_unit_test(nothing_goes_blank),
    };

    return cmocka_run_group_tests(tests, open_model, close_model);
}
