/* Measures along a parameter of a rule: points measured in passes on the heavy lane, curves kept while there is
 * room. */
#include "ui/model/curves.h"

#include "engine/base/lru.h"
#include "engine/base/memory.h"
#include "engine/fitting/bank_name.h"
#include "ui/model/shared_task.h"
#include "ui/model/worker.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEPT = 8,
    COARSEST = 4 /* the first pass takes every 4th point and the ends */
};

/* Points of a curve are measured in passes, each twice as dense as the last, so that its shape shows early. */
struct curve_slot {
    unsigned long number; /* distinguishes it from earlier curves in the slot */
    struct rule_spec base;
    char bank[sizeof((struct fit *)0)->bank];
    struct model_curve curve;
};

struct curves {
    struct lru *kept;          /* struct curve_slot */
    struct curve_slot *wanted; /* requested and not complete, or null */
    unsigned long made;
};

struct curves *curves_new(void)
{
    struct curves *curves = memory_array(1, sizeof *curves);

    if (curves && (curves->kept = lru_new(KEPT, sizeof(struct curve_slot), NULL)))
        return curves;
    free(curves);
    return NULL;
}

void curves_free(struct curves *curves)
{
    if (curves)
        lru_free(curves->kept);
    free(curves);
}

struct curve_work {
    struct work work;
    struct curve_slot *slot;
    unsigned long number;
    struct shared_task *task;
    struct rule_spec base;
    struct sweep_axis axis;
    size_t index[MODEL_CURVE]; /* (axis.count) of the points on the curve */
    struct sweep sweep;
    int status;
    struct error error;
};

static bool same_base(const struct curve_slot *slot, const struct rule_spec *spec, size_t parameter)
{
    struct rule_spec moved = *spec;

    moved.value[parameter] = slot->base.value[parameter];
    return rule_same(&slot->base, &moved);
}

static double value_at(const struct model_curve *curve, size_t i)
{
    return curve->point[i].spec.value[curve->parameter];
}

/* Steps up and down again may miss the ends by a rounding error. */
static bool holds(const struct model_curve *curve, double value)
{
    double slack = 1e-9 * fabs(value);

    return curve->count && value >= value_at(curve, 0) - slack && value <= value_at(curve, curve->count - 1) + slack;
}

/* Whether a curve is of the rule, bank and direction asked for, and contains the value asked for. */
static bool answers(const void *kept, const void *key)
{
    const struct curve_slot *slot = kept, *asked = key;
    const size_t parameter = asked->curve.parameter;

    return slot->curve.direction == asked->curve.direction && pick_same(slot->curve.pick, asked->curve.pick) &&
           slot->curve.parameter == parameter && slot->curve.last == asked->curve.last &&
           strcmp(slot->bank, asked->bank) == 0 && same_base(slot, &asked->base, parameter) &&
           holds(&slot->curve, asked->base.value[parameter]);
}

/* The value `steps` presses of ] (or, below 0, of [) away. */
static double stepped(const struct rule_parameter *parameter, double value, int steps)
{
    value = parameter->logarithmic ? value * pow(parameter->step, steps) : value + steps * parameter->step;
    return parameter->whole ? round(value) : value;
}

/* Twelve steps to either side, or more to one side where the range ends on the other. */
static void fill_points(struct model_curve *curve, const struct rule_spec *base, double centre)
{
    const struct rule_parameter *parameter = &base->rule->parameters[curve->parameter];
    int first = -(MODEL_CURVE / 2);
    double steps = curve->last ? curve->last - parameter->least : 0, every = ceil(steps / (MODEL_CURVE - 1));

    for (double value = parameter->least; curve->last && curve->count < MODEL_CURVE && value < curve->last + every;
         value += every) {
        curve->point[curve->count].spec = *base;
        curve->point[curve->count++].spec.value[curve->parameter] = fmin(value, curve->last);
    }
    if (curve->last)
        return;
    while (!parameter->logarithmic && first < 0 && stepped(parameter, centre, first) < parameter->least)
        first++;
    for (int i = first; i < first + MODEL_CURVE; i++) {
        double value = stepped(parameter, centre, i);
        if (value < parameter->least || value > parameter->most ||
            (curve->count && value <= value_at(curve, curve->count - 1)))
            continue;
        curve->point[curve->count].spec = *base;
        curve->point[curve->count++].spec.value[curve->parameter] = value;
    }
}

