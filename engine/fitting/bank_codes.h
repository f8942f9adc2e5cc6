/* The first rows of a bank's similarities B (N, M) in 16 bits each, as whole multiples of a step: half the memory of
 * floats, for banks whose floats do not fit.
 *
 * With |B| at most `most` (1 for unit rows) the step is most / 32767, and a code is at most half a step from the float.
 * A log-sum-exp of scale B then errs by at most scale * step / 2, wherever the rows that are kept end, and n iterations
 * of Sinkhorn, two of them each, by at most n * scale * step: 0.012 for a scale of 100 and 4 iterations.  Errors of
 * many terms cancel: what tests measure is a tenth of that. */
#ifndef HUBSCOPE_ENGINE_FITTING_BANK_CODES_H
#define HUBSCOPE_ENGINE_FITTING_BANK_CODES_H

#include "engine/matrices/sims.h"
#include "engine/matrices/tiles.h"

struct bank_codes {
    int16_t *code; /* (rows, m), or null: the rows are only planned, or there are none */
    size_t rows, m;
    float step;
};

enum { BANK_CODES_LEAST = 8 << 20 };

/* Makes room for as many rows as fit in `memory` bytes.  For none if it is short, or if B has fewer than
 * BANK_CODES_LEAST similarities: these are computed again in an instant, and exactly. */
void bank_codes_open(struct bank_codes *codes, const struct sims *b, size_t memory);
/* Only decides which rows have codes: whoever computes one of these rounds it by bank_codes_round. */
void bank_codes_plan(struct bank_codes *codes, const struct sims *b, size_t memory);
void bank_codes_close(struct bank_codes *codes); /* a zeroed one is fine */

/* Encodes block rows x cols of B, given as cell (rows, cols) with rows `stride` floats apart; rows beyond those kept
 * are ignored. */
void bank_codes_put(struct bank_codes *codes, struct span rows, struct span cols, const float *cell, size_t stride);

/* Decodes `count` rows from `row`, all of them kept, into out (count, m). */
void bank_codes_get(const struct bank_codes *codes, size_t row, size_t count, float *out);

/* Replaces similarities by what encoding and decoding makes of them. */
void bank_codes_round(const struct bank_codes *codes, float *x, size_t count);

#endif
