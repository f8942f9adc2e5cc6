/* Typed text under two models, each with an encoder of its own or none.  Not for ThreadSanitizer, which does not know
 * how an encoder's program is waited for. */
#include "made_model.h"
#include "ui/model/query.h"

/* An encoder that answers every text with the same vector. */
static struct encoder *encoder(void)
{
    const struct encoder_command options = {"while read -r line; do echo 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0; done",
                                            ENCODER_TEXT, 30, 30};
    struct error error = {0};
    struct encoder *opened = encoder_open_command(&options, DIMENSION, &error);

    assert_string_equal(error.text, "");
    return opened;
}

static void typed_text_goes_through_each_encoder(void **state)
{
    struct model model;

    (void)state;
    compare_models(&model);
    model_set_text(&model, "a cat");
    settle(&model);
    assert_false(model_answered(&model));
    assert_non_null(strstr(model.search_note, "no text encoder"));
    other_model.encoder = encoder();
    model_set_text(&model, "a dog");
    settle(&model);
    assert_non_null(model_list(&model, model.current));
    assert_null(model_list(&model, model.versus));
    assert_int_equal(model.video, model_list(&model, model.current)->item[0]);
    assert_non_null(strstr(model.message, "model base has no text encoder"));
    assert_non_null(strstr(model_source(&model, model.versus)->search_note, "model base has no text encoder"));
    assert_string_equal(model.search_note, "");
    model_swap(&model); /* its list alone, in whichever column */
    settle(&model);
    assert_true(model_can_type(&model));
    assert_null(model_list(&model, model.current));
    assert_non_null(model_list(&model, model.versus));
    model_set_text(&model, "a cow");
    settle(&model);
    assert_int_equal(model.video, model_list(&model, model.versus)->item[0]);
    model_set_query(&model, 5); /* stored captions need no encoder */
    settle(&model);
    assert_non_null(model_list(&model, model.current));
    assert_non_null(model_list(&model, model.versus));
    base_model.encoder = encoder();
    model_set_text(&model, "a bird");
    settle(&model);
    assert_non_null(model_list(&model, model.current));
    assert_non_null(model_list(&model, model.versus));
    model_close(&model);
    encoder_close(base_model.encoder);
    encoder_close(other_model.encoder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(typed_text_goes_through_each_encoder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
