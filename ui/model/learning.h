/* Learning heads over the embeddings of one of the collection's models: trained on the heavy lane, with curves that
 * grow meanwhile.  What was learned becomes a model (ui/model/learned.h). */
#ifndef HUBSCOPE_UI_MODEL_LEARNING_H
#define HUBSCOPE_UI_MODEL_LEARNING_H

#include "engine/learned_model/learn.h"
#include "ui/model/model.h"

enum learning_measure { LEARNING_R1, LEARNING_HELD_ERROR, LEARNING_BATCH_ERROR, LEARNING_SKEWNESS, LEARNING_MEASURES };
enum { LEARNING_LOSSES = LOSS_NCL + 1, LEARNING_EPOCHS = 60, LEARNING_BINS = 16, LEARNING_FAIR_BIN = 5 };
#define LEARNING_BIN 0.2 /* of masses: bin i is centred on i times this, and the last one has all above */

struct learning_choice {
    enum loss_kind loss;
    enum head_kind head;
    double rate;   /* 0: chosen among those of train_defaults */
    size_t texts;  /* index of the query bank */
    size_t videos; /* of the bank of their clips; SIZE_MAX: by key, or named as the query bank */
    size_t from;   /* index of the frozen model */
    size_t epochs; /* at most LEARNING_EPOCHS */
};

struct learning_run { /* with one rate */
    double rate;
    size_t epochs;
    double value[LEARNING_MEASURES][LEARNING_EPOCHS + 1]; /* (epochs + 1); 0: the frozen model, NAN of batches */
};

/* How many percent of the clips have which mass: retrieval probability summed over captions, over its fair share. */
struct learning_masses {
    double held[LEARNING_BINS];  /* held-out clips, nothing normalised */
    double batch[LEARNING_BINS]; /* clips of an epoch's last batch, normalised as the loss does */
};

enum learning_state { LEARNING_NONE, LEARNING_RUNNING, LEARNING_DONE, LEARNING_CANCELLED };

/* All that was seen of the last training by one loss. */
struct learning_record {
    enum learning_state state;
    struct learning_choice choice;
    struct learning_run run[TRAIN_CHOICES];  /* (runs) the last of them is under way while LEARNING_RUNNING */
    size_t runs, best_run, best_epoch;       /* epoch 0: none is better than the frozen model */
    struct learning_masses first, now, best; /* `first`: the frozen model's, but for batches of the first epoch */
    size_t clips, held_clips;                /* learned from; held out.  Known when done */
    size_t model;                            /* index of what was learned; SIZE_MAX: there is none */
};

struct learning *learning_new(void); /* null when out of memory */
void learning_free(struct learning *learning);

/* What to start with: NCL, linear heads, the current model or what it was learned from, a bank that has clips. */
struct learning_choice learning_defaults(const struct model *model);
/* "3e-4" */
struct learning_rate {
    char text[16];
};
struct learning_rate learning_rate(double rate);
bool learning_same(const struct learning_choice *a, const struct learning_choice *b);

/* Requests a training, unless one is requested or under way. */
void model_learn(struct model *model, const struct learning_choice *choice);
bool learning_busy(const struct model *model); /* whether one is */

/* The last training by a loss; null before the first epoch of the first.  Valid until the next call for that loss. */
const struct learning_record *model_learning(struct model *model, enum loss_kind loss);
/* Why that training, the last one, was refused; "" if it was not, or is not the last. */
const char *learning_failure(const struct model *model, const struct learning_choice *choice);

void learning_forget(struct model *model); /* drops the request */
extern const struct errand learning_errand;
/* Adds the model that was learned once the heavy lane and that of files rest, as their work reads the collection's
 * list of models. */
void learning_settle(struct model *model);

#endif
