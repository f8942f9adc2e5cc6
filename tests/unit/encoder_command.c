/* An external program as the encoder: what it is sent, what counts as a vector, and every way it can fail. */
#include "engine/encoders/encoder.h"

#include "engine/base/child.h"
#include "engine/base/clock.h"
#include "engine/base/memory.h"
#include "engine/heads/head_file.h"
#include "tests/unit/folder.h"
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { D = 4 };

static struct encoder *open_with(const char *command, enum encoder_output output, double seconds)
{
    struct error error = {0};
    const struct encoder_command options = {command, output, seconds, seconds};
    struct encoder *encoder = encoder_open_command(&options, D, &error);

    assert_string_equal(error.text, "");
    assert_non_null(encoder);
    assert_int_equal(encoder_dimension(encoder), D);
    assert_string_equal(encoder_type(encoder), "command");
    assert_true(encoder_waits(encoder));
    return encoder;
}

static struct encoder *open_text(const char *command)
{
    return open_with(command, ENCODER_TEXT, 30);
}

static void expect_vector(struct encoder *encoder, const char *text, float a, float b, float c, float d)
{
    const float expected[D] = {a, b, c, d};
    float vector[D];
    struct encoding encoding;
    struct error error = {0};
    double length = sqrt((double)(a * a + b * b + c * c + d * d));

    int status = encoder_encode(encoder, text, vector, &encoding, &error);
    assert_string_equal(error.text, "");
    assert_int_equal(status, 0);
    assert_int_equal(encoding.words, 0);
    for (size_t i = 0; i < D; i++)
        if (!(fabs((double)vector[i] - (double)expected[i] / length) < 1e-6))
            fail_msg("%s: number %zu is %g", text, i, (double)vector[i]);
}

static void expect_failure(struct encoder *encoder, const char *text, const char *part)
{
    float vector[D];
    struct encoding encoding;
    struct error error = {0};

    assert_int_equal(encoder_encode(encoder, text, vector, &encoding, &error), -1);
    if (!strstr(error.text, part))
        fail_msg("'%s' is not in '%s'", part, error.text);
}

static void test_forms_of_a_vector(void **state)
{
    (void)state;
    static const char *const forms[] = {
        "1 2 3 4",
        "1,2,3,4",
        "[1.0, 2.0, 3.0, 4.0]",
        "[[1e0 2e+0\n   3 .4e1]]",
        "\t1;  2;\t3; 4.000000000000000000000 \r",
        "[0.5, 1, 1.5, 2]",
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        char command[128];
        snprintf(command, sizeof command, "while read -r line; do printf '%%s\\n' '%s'; done", forms[i]);
        struct encoder *encoder = open_text(command);
        expect_vector(encoder, "one", 1, 2, 3, 4);
        expect_vector(encoder, "two", 1, 2, 3, 4);
        encoder_close(encoder);
    }
}

/* A head is applied to what the program answers. */
static void test_head(void **state)
{
    const char *dir = *state;
    struct error error = {0};
    struct head head;
    struct encoder *encoder = open_text("while read -r line; do echo 1 2 3 4; done");

    assert_int_equal(head_open(&head, HEAD_LINEAR, D, &error), 0);
    head.weight[3] = 1; /* adds the last number to the first */
    assert_int_equal(head_write(&head, folder_path(dir, ENCODER_HEAD), &error), 0);
    head_close(&head);
    expect_vector(encoder, "one", 1, 2, 3, 4);
    assert_int_equal(encoder_add_head(encoder, dir, &error), 0);
    expect_vector(encoder, "one", 5, 2, 3, 4);
    encoder_close(encoder);
}

static void test_float32(void **state)
{
    (void)state;
    struct encoder *encoder = open_with("while read -r line; do printf "
                                        "'\\0\\0\\200\\077\\0\\0\\0\\300\\0\\0\\0\\0\\0\\0\\200\\077'; done",
                                        ENCODER_FLOAT32, 30);
    expect_vector(encoder, "one", 1, -2, 0, 1);
    expect_vector(encoder, "two", 1, -2, 0, 1);
    encoder_close(encoder);

    encoder = open_with("read -r line; printf '\\0\\0\\200\\077'; sleep 1000", ENCODER_FLOAT32, 0.2);
    expect_failure(encoder, "one", "4 of 16 bytes came");
    encoder_close(encoder);

    encoder = open_with("read -r line; printf "
                        "'\\0\\0\\200\\077\\0\\0\\0\\300\\0\\0\\0\\0\\0\\0\\200\\077\\n'; sleep 1000",
                        ENCODER_FLOAT32, 30);
    expect_failure(encoder, "one", "more than one answer");
    encoder_close(encoder);
}

