#include "engine/learned_model/bank_pairs.h"

#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/evaluation/bank_subset.h"
#include "engine/matrices/facts.h"

#include <stdlib.h>

struct pairing {
    struct bank_pairs *bank;
    const struct collection *collection;
    const struct collection_model *model;
    const struct bank_pairs_options *options;
    const struct bank *texts, *clips; /* clips null: by key */
    uint32_t *gallery;                /* (captions) video of the gallery by key, UINT32_MAX if unknown */
    bool *barred;                     /* (captions) left out */
};

/* Which of the flags is the first; `count` receives how many are set. */
static size_t count_set(const bool *flag, size_t flags, size_t *count)
{
    size_t first = SIZE_MAX;

    *count = 0;
    for (size_t i = 0; i < flags; i++) {
        *count += flag[i];
        first = flag[i] && first == SIZE_MAX ? i : first;
    }
    return first;
}

/* Refuses flagged rows unless they are to be left out. */
static int refuse(const struct pairing *pairing, const bool *flag, size_t rows, const struct bank *bank,
                  const char *kind, const char *what, struct error *error)
{
    size_t count, first = count_set(flag, rows, &count);

    if (!count || pairing->options->leave_out)
        return 0;
    return error_set(error, ERROR_INPUT,
                     "%s %s: %zu of its %zu rows %s, the first in row %zu; heads must not learn from them: "
                     "--leave-out learns from the others",
                     kind, bank->name, count, rows, what, first);
}

static int bar_equal_captions(struct pairing *pairing, struct error *error)
{
    const struct matrix *texts = &pairing->texts->matrix;

    if (matrix_shared_rows(texts, &pairing->model->query, pairing->barred))
        return error_memory(error);
    return refuse(pairing, pairing->barred, texts->rows, pairing->texts, "bank", "equal evaluation captions", error);
}

/* Captions that belong to videos of evaluation queries. */
static int bar_keys(struct pairing *pairing, struct error *error)
{
    const struct collection *collection = pairing->collection;
    size_t rows = pairing->texts->matrix.rows;
    bool *evaluated = memory_array(collection->videos, sizeof *evaluated);
    bool *belongs = memory_array(rows, sizeof *belongs);
    int status = evaluated && belongs ? 0 : error_memory(error);

    for (size_t q = 0; status == 0 && q < collection->queries; q++)
        if (collection->target[q] < collection->videos)
            evaluated[collection->target[q]] = true;
    for (size_t i = 0; status == 0 && i < rows; i++) {
        belongs[i] = pairing->gallery[i] < collection->videos && evaluated[pairing->gallery[i]];
        pairing->barred[i] = pairing->barred[i] || belongs[i];
    }
    if (status == 0)
        status = refuse(pairing, belongs, rows, pairing->texts, "bank", item_text("are captions of evaluation videos"),
                        error);
    free(evaluated);
    free(belongs);
    return status;
}

/* Captions of clips that equal videos of the gallery. */
static int bar_clips(struct pairing *pairing, struct error *error)
{
    const struct bank *clips = pairing->clips;
    bool *equal = memory_array(clips->matrix.rows, sizeof *equal);
    int status = -1;

    if (!equal || matrix_shared_rows(&clips->matrix, &pairing->model->video, equal))
        error_memory(error);
    else
        status = refuse(pairing, equal, clips->matrix.rows, clips, item_text("video bank"),
                        item_text("equal evaluation videos"), error);
    for (size_t i = 0; status == 0 && i < pairing->texts->matrix.rows; i++) {
        uint32_t video = pairing->bank->video[i];
        pairing->barred[i] = pairing->barred[i] || (video != PAIRS_NONE && equal[video]);
    }
    free(equal);
    return status;
}

