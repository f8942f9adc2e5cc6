#include "engine/base/crew.h"
#include "engine/base/memory.h"
#include "engine/rules/rules.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_AT_ONCE = 256 };

/* With the means b of the bank and g of the gallery, cos(t - b, g_j - g) = (S + from_bank[j] - mean of S over the
 * gallery + bank_gallery) weight[j] w(t): only w(t) = 1 / |t - b| needs the query's vector. */
struct centred {
    size_t d;
    double *bank;        /* (d) the bank's mean */
    double bank_gallery; /* b . g */
    double *from_bank;   /* (M) -b . g_j */
    double *weight;      /* (M) 1 / |g_j - g|, 0 where an item is the mean itself */
    double *query;       /* (Q) w of the evaluation queries */
};

static void close_center(void *own)
{
    struct centred *centred = own;

    if (!centred)
        return;
    free(centred->bank);
    free(centred->from_bank);
    free(centred->weight);
    free(centred->query);
    free(centred);
}

/* 1 / |x - mean|. */
static double inverse_distance(const float *x, const double *mean, size_t d)
{
    double sum = 0;

    for (size_t i = 0; i < d; i++)
        sum += ((double)x[i] - mean[i]) * ((double)x[i] - mean[i]);
    return sum > 0 ? 1 / sqrt(sum) : 0;
}

static double dot(const double *mean, const float *x, size_t d)
{
    double sum = 0;

    for (size_t i = 0; i < d; i++)
        sum += mean[i] * (double)x[i];
    return sum;
}

/* Adds rows to a sum (d); `buffer` has room for ROWS_AT_ONCE rows; `map` selects rows, null: all. */
static void add_rows(const struct matrix *matrix, const uint32_t *map, struct span rows, double *sum, float *buffer)
{
    size_t d = matrix->cols, end = rows.start + rows.count;

    for (size_t from = rows.start; from < end;) {
        size_t count = map ? 1 : end - from < ROWS_AT_ONCE ? end - from : ROWS_AT_ONCE;
        const float *x = matrix_rows(matrix, map ? map[from] : from, count, buffer);
        for (size_t i = 0; i < count; i++)
            for (size_t c = 0; c < d; c++)
                sum[c] += (double)x[i * d + c];
        from += count;
    }
}

static void divide(double *sum, size_t d, size_t rows)
{
    for (size_t c = 0; c < d; c++)
        sum[c] /= (double)rows;
}

/* The block of items that this process of a crew looks at. */
static struct span own_items(size_t m)
{
    struct crew_share tiles = crew_share(tiles_ceil(m, TILE_COLS));

    return tiles_run(tiles.start, tiles.count, TILE_COLS, m);
}

/* The gallery's mean (d), zeroed before.  A sum depends on the order, so the processes of a crew add their items in
 * turns, each to what it got from the one before. */
static int mean_of_gallery(const struct matrix *gallery, size_t m, double *mean, float *buffer, struct error *error)
{
    size_t d = gallery->cols, bytes = d * sizeof *mean;
    double *all = memory_array(crew_size(), bytes);
    int status = all ? 0 : error_memory(error);

    for (size_t turn = 0; turn < crew_size() && !status; turn++) {
        if (turn == crew_rank())
            add_rows(gallery, NULL, own_items(m), mean, buffer);
        status = crew_collect(mean, bytes, all, error);
        if (!status)
            memcpy(mean, all + turn * d, bytes);
    }
    free(all);
    divide(mean, d, m);
    return status;
}

static int measure_gallery(struct centred *centred, const struct matrix *gallery, size_t m, const double *mean,
                           float *buffer, struct error *error)
{
    struct span items = own_items(m);
    size_t blocks = tiles_ceil(m, TILE_COLS), bytes = TILE_COLS * sizeof(double), total = m * sizeof(double);

    for (size_t j = items.start; j < items.start + items.count; j++) {
        const float *x = matrix_rows(gallery, j, 1, buffer);
        centred->from_bank[j] = -dot(centred->bank, x, centred->d);
        centred->weight[j] = inverse_distance(x, mean, centred->d);
    }
    for (size_t c = 0; c < centred->d; c++)
        centred->bank_gallery += centred->bank[c] * mean[c];
    return crew_fill(centred->from_bank, blocks, bytes, total, error) ||
                   crew_fill(centred->weight, blocks, bytes, total, error)
               ? -1
               : 0;
}

