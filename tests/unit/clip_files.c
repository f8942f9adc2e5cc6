/* The weights of CLIP's text transformer in every layout of files and names that its models come in: all give the same
 * vectors. */
#include "engine/base/memory.h"
#include "engine/encoders/encoder.h"
#include "engine/formats/file.h"
#include "engine/formats/npy.h"
#include "engine/formats/safetensors.h"
#include "engine/formats/safetensors_write.h"
#include "tests/unit/folder.h"
#include <jansson.h>
#include <math.h>

#define CLIP TESTS_DIR "/golden/clip"

enum { WIDTH = 24, DIMENSION = 16, PARTS_MOST = 64 };

struct parts { /* tensors about to be written */
    struct safetensors *file;
    struct safetensors_part part[PARTS_MOST];
    float *owned[PARTS_MOST];
    size_t count;
};

static struct parts *parts_open(const char *variant)
{
    struct error error = {0};
    char path[512];
    struct parts *parts = calloc(1, sizeof *parts);

    snprintf(path, sizeof path, CLIP "/%s/model.safetensors", variant);
    parts->file = safetensors_load(path, &error);
    assert_non_null(parts->file);
    return parts;
}

static void parts_close(struct parts *parts)
{
    for (size_t i = 0; i < parts->count; i++) {
        matrix_close(&parts->part[i].matrix);
        free((char *)parts->part[i].name);
        free(parts->owned[i]);
    }
    safetensors_close(parts->file);
    free(parts);
}

static void add(struct parts *parts, const char *name, const char *new_name)
{
    struct error error = {0};
    struct safetensors_part *part = &parts->part[parts->count++];

    part->name = strdup(new_name);
    assert_int_equal(safetensors_tensor(parts->file, name, &part->matrix, &error), 0);
}

/* Adds a float32 matrix that the parts own. */
static float *add_values(struct parts *parts, const char *name, size_t rows, size_t cols)
{
    float *values = calloc(rows * cols, sizeof *values);

    parts->owned[parts->count] = values;
    parts->part[parts->count++] =
        (struct safetensors_part){.name = strdup(name), .matrix = matrix_view(values, rows, cols)};
    return values;
}

static void write_parts(struct parts *parts, const char *dir, const char *name, size_t first, size_t count)
{
    struct error error = {0};

    safetensors_write(folder_path(dir, name), parts->part + first, count, &error);
    assert_string_equal(error.text, "");
}

static void copy(const char *variant, const char *dir, const char *file)
{
    struct error error = {0};
    char path[512];
    size_t size;

    snprintf(path, sizeof path, CLIP "/%s/%s", variant, file);
    char *bytes = file_read(path, 1 << 24, &size, &error);
    assert_non_null(bytes);
    folder_write(dir, file, bytes, size);
    free(bytes);
}

static void write_text(const char *dir, const char *name, const char *text)
{
    folder_write(dir, name, text, strlen(text));
}

/* Encodes the reference's texts and compares their vectors; the folder's files are those named in order. */
static void expect_vectors(const char *dir, const char *variant, const char *files)
{
    char path[512], listed[512] = "";
    struct error error = {0};
    struct matrix vectors;
    json_t *texts = json_load_file(CLIP "/texts.json", 0, NULL), *entry;
    struct encoder *encoder = encoder_open(dir, &error);
    size_t index;

    assert_string_equal(error.text, "");
    for (const char *const *file = encoder_files(encoder); *file; file++)
        snprintf(listed + strlen(listed), sizeof listed - strlen(listed), "%s ", *file);
    assert_string_equal(listed, files);
    snprintf(path, sizeof path, CLIP "/%s/vectors.npy", variant);
    assert_int_equal(npy_open(path, &vectors, &error), 0);
    json_array_foreach (texts, index, entry) {
        struct encoding encoding;
        float vector[DIMENSION];
        const char *text = json_string_value(json_object_get(entry, "text"));
        assert_int_equal(encoder_encode(encoder, text, vector, &encoding, &error), 0);
        const float *expected = matrix_rows(&vectors, index, 1, NULL);
        for (size_t i = 0; i < DIMENSION; i++)
            assert_true(fabsf(vector[i] - expected[i]) < 2e-6f);
    }
    matrix_close(&vectors);
    encoder_close(encoder);
    json_decref(texts);
}

