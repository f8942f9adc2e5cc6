#include "engine/collection/fingerprint.h"

#include <string.h>

enum { WHOLE = 64 << 20, ROWS = 4096 };

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 29;
}

static uint64_t add_bytes(uint64_t hash, const void *bytes, size_t count)
{
    const char *at = bytes;
    uint64_t word;

    for (; count >= sizeof word; at += sizeof word, count -= sizeof word) {
        memcpy(&word, at, sizeof word);
        hash = mix(hash, word);
    }
    word = count;
    for (size_t i = 0; i < count; i++)
        word = word << 8 | (unsigned char)at[i];
    return mix(hash, word);
}

static uint64_t add_matrix(uint64_t hash, const struct matrix *matrix)
{
    size_t size = matrix->type == MATRIX_F16 ? 2 : sizeof(float), row = matrix->cols * size;

    hash = mix(mix(mix(hash, matrix->rows), matrix->cols), size);
    if (!matrix->rows || !row)
        return hash;
    if (matrix->rows <= WHOLE / row)
        return add_bytes(hash, matrix->data, matrix->rows * row);
    for (size_t i = 0; i < ROWS; i++) {
        size_t at = matrix->rows < ROWS ? i % matrix->rows : matrix->rows / ROWS * i + matrix->rows % ROWS * i / ROWS;
        hash = add_bytes(hash, (const char *)matrix->data + at * row, row);
    }
    return hash;
}

static uint64_t add_banks(uint64_t hash, const struct bank *bank, size_t count)
{
    for (size_t i = 0; i < count; i++)
        hash = add_matrix(add_bytes(hash, bank[i].name, strlen(bank[i].name)), &bank[i].matrix);
    return hash;
}

static uint64_t add_model(uint64_t hash, const struct collection_model *model)
{
    hash = add_bytes(hash, model->name, strlen(model->name));
    hash = add_bytes(hash, &model->logit_scale, sizeof model->logit_scale);
    hash = add_matrix(add_matrix(hash, &model->video), &model->query);
    hash = add_banks(add_banks(hash, model->bank, model->banks), model->video_bank, model->video_banks);
    hash = add_matrix(hash, &model->second.matrix);
    return add_matrix(add_matrix(hash, &model->second.gallery_bank_sims), &model->second.bank_gallery_sims);
}

static uint64_t add_relevance(uint64_t hash, const struct collection *collection)
{
    const struct relevance *relevance = &collection->relevance;
    size_t pairs = relevance->start ? relevance->start[collection->queries] : 0;

    if (!relevance->start)
        return hash;
    hash = add_bytes(hash, relevance->start, (collection->queries + 1) * sizeof *relevance->start);
    hash = add_bytes(hash, relevance->video, pairs * sizeof *relevance->video);
    return relevance->grade ? add_bytes(hash, relevance->grade, pairs * sizeof *relevance->grade) : hash;
}

uint64_t collection_fingerprint(const struct collection *collection)
{
    uint64_t hash = mix(mix(0, collection->videos), collection->queries);

    hash = add_bytes(hash, collection->target, collection->queries * sizeof *collection->target);
    hash = add_relevance(hash, collection);
    for (size_t i = 0; i < collection->models; i++)
        hash = add_model(hash, collection->model[i]);
    return hash;
}
