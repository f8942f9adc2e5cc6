/* The reader of pickled arrays: what numpy pickles in every protocol, and nothing else. */
#include "tests/unit/matrices.h"

static void test_types_orders_protocols(void **state)
{
    char name[64];

    (void)state;
    for (int protocol = 2; protocol <= 5; protocol++)
        for (int end = 0; end < 2; end++)
            for (int width = 2; width <= 8; width *= 2)
                for (int fortran = 0; fortran < 2; fortran++) {
                    snprintf(name, sizeof name, "p%d_%s%d_%c.pkl", protocol, end ? "be" : "le", width,
                             fortran ? 'F' : 'C');
                    expect_matrix(fixture(name));
                }
    expect_matrix(fixture("p5_readonly.pkl"));
    expect_matrix(fixture("p3_numpy2.pkl"));
    expect_matrix(fixture("p2_python2.pkl"));
    expect_matrix(fixture("p2_dict.pkl"));
    expect_matrix(fixture("p4_dict.pkl:text"));
    expect_matrix(fixture("p2_list.pkl"));
    expect_matrix(fixture("p4_list.pkl:0"));
}

static void test_integers(void **state)
{
    static const char *const types[] = {"i1", "i4", "be_i8", "u2", "be_u8"};
    char name[64];

    (void)state;
    for (int protocol = 2; protocol <= 5; protocol++)
        for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
            snprintf(name, sizeof name, "p%d_rows_%s.pkl", protocol, types[i]);
            expect_rows(fixture(name));
        }
}

static void test_masks(void **state)
{
    static const char *const types[] = {"bool", "i8", "f8"};
    static const bool expected[6] = {true, false, true, true, true, false};
    char name[64];

    (void)state;
    for (int protocol = 2; protocol <= 5; protocol++)
        for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
            struct error error = {0};
            size_t count;
            bool *values;
            snprintf(name, sizeof name, "p%d_mask_%s.pkl", protocol, types[i]);
            if (matrix_file_mask(fixture(name), &values, &count, &error))
                fail_msg("%s", error.text);
            assert_int_equal(count, 6);
            assert_memory_equal(values, expected, sizeof expected);
            free(values);
        }
}

static void test_what_python_pickles_is_refused(void **state)
{
    static const struct {
        const char *name, *part;
    } cases[] = {
        {"p2_system", "holds code: posix.system; none of it was run"},
        {"p4_system", "holds code: posix.system; none of it was run"},
        {"p2_eval", "holds code: __builtin__.eval"},
        {"p4_eval", "holds code: builtins.eval"},
        {"p2_hidden", "is an array of Python objects; only arrays, and dicts and lists of them"},
        {"p4_hidden", "is an array of Python objects; only arrays, and dicts and lists of them"},
        {"p2_tuple", "holds 2 2-D arrays of floats; say which as FILE:NAME: 0 (2, 3), 1 (2, 3)"},
        {"p4_tuple", "holds 2 2-D arrays of floats; say which"},
        {"p2_number", "holds numbers outside an array"},
        {"p4_number", "holds numbers outside an array"},
        {"p2_scalar", "holds code: numpy.core.multiarray.scalar"},
        {"p4_scalar", "holds code: numpy.core.multiarray.scalar"},
        {"p2_strings", "element type 'U1' is not supported"},
        {"p4_strings", "element type 'U1' is not supported"},
        {"p2_structured", "element type 'V8' is not supported"},
        {"p4_structured", "element type 'V8' is not supported"},
        {"p2_complex", "element type 'c8' is not supported"},
        {"p4_complex", "element type 'c8' is not supported"},
        {"p2_empty", "is empty, of shape (0, 3)"},
        {"p4_empty", "is empty, of shape (0, 3)"},
        {"p2_class", "holds code: __builtin__.tuple"},
        {"p4_class", "holds code: builtins.tuple"},
        {"p0", "is pickled with protocol 0 or 1"},
        {"two", "holds more after its first object"},
        {"out_of_band", "has its data in another file"},
    };
    char name[64];

    (void)state;
    unlink("/tmp/hubscope-was-here");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(name, sizeof name, "bad_%s.pkl", cases[i].name);
        expect_no_matrix(fixture(name), cases[i].part);
    }
    assert_int_not_equal(access("/tmp/hubscope-was-here", F_OK), 0);
}

