/* The data of a workload, made up or given, and the plain products it is measured against. */
#ifndef HUBSCOPE_TESTS_BENCH_LOAD_H
#define HUBSCOPE_TESTS_BENCH_LOAD_H

#include "engine/fitting/fit.h"
#include "tests/bench/bench.h"

enum { LOAD_DIMENSION = 512, LOAD_RULES = 6 };

struct load {
    struct matrix gallery, query, bank; /* (M, d), (Q, d), (N, d) */
    float *made[3];                     /* the made-up ones, of a float16 gallery only the first rows */
    uint16_t *half;                     /* (M, d) the gallery in float16, or null */
    struct task task;
    struct fit *fit[LOAD_RULES];
    size_t fits, memory; /* memory: what load_fit may keep similarities in; 0: the default */
    float *product;      /* result of the reference */
};

/* Makes rows of length 1 and a task without a collection; given data replace the sizes.  Call load_close in every
 * case. */
int load_open(struct load *load, const struct bench_options *options, size_t queries, size_t gallery, size_t bank,
              struct error *error);

/* The same with a gallery in float16, always made up.  References multiply a part of it in float32, again and again. */
int load_open_half(struct load *load, size_t queries, size_t gallery, size_t bank, struct error *error);
void load_close(struct load *load);

uint16_t load_half(float x); /* binary16 of |x| < 1, 0 where that would be subnormal */

/* Fits raw, is, qbnorm, ncl, csls and nnn, or others instead of those that the task does not allow. */
int load_fit_six(struct load *load, struct error *error);
int load_fit(struct load *load, const char *rule, struct error *error); /* one rule by its text */

/* References, with the load as timing's `context`.  Call load_product_room before. */
int load_product_room(struct load *load, struct error *error);
void load_query_product(void *context);  /* sgemm of S */
void load_bank_product(void *context);   /* sgemm of B */
void load_vector_product(void *context); /* sgemv of the gallery and the first query */

#endif