static void expect_refusal(const char *dir, const char *says)
{
    struct error error = {0};
    struct encoder *encoder = encoder_open(dir, &error);

    if (encoder || !strstr(error.text, says) || !strstr(error.text, dir))
        fail_msg("\"%s\" does not say \"%s\"", error.text, says);
}

static void copy_tokenizer(const char *dir)
{
    copy("f32_quick", dir, "vocab.json");
    copy("f32_quick", dir, "merges.txt");
}

static void test_pytorch(void **state)
{
    const char *dir = *state;

    expect_vectors(CLIP "/f16_torch", "f16_quick", "config.json vocab.json merges.txt pytorch_model.bin ");
    copy_tokenizer(dir);
    copy("f16_torch", dir, "config.json");
    expect_refusal(dir, "/model.safetensors: does not exist, nor does pytorch_model.bin");
    write_text(dir, "pytorch_model.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 605247071\n");
    expect_refusal(dir, "pytorch_model.bin: is a Git LFS pointer");
    copy("f16_torch", dir, "pytorch_model.bin");
    assert_int_equal(truncate(folder_path(dir, "pytorch_model.bin"), 60000), 0);
    expect_refusal(dir, "pytorch_model.bin: ");
}

static void test_shards(void **state)
{
    const char *dir = *state;
    char index[8192] = "{\"metadata\": {\"total_size\": 1}, \"weight_map\": {";

    for (int torch = 0; torch < 2; torch++) { /* the shards' own format does not matter */
        const char *name = torch ? "pytorch_model.bin.index.json" : "model.safetensors.index.json";
        struct parts *parts = parts_open("f32_quick");
        char map[8192], files[256];
        for (size_t i = 0; i < safetensors_count(parts->file); i++)
            if (strncmp(safetensors_name(parts->file, i), "vision", 6) != 0)
                add(parts, safetensors_name(parts->file, i), safetensors_name(parts->file, i));
        size_t half = parts->count / 2, used = (size_t)snprintf(map, sizeof map, "%s", index);
        for (size_t i = 0; i < parts->count; i++)
            used += (size_t)snprintf(map + used, sizeof map - used, "\"%s\": \"part-%d.safetensors\", ",
                                     parts->part[i].name, i < half ? 1 : 2);
        snprintf(map + used, sizeof map - used, "\"vision_model.x\": \"part-3.safetensors\"}}");
        copy_tokenizer(dir);
        copy("f32_quick", dir, "config.json");
        write_text(dir, name, map);
        write_parts(parts, dir, "part-1.safetensors", 0, half);
        expect_refusal(dir, "part-2.safetensors"); /* missing */
        write_parts(parts, dir, "part-2.safetensors", half, parts->count - half);
        bool first = strstr(map, "text_model.embeddings.token_embedding.weight\": \"part-1");
        snprintf(files, sizeof files, "config.json vocab.json merges.txt %s part-%d.safetensors part-%d.safetensors ",
                 name, first ? 1 : 2, first ? 2 : 1);
        expect_vectors(dir, "f32_quick", files); /* without the third, which has no text */
        write_parts(parts, dir, "part-2.safetensors", half + 1, parts->count - half - 1);
        expect_refusal(dir, "is not in the file");
        parts_close(parts);
        static const struct {
            const char *map, *says;
        } cases[] = {
            {"{", "index.json:1: "},
            {"[]", "has no \"weight_map\""},
            {"{\"weight_map\": {}}", "has no \"weight_map\""},
            {"{\"weight_map\": {\"a\": \"../x\"}}", "\"a\" is not in a file of the same folder"},
            {"{\"weight_map\": {\"a\": 1}}", "\"a\" is not in a file of the same folder"},
            {"{\"weight_map\": {\"a\": \"b\"}}", "is not a CLIP text model"},
            {"{\"weight_map\": {\"token_embedding.weight\": \"part-9\"}}", "part-9"},
        };
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            write_text(dir, name, cases[i].map);
            expect_refusal(dir, cases[i].says);
        }
        unlink(folder_path(dir, name));
    }
}

