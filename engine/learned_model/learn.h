/* Learning a model from a collection's banks: which pairs, the training, and what the model is called and says of
 * itself.  Open, run, make or install learn_model(), close. */
#ifndef HUBSCOPE_ENGINE_LEARNED_MODEL_LEARN_H
#define HUBSCOPE_ENGINE_LEARNED_MODEL_LEARN_H

#include "engine/learned_model/bank_pairs.h"
#include "engine/learned_model/learned_model.h"
#include "engine/learning/train.h"

struct learn_options {
    const char *from; /* the frozen model; null: the collection's first */
    const char *name; /* of the new model; null: "ncl-linear", after loss and head */
    struct bank_pairs_options pairs;
    struct train_options train; /* scale 0: the frozen model's */
};

struct learn {
    const struct collection *collection;
    const struct collection_model *from;
    char name[COLLECTION_MODEL_NAME];
    struct bank_pairs pairs;
    struct train_options train;
    struct train_result result; /* after learn_run */
};

extern const char *const learn_loss_name[]; /* by enum loss_kind, null after the last */
extern const char *const learn_head_name[]; /* by enum head_kind, likewise */

/* Finds model and pairs.  Fails for a name that is taken, a model that heads made, and what bank_pairs_open refuses.
 * The collection is borrowed; on failure there is nothing to close. */
int learn_open(struct learn *learn, const struct collection *collection, const struct learn_options *options,
               struct error *error);
int learn_run(struct learn *learn, struct job *job, struct error *error); /* as train_heads */
void learn_close(struct learn *learn);

/* What was learned; borrows from `learn`. */
struct learned_model learn_model(const struct learn *learn);

#endif
