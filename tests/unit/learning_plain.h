/* Heads, losses and their gradients once more, in double precision and as plainly as their formulas. */
#ifndef HUBSCOPE_TESTS_UNIT_LEARNING_PLAIN_H
#define HUBSCOPE_TESTS_UNIT_LEARNING_PLAIN_H

#include "engine/heads/head.h"
#include "engine/learning/loss.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct plain_head {
    enum head_kind kind;
    size_t d, h;
    double ratio;
    double *weight; /* as in struct head */
};

static inline double *plain_room(size_t count)
{
    return calloc(count ? count : 1, sizeof(double));
}

/* y (d) = the head of x (d); hidden (h). */
static inline void plain_forward(const struct plain_head *head, const double *x, double *hidden, double *y)
{
    size_t d = head->d, h = head->h;
    const double *up = head->weight + h * d;

    for (size_t k = 0; k < h; k++) {
        hidden[k] = 0;
        for (size_t c = 0; c < d; c++)
            hidden[k] += head->weight[k * d + c] * x[c];
        hidden[k] = hidden[k] > 0 ? hidden[k] : 0;
    }
    for (size_t r = 0; r < d; r++) {
        double sum = 0;
        if (head->kind == HEAD_LINEAR)
            for (size_t c = 0; c < d; c++)
                sum += head->weight[r * d + c] * x[c];
        else
            for (size_t k = 0; k < h; k++)
                sum += up[r * h + k] * hidden[k];
        y[r] = head->kind == HEAD_LINEAR ? x[r] + sum : (1 - head->ratio) * x[r] + head->ratio * sum;
    }
}

/* gradient += that of the weights, where `back` (d) is the gradient with respect to the unit row of the head of x. */
static inline void plain_backward(const struct plain_head *head, const double *x, const double *back, double *gradient)
{
    size_t d = head->d, h = head->h;
    const double *up = head->weight + h * d;
    double *hidden = plain_room(h), *y = plain_room(d), *g = plain_room(d), square = 0, along = 0;

    plain_forward(head, x, hidden, y);
    for (size_t c = 0; c < d; c++)
        square += y[c] * y[c];
    for (size_t c = 0; c < d; c++)
        along += back[c] * y[c] / square;
    for (size_t c = 0; c < d; c++)
        g[c] = (back[c] - along * y[c]) / sqrt(square);
    if (head->kind == HEAD_LINEAR)
        for (size_t r = 0; r < d; r++)
            for (size_t c = 0; c < d; c++)
                gradient[r * d + c] += g[r] * x[c];
    for (size_t k = 0; k < h; k++) {
        double inner = 0;
        for (size_t r = 0; r < d; r++) {
            gradient[h * d + r * h + k] += head->ratio * g[r] * hidden[k];
            inner += head->ratio * g[r] * up[r * h + k];
        }
        for (size_t c = 0; c < d && hidden[k] > 0; c++)
            gradient[k * d + c] += inner * x[c];
    }
    free(hidden);
    free(y);
    free(g);
}

/* log sum exp of n values `stride` apart, each plus that of `shift`. */
static inline double plain_lse(const double *x, size_t stride, const double *shift, size_t n)
{
    double most = -INFINITY, sum = 0;

    for (size_t i = 0; i < n; i++)
        most = fmax(most, x[i * stride] + shift[i]);
    for (size_t i = 0; i < n; i++)
        sum += exp(x[i * stride] + shift[i] - most);
    return most + log(sum);
}

/* Potentials (n) of S (n, n); zeros under InfoNCE. */
static inline void plain_potentials(const double *s, size_t n, const struct loss_terms *terms, double *log_a,
                                    double *log_b)
{
    memset(log_a, 0, n * sizeof *log_a);
    memset(log_b, 0, n * sizeof *log_b);
    if (terms->kind == LOSS_INFONCE)
        return;
    double *zero = plain_room(n);
    for (size_t i = 0; i < n; i++) {
        log_b[i] = -plain_lse(s + i, n, zero, n);
        log_a[i] = -plain_lse(s + i * n, 1, zero, n);
    }
    free(zero);
    for (size_t iteration = 0; iteration < terms->iterations; iteration++) {
        for (size_t i = 0; i < n; i++)
            log_a[i] = -plain_lse(s + i * n, 1, log_b, n);
        for (size_t j = 0; j < n; j++)
            log_b[j] = -plain_lse(s + j, n, log_a, n);
    }
}