/* Programs that come only from malice or damage. */
static void test_programs(void **state)
{
#define CASE(program, part)                                                                                            \
    {                                                                                                                  \
        program, sizeof program - 1, part                                                                              \
    }
#define DTYPE "cnumpy\ndtype\n(U\2f4t"
#define OPEN "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n)tR"
#define STATE "(K\1K\1K\1\x86" DTYPE "R\x89"
#define SHOUT "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    static const struct {
        const char *program;
        size_t size;
        const char *part;
    } cases[] = {
        CASE("N", "is damaged or cut short"),
        CASE(".", "holds no array"),
        CASE("N.", "holds no array"),
        CASE("K\1.", "holds numbers outside an array"),
        CASE("(.", "holds no array"),
        CASE("K", "is damaged"),
        CASE("J\1\2\3", "is damaged"),
        CASE("\x8a\x09\1\1\1\1\1\1\1\1\1.", "number that is too large"),
        CASE("\x8a\4\1", "is damaged"),
        CASE("X\xff\xff\xff\xff", "is damaged"),
        CASE("\x8e\xff\xff\xff\xff\xff\xff\xff\xff", "is damaged"),
        CASE("\x95\xff\xff\xff\xff\xff\xff\xff\xff", "is damaged"),
        CASE("t.", "is damaged"),
        CASE("NNt.", "is damaged"),
        CASE("\x85.", "is damaged"),
        CASE("(\x85.", "is damaged"),
        CASE("N(\x86.", "is damaged"),
        CASE("R.", "is damaged"),
        CASE("NNR.", "is damaged"),
        CASE("N)R.", "is damaged"),
        CASE("((R.", "is damaged"),
        CASE("b.", "is damaged"),
        CASE("N)b.", "is damaged"),
        CASE(")b.", "is damaged"),
        CASE("h\0.", "is damaged"),
        CASE("j\xff\xff\xff\xff.", "is damaged"),
        CASE("q\0.", "is damaged"),
        CASE("Nr\xff\xff\xff\x7f.", "is damaged"),
        CASE("\x94.", "is damaged"),
        CASE("\x93.", "is damaged"),
        CASE("NN\x93.", "is damaged"),
        CASE("cos", "is damaged"),
        CASE("cos\nsystem", "is damaged"),
        CASE("cos\nsystem\n(U\4true"
             "tR.",
             "holds code: os.system"),
        CASE("cnumpy\nload\n.", "holds code: numpy.load"),
        CASE("cnumpy.core.multiarray\nndarray\n.", "holds code: numpy.core.multiarray.ndarray"),
        CASE("c\x1b[31mos\nsystem\n.", "holds code:  [31mos.system"),
        CASE("c" SHOUT SHOUT "\n" SHOUT SHOUT "\n.", "holds code: AAAA"),
        CASE("\x8c\2os\x8c\6system\x93.", "holds code: os.system"),
        CASE("ios\nsystem\n.", "holds code: an object of a class"),
        CASE("(cos\nsystem\no.", "holds code: os.system"),
        CASE(")\x81.", "holds code: an object of a class"),
        CASE("\x82\1.", "holds code: a registered extension"),
        CASE("P1\n.", "refers to objects outside of the file"),
        CASE("\x8f.", "holds a set"),
        CASE("\xee.", "has an unexpected opcode 0xee"),
        CASE("cnumpy\nndarray\n)R.", "is damaged"),
        CASE("cnumpy\ndtype\n)R.", "is damaged"),
        CASE("cnumpy\ndtype\n(U\3f16tR.", "element type 'f16' is not supported"),
        CASE("cnumpy\ndtype\n(U\1OtR.", "is an array of Python objects"),
        CASE(DTYPE "R(K\3U\1?NNNtb.", "is damaged"),
        CASE(DTYPE "R(K\3U\1<K\1NNtb.", "is a structured array"),
        CASE(DTYPE "R(K\3U\1<ttb.", "is damaged"),
        CASE("c_codecs\nencode\n(U\1xU\4utf8tR.", "is damaged"),
        CASE("cnumpy.core.multiarray\n_reconstruct\n(cnumpy\ndtype\ntR.", "is damaged"),
        CASE("c__builtin__\nbytes\n(K\1tR.", "is damaged"),
        CASE(OPEN ".", "is damaged"),
        CASE(OPEN OPEN ".", "holds no array"),
        CASE(OPEN "N.", "holds no array"),
        CASE(OPEN ")b.", "is damaged"),
        CASE(OPEN STATE "U\3abctb.", "shape (1, 1) needs 4 bytes of data, the file has 3"),
        CASE(OPEN STATE "U\5abcdetb.", "shape (1, 1) needs 4 bytes of data, the file has 5"),
        CASE(OPEN STATE "Ntb.", "is damaged"),
        CASE(OPEN STATE "U\4abcdtb" STATE "U\4abcdtb.", "is damaged"),
        CASE(OPEN STATE "c_codecs\nencode\n(U\3abcU\6latin1tRtb.", "is damaged"),
        CASE(OPEN STATE "c_codecs\nencode\n(U\5abcdeU\6latin1tRtb.", "is damaged"),
        CASE(OPEN STATE "c_codecs\nencode\n(U\5abc\xc4\x80U\6latin1tRtb.", "is damaged"),
        CASE(OPEN STATE "c_codecs\nencode\n(U\4abc\xc3U\6latin1tRtb.", "is damaged"),
        CASE(OPEN "(K\1J\xff\xff\xff\xffK\1\x86" DTYPE "R\x89U\4abcdtb.", "is damaged"),
        CASE(OPEN "(K\1J\xff\xff\xff\x7fJ\xff\xff\xff\x0f\x86" DTYPE "R\x89U\4abcdtb.", "the file has 4"),
        CASE(OPEN "(K\1\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7fK\4\x86" DTYPE "R\x89U\4abcdtb.",
             "is larger than any file"),
        CASE("cnumpy.core.numeric\n_frombuffer\n(U\4abcd" DTYPE "RK\1K\1\x86U\1KtR.", "is damaged"),
        CASE("cnumpy.core.numeric\n_frombuffer\n(U\4abcd" DTYPE "RK\1K\2\x86U\1CtR.",
             "shape (1, 2) needs 8 bytes of data, the file has 4"),
    };
    const char *dir = *state;
    unsigned char bytes[1024] = {0x80, 2};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        memcpy(bytes + 2, cases[i].program, cases[i].size);
        folder_write(dir, "x.pkl", bytes, 2 + cases[i].size);
        expect_no_matrix(folder_path(dir, "x.pkl"), cases[i].part);
    }
    static const char fine[] = OPEN STATE "c_codecs\nencode\n(U\5ab\xc2\x80?U\6latin1tRtb.";
    memcpy(bytes + 2, fine, sizeof fine - 1); /* the undamaged program is valid */
    folder_write(dir, "x.pkl", bytes, 2 + sizeof fine - 1);
    assert_int_equal(read_anyhow(folder_path(dir, "x.pkl")), 1);
}