static int fit_center(const struct fit_input *input, struct fit *fit, struct error *error)
{
    const struct sims *s = &input->task->s;
    size_t d = s->right->cols;
    struct centred *centred = fit->own = memory_array(1, sizeof *centred);
    float *buffer = memory_floats(ROWS_AT_ONCE * d);
    double *mean = memory_array(d, sizeof *mean);
    int status = -1;

    fit->scale = rule_value(&fit->spec, "scale");
    if (!centred || !buffer || !mean)
        goto memory;
    centred->d = d;
    centred->bank = memory_array(d, sizeof *centred->bank);
    centred->from_bank = memory_array(fit->m, sizeof *centred->from_bank);
    centred->weight = memory_array(fit->m, sizeof *centred->weight);
    centred->query = memory_array(s->rows, sizeof *centred->query);
    if (!centred->bank || !centred->from_bank || !centred->weight || !centred->query)
        goto memory;
    const struct sims *b = &input->task->b;
    add_rows(b->left, b->row_map, (struct span){0, b->rows}, centred->bank, buffer);
    divide(centred->bank, d, b->rows);
    if (mean_of_gallery(s->right, fit->m, mean, buffer, error) ||
        measure_gallery(centred, s->right, fit->m, mean, buffer, error))
        goto done;
    for (size_t q = 0; q < s->rows; q++)
        centred->query[q] =
            inverse_distance(matrix_rows(s->left, s->row_map ? s->row_map[q] : q, 1, buffer), centred->bank, d);
    status = 0;
    goto done;
memory:
    error_memory(error);
done:
    free(buffer);
    free(mean);
    return status;
}

/* The score is the cosine, the logit scale times that. */
static int score_center(const struct fit *fit, const struct asker *asker, const float *s, float *score)
{
    const struct centred *centred = fit->own;
    double weight =
        asker->vector ? inverse_distance(asker->vector, centred->bank, centred->d) : centred->query[asker->row];
    double sum = 0;

    for (size_t j = 0; j < fit->m; j++)
        sum += (double)s[j];
    double row = centred->bank_gallery - sum / (double)fit->m;
    for (size_t j = 0; j < fit->m; j++)
        score[j] = (float)(((double)s[j] + centred->from_bank[j] + row) * centred->weight[j] * weight);
    return 0;
}

/* Adds the line of one length: that of a query or an item less a mean. */
static void explain_length(struct arithmetic *arithmetic, double inverse, const char *name, const char *mean)
{
    double length = inverse > 0 ? 1 / inverse : INFINITY; /* without a length the cosine counts as 0 */

    term_note(arithmetic_add(arithmetic, TERM_OVER, length, 3, "|%s - %s|", name, mean), "length %.3f", length);
}

static void explain_center(const struct fit *fit, const struct asker *asker, const float *s, size_t item,
                           struct arithmetic *arithmetic)
{
    const struct centred *centred = fit->own;
    const char *name = item_name(asker);
    double weight =
        asker->vector ? inverse_distance(asker->vector, centred->bank, centred->d) : centred->query[asker->row];
    double sum = 0;

    for (size_t j = 0; j < fit->m; j++)
        sum += (double)s[j];
    arithmetic_add(arithmetic, TERM_START, (double)s[item], 3, "similarity");
    term_note(arithmetic_add(arithmetic, TERM_MINUS, sum / (double)fit->m, 3, "query . g"), "g: gallery's mean");
    term_note(arithmetic_add(arithmetic, TERM_MINUS, -centred->from_bank[item], 3, "%s . b", name), "b: bank's mean");
    arithmetic_add(arithmetic, TERM_PLUS, centred->bank_gallery, 3, "b . g");
    explain_length(arithmetic, weight, "query", "b");
    explain_length(arithmetic, centred->weight[item], name, "g");
    arithmetic_add(arithmetic, TERM_TIMES, fit->scale, 2, "scale %.4g", fit->scale);
}

const struct rule rule_center = {
    .name = "center",
    .title = "center",
    .brief = "cosine once both means are subtracted",
    .label = "baseline",
    .formula = "scale cos(q - mean of the bank, j - mean of the gallery)",
    .about = "The honest baseline: subtracts from all queries the bank's mean and from all items the gallery's mean.  "
             "What a rule gains beyond this is what it really knows about single items.",
    .source = "mean centring, Suzuki et al. 2013, Centering similarity measures to reduce hubs",
    .parameters = {SCALE_PARAMETER},
    .parameter_count = 1,
    .needs = RULE_NEEDS_BANK | RULE_NEEDS_EMBEDDINGS,
    .fit = fit_center,
    .score = score_center,
    .close = close_center,
    .explain = explain_center,
};
