/* Measures along a parameter of a rule: points measured in passes on the heavy lane, curves kept while there is
 * room. */
#include "ui/model/curves.h"

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
    unsigned long used;   /* time of the last use; 0: empty */
    unsigned long number; /* distinguishes it from earlier curves in the slot */
    struct rule_spec base;
    char bank[sizeof((struct fit *)0)->bank];
    struct model_curve curve;
};

struct curves {
    struct curve_slot slot[KEPT];
    struct curve_slot *wanted; /* requested and not complete, or null */
    unsigned long made, clock;
};

struct curves *curves_new(void)
{
    return memory_array(1, sizeof(struct curves));
}

void curves_free(struct curves *curves)
{
    free(curves);
}

void curves_forget_asked(struct curves *curves)
{
    curves->wanted = NULL;
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

/* The cached curve that contains the value in force, or null. */
static struct curve_slot *find_slot(const struct model *model, enum direction direction, const char *bank)
{
    const struct rule_spec *spec = model_spec(model, model->current);
    double value = spec->value[model->parameter];
    struct curve_slot *found = NULL;

    for (size_t i = 0; i < KEPT; i++) {
        struct curve_slot *slot = &model->curves->slot[i];
        const struct model_curve *curve = &slot->curve;
        if (!slot->used || curve->direction != direction || !pick_same(curve->pick, model->current) ||
            curve->parameter != model->parameter || strcmp(slot->bank, bank) != 0 ||
            !same_base(slot, spec, model->parameter) || !holds(curve, value))
            continue;
        if (!found || slot->used > found->used)
            found = slot;
    }
    return found;
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

static struct curve_slot *make_slot(struct model *model, enum direction direction, const char *bank)
{
    struct curves *cache = model->curves;
    const struct rule_spec *spec = model_spec(model, model->current);
    struct rule_spec usual = rule_default(spec->rule, model_source(model, model->current)->model->logit_scale);
    double value = spec->value[model->parameter], centre = usual.value[model->parameter];
    struct curve_slot *slot = &cache->slot[0];

    for (size_t i = 1; i < KEPT; i++)
        if (cache->slot[i].used < slot->used)
            slot = &cache->slot[i];
    for (int attempt = 0; attempt < 2; attempt++) {
        *slot = (struct curve_slot){.number = ++cache->made, .base = *spec};
        slot->curve =
            (struct model_curve){.direction = direction, .pick = model->current, .parameter = model->parameter};
        fill_points(&slot->curve, spec, centre);
        if (holds(&slot->curve, value))
            break;
        centre = value;
    }
    snprintf(slot->bank, sizeof slot->bank, "%s", bank);
    return slot;
}

const struct model_curve *model_curve(struct model *model, enum direction direction)
{
    const struct model_side *side = model_side(model, direction, model->current);
    size_t rule = model->current.rule;
    char bank[sizeof((struct fit *)0)->bank];

    if (model->parameter >= rules[rule]->parameter_count || !side->task || side->unavailable[rule])
        return NULL;
    struct bank_subset choice = side->task->bank_subset;
    snprintf(choice.name, sizeof choice.name, "%s", side->task->bank_name);
    bank_name_print(&choice, bank, sizeof bank);
    struct curve_slot *slot = find_slot(model, direction, bank);
    if (!slot)
        slot = make_slot(model, direction, bank);
    slot->used = ++model->curves->clock;
    if (slot->curve.known < slot->curve.count && !slot->curve.failed[0])
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

bool curves_advance(struct model *model)
{
    struct curve_slot *slot = model->curves->wanted;

    if (!slot || slot->curve.known == slot->curve.count || slot->curve.failed[0])
        return false;
    const struct model_curve *curve = &slot->curve;
    const struct model_side *side = model_side(model, curve->direction, curve->pick);
    const struct rule *rule = rules[curve->pick.rule];
    struct curve_work *c = memory_array(1, sizeof *c);
    if (!c) {
        snprintf(slot->curve.failed, sizeof slot->curve.failed, "out of memory");
        return false;
    }
    c->work = (struct work){.run = curve_run, .land = curve_land, .free = curve_free};
    c->slot = slot;
    c->number = slot->number;
    c->task = shared_task_keep(side->task);
    c->base = slot->base;
    c->axis.parameter = curve->parameter;
    take_turn(c, curve);
    c->work.from = (double)curve->known / (double)curve->count;
    c->work.part = (double)c->axis.count / (double)curve->count;
    snprintf(c->work.what, WORK_WHAT, "sweeping %.40s over %s", pick_name(model, curve->pick).text,
             rule->parameters[curve->parameter].name);
    worker_post(model->worker, LANE_HEAVY, &c->work);
    return true;
}