/* Programs that pile up data without end. */
static void test_bounds(void **state)
{
    static const char *const parts[] = {"N", "(", ")", "N\x94", "K\1\x85", "Nq\1", "Nh\0"};
    const char *dir = *state;
    static char bytes[1 << 16];

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t size = 2, length = parts[i][1] == 'h' ? 3 : strlen(parts[i]);
        memcpy(bytes, "\x80\2Nq\0", 5);
        for (size += 3; size + length < sizeof bytes; size += length)
            memcpy(bytes + size, parts[i], length);
        folder_write(dir, "x.pkl", bytes, size);
        expect_no_matrix(folder_path(dir, "x.pkl"), "is damaged or cut short");
    }
}

static size_t repeat(char *bytes, const char *part, size_t count)
{
    for (size_t i = 0; i < count; i++)
        memcpy(bytes + i * strlen(part), part, strlen(part));
    return count * strlen(part);
}

/* A list that holds the same list of numbers over and over. */
static void test_shared(void **state)
{
    static char bytes[1 << 16];
    size_t size = 8;

    memcpy(bytes, "\x80\2](]q\1(", size);
    size += repeat(bytes + size, "K\1", 10000);
    bytes[size++] = 'e';
    size += repeat(bytes + size, "h\1", 20000);
    memcpy(bytes + size, "e.", 2);
    folder_write(*state, "x.pkl", bytes, size + 2);
    expect_no_matrix(folder_path(*state, "x.pkl"), "hold themselves or others too often");
}

static void test_damage(void **state)
{
    expect_survival(*state, "p2_le4_C.pkl", 3000);
    expect_survival(*state, "p4_be8_F.pkl", 3000);
    expect_survival(*state, "p5_le4_F.pkl", 3000);
}

static void test_out_of_memory(void **state)
{
    (void)state;
    expect_memory_errors(fixture("p2_le4_C.pkl"));
    expect_memory_errors(fixture("p5_be8_F.pkl"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(test_types_orders_protocols),
        TEST(test_integers),
        TEST(test_masks),
        TEST(test_what_python_pickles_is_refused),
        TEST(test_programs),
        TEST(test_bounds),
        TEST(test_shared),
        TEST(test_damage),
        TEST(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
