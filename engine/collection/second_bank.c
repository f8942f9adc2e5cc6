#include "engine/base/item.h"
#include "engine/collection/bare_files.h"
#include "engine/collection/collection.h"

static int open_sims(const struct collection *collection, struct collection_model *model,
                     const struct second_bank_files *files, struct error *error)
{
    struct second_bank *second = &model->second;

    if (files->gallery_bank_sims &&
        bare_similarities(files->gallery_bank_sims, collection->videos, item_text("videos in the gallery"),
                          &second->gallery_bank_sims, error))
        return -1;
    if (files->bank_gallery_sims && bare_similarities(files->bank_gallery_sims, second->gallery_bank_sims.rows,
                                                      "rows in the similarities of the second bank to the gallery",
                                                      &second->bank_gallery_sims, error))
        return -1;
    bool fits = !files->bank_gallery_sims;
    for (size_t i = 0; i < model->banks; i++)
        fits = fits || model->bank[i].matrix.rows == second->bank_gallery_sims.rows;
    return fits ? 0
                : error_set(error, ERROR_INPUT, "%s: has %zu rows, but no bank has that many queries",
                            files->bank_gallery_sims, second->bank_gallery_sims.rows);
}

int collection_open_second_bank(struct collection *collection, const struct second_bank_files *files,
                                struct error *error)
{
    struct collection_model *model = collection->model[0];
    struct second_bank *second = &model->second;
    const char *sims = files->gallery_bank_sims ? files->gallery_bank_sims : files->bank_gallery_sims;

    if (files->embeddings && model->stored)
        return error_set(error, ERROR_INPUT,
                         "%s: embeddings of a second bank need embeddings of the queries; similarities are stored here",
                         files->embeddings);
    if (sims && !model->stored)
        return error_set(error, ERROR_INPUT,
                         "%s: similarities of a second bank need stored similarities of the queries", sims);
    if (files->embeddings &&
        bare_embeddings(files->embeddings, files->pool, true, model->dimension, &second->matrix, error))
        return -1;
    if (open_sims(collection, model, files, error))
        return -1;
    if (files->embeddings || sims)
        bare_name(files->embeddings ? files->embeddings : sims, second->name, sizeof second->name);
    return 0;
}
