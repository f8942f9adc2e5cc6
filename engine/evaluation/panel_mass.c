#include "engine/evaluation/panel_mass.h"

#include "engine/fitting/rule.h"
#include "engine/kernels/denormal.h"
#include "engine/kernels/kernels.h"
#include "engine/matrices/tiles.h"

#define LEAST_SUM 1e-12 /* of exponentials relative to the largest; below it floats lose precision */

/* Exponentials of row i of the strip.  Those at the first scale may be kept for the whole strip, the others of a few
 * rows at a time, in a place each. */
static float *tile_of(const struct panel *panel, size_t scale, size_t tile, size_t i)
{
    if (scale == 0 && panel_keeps(panel))
        return panel->kept + (tile * PANEL_STRIP + i) * PANEL_TILE;
    return panel->tile + (scale * PANEL_FEW + i % PANEL_FEW) * PANEL_TILE;
}

/* Computes the exponentials of row i's tile at one scale.  Returns their sum. */
static double tile_exponentials(const struct panel *panel, size_t scale, size_t start, size_t tile, size_t i)
{
    const struct panel_scale *at = &panel->plan->scale[scale];
    struct span col = tiles_span(tile, PANEL_TILE, panel_gallery(panel));
    float *out = tile_of(panel, scale, tile, i);

    if (at->power > 1)
        return kernel_set()->power(tile_of(panel, at->base, tile, i), col.count, at->power, out);
    return kernel_set()->exp(panel_cells_row(panel->cells, start + i) + col.start, NULL, col.count, at->value,
                             panel->most[i], out);
}

/* Adds a tile's exponentials to every rule's sum for row i. */
static void sum_tile(struct panel *panel, size_t start, size_t tile, size_t i, size_t count)
{
    const struct panel_plan *plan = panel->plan;
    struct panel_row *row = panel_row_of(panel, i);
    struct panel_gathered *gathered = &panel->gathered;

    for (size_t c = 0; c < plan->scales; c++) {
        double sum = tile_exponentials(panel, c, start, tile, i);
        gathered->count = 0;
        for (size_t r = 0; r < plan->rules; r++) {
            if (plan->scale_of[r] != c)
                continue;
            if (!row[r].shift) {
                row[r].sum += sum;
                continue;
            }
            gathered->rule[gathered->count] = r;
            gathered->dot[gathered->count] = 0;
            gathered->weight[gathered->count++] = panel_term(plan, tile, PANEL_WEIGHT, r);
        }
        kernel_set()->dots(tile_of(panel, c, tile, i), count, gathered->weight, gathered->count, gathered->dot);
        for (size_t t = 0; t < gathered->count; t++)
            row[gathered->rule[t]].sum += gathered->dot[t];
    }
}

void panel_mass_sum(struct panel *panel, size_t start, size_t rows, size_t tile)
{
    struct span col = tiles_span(tile, PANEL_TILE, panel_gallery(panel));
    unsigned kept = denormal_off();

    for (size_t i = 0; i < rows; i++)
        sum_tile(panel, start, tile, i, col.count);
    denormal_restore(kept);
}

void panel_mass_add(struct panel *panel, size_t rule, const float *s, const float *shift, const float *groups)
{
    const struct kernel_set *kernel = kernel_set();
    size_t m = panel_gallery(panel);
    float scale = (float)panel->plan->result[rule].fit->scale;
    double sum = kernel->exp(s, shift, m, scale, kernel_max(groups, kernel_groups(m)), panel->weighed);

    kernel->settle(panel->weighed, NULL, m, 1 / sum, 0, panel->whole + rule * m);
    panel->whole_used[rule] = true;
}

void panel_mass_share(struct panel *panel, size_t at, size_t i)
{
    struct panel_row *row = panel_row_of(panel, i);

    for (size_t r = 0; r < panel->plan->rules; r++) {
        if (!row[r].shared)
            continue;
        if (row[r].sum >= LEAST_SUM)
            row[r].factor[row[r].shift ? PART_WEIGHTED : PART_WHOLE] = (float)(1 / row[r].sum);
        else
            panel_mass_add(panel, r, panel_cells_row(panel->cells, at), row[r].shift,
                           panel_groups(panel, i, row[r].like));
    }
}

