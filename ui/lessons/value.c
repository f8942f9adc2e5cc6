#include "ui/lessons/value.h"

#include "engine/evaluation/hub_queries.h"
#include "engine/results/measure_table.h"
#include "engine/rules/rules.h"
#include "ui/draw/label.h"
#include "ui/model/learning.h"
#include "ui/model/ranks.h"
#include "ui/model/texts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum kind {
    KIND_COUNT,
    KIND_AMOUNT, /* as masses are written */
    KIND_ONE,    /* one decimal */
    KIND_PROBABILITY,
    KIND_WORDS
};

/* What a value is asked of. */
struct question {
    struct model *model;
    struct pick pick;
    const struct analysis *analysis; /* of the pick; null until known */
};

struct entry {
    const char *name;
    enum kind kind;
    bool ruled; /* of a rule: the current one unless another is named */
    double (*number)(const struct question *question);
    bool (*words)(const struct question *question, char shown[VALUE_TEXT]);
    const char *help;
};

/* ---- of the selection ---- */

static bool has_video(const struct question *question)
{
    return question->analysis && question->model->video < question->analysis->gallery;
}

static double n_of(const struct question *question, size_t k)
{
    return has_video(question) ? question->analysis->occurrence[k][question->model->video] : NAN;
}

static double n1(const struct question *question)
{
    return n_of(question, 0);
}

static double n10(const struct question *question)
{
    return n_of(question, ANALYSIS_KS - 1);
}

static double mass(const struct question *question)
{
    return has_video(question) && question->analysis->mass ? question->analysis->mass[question->model->video] : NAN;
}

static double mass_ratio(const struct question *question)
{
    return has_video(question) ? mass(question) / question->analysis->mass_summary.expected : NAN;
}

/* Queries that list the video above their own. */
static double stolen(const struct question *question)
{
    enum { AT_ONCE = 1024 };
    const struct task *task = model_side(question->model, T2V, question->pick)->task;
    static struct hub_query query[AT_ONCE];
    size_t count = 0, stolen = 0;

    if (!has_video(question) || !task)
        return NAN;
    count =
        hub_queries_list(task, question->analysis, question->model->video, question->analysis->top_k, query, AT_ONCE);
    for (size_t i = 0; i < count && i < AT_ONCE; i++)
        stolen += query[i].stolen;
    return count > AT_ONCE ? NAN : (double)stolen;
}

/* Whether the selected video has a place in an answer. */
static bool has_place(const struct question *question)
{
    return question->model->video != NO_VIDEO && model_list_current(question->model, question->pick);
}

static double rank(const struct question *question)
{
    size_t place = has_place(question) ? model_rank(question->model, question->pick, question->model->video) : 0;

    return place ? (double)place : NAN;
}

static double probability(const struct question *question)
{
    return has_place(question) ? model_probability(question->model, question->pick, question->model->video) : NAN;
}

static bool title(const struct question *question, char shown[VALUE_TEXT])
{
    if (question->model->video == NO_VIDEO)
        return false;
    model_title(question->model, question->model->video, shown, VALUE_TEXT);
    return true;
}

static bool target(const struct question *question, char shown[VALUE_TEXT])
{
    uint32_t video = model_target(question->model);

    if (video == NO_VIDEO)
        return false;
    model_title(question->model, video, shown, VALUE_TEXT);
    return true;
}

/* The first of the rule's list. */
static bool first(const struct question *question, char shown[VALUE_TEXT])
{
    const struct search_list *list = model_list(question->model, question->pick);

    if (!list || !model_list_current(question->model, question->pick))
        return false;
    model_title(question->model, list->item[0], shown, VALUE_TEXT);
    return true;
}

static bool gate(const struct question *question, char shown[VALUE_TEXT])
{
    const struct search_list *list = model_list(question->model, question->pick);

    if (!list || !model_list_current(question->model, question->pick))
        return false;
    snprintf(shown, VALUE_TEXT, "%s", list->open ? "open" : "shut");
    return true;
}

/* ---- of all videos and queries ---- */

static double videos(const struct question *question)
{
    return (double)question->model->collection->videos;
}

static double queries(const struct question *question)
{
    return (double)question->model->collection->queries;
}

static double fair_mass(const struct question *question)
{
    return queries(question) / videos(question);
}

static double fair_n10(const struct question *question)
{
    return ANALYSIS_TOP * fair_mass(question);
}

static double bank(const struct question *question)
{
    const struct model *model = question->model;
    const struct task *task = model_side(model, T2V, question->pick)->task;

    return task ? (double)task->b.rows : NAN;
}

static bool bank_name(const struct question *question, char shown[VALUE_TEXT])
{
    snprintf(shown, VALUE_TEXT, "%s", model_bank_name(question->model, question->model->bank));
    return true;
}

