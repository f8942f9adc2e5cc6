#include "tests/bench/clip_files.h"

#include "engine/formats/file.h"
#include "engine/kernels/half.h"
#include "engine/matrices/matrix.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MARKS = 2, LETTERS = 26, CHUNK = 4096 };

const struct clip_size clip_vit_b32 = {
    .width = 512, .inner = 2048, .layers = 12, .heads = 8, .positions = 77, .vocabulary = 49408, .dimension = 512};

/* Opens a file in the folder for writing; null with the error filled. */
static FILE *open_file(const char *folder, const char *name, struct error *error)
{
    char path[PATH_MAX];

    if (file_join(path, sizeof path, folder, name, error))
        return NULL;
    FILE *file = fopen(path, "wb");
    if (!file)
        error_system(error, "%s", path);
    return file;
}

static int close_file(FILE *file, const char *folder, const char *name, struct error *error)
{
    int failed = ferror(file);

    if (fclose(file) || failed)
        return error_system(error, "%s/%s", folder, name);
    return 0;
}

static int write_config(const char *folder, const struct clip_size *size, struct error *error)
{
    FILE *file = open_file(folder, "config.json", error);

    if (!file)
        return -1;
    fprintf(file,
            "{\"model_type\": \"clip_text_model\", \"hidden_size\": %zu, \"intermediate_size\": %zu,\n"
            " \"num_hidden_layers\": %zu, \"num_attention_heads\": %zu, \"max_position_embeddings\": %zu,\n"
            " \"vocab_size\": %zu, \"projection_dim\": %zu, \"hidden_act\": \"quick_gelu\",\n"
            " \"layer_norm_eps\": 1e-05, \"eos_token_id\": %zu}\n",
            size->width, size->inner, size->layers, size->heads, size->positions, size->vocabulary, size->dimension,
            size->vocabulary - 1);
    return close_file(file, folder, "config.json", error);
}

/* Spells entry `index` of the vocabulary: all two-letter words as beginnings of longer ones, then all as whole words,
 * then the same for three letters and four. */
static size_t spell(size_t index, char word[8], const char **end)
{
    size_t letters = 2, words = LETTERS * LETTERS;

    for (; index >= 2 * words; letters++, words *= LETTERS)
        index -= 2 * words;
    *end = index < words ? "" : "</w>";
    index %= words;
    for (size_t i = letters; i-- > 0; index /= LETTERS)
        word[i] = (char)('a' + index % LETTERS);
    word[letters] = 0;
    return letters;
}

static int write_tokens(const char *folder, const struct clip_size *size, struct error *error)
{
    FILE *vocabulary = open_file(folder, "vocab.json", error);
    FILE *merges = vocabulary ? open_file(folder, "merges.txt", error) : NULL;
    size_t number = 0;

    if (!merges) {
        if (vocabulary)
            fclose(vocabulary);
        return -1;
    }
    fputc('{', vocabulary);
    for (unsigned character = 0x21; character < 0x144; character++)
        if (character < 0x7f || (character > 0xa0 && character != 0xad)) {
            fprintf(vocabulary, "\"\\u%04x\": %zu, \"\\u%04x</w>\": %zu,\n", character, number, character, number + 1);
            number += 2;
        }
    fputs("#version: 0.2\n", merges);
    for (size_t i = 0; number + MARKS < size->vocabulary; i++, number++) {
        const char *end;
        char word[8];
        size_t letters = spell(i, word, &end);
        fprintf(vocabulary, "\"%s%s\": %zu,\n", word, end, number);
        fprintf(merges, "%.*s %s%s\n", (int)letters - 1, word, word + letters - 1, end);
    }
    fprintf(vocabulary, "\"<|startoftext|>\": %zu, \"<|endoftext|>\": %zu}\n", number, number + 1);
    int failed = close_file(vocabulary, folder, "vocab.json", error);
    return close_file(merges, folder, "merges.txt", error) || failed ? -1 : 0;
}

struct tensor {
    const char *name;  /* in a layer: without "text_model.encoder.layers.N." */
    size_t rows, cols; /* rows 0: one dimension */
};

/* Writes the model's header if `data` is null, else the numbers of its tensors. */
struct writing {
    FILE *header, *data;
    const struct clip_size *size;
    size_t offset;
    uint64_t seed;
};

/* Numbers around 1/22 of either sign; ones for the weights of norms. */
static void write_numbers(struct writing *writing, size_t count, bool ones)
{
    uint16_t half[CHUNK];
    float real[CHUNK];

    while (count) {
        size_t some = count < CHUNK ? count : CHUNK;
        for (size_t i = 0; i < some; i++) {
            writing->seed = writing->seed * 6364136223846793005u + 1442695040888963407u;
            half[i] = ones ? 0x3c00 : (uint16_t)(0x2800 | (writing->seed >> 40 & 0x83ff));
        }
        for (size_t i = 0; i < some && !writing->size->half; i++)
            real[i] = half_to_float(half[i]);
        if (writing->size->half)
            fwrite(half, sizeof *half, some, writing->data);
        else
            fwrite(real, sizeof *real, some, writing->data);
        count -= some;
    }
}