/* The program answers with the text's length and first byte. */
#define ECHO "while read -r line; do echo \"${#line} $(printf %.1s \"$line\" | od -An -tu1) 1 0\"; done"

static void test_what_it_is_sent(void **state)
{
    (void)state;
    struct encoder *encoder = open_text(ECHO);

    expect_vector(encoder, "abc", 3, 'a', 1, 0);
    expect_vector(encoder, "a\nb\033c", 5, 'a', 1, 0);
    expect_vector(encoder, "b\\n", 3, 'b', 1, 0);
    expect_vector(encoder, "-n", 2, '-', 1, 0);
    char *large = memory_array(200001, 1);
    memset(large, 'x', 200000);
    expect_vector(encoder, large, 200000, 'x', 1, 0);
    memset(large, 0xff, 1000); /* each becomes U+FFFD */
    large[1000] = 0;
    expect_vector(encoder, large, 3000, 0xef, 1, 0);
    free(large);
    encoder_close(encoder);
}

static void test_invalid_vectors(void **state)
{
    (void)state;
    struct encoder *encoder = open_text("while read -r line; do printf '%s\\n' \"$line\"; done");

    expect_failure(encoder, "0 0 0 0", "is zero");
    expect_failure(encoder, "1 nan 0 0", "not finite");
    expect_failure(encoder, "1 1 1 1e99", "not finite");
    expect_failure(encoder, "1 2 3", "answers with 3 numbers, the collection has 4 dimensions");
    expect_failure(encoder, "1 2 3 4 5", "answers with 5 numbers");
    expect_failure(encoder, "1", "answers with 1 number,");
    expect_failure(encoder, "[]", "answers with 0 numbers");
    expect_vector(encoder, "1 0 0 0", 1, 0, 0, 0); /* the program still answers */
    expect_failure(encoder, "1 2 three 4", "printed 'three 4' where a line of 4 numbers is expected");
    encoder_close(encoder);
}

static void test_programs_that_fail(void **state)
{
    (void)state;
    static const struct {
        const char *command, *part;
        double seconds;
    } cases[] = {
        {"no-such-program", "no-such-program: not found (it ended with exit status 127)", 30},
        {"exit 3", "exit 3: it ended with exit status 3 and said nothing", 30},
        {"echo 'ImportError: no torch' >&2; exit 1", ": ImportError: no torch (it ended with exit status 1)", 30},
        {"read -r line; kill -SEGV $$", "was killed by signal 11", 30},
        {"read -r line; exec >&-; sleep 1000", "closed its standard output", 30},
        {"echo Loading model; cat", "printed 'Loading model' where", 30},
        {"sleep 1000", "sleep 1000: no answer within 0.2 s; it must answer", 0.2},
        {"echo hm >&2; sleep 1000", "no answer within 0.2 s; it said: hm;", 0.2},
        {"read -r line; printf '1 2 3 4'; sleep 1000", "(7 bytes came, and no end of the line)", 0.2},
        {"trap '' TERM; while :; do sleep 1000; done", "no answer within 0.2 s", 0.2},
        {"yes >&2", "no answer within 0.2 s; it said: y;", 0.2},
        {"yes 1 | tr '\\n' ' '", "its answer does not end", 30},
        {"yes '['", "its answer does not end", 30},
        {"while read -r line; do printf '1 2 3 4\\n1 2 3 4\\n'; done", "more than one answer", 30},
        {"printf '\\033[31mred'; echo; cat", "printed ' [31mred'", 30},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct encoder *encoder = open_with(cases[i].command, ENCODER_TEXT, cases[i].seconds);
        expect_failure(encoder, "text", cases[i].part);
        expect_failure(encoder, "another", cases[i].part); /* not restarted at once */
        encoder_close(encoder);
    }
}

/* The error quotes output that came before the first answer, even if it came before the text was sent. */
static void test_greetings_are_quoted(void **state)
{
    char command[512], path[256];

    snprintf(path, sizeof path, "%s/greeted", (char *)*state);
    snprintf(command, sizeof command, "echo Loading model; echo >'%s'; cat", path);
    struct encoder *encoder = open_text(command);
    for (double from = clock_seconds(); access(path, F_OK) != 0; usleep(1000))
        assert_true(clock_seconds() - from < 30);
    expect_failure(encoder, "text", "printed 'Loading model' where");
    encoder_close(encoder);
}

