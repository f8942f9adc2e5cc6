#include "ui/model/schedule.h"

const struct look_limits look_limits = {.rows = 5000, .queries = 2000, .products = 5e7, .numbers = 2e8};

enum stage {
    STAGE_SIMPLE_FITS,     /* without a bank: searching works at once */
    STAGE_SMALL_FITS,      /* of small tasks, all together */
    STAGE_SIMPLE_LOOKS,    /* at what needs no bank */
    STAGE_SIMPLE_RESULTS,  /* of that, where the queries are few */
    STAGE_FIRST_FITS,      /* of visible rules, to some rows where the bank is large */
    STAGE_LOOKS,           /* with these fits */
    STAGE_STEPS,           /* on more rows, in the end on all */
    STAGE_VISIBLE_RESULTS, /* for all queries */
    STAGE_OTHER_LOOKS,     /* of the rules that a view asks for */
    STAGE_OTHER_FITS,
    STAGE_RESULTS,
    STAGES
};

/* A rule of a model in one direction. */
struct place {
    const struct model *model;
    const struct source *source;
    const struct model_side *side;
    enum direction direction;
    struct pick pick;
};

static struct place place_of(const struct model *model, enum direction direction, struct pick pick)
{
    const struct source *source = model_source(model, pick);

    return (struct place){model, source, &source->side[direction], direction, pick};
}

static unsigned needs(const struct place *place)
{
    return rules[place->pick.rule]->needs;
}

static bool is_long(const struct place *place, size_t rows)
{
    return (double)rows * (double)task_gallery(place->side->task) > place->model->limits.products;
}

static bool has_large_bank(const struct place *place)
{
    return task_bank(place->side->task) > place->model->limits.rows && is_long(place, task_bank(place->side->task));
}

static bool has_many_queries(const struct place *place)
{
    return task_queries(place->side->task) > place->model->limits.queries &&
           is_long(place, task_queries(place->side->task));
}

static bool is_large(const struct place *place)
{
    return has_large_bank(place) || has_many_queries(place);
}

static bool can_look(const struct place *place)
{
    return place->direction == T2V && !(needs(place) & RULE_NEEDS_ALL_QUERIES);
}

static const struct fit *fit_of(const struct place *place)
{
    return place->side->fit[place->pick.rule];
}

static bool is_wanting(const struct place *place)
{
    return !place->side->unavailable[place->pick.rule] && !place->side->failed[place->pick.rule][0];
}

static bool has_fit(const struct place *place) /* of its parameters, to any rows */
{
    return fit_of(place) && rule_same(&fit_of(place)->spec, &place->source->spec[place->pick.rule]);
}

static bool needs_fit(const struct place *place)
{
    return is_wanting(place) && (!has_fit(place) || side_is_partial(place->side, place->pick.rule));
}

static bool needs_result(const struct place *place)
{
    const struct analysis *analysis = place->side->analysis[place->pick.rule];

    return fit_of(place) && !place->side->failed[place->pick.rule][0] &&
           !side_is_partial(place->side, place->pick.rule) && (!analysis || analysis->fit != fit_of(place));
}

static bool needs_work(const struct place *place)
{
    return needs_fit(place) || needs_result(place);
}

/* Only where the rule needs other work too. */
static bool needs_look(const struct place *place)
{
    const struct analysis *look = place->side->look[place->pick.rule];

    return is_wanting(place) && has_fit(place) && can_look(place) && has_many_queries(place) &&
           !(look && look->fit == fit_of(place)) &&
           (needs_result(place) || side_is_partial(place->side, place->pick.rule));
}

/* The rows of the bank to fit to next; 0: all. */
static size_t next_rows(const struct place *place)
{
    size_t all = task_bank(place->side->task), rows = place->model->limits.rows;

    if (!(needs(place) & RULE_NEEDS_BANK) || !can_look(place) || !has_large_bank(place))
        return 0;
    if (!has_fit(place))
        return rows;
    while (rows <= fit_of(place)->n)
        rows *= 2;
    return rows <= all / 2 ? rows : 0;
}

static bool is_visible(const struct place *place)
{
    const struct model *model = place->model;

    return pick_same(place->pick, model->current) || pick_same(place->pick, model->versus) ||
           (model->columns == MODEL_COLUMNS && pick_same(place->pick, model->third) && is_large(place));
}

/* Whether analysing the rule takes many times as long as analysing all the others. */
static bool is_slow(const struct place *place)
{
    return rules[place->pick.rule]->count != NULL;
}