static void write_tensor(struct writing *writing, const char *stem, const struct tensor *tensor)
{
    size_t count = tensor->cols * (tensor->rows ? tensor->rows : 1);
    size_t end = writing->offset + count * (writing->size->half ? 2 : 4);

    if (writing->data) {
        bool ones = strstr(tensor->name, "norm") && strstr(tensor->name, "weight");
        write_numbers(writing, count, ones);
    } else {
        fprintf(writing->header, "%s\"%s%s\":{\"dtype\":\"%s\",\"shape\":[", writing->offset ? "," : "{", stem,
                tensor->name, writing->size->half ? "F16" : "F32");
        if (tensor->rows)
            fprintf(writing->header, "%zu,", tensor->rows);
        fprintf(writing->header, "%zu],\"data_offsets\":[%zu,%zu]}", tensor->cols, writing->offset, end);
    }
    writing->offset = end;
}

static void write_tensors(struct writing *writing)
{
    const struct clip_size *size = writing->size;
    const struct tensor whole[] = {{"text_model.embeddings.token_embedding.weight", size->vocabulary, size->width},
                                   {"text_model.embeddings.position_embedding.weight", size->positions, size->width},
                                   {"text_model.final_layer_norm.weight", 0, size->width},
                                   {"text_model.final_layer_norm.bias", 0, size->width},
                                   {"text_projection.weight", size->dimension, size->width}};
    const struct tensor layer[] = {{"layer_norm1.weight", 0, size->width},
                                   {"layer_norm1.bias", 0, size->width},
                                   {"self_attn.q_proj.weight", size->width, size->width},
                                   {"self_attn.q_proj.bias", 0, size->width},
                                   {"self_attn.k_proj.weight", size->width, size->width},
                                   {"self_attn.k_proj.bias", 0, size->width},
                                   {"self_attn.v_proj.weight", size->width, size->width},
                                   {"self_attn.v_proj.bias", 0, size->width},
                                   {"self_attn.out_proj.weight", size->width, size->width},
                                   {"self_attn.out_proj.bias", 0, size->width},
                                   {"layer_norm2.weight", 0, size->width},
                                   {"layer_norm2.bias", 0, size->width},
                                   {"mlp.fc1.weight", size->inner, size->width},
                                   {"mlp.fc1.bias", 0, size->inner},
                                   {"mlp.fc2.weight", size->width, size->inner},
                                   {"mlp.fc2.bias", 0, size->width}};
    char stem[64];

    writing->offset = 0;
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        write_tensor(writing, "", &whole[i]);
    for (size_t l = 0; l < size->layers; l++) {
        snprintf(stem, sizeof stem, "text_model.encoder.layers.%zu.", l);
        for (size_t i = 0; i < sizeof layer / sizeof *layer; i++)
            write_tensor(writing, stem, &layer[i]);
    }
}

static int write_model(const char *folder, const struct clip_size *size, struct error *error)
{
    struct writing writing = {.size = size, .seed = 1};
    char *header = NULL;
    unsigned char length[8];
    size_t used = 0;

    writing.header = open_memstream(&header, &used);
    if (!writing.header)
        return error_memory(error);
    write_tensors(&writing);
    fputc('}', writing.header);
    fflush(writing.header);
    fprintf(writing.header, "%*s", (int)((8 - used % 8) % 8), "");
    if (fclose(writing.header)) {
        free(header);
        return error_memory(error);
    }
    writing.data = open_file(folder, "model.safetensors", error);
    if (!writing.data) {
        free(header);
        return -1;
    }
    for (size_t i = 0; i < sizeof length; i++)
        length[i] = (unsigned char)((uint64_t)used >> 8 * i);
    fwrite(length, 1, sizeof length, writing.data);
    fwrite(header, 1, used, writing.data);
    free(header);
    write_tensors(&writing);
    return close_file(writing.data, folder, "model.safetensors", error);
}

int clip_files_make(const char *folder, const struct clip_size *size, struct error *error)
{
    return write_config(folder, size, error) || write_tokens(folder, size, error) || write_model(folder, size, error)
               ? -1
               : 0;
}

void clip_files_remove(const char *folder)
{
    static const char *const names[] = {"config.json", "vocab.json", "merges.txt", "model.safetensors"};
    char path[PATH_MAX];

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (file_join(path, sizeof path, folder, names[i], NULL) == 0)
            unlink(path);
    rmdir(folder);
}