static void test_programs_that_cannot_start(void **state)
{
    (void)state;
    struct error error;
    struct encoder_command command = {.command = " \t"};

    assert_null(encoder_open_command(&command, D, &error));
    assert_string_equal(error.text, "the encoder command is empty");
    command.command = "cat";
    assert_null(encoder_open_command(&command, 0, &error));
    assert_non_null(strstr(error.text, "needs a collection of embeddings"));
    assert_null(encoder_open_command(&command, SIZE_MAX / 8, &error));
}

/* A program that exits after one answer is restarted if the next text comes late enough. */
static void test_it_is_restarted(void **state)
{
    char command[512];

    snprintf(command, sizeof command,
             "cd '%s'; echo x >>starts; read -r line; echo \"$(wc -l <starts) 1 0 0\"; test $(wc "
             "-l <starts) != 1 && cat",
             (char *)*state);
    struct encoder *encoder = open_text(command);
    expect_vector(encoder, "one", 1, 1, 0, 0);
    for (double from = clock_seconds();; usleep(1000)) {
        float vector[D];
        struct encoding encoding;
        struct error error = {0};
        if (!encoder_encode(encoder, "two", vector, &encoding, &error))
            break;
        assert_non_null(strstr(error.text, "it ended with exit status 1"));
        assert_true(clock_seconds() - from < 30);
    }
    expect_vector(encoder, "two", 2, 1, 0, 0);
    encoder_close(encoder);
}

/* Cancelling does not withdraw the text already sent: answers still match their texts. */
static void test_cancelled_texts(void **state)
{
    char command[512], path[256];
    float vector[D];
    struct encoding encoding;
    struct error error = {0};
    struct job job = {0};

    snprintf(path, sizeof path, "%s/gate", (char *)*state);
    snprintf(command, sizeof command,
             "while read -r line; do until test -e '%s'; do sleep 0.01; done; echo \"${#line} 1 0 "
             "0\"; done",
             path);
    struct encoder *encoder = open_text(command);
    atomic_store(&job.cancel, true);
    assert_int_equal(encoder_encode_job(encoder, "1", vector, &encoding, &job, &error), -1);
    assert_int_equal(error.kind, ERROR_CANCELLED);
    assert_int_equal(encoder_encode_job(encoder, "22", vector, &encoding, &job, &error), -1);
    assert_int_equal(error.kind, ERROR_CANCELLED);
    fclose(fopen(path, "w"));
    expect_vector(encoder, "333", 3, 1, 0, 0);
    expect_vector(encoder, "1", 1, 1, 0, 0);
    encoder_close(encoder);
}

static void *encode_many(void *context)
{
    char text[32];

    for (int i = 0; i < 50; i++) {
        int length = (i * 7) % 20 + 1;
        memset(text, 'a', sizeof text);
        text[length] = 0;
        expect_vector(context, text, (float)length, 'a', 1, 0);
    }
    return NULL;
}

static void test_several_threads(void **state)
{
    (void)state;
    struct encoder *encoder = open_text("while read -r line; do echo ${#line} 97 1 0; done");
    pthread_t thread[4];

    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, encode_many, encoder), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(thread[i], NULL);
    encoder_close(encoder);
}

static void test_out_of_memory(void **state)
{
    (void)state;
    const struct encoder_command command = {.command = ECHO};
    struct encoder *encoder = NULL;
    float vector[D];
    struct encoding encoding;
    struct error error;
    int status = -1;

    for (long n = 0; !encoder; n++) {
        error = (struct error){0};
        memory_fail_after(n);
        encoder = encoder_open_command(&command, D, &error);
        memory_fail_after(-1);
        assert_true(encoder || error.text[0]);
    }
    for (long n = 0; status; n++) {
        error = (struct error){0};
        memory_fail_after(n);
        status = encoder_encode(encoder, "abc", vector, &encoding, &error);
        memory_fail_after(-1);
        assert_true(!status || strstr(error.text, "memory"));
    }
    expect_vector(encoder, "abc", 3, 'a', 1, 0);
    encoder_close(encoder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms_of_a_vector),
        cmocka_unit_test(test_float32),
        cmocka_unit_test_setup_teardown(test_head, folder_make, folder_remove),
        cmocka_unit_test(test_what_it_is_sent),
        cmocka_unit_test(test_invalid_vectors),
        cmocka_unit_test(test_programs_that_fail),
        cmocka_unit_test_setup_teardown(test_greetings_are_quoted, folder_make, folder_remove),
        cmocka_unit_test(test_programs_that_cannot_start),
        cmocka_unit_test_setup_teardown(test_it_is_restarted, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_cancelled_texts, folder_make, folder_remove),
        cmocka_unit_test(test_several_threads),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
