/* Adam (Kingma & Ba 2015) with decoupled weight decay (Loshchilov & Hutter 2019): weights decay towards 0, which for a
 * head is the frozen model. */
#ifndef HUBSCOPE_ENGINE_LEARNING_ADAM_H
#define HUBSCOPE_ENGINE_LEARNING_ADAM_H

#include "engine/base/error.h"
#include <stddef.h>

struct adam {
    size_t count, steps;  /* weights; steps done */
    float *mean, *square; /* (count) running means of the gradient and of its square */
};

int adam_open(struct adam *adam, size_t count, struct error *error);
void adam_close(struct adam *adam);
void adam_restart(struct adam *adam); /* as if no step had been done */

void adam_step(struct adam *adam, float *weight, const float *gradient, double rate, double decay);

#endif