static struct curve_slot *make_slot(const struct model *model, const struct curve_slot *asked)
{
    const struct rule_spec *spec = &asked->base;
    struct rule_spec usual = rule_default(spec->rule, model_source(model, asked->curve.pick)->model->logit_scale);
    double value = spec->value[asked->curve.parameter], centre = usual.value[asked->curve.parameter];
    struct curve_slot *slot = lru_take(model->curves->kept);

    for (int attempt = 0; attempt < 2; attempt++) {
        *slot = *asked;
        slot->number = ++model->curves->made;
        fill_points(&slot->curve, spec, centre);
        if (holds(&slot->curve, value))
            break;
        centre = value;
    }
    return slot;
}

static bool is_complete(const struct curve_slot *slot)
{
    return slot->curve.known == slot->curve.count || slot->curve.failed[0];
}

const struct model_curve *model_curve(struct model *model, enum direction direction)
{
    return model_curve_up_to(model, direction, 0);
}

const struct model_curve *model_curve_up_to(struct model *model, enum direction direction, double last)
{
    const struct model_side *side = model_side(model, direction, model->current);
    size_t rule = model->current.rule;
    struct curve_slot asked = {
        .base = *model_spec(model, model->current),
        .curve = {.direction = direction, .pick = model->current, .parameter = model->parameter, .last = last}};

    if (model->parameter >= rules[rule]->parameter_count || !side->task || side->unavailable[rule])
        return NULL;
    struct bank_subset choice = side->task->bank_subset;
    snprintf(choice.name, sizeof choice.name, "%s", side->task->bank_name);
    bank_name_print(&choice, asked.bank, sizeof asked.bank);
    struct curve_slot *slot = lru_find(model->curves->kept, answers, &asked);
    if (!slot)
        slot = make_slot(model, &asked);
    if (!is_complete(slot))
        model->curves->wanted = slot;
    return &slot->curve;
}

static void curve_run(struct work *work)
{
    struct curve_work *c = (struct curve_work *)work;

    c->status = sweep_run(&c->task->task, &c->base, &c->axis, 1, &c->sweep, &c->work.job, &c->error);
}

static void curve_land(struct work *work, struct model *model)
{
    struct curve_work *c = (struct curve_work *)work;
    struct model_curve *curve = &c->slot->curve;

    model_touch(model);
    if (c->slot->number != c->number || (c->status && c->error.kind == ERROR_CANCELLED))
        return;
    if (c->status) {
        snprintf(curve->failed, sizeof curve->failed, "%.*s", (int)sizeof curve->failed - 1, c->error.text);
        return;
    }
    for (size_t i = 0; i < c->sweep.count; i++) {
        curve->known += !curve->is_known[c->index[i]];
        curve->is_known[c->index[i]] = true;
        curve->point[c->index[i]] = c->sweep.point[i];
    }
}

static void curve_free(struct work *work)
{
    struct curve_work *c = (struct curve_work *)work;

    sweep_close(&c->sweep);
    shared_task_release(&c->task->task);
    free(c);
}

/* Chooses the points of the next pass. */
static void take_turn(struct curve_work *c, const struct model_curve *curve)
{
    for (size_t every = COARSEST; every && !c->axis.count; every /= 2)
        for (size_t i = 0; i < curve->count; i++) {
            if (curve->is_known[i] || (i % every && i + 1 < curve->count))
                continue;
            c->index[c->axis.count] = i;
            c->axis.value[c->axis.count++] = value_at(curve, i);
        }
}

static struct work *curve_next(struct model *model)
{
    struct curve_slot *slot = model->curves->wanted;

    if (!slot || is_complete(slot))
        return NULL;
    const struct model_curve *curve = &slot->curve;
    const struct model_side *side = model_side(model, curve->direction, curve->pick);
    struct curve_work *c = memory_array(1, sizeof *c);
    if (!c) {
        snprintf(slot->curve.failed, sizeof slot->curve.failed, "out of memory");
        return NULL;
    }
    c->slot = slot;
    c->number = slot->number;
    c->task = shared_task_keep(side->task);
    c->base = slot->base;
    c->axis.parameter = curve->parameter;
    take_turn(c, curve);
    c->work.from = (double)curve->known / (double)curve->count;
    c->work.part = (double)c->axis.count / (double)curve->count;
    snprintf(c->work.what, WORK_WHAT, "sweeping %.40s over %s", pick_name(model, curve->pick).text,
             rules[curve->pick.rule]->parameters[curve->parameter].name);
    return &c->work;
}

static void curves_forget(struct model *model)
{
    model->curves->wanted = NULL;
}

const struct errand curve_errand = {
    .next = curve_next, .forget = curves_forget, .run = curve_run, .land = curve_land, .free = curve_free};