/* open_clip's name of a tensor; false if it becomes part of another. */
static bool rename_tensor(const char *name, const char *prefix, char out[128])
{
    static const struct {
        const char *from, *to;
    } names[] = {
        {"text_model.embeddings.token_embedding.weight", "token_embedding.weight"},
        {"text_model.embeddings.position_embedding.weight", "positional_embedding"},
        {"text_model.final_layer_norm", "ln_final"},
    };
    static const struct {
        const char *from, *to;
    } parts[] = {{"layer_norm1", "ln_1"},
                 {"layer_norm2", "ln_2"},
                 {"self_attn.out_proj", "attn.out_proj"},
                 {"mlp.fc1", "mlp.c_fc"},
                 {"mlp.fc2", "mlp.c_proj"}};
    size_t layer;
    int used;

    for (size_t i = 0; i < 3; i++)
        if (strncmp(name, names[i].from, strlen(names[i].from)) == 0)
            return snprintf(out, 128, "%s%s%s", prefix, names[i].to, name + strlen(names[i].from));
    if (sscanf(name, "text_model.encoder.layers.%zu.%n", &layer, &used) == 1)
        for (size_t i = 0; i < 5; i++)
            if (strncmp(name + used, parts[i].from, strlen(parts[i].from)) == 0)
                return snprintf(out, 128, "%stransformer.resblocks.%zu.%s%s", prefix, layer, parts[i].to,
                                name + used + strlen(parts[i].from));
    return false;
}

/* Query, key and value of every layer in one, and the projection turned around. */
static void add_joined(struct parts *parts, const char *prefix, bool turned)
{
    struct error error = {0};
    char name[128];

    for (int layer = 0; layer < 3; layer++)
        for (int bias = 0; bias < 2; bias++) {
            const char *what = bias ? "bias" : "weight";
            size_t cells = bias ? WIDTH : WIDTH * WIDTH;
            snprintf(name, sizeof name, "%stransformer.resblocks.%d.attn.in_proj_%s", prefix, layer, what);
            float *values = add_values(parts, name, bias ? 1 : 3 * WIDTH, bias ? 3 * WIDTH : WIDTH);
            for (size_t i = 0; i < 3; i++) {
                struct matrix matrix;
                snprintf(name, sizeof name, "text_model.encoder.layers.%d.self_attn.%c_proj.%s", layer, "qkv"[i], what);
                assert_int_equal(safetensors_tensor(parts->file, name, &matrix, &error), 0);
                float buffer[WIDTH * WIDTH];
                memcpy(values + i * cells, matrix_rows(&matrix, 0, matrix.rows, buffer), cells * sizeof *values);
                matrix_close(&matrix);
            }
        }
    snprintf(name, sizeof name, "%stext_projection%s", prefix, turned ? "" : ".weight");
    if (!turned) {
        add(parts, "text_projection.weight", name);
        return;
    }
    struct matrix matrix;
    float buffer[DIMENSION * WIDTH], *values = add_values(parts, name, WIDTH, DIMENSION);
    assert_int_equal(safetensors_tensor(parts->file, "text_projection.weight", &matrix, &error), 0);
    const float *rows = matrix_rows(&matrix, 0, DIMENSION, buffer);
    for (size_t i = 0; i < DIMENSION; i++)
        for (size_t j = 0; j < WIDTH; j++)
            values[j * DIMENSION + i] = rows[i * WIDTH + j];
    matrix_close(&matrix);
}

static void write_open_clip(const char *dir, const char *file, const char *prefix, bool turned)
{
    struct parts *parts = parts_open("f32_quick");
    char name[128];

    for (size_t i = 0; i < safetensors_count(parts->file); i++)
        if (rename_tensor(safetensors_name(parts->file, i), prefix, name))
            add(parts, safetensors_name(parts->file, i), name);
    add_joined(parts, prefix, turned);
    write_parts(parts, dir, file, 0, parts->count);
    parts_close(parts);
}