static double moved(const struct question *question, int sign)
{
    const struct model *model = question->model;
    const struct analysis *before = model_analysis(model, model->versus),
                          *after = model_analysis(model, model->current);
    size_t count = 0;

    if (!model_analysis_current(model, T2V, model->versus) || !model_analysis_current(model, T2V, model->current) ||
        before->queries != after->queries)
        return NAN;
    for (size_t q = 0; q < after->queries; q++)
        count += sign > 0 ? after->rank[q] < before->rank[q] : after->rank[q] > before->rank[q];
    return (double)count;
}

static double helped(const struct question *question)
{
    return moved(question, 1);
}

static double hurt(const struct question *question)
{
    return moved(question, -1);
}

/* ---- of a training by NCL ---- */

static const struct learning_record *learned(const struct question *question)
{
    const struct learning_record *record = model_learning(question->model, LOSS_NCL);

    return record && record->state == LEARNING_DONE ? record : NULL;
}

static double learned_value(const struct question *question, enum learning_measure measure, bool best)
{
    const struct learning_record *record = learned(question);

    return record ? record->run[record->best_run].value[measure][best ? record->best_epoch : 0] : NAN;
}

static double frozen_r1(const struct question *question)
{
    return learned_value(question, LEARNING_R1, false);
}

static double learned_r1(const struct question *question)
{
    return learned_value(question, LEARNING_R1, true);
}

/* ---- the table ---- */

static const struct entry entries[] = {
    {"title", KIND_WORDS, false, NULL, title, "the selected video's title"},
    {"N10", KIND_COUNT, true, n10, NULL, "in how many top-10 lists the selected video is"},
    {"N1", KIND_COUNT, true, n1, NULL, "in how many it is the first"},
    {"stolen", KIND_COUNT, true, stolen, NULL, "in how many of its top-10 lists it ranks above the query's own video"},
    {"mass", KIND_AMOUNT, true, mass, NULL, "the selected video's mass"},
    {"mass-ratio", KIND_ONE, true, mass_ratio, NULL, "its mass over the fair share"},
    {"rank", KIND_COUNT, true, rank, NULL, "the selected video's rank for the query in Search"},
    {"probability", KIND_PROBABILITY, true, probability, NULL, "its probability there"},
    {"first", KIND_WORDS, true, NULL, first, "the first video of the list in Search"},
    {"target", KIND_WORDS, false, NULL, target, "the query's own video"},
    {"gate", KIND_WORDS, true, NULL, gate, "`open` or `shut` for the query in Search"},
    {"helped", KIND_COUNT, false, helped, NULL, "queries whose video ranks better than under the compared rule"},
    {"hurt", KIND_COUNT, false, hurt, NULL, "queries whose video ranks worse"},
    {"fair-N10", KIND_COUNT, false, fair_n10, NULL, "the fair share of the top-10 lists"},
    {"fair-mass", KIND_COUNT, false, fair_mass, NULL, "the fair share of mass"},
    {"videos", KIND_COUNT, false, videos, NULL, "how many videos the collection has"},
    {"queries", KIND_COUNT, false, queries, NULL, "how many evaluation queries"},
    {"bank", KIND_WORDS, false, NULL, bank_name, "the query bank in use"},
    {"bank-rows", KIND_COUNT, true, bank, NULL, "how many queries it has"},
    {"frozen-R@1", KIND_ONE, false, frozen_r1, NULL, "held-out R@1 before training by NCL"},
    {"learned-R@1", KIND_ONE, false, learned_r1, NULL, "held-out R@1 after it"},
};

struct value_entry value_entry(size_t index)
{
    if (index >= sizeof entries / sizeof *entries)
        return (struct value_entry){NULL, NULL};
    return (struct value_entry){entries[index].name, entries[index].help};
}

/* "NAME [OF]" taken apart. */
struct wanted {
    char name[VALUE_TEXT];
    const char *of; /* "" for the current rule */
    const struct entry *entry;
    const struct measure *measure;
    bool parameter; /* of a rule, by name */
};

static bool is_parameter(const char *name)
{
    for (size_t r = 0; r < rules_count; r++)
        for (size_t p = 0; p < rules[r]->parameter_count; p++)
            if (strcmp(rules[r]->parameters[p].name, name) == 0)
                return true;
    return false;
}

static size_t rule_named(const char *name)
{
    for (size_t r = 0; r < rules_count; r++)
        if (strcmp(rules[r]->name, name) == 0)
            return r;
    return SIZE_MAX;
}

