/* What the explorer is looking at: the collection, the rules with their parameters and results, and the one selection
 * that all views share.  Owned and changed by the UI thread only; heavy work is asked for here, done by the worker
 * (ui/model/worker.h) and lands here when the explorer collects it. */
#ifndef HUBSCOPE_UI_MODEL_MODEL_H
#define HUBSCOPE_UI_MODEL_MODEL_H

#include "engine/evaluation/analysis.h"
#include "engine/evaluation/bank_report.h"
#include "engine/evaluation/bootstrap.h"
#include "engine/collection/collection.h"
#include "engine/pictures/picture.h"
#include "engine/exports/export.h"
#include "engine/evaluation/search.h"
#include "engine/evaluation/sweep.h"

enum { MODEL_COLUMNS = 3, MODEL_TOP = 200, MODEL_PULLS = 5, MODEL_TEXT = 512, MODEL_FOUND = 50, MODEL_CURVE = 25 };
#define NO_VIDEO UINT32_MAX
#define NO_QUERY SIZE_MAX

struct model_side {            /* one direction, for the current bank */
    const struct task *task;   /* null: no captions or nothing to search */
    const char *unavailable[RULES_MAX];   /* why a rule cannot be used, or null */
    struct fit *fit[RULES_MAX];           /* null until fitted; may lag behind `spec` while a new fit is under way */
    struct analysis *analysis[RULES_MAX]; /* null until analysed; may lag behind `fit` likewise */
    char failed[RULES_MAX][160];          /* why the last fit or analysis failed, "" if it did not */
    bool alone;                           /* several rules failed together: they are fitted one by one */
};

struct query_line;
struct model_cache; /* pictures, titles, ranks: private to model*.c */

/* Why nothing can be typed where queries are stored similarities without words. */
#define MODEL_WORDLESS                                                                             \
    "stored similarities: nothing to type; n and N step, :caption N takes query N"

struct model {
    struct collection *collection;
    struct worker *worker;
    struct model_cache *cache;
    struct query_line *line;           /* the editor of `text`, drawn by query_line_draw; null in tests */
    bool scripted;                     /* nothing shown may depend on time */
    bool pictures;                     /* views leave room for pictures only while this is set */
    size_t bank;                       /* index of the query bank */
    bool left_out[RULES_MAX];          /* rules that are not offered, by index in rules[] */
    struct rule_spec spec[RULES_MAX];  /* parameters in force, likewise */
    struct model_side side[2];         /* by enum direction; views other than Metrics show side[T2V] */

    /* the selection */
    size_t rule, versus, third;  /* current, compared and third rule: indexes in rules[] */
    unsigned columns;            /* 1: rule; 2: versus, rule; 3: versus, third, rule */
    size_t parameter;            /* of the current rule: what [ and ] change */
    uint32_t video;              /* selected video row or NO_VIDEO */
    size_t query;                /* evaluation query in the query line, or NO_QUERY for typed text */
    char text[MODEL_TEXT];       /* what the query line says */

    /* the answer to the query line; null while there is none */
    struct search *search;
    size_t search_rule[RULES_MAX]; /* index in search->list of each rule, SIZE_MAX if not in it */
    struct encoding encoding;      /* for typed text */
    char search_note[300];         /* "no word is known", an error, ...; "" if none */
    double search_ms;              /* encode + score + rank */

    /* stored captions that hold the words looked for, best first */
    char found_words[MODEL_TEXT];
    uint32_t found[MODEL_FOUND];
    size_t found_count;

    /* why the selected video is where it is, for the current rule */
    uint32_t pulls_video;
    size_t pulls_rule;
    struct pull pulls[MODEL_PULLS];
    size_t pull_count;

    char message[200];       /* one line for the status bar; "" if none */
    bool message_is_error;
    unsigned long changes;   /* counts up whenever anything above changes */
    unsigned long results;   /* counts up whenever a fit or an analysis arrives or goes, or rule or versus change:
                                views cache lists derived from analyses by it */

    /* private to model*.c */
    unsigned long search_wanted, pulls_wanted, found_wanted; /* generations */
    bool follow; /* the next answer that has the current rule selects its first video */
    unsigned long answers; /* searches that arrived */
    double waits_since;    /* ms: when the encoder was asked for the answer that is not there yet; 0: it was not */
    bool opening; /* the user chose nothing yet: the first analyses may still change the query shown */
    bool paused; /* cancelled by the user: no heavy work until the next change that needs some */
};

struct model_options {
    const char *bank;        /* null: the first */
    const char *const *rule; /* (rules) the only ones offered, as rule_parse reads them; 0 rules: all */
    size_t rules;
};

/* Borrows the collection.  Starts the first fits and shows the first evaluation query.  Null options: the defaults. */
int model_open(struct model *model, struct collection *collection, const struct model_options *options,
               struct error *error);
void model_close(struct model *model);

/* Changes of the selection; each asks for the work that follows from it.  A new text or query selects the first video of
 * its answer when that arrives, unless model_set_video is called after it. */
