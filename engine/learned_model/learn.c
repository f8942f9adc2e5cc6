#include "engine/learned_model/learn.h"

#include "engine/base/item.h"
#include "engine/encoders/encoder.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char *const learn_loss_name[] = {[LOSS_INFONCE] = "infonce", [LOSS_NCL] = "ncl", NULL};
const char *const learn_head_name[] = {[HEAD_LINEAR] = "linear", [HEAD_MLP] = "mlp", NULL};

static int take_name(struct learn *learn, const char *name, struct error *error)
{
    const struct collection *collection = learn->collection;
    char made[COLLECTION_MODEL_NAME];

    snprintf(made, sizeof made, "%s-%s", learn_loss_name[learn->train.loss], learn_head_name[learn->train.head]);
    name = name ? name : made;
    if (!collection_model_names(name))
        return error_set(
            error, ERROR_INPUT,
            "\"%.80s\" cannot name a model: 1 to 63 letters, digits, '_', '.' or '-', not beginning with '.'", name);
    for (size_t i = 0; i < collection->models; i++)
        if (strcmp(collection->model[i]->name, name) == 0)
            return error_set(error, ERROR_INPUT, "%s: already has a model \"%s\"; give the new one another name",
                             collection->name, name);
    snprintf(learn->name, sizeof learn->name, "%s", name);
    return 0;
}

/* Heads over heads could not be kept in one file beside the encoder. */
static int refuse_heads(const struct learn *learn, struct error *error)
{
    char path[PATH_MAX];

    if (!learn->collection->path)
        return 0; /* bare matrices */
    if (collection_model_path(learn->from, learn->collection->path, "encoder/" ENCODER_HEAD, path, sizeof path, error))
        return -1;
    return access(path, F_OK) ? 0
                              : error_set(error, ERROR_INPUT,
                                          "%s: model %s was made by heads; learn from the model that they are over",
                                          learn->collection->name, learn->from->name);
}

int learn_open(struct learn *learn, const struct collection *collection, const struct learn_options *options,
               struct error *error)
{
    const struct train_options *train = &options->train;

    *learn = (struct learn){.collection = collection, .from = collection->model[0], .train = *train};
    if (options->from && !(learn->from = collection_find_model(collection, options->from, error)))
        return -1;
    if (!(train->scale > 0))
        learn->train.scale = learn->from->logit_scale;
    return take_name(learn, options->name, error) || refuse_heads(learn, error) ||
                   bank_pairs_open(&learn->pairs, collection, learn->from, &options->pairs, error)
               ? -1
               : 0;
}

int learn_run(struct learn *learn, struct job *job, struct error *error)
{
    if (collection_model_check_all(learn->from, learn->collection->path, job, error))
        return -1;
    return train_heads(&learn->pairs.pairs, &learn->train, &learn->result, job, error);
}

void learn_close(struct learn *learn)
{
    train_close(&learn->result);
    bank_pairs_close(&learn->pairs);
    *learn = (struct learn){0};
}

/* "NCL of 4 iterations" or "InfoNCE". */
static void print_loss(const struct learn *learn, size_t iterations, char *buffer, size_t size)
{
    if (learn->train.loss == LOSS_NCL)
        snprintf(buffer, size, "NCL of %zu iteration%s", iterations, iterations == 1 ? "" : "s");
    else
        snprintf(buffer, size, "InfoNCE");
}

static void print_provenance(const struct learn *learn, char *buffer, size_t size)
{
    const struct train_result *result = &learn->result;
    const struct train_seed *best = &result->seed[result->best];
    const struct bank_pairs *pairs = &learn->pairs;
    char loss[40], epoch[96];

    print_loss(learn, best->iterations, loss, sizeof loss);
    if (best->epoch)
        snprintf(epoch, sizeof epoch, "rate %g, epoch %zu", best->rate, best->epoch);
    else
        snprintf(epoch, sizeof epoch, "no epoch better than the frozen model, which this is");
    snprintf(
        buffer, size,
        "hubscope train: %s heads over model %s by %s; captions of bank %s, clips of %s%s; seed %llu of %llu to "
        "%llu, %s, scale %g %s, weight decay %g, batches of %zu; rate, epoch and seed chosen on %zu held-out clips "
        "of the bank, never on evaluation queries",
        learn_head_name[learn->train.head], learn->from->name, loss, pairs->texts,
        pairs->videos ? item_text("video bank ") : "the gallery", pairs->videos ? pairs->videos : "",
        (unsigned long long)best->seed, (unsigned long long)result->seed[0].seed,
        (unsigned long long)result->seed[result->seeds - 1].seed, epoch, result->scale,
        learn->train.learn_scale ? "learned" : "fixed", learn->train.decay, result->batch, result->held_clips);
}

struct learned_model learn_model(const struct learn *learn)
{
    const struct train_result *result = &learn->result;
    struct learned_model learned = {.collection = learn->collection,
                                    .from = learn->from,
                                    .text = &result->text,
                                    .video = &result->video,
                                    .scale = result->scale,
                                    .name = learn->name};
    char loss[40];

    print_loss(learn, result->seed[result->best].iterations, loss, sizeof loss);
    snprintf(learned.description, sizeof learned.description, "%s heads over %.40s, learned by %s",
             learn_head_name[learn->train.head], learn->from->name, loss);
    print_provenance(learn, learned.provenance, sizeof learned.provenance);
    return learned;
}