static int take_apart(const char *text, struct wanted *wanted, struct error *error)
{
    *wanted = (struct wanted){.of = ""};
    snprintf(wanted->name, sizeof wanted->name, "%s", text);
    char *blank = strchr(wanted->name, ' ');
    if (blank) {
        *blank = 0;
        wanted->of = blank + 1;
    }
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
        if (strcmp(entries[i].name, wanted->name) == 0)
            wanted->entry = &entries[i];
    for (size_t i = 0; i < measures_count; i++)
        if (!wanted->measure && strcmp(measure_table[i].key, wanted->name) == 0)
            wanted->measure = &measure_table[i];
    wanted->parameter = is_parameter(wanted->name);
    if (!wanted->entry && !wanted->measure && !wanted->parameter)
        return error_set(error, ERROR_INPUT, "there is no value '%.60s'", wanted->name);
    const char *slash = strchr(wanted->of, '/');
    if (!*wanted->of || strcmp(wanted->of, "versus") == 0)
        return 0;
    if (wanted->entry && !wanted->entry->ruled)
        return error_set(error, ERROR_INPUT, "%.60s is not a value of a rule", wanted->name);
    if (rule_named(slash ? slash + 1 : wanted->of) == SIZE_MAX)
        return error_set(error, ERROR_INPUT, "there is no rule '%.60s'", slash ? slash + 1 : wanted->of);
    return 0;
}

int value_check(const char *text, struct error *error)
{
    struct wanted wanted;

    return take_apart(text, &wanted, error);
}

/* The rule that a value is of; false if there is no such model. */
static bool find_pick(const struct model *model, const char *of, struct pick *pick)
{
    const struct collection *collection = model->collection;
    const char *slash = strchr(of, '/');
    size_t length = slash ? (size_t)(slash - of) : 0;

    *pick = strcmp(of, "versus") == 0 ? model->versus : model->current;
    if (!*of || strcmp(of, "versus") == 0)
        return true;
    pick->rule = rule_named(slash ? slash + 1 : of);
    for (size_t m = 0; slash && m < collection->models; m++) {
        if (strlen(collection->model[m]->name) == length && memcmp(collection->model[m]->name, of, length) == 0) {
            pick->model = m;
            return true;
        }
    }
    return !slash;
}

static bool print_number(enum kind kind, double number, char shown[VALUE_TEXT])
{
    char label[LABEL_NUMBER];

    if (isnan(number))
        return false;
    if (kind == KIND_AMOUNT)
        label_amount(number, label);
    else if (kind == KIND_PROBABILITY)
        label_probability(number, label);
    else
        snprintf(label, sizeof label, "%.*f", kind == KIND_ONE, number);
    snprintf(shown, VALUE_TEXT, "%s", label);
    return true;
}

static bool parameter_of(const struct question *question, const char *name, char shown[VALUE_TEXT], double *number)
{
    const struct rule_spec *spec = model_spec(question->model, question->pick);

    for (size_t p = 0; p < spec->rule->parameter_count; p++) {
        if (strcmp(spec->rule->parameters[p].name, name) == 0) {
            *number = spec->value[p];
            snprintf(shown, VALUE_TEXT, "%.4g", *number);
            return true;
        }
    }
    return false;
}

bool value_of(struct model *model, const char *text, char shown[VALUE_TEXT], double *number)
{
    struct question question = {.model = model};
    struct wanted wanted;

    *number = NAN;
    if (take_apart(text, &wanted, NULL) != 0 || !find_pick(model, wanted.of, &question.pick) ||
        question.pick.model >= model->sources)
        return false;
    if (wanted.parameter)
        return parameter_of(&question, wanted.name, shown, number);
    if (model_analysis_current(model, T2V, question.pick))
        question.analysis = model_analysis(model, question.pick);
    if (wanted.entry && wanted.entry->words)
        return wanted.entry->words(&question, shown);
    if (wanted.entry) {
        *number = wanted.entry->number(&question);
        return print_number(wanted.entry->kind, *number, shown);
    }
    if (!question.analysis)
        return false;
    const struct measured measured = measured_of(question.analysis, T2V);
    *number = measure_shown(wanted.measure, &measured);
    measure_print(wanted.measure, *number, shown, VALUE_TEXT);
    return !isnan(*number);
}

bool value_fill(struct model *model, const char *text, char *filled, size_t size)
{
    char name[VALUE_TEXT], shown[VALUE_TEXT];
    bool known = true;
    size_t used = 0;
    double number;

    while (*text && used + 1 < size) {
        size_t length = strcspn(text + 1, "}");
        if (*text != '{' || length >= sizeof name) {
            filled[used++] = *text++;
            continue;
        }
        memcpy(name, text + 1, length);
        name[length] = 0;
        bool found = value_of(model, name, shown, &number);
        known = known && found;
        int written = snprintf(filled + used, size - used, "%s", found ? shown : "...");
        used = used + (size_t)written < size ? used + (size_t)written : size - 1;
        text += length + (text[1 + length] == '}') + 1;
    }
    filled[used] = 0;
    return known;
}