void model_set_text(struct model *model, const char *text);        /* typed text: clears `query` */
void model_set_query(struct model *model, size_t query);           /* an evaluation query: text becomes its caption */
void model_set_video(struct model *model, uint32_t video);
void model_find_captions(struct model *model, const char *words);  /* fills `found` when it is done */
void model_set_rule(struct model *model, size_t rule);             /* swaps with versus if they would be the same */
void model_set_versus(struct model *model, size_t rule);           /* the same */
void model_swap(struct model *model);                              /* rule <-> versus */
void model_set_columns(struct model *model, unsigned columns);
void model_set_bank(struct model *model, size_t bank);             /* refits everything */
void model_set_parameter(struct model *model, size_t rule, size_t parameter, double value); /* clamps to its range */
void model_set_spec(struct model *model, size_t rule, const struct rule_spec *spec);
void model_say(struct model *model, bool error, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Rules that can be shown, in table order: fills indexes and returns how many. */
size_t model_rules(const struct model *model, size_t *indexes);

/* Column `column` of the side-by-side: the rule index shown in it. */
size_t model_column_rule(const struct model *model, unsigned column);

const struct analysis *model_analysis(const struct model *model, size_t rule); /* t2v; null until ready */
bool model_is_hub(const struct model *model, uint32_t video, size_t rule); /* N_10 >= hub_threshold; false until ready */

/* How a rule differs from the compared one and how sure that is, for the results shown; null while that is not known
 * (asks for it) or for the compared rule itself.  Remembered by rules, parameters, banks and direction.  Valid until the
 * next model_collect. */
const struct bootstrap *model_difference(struct model *model, enum direction direction, size_t rule);

/* The evaluation queries' measures along one parameter of a rule, its other parameters as they are. */
struct model_curve {
    enum direction direction;
    size_t rule, parameter;
    size_t count, known;                    /* points, and how many of them are measured */
    struct sweep_point point[MODEL_CURVE];  /* (count) by ascending value; only `spec` is set before it is known */
    bool is_known[MODEL_CURVE];
    char failed[160]; /* why there will be no more points, "" if there will */
};

/* The curve over the current rule's current parameter, around its default, or around its value where that lies beyond;
 * the points follow as they are measured (asks for them).  Null for a rule without parameters or that cannot be used.
 * While the value stays on the curve a change of it changes nothing; curves are remembered by rule, parameter, other
 * values, bank and direction.  Valid until the next model_curve. */
const struct model_curve *model_curve(struct model *model, enum direction direction);

/* What a bank, or a part of it, is good for, under the rules that need no more than a bank, with the parameters in force;
 * the direction is text to video.  *why is null, or says that the report is on its way (asks for it; until then the one
 * for the parameters before is returned, if there was one) or why there is none.  Valid until the next model_collect. */
const struct bank_report *model_bank_report(struct model *model, const struct bank_subset *choice, const char **why);

/* Has the HTML page of the collection written to a file, with bank, rules and parameters as they are when it is made; says in
 * the status line when it is there.  Refuses a file that is there already. */
int model_write_page(struct model *model, const char *path, struct error *error);

/* What a view has to show in a file. */
struct exhibit {
    const struct export_kind *kind;
    enum direction direction;
    size_t k;        /* of hubs */
    uint32_t *order; /* (shown) rows in the order of the view, which the call takes over; null: the table's own */
    size_t shown;
};

/* Writes the exhibit, under the rules in force, to a file in the format of its name (a directory for export_vectors), on
 * a thread of its own; says so when it is done, calling the file `shown`.  -1 with the error when that cannot even
 * begin. */
int model_export(struct model *model, struct exhibit *exhibit, const char *path, const char *shown, bool replace,
                 struct error *error);

/* Forgets what differences, curves and bank reports were asked for and did not begin: before a screen is drawn that asks anew. */
void model_forget_asked(struct model *model);

/* The current answer under a rule; null while there is none. */
const struct search_list *model_list(const struct model *model, size_t rule);
/* Rank of an item under a rule for the current answer, 0 if unknown; remembered, so cheap to ask at every draw. */
size_t model_rank(const struct model *model, size_t rule, uint32_t video);
double model_probability(const struct model *model, size_t rule, uint32_t video); /* NAN if unknown */
uint32_t model_target(const struct model *model); /* the video that the evaluation query belongs to, or NO_VIDEO */

/* The decoded thumbnail; null while it loads (asks for it) or when there is none (*none is then true).  Valid until the
 * next call. */
const struct picture *model_picture(struct model *model, uint32_t video, bool *none);

void model_title(const struct model *model, uint32_t video, char *buffer, size_t size);   /* cleaned */
void model_caption(const struct model *model, size_t query, char *buffer, size_t size);   /* cleaned */
void model_bank_caption(const struct model *model, size_t row, char *buffer, size_t size);
/* Evaluation queries of a video, ascending: how many there are, writing at most `most`. */
size_t model_captions_of(const struct model *model, uint32_t video, uint32_t *rows, size_t most);
/* Key, tags and so on as stored (not cleaned: draw_text cleans); null if there are none.  Valid until the next call. */
const struct catalog_video *model_details(struct model *model, uint32_t video);

/* Applies finished work and starts what follows from it; true if anything changed. */
bool model_collect(struct model *model);
int model_wake_fd(const struct model *model); /* readable when there is something to collect */
bool model_idle(const struct model *model);   /* nothing under way, nothing waiting, nothing to collect */
/* Heavy work under way, how far it is (0..1) and what it is ("fitting NCL"). */
bool model_busy(const struct model *model, double *share, const char **what);
void model_cancel(struct model *model);
/* Whether the query line has been waiting for an encoder that is another program, long enough to show it. */
bool model_waits(const struct model *model, double *seconds);
void model_stop_waiting(struct model *model);
void model_resume(struct model *model); /* after model_cancel: work goes on */

#endif
