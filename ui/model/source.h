/* One of the collection's models as the explorer uses it: the parameters of its rules and, while it is on the screen,
 * its tasks, fits and analyses, and its answer to the query line. */
#ifndef HUBSCOPE_UI_MODEL_SOURCE_H
#define HUBSCOPE_UI_MODEL_SOURCE_H

#include "engine/collection/collection.h"
#include "engine/evaluation/search.h"
#include "engine/typing/typed.h"
#include "ui/model/side.h"

struct source {
    const struct collection_model *model;
    bool left_out[RULES_MAX];         /* rules that are not offered, by index in rules[] */
    struct rule_spec spec[RULES_MAX]; /* parameters in force, likewise */
    struct model_side side[2];        /* by enum direction; without a task while it is not on the screen */

    /* the last answer to the query line; null while there is none */
    struct search *search;
    size_t search_rule[RULES_MAX]; /* index in search->list of each rule, SIZE_MAX if not in it */
    bool stale;                    /* it answers an earlier query: the present one has no answer */
    struct search *earlier;        /* the answer before, for the rules that `search` lacks as yet; or null */
    size_t earlier_rule[RULES_MAX];
    struct typed typed;    /* what the encoder made of the present text */
    char search_note[300]; /* "no word is known", an error, ...; "" if none */

    size_t stand_in; /* the source whose results are shown where this has none as yet; NO_STAND_IN: none */
};
#define NO_STAND_IN SIZE_MAX

/* With the rules' default parameters; null when out of memory. */
struct source *source_new(const struct collection_model *model);
void source_free(struct source *source);

/* Offers only the rules named ("RULE", "RULE:params", "MODEL/RULE", ...), which take the parameters given with them;
 * those named without a model are offered for every model.  0 rules: all. */
int source_offer(struct source *source, const struct collection *collection, const char *const *rule, size_t count,
                 struct error *error);

/* Opens text to video on another bank; analyses of the old one stay until their successors arrive.  Opens video to text
 * if it is not open: its bank does not change.  On failure the source is unchanged. */
int source_open(struct source *source, const struct collection *collection, const struct task_choice choice[2],
                struct error *error);
/* Closes both directions and drops the answer; parameters stay. */
void source_close(struct source *source);
void source_drop_answer(struct source *source);
/* Takes ownership of an answer, with its index of each rule; what it lacks stays to be had from the answers before. */
void source_take_answer(struct source *source, struct search *search, const size_t rule[RULES_MAX]);

#endif