/* Gathers the parts of one scale that any of a few rows adds to: a rule has one for rows it shifts, and one for rows it
 * leaves unshifted. */
static void gather_parts(struct panel *panel, size_t scale, const struct panel_row *row, size_t rows)
{
    const struct panel_plan *plan = panel->plan;
    struct panel_gathered *gathered = &panel->gathered;

    gathered->count = 0;
    for (size_t r = 0; r < plan->rules; r++) {
        if (plan->scale_of[r] != scale)
            continue;
        for (enum panel_part kind = PART_WEIGHTED; kind <= PART_WHOLE; kind++) {
            float any = 0;
            for (size_t i = 0; i < rows; i++)
                any += row[i * plan->rules + r].factor[kind];
            if (!(any > 0))
                continue;
            size_t part = kind * plan->rules + r;
            panel->part_used[part] = true;
            gathered->rule[gathered->count] = part;
            gathered->part[gathered->count++] = panel->part + part * PANEL_PART;
        }
    }
    for (size_t i = 0; i < rows; i++)
        for (size_t t = 0; t < gathered->count; t++) {
            size_t part = gathered->rule[t];
            gathered->factor[i * gathered->count + t] =
                row[i * plan->rules + part % plan->rules].factor[part / plan->rules];
        }
}

/* Moves a tile's parts to the mass.  A column's factor exp(bias) is applied only here, once the rows are summed; floats
 * are summed over a single strip. */
static void keep_tile(struct panel *panel, size_t tile)
{
    const struct panel_plan *plan = panel->plan;
    size_t m = panel_gallery(panel);
    struct span col = tiles_span(tile, PANEL_TILE, m);

    for (size_t part = 0; part < 2 * plan->rules; part++) {
        size_t rule = part % plan->rules;
        if (!panel->part_used[part])
            continue;
        kernel_set()->settle(panel->part + part * PANEL_PART,
                             part < plan->rules ? panel_term(plan, tile, PANEL_WEIGHT, rule) : NULL, col.count, 1,
                             plan->anchor, panel->mass + rule * m + col.start);
        panel->part_used[part] = false;
    }
}

void panel_mass_spread(struct panel *panel, size_t start, size_t rows, size_t tile)
{
    struct span col = tiles_span(tile, PANEL_TILE, panel_gallery(panel));
    struct panel_gathered *gathered = &panel->gathered;
    unsigned kept = denormal_off();

    for (size_t i = 0; i < rows; i += PANEL_FEW) {
        size_t few = rows - i < PANEL_FEW ? rows - i : PANEL_FEW;
        for (size_t c = 0; c < panel->plan->scales; c++) {
            for (size_t f = 0; (c > 0 || !panel_keeps(panel)) && f < few; f++)
                tile_exponentials(panel, c, start, tile, i + f);
            gather_parts(panel, c, panel_row_of(panel, i), few);
            kernel_set()->spread(tile_of(panel, c, tile, i), PANEL_TILE, few, col.count, gathered->factor,
                                 gathered->part, gathered->count);
        }
    }
    keep_tile(panel, tile);
    denormal_restore(kept);
}

void panel_mass_keep(struct panel *panel)
{
    const struct panel_plan *plan = panel->plan;
    size_t m = panel_gallery(panel);

    for (size_t r = 0; r < plan->rules; r++) {
        double *whole = panel->whole + r * m, *mass = panel->mass + r * m;
        for (size_t j = 0; panel->whole_used[r] && j < m; j++) {
            mass[j] += (whole[j] + plan->anchor) - plan->anchor;
            whole[j] = 0;
        }
        panel->whole_used[r] = false;
    }
}

void panel_mass_merge(const struct panel *panel)
{
    const struct panel_plan *plan = panel->plan;
    size_t m = panel_gallery(panel);

    for (size_t r = 0; r < plan->rules; r++) {
        double *total = plan->result[r].mass;
        const double *part = panel->mass + r * m;
        for (size_t j = 0; total && j < m; j++)
            total[j] += part[j];
    }
}