static const char OPEN_CONFIG[] =
    "{\"model_cfg\": {\"embed_dim\": 16, \"quick_gelu\": true, \"text_cfg\": {\"context_length\": 40, \"vocab_size\": "
    "664, "
    "\"width\": 24, \"heads\": 3, \"layers\": 3, \"mlp_ratio\": 2.3334, \"hf_tokenizer_name\": null}}, "
    "\"preprocess_cfg\": {}}";

static void test_open_clip(void **state)
{
    const char *dir = *state;
    static const char *const prefixes[] = {"", "text.", "module.text."};

    copy_tokenizer(dir);
    for (size_t i = 0; i < 3; i++)
        for (int turned = 0; turned < 2; turned++) {
            copy("f32_quick", dir, "config.json");
            write_open_clip(dir, "model.safetensors", prefixes[i], turned);
            expect_vectors(dir, "f32_quick", "config.json vocab.json merges.txt model.safetensors ");
        }
    unlink(folder_path(dir, "config.json"));
    unlink(folder_path(dir, "model.safetensors"));
    write_text(dir, "open_clip_config.json", OPEN_CONFIG);
    write_open_clip(dir, "open_clip_model.safetensors", "text.", true);
    expect_vectors(dir, "f32_quick", "open_clip_config.json vocab.json merges.txt open_clip_model.safetensors ");
    write_text(dir, "config.json",
               "{\"architecture\": \"vit_base_patch32_clip_224\", \"num_classes\": 512}"); /* timm's */
    expect_vectors(dir, "f32_quick", "open_clip_config.json vocab.json merges.txt open_clip_model.safetensors ");
    write_text(dir, "config.json", "{\"model_type\": \"siglip\"}");
    expect_refusal(dir, "config.json: the encoder's \"type\" is siglip; supported are");
}

static void test_refused_open_clip(void **state)
{
    const char *dir = *state;
    static const struct {
        const char *from, *to, *says;
    } cases[] = {
        {"null", "\"timm/ViT-B-16-SigLIP\"",
         "\"hf_tokenizer_name\" timm/ViT-B-16-SigLIP makes this another text model"},
        {"\"layers\"", "\"hf_model_name\": \"xlm-roberta-base\", \"layers\"", "\"hf_model_name\" xlm-roberta-base"},
        {"\"layers\"", "\"no_causal_mask\": true, \"layers\"", "\"no_causal_mask\" makes this another"},
        {"\"layers\"", "\"pool_type\": \"last\", \"layers\"", "\"pool_type\" is \"last\"; \"argmax\" is supported"},
        {"24", "25", "open_clip_config.json: a width of 25 is not divisible by 3"},
        {"24", "27", "open_clip_config.json makes it 664 x 27"},
        {"\"layers\": 3", "\"layers\": 4", "text.transformer.resblocks.3.ln_1.weight"},
        {"40", "2", "\"context_length\" must be 3 or more"},
        {"2.3334", "0", "\"mlp_ratio\" is out of range"},
        {"2.3334", "4", "c_fc.weight\" is 56 x 24; open_clip_config.json makes it 96 x 24"},
    };

    copy_tokenizer(dir);
    write_open_clip(dir, "open_clip_model.safetensors", "text.", true);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char config[1024];
        const char *at = strstr(OPEN_CONFIG, cases[i].from);
        snprintf(config, sizeof config, "%.*s%s%s", (int)(at - OPEN_CONFIG), OPEN_CONFIG, cases[i].to,
                 at + strlen(cases[i].from));
        write_text(dir, "open_clip_config.json", config);
        expect_refusal(dir, cases[i].says);
    }
}

static void test_out_of_memory(void **state)
{
    (void)state;
    struct encoder *encoder = NULL;
    long failed = 0;

    for (; !encoder; failed++) {
        struct error error = {0};
        memory_fail_after(failed);
        encoder = encoder_open(CLIP "/f16_torch", &error);
        memory_fail_after(-1);
        if (!encoder)
            assert_int_equal(error.kind, ERROR_MEMORY);
    }
    assert_true(failed > 20);
    encoder_close(encoder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_pytorch, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_shards, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_open_clip, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_refused_open_clip, folder_make, folder_remove),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