static bool is_asked(const struct place *place)
{
    return is_visible(place) || !is_large(place) || place->model->wants_rules;
}

static bool belongs(const struct place *place, enum stage stage, bool slow)
{
    bool large = is_large(place), visible = is_visible(place), simple = needs(place) == RULE_NEEDS_NOTHING;
    bool asked = is_asked(place), now = is_slow(place) == slow || (large && visible);

    switch (stage) {
    case STAGE_SIMPLE_FITS:
        return simple && place->direction == T2V && needs_fit(place);
    case STAGE_SMALL_FITS:
        return !large && needs_fit(place);
    case STAGE_SIMPLE_LOOKS:
        return large && visible && simple && needs_look(place);
    case STAGE_SIMPLE_RESULTS:
        return large && visible && simple && !has_many_queries(place) && needs_result(place);
    case STAGE_FIRST_FITS:
        return large && visible && needs_fit(place) && !has_fit(place);
    case STAGE_LOOKS:
        return large && visible && needs_look(place);
    case STAGE_STEPS:
        return large && visible && needs_fit(place);
    case STAGE_VISIBLE_RESULTS:
        return visible && now && needs_result(place);
    case STAGE_OTHER_LOOKS:
        return large && asked && needs_fit(place) && !has_fit(place) && next_rows(place);
    case STAGE_OTHER_FITS:
        return large && asked && needs_fit(place);
    default:
        return asked && now && needs_result(place);
    }
}

static enum piece_kind kind_of(enum stage stage, size_t rows)
{
    if (stage == STAGE_SIMPLE_LOOKS || stage == STAGE_LOOKS || rows)
        return PIECE_LOOK;
    if (stage == STAGE_SIMPLE_RESULTS || stage == STAGE_VISIBLE_RESULTS || stage == STAGE_RESULTS)
        return PIECE_ANALYSE;
    return PIECE_FIT;
}

static bool fits_some_rows(enum stage stage)
{
    return stage == STAGE_FIRST_FITS || stage == STAGE_STEPS || stage == STAGE_OTHER_LOOKS;
}

/* Mostly nothing is missing, and the stages need not be gone through. */
static bool is_done(const struct model *model, size_t of, enum direction direction)
{
    for (size_t r = 0; model->source[of]->side[direction].task && r < rules_count; r++) {
        const struct place place = place_of(model, direction, (struct pick){of, r});
        if (needs_work(&place))
            return false;
    }
    return true;
}

/* The rules of a model that are done together: those on the same rows of the bank. */
static bool choose(const struct model *model, size_t of, enum direction direction, enum stage stage, enum due due,
                   bool slow, struct piece *piece)
{
    *piece = (struct piece){.model = of, .direction = direction};
    for (size_t r = 0; model->source[of]->side[direction].task && r < rules_count; r++) {
        const struct place place = place_of(model, direction, (struct pick){of, r});
        if (!needs_work(&place) || (is_large(&place) && stage > STAGE_LOOKS) != (due == DUE_LATER) ||
            !belongs(&place, stage, slow))
            continue;
        size_t rows = fits_some_rows(stage) ? next_rows(&place) : 0;
        if (piece->rules && rows != piece->rows)
            continue;
        piece->rows = rows;
        piece->queries = has_many_queries(&place) ? model->limits.queries : 0;
        piece->rule[piece->rules++] = r;
    }
    piece->kind = kind_of(stage, piece->rows);
    if (model->source[of]->side[direction].alone && piece->rules)
        piece->rules = 1;
    return piece->rules;
}

bool schedule_next(const struct model *model, enum direction direction, enum due due, bool slow, struct piece *piece)
{
    size_t shown[MODEL_SHOWN], models = 0, all = model_shown(model, shown);

    for (size_t m = 0; m < all; m++)
        if (!is_done(model, shown[m], direction))
            shown[models++] = shown[m];
    for (enum stage stage = 0; stage < STAGES; stage++)
        for (size_t m = 0; m < models; m++)
            if (choose(model, shown[m], direction, stage, due, slow, piece))
                return true;
    return false;
}

bool schedule_needs_fit(const struct model *model, enum direction direction, struct pick pick)
{
    const struct place place = place_of(model, direction, pick);

    return needs_fit(&place);
}

bool schedule_needs_analysis(const struct model *model, enum direction direction, struct pick pick)
{
    const struct place place = place_of(model, direction, pick);

    return needs_result(&place);
}

bool schedule_waits(const struct model *model, enum direction direction, struct pick pick)
{
    const struct place place = place_of(model, direction, pick);

    return place.side->task && !is_asked(&place);
}