/* The loss of S (n, n) under given potentials; fills dL / dS (n, n) and mass (n) unless they are null. */
static inline double plain_loss(const double *s, size_t n, const double *log_a, const double *log_b, double *gradient,
                                double *mass)
{
    double loss = 0;

    for (size_t cell = 0; gradient && cell < n * n; cell++)
        gradient[cell] = cell % (n + 1) == 0 ? -1 / (double)n : 0;
    for (size_t j = 0; mass && j < n; j++)
        mass[j] = 0;
    for (size_t i = 0; i < n; i++) {
        double row = plain_lse(s + i * n, 1, log_b, n), column = plain_lse(s + i, n, log_a, n);
        loss -= (s[i * n + i] + log_b[i] - row + s[i * n + i] + log_a[i] - column) / (2 * (double)n);
        for (size_t j = 0; j < n; j++) {
            double to_video = exp(s[i * n + j] + log_b[j] - row), to_text = exp(s[j * n + i] + log_a[j] - column);
            if (mass)
                mass[j] += to_video;
            if (gradient) {
                gradient[i * n + j] += to_video / (2 * (double)n);
                gradient[j * n + i] += to_text / (2 * (double)n);
            }
        }
    }
    return loss;
}

/* A batch: frozen texts and videos x (n, d) and their heads. */
struct plain_batch {
    size_t n, d;
    const double *x[2]; /* texts, videos */
    struct plain_head head[2];
    double scale;
};

/* Unit rows (n, d) of both heads, and S (n, n). */
static inline void plain_similarities(const struct plain_batch *batch, double *z[2], double *s)
{
    size_t n = batch->n, d = batch->d;
    double *hidden = plain_room(batch->head[0].h);

    for (size_t side = 0; side < 2; side++)
        for (size_t i = 0; i < n; i++) {
            double *y = z[side] + i * d, square = 0;
            plain_forward(&batch->head[side], batch->x[side] + i * d, hidden, y);
            for (size_t c = 0; c < d; c++)
                square += y[c] * y[c];
            for (size_t c = 0; c < d; c++)
                y[c] /= sqrt(square);
        }
    free(hidden);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            s[i * n + j] = 0;
            for (size_t c = 0; c < d; c++)
                s[i * n + j] += batch->scale * z[0][i * d + c] * z[1][j * d + c];
        }
}

struct plain_value {
    double loss, scale_gradient;
    double *log_a, *log_b, *mass; /* (n) */
    double *gradient[2];          /* of the weights of both heads */
};

static inline size_t plain_weights(const struct plain_head *head)
{
    return head->kind == HEAD_LINEAR ? head->d * head->d : 2 * head->h * head->d;
}

/* The loss of a batch, with potentials computed if `held` is null, else those of `held`; all of `value`, which
 * plain_close releases, follows from it. */
static inline void plain_run(const struct plain_batch *batch, const struct loss_terms *terms,
                             const struct plain_value *held, struct plain_value *value)
{
    size_t n = batch->n, d = batch->d;
    double *z[2] = {plain_room(n * d), plain_room(n * d)}, *s = plain_room(n * n), *g = plain_room(n * n);
    double *back = plain_room(d);

    *value = (struct plain_value){.log_a = plain_room(n), .log_b = plain_room(n), .mass = plain_room(n)};
    plain_similarities(batch, z, s);
    if (held) {
        memcpy(value->log_a, held->log_a, n * sizeof *value->log_a);
        memcpy(value->log_b, held->log_b, n * sizeof *value->log_b);
    } else {
        plain_potentials(s, n, terms, value->log_a, value->log_b);
    }
    value->loss = plain_loss(s, n, value->log_a, value->log_b, g, value->mass);
    for (size_t cell = 0; cell < n * n; cell++)
        value->scale_gradient += g[cell] * s[cell];
    for (size_t side = 0; side < 2; side++) {
        value->gradient[side] = plain_room(plain_weights(&batch->head[side]));
        for (size_t i = 0; i < n; i++) {
            memset(back, 0, d * sizeof *back);
            for (size_t j = 0; j < n; j++)
                for (size_t c = 0; c < d; c++)
                    back[c] += batch->scale * g[side ? j * n + i : i * n + j] * z[1 - side][j * d + c];
            plain_backward(&batch->head[side], batch->x[side] + i * d, back, value->gradient[side]);
        }
    }
    free(z[0]);
    free(z[1]);
    free(s);
    free(g);
    free(back);
}

static inline void plain_close(struct plain_value *value)
{
    free(value->log_a);
    free(value->log_b);
    free(value->mass);
    free(value->gradient[0]);
    free(value->gradient[1]);
}

#endif