/* The clip of each caption, as given or in order. */
static int pair_clips(struct pairing *pairing, struct error *error)
{
    const struct bank_pairs_options *options = pairing->options;
    const char *name = pairing->texts->name;
    size_t n = pairing->texts->matrix.rows, m = pairing->clips->matrix.rows;

    if (options->row && options->rows != n)
        return error_set(error, ERROR_INPUT, "bank %s: %zu pairs are given, but it has %zu captions", name,
                         options->rows, n);
    if (!options->row && n % m)
        return error_set(
            error, ERROR_INPUT,
            item_text("bank %s: its %zu captions are not a multiple of the %zu clips of video bank %s: --pairs says "
                      "which belong together"),
            name, n, m, pairing->clips->name);
    for (size_t i = 0; i < n; i++) {
        int64_t row = options->row ? options->row[i] : (int64_t)(i / (n / m));
        if (row < -1 || row >= (int64_t)m)
            return error_set(error, ERROR_INPUT, "bank %s: pair %zu is %lld, but clips are 0 to %zu (-1: none)", name,
                             i, (long long)row, m - 1);
        pairing->bank->video[i] = row < 0 ? PAIRS_NONE : (uint32_t)row;
    }
    pairing->bank->source = options->row ? BANK_PAIRS_ROWS : BANK_PAIRS_ORDER;
    return bar_clips(pairing, error);
}

static int choose_clips(struct pairing *pairing, size_t known, struct error *error)
{
    const struct bank_pairs_options *options = pairing->options;

    if (!options->videos && !options->row && known)
        return 0;
    pairing->clips =
        collection_model_choose_bank(pairing->model, true, options->videos ? options->videos : options->texts, error);
    return pairing->clips ? 0 : -1;
}

static int make_pairs(struct pairing *pairing, struct error *error)
{
    struct bank_pairs *bank = pairing->bank;
    size_t n = pairing->texts->matrix.rows;

    size_t known = bank_targets(pairing->collection, pairing->texts, pairing->gallery, error);
    if (known == SIZE_MAX || choose_clips(pairing, known, error) || bar_equal_captions(pairing, error) ||
        bar_keys(pairing, error))
        return -1;
    bank->source = BANK_PAIRS_KEYS;
    for (size_t i = 0; i < n; i++)
        bank->video[i] = pairing->gallery[i];
    if (pairing->clips && pair_clips(pairing, error))
        return -1;
    for (size_t i = 0; i < n; i++) {
        bank->left_out += pairing->barred[i];
        if (pairing->barred[i])
            bank->video[i] = PAIRS_NONE;
        bank->captions += bank->video[i] != PAIRS_NONE;
    }
    bank->texts = pairing->texts->name;
    bank->videos = pairing->clips ? pairing->clips->name : NULL;
    bank->pairs = (struct pairs){&pairing->texts->matrix,
                                 pairing->clips ? &pairing->clips->matrix : &pairing->model->video, bank->video};
    return 0;
}

int bank_pairs_open(struct bank_pairs *bank, const struct collection *collection, const struct collection_model *model,
                    const struct bank_pairs_options *options, struct error *error)
{
    struct pairing pairing = {.bank = bank, .collection = collection, .model = model, .options = options};

    *bank = (struct bank_pairs){0};
    if (model->stored)
        return error_set(error, ERROR_INPUT, "%s: model %s stores similarities, and heads are learned from embeddings",
                         collection->name, model->name);
    if (!(pairing.texts = collection_model_choose_bank(model, false, options->texts, error)))
        return -1;
    size_t n = pairing.texts->matrix.rows;
    pairing.gallery = memory_array(n, sizeof *pairing.gallery);
    pairing.barred = memory_array(n, sizeof *pairing.barred);
    bank->video = memory_array(n, sizeof *bank->video);
    int status = pairing.gallery && pairing.barred && bank->video ? make_pairs(&pairing, error) : error_memory(error);
    free(pairing.gallery);
    free(pairing.barred);
    if (status)
        bank_pairs_close(bank);
    return status;
}

void bank_pairs_close(struct bank_pairs *bank)
{
    free(bank->video);
    *bank = (struct bank_pairs){0};
}
