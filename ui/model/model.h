/* The explorer's state: the collection, the rules of its models with their parameters and results, and the one
 * selection that all views share.  Owned and changed by the UI thread only.
 *
 * Views read it here and change it through query.h and selection.h; what they request through the other headers is done
 * by the worker (worker.h) and lands in the model when the explorer collects it (work.h). */
#ifndef HUBSCOPE_UI_MODEL_MODEL_H
#define HUBSCOPE_UI_MODEL_MODEL_H

#include "engine/collection/collection.h"
#include "engine/evaluation/notices.h"
#include "engine/evaluation/search.h"
#include "ui/model/source.h"
#include <stdbool.h>

enum {
    MODEL_COLUMNS = 3,
    MODEL_SHOWN = 2 /* models on the screen */,
    MODEL_TOP = 200,
    MODEL_PULLS = 5,
    MODEL_TEXT = 512,
    MODEL_FOUND = 50
};
#define NO_VIDEO UINT32_MAX
#define NO_QUERY SIZE_MAX

/* A rule of one of the models. */
struct pick {
    size_t model, rule; /* indexes in collection->model and rules[] */
};
enum { PICKS_MAX = MODEL_SHOWN * RULES_MAX };

static inline bool pick_same(struct pick a, struct pick b)
{
    return a.model == b.model && a.rule == b.rule;
}

/* From which sizes on a task is large: see schedule.h. */
struct look_limits {
    size_t rows, queries; /* of the bank, and evaluation queries, of a first look */
    double products;      /* similarities that take long enough to look first */
    double numbers;       /* of a gallery that takes long enough to search by its index first */
};

struct worker;
struct thumbnails;
struct texts;
struct ranks;
struct filter;
struct marks;
struct narrowing;
struct differences;
struct curves;
struct bank_reports;
struct learning;
struct learned;
struct lexicon;

struct model {
    struct collection *collection;
    bool scripted;              /* nothing shown may depend on time */
    bool still;                 /* nothing moves by itself: film strips and iterations stand still */
    bool pictures;              /* views leave room for pictures only while this is set */
    size_t bank;                /* index of the query bank, the same for every model */
    const char *const *offered; /* (offered_count) the only rules offered, as source_offer reads them; 0: all */
    size_t offered_count;
    const char *gallery_bank;       /* the second bank of text to video; null: the first */
    const char *qrels;              /* the file that judgements were read from, or null */
    struct conventions conventions; /* of video to text */
    const char *read_only;          /* what the collection is called if models must not be saved into it, or null */
    struct source **source;         /* (sources) by index in collection->model, which may grow: sources.h; views other
                                       than Metrics show their side[T2V] */
    size_t sources;

    struct look_limits limits;
    bool wants_rules; /* a view shows every rule */

    /* the selection */
    struct pick current, versus, third; /* the current, the compared and the third rule: of two models at most */
    unsigned columns;                   /* 1: current; 2: versus, current; 3: versus, third, current */
    size_t parameter;                   /* of the current rule: what [ and ] change */
    uint32_t video;                     /* selected video row or NO_VIDEO */
    size_t query;                       /* evaluation query in the query line, or NO_QUERY for typed text */
    char text[MODEL_TEXT];              /* the text of the query line */

    char search_note[300]; /* why no model has an answer to the query line; "" if one has or will have */
    double search_ms;      /* encode + score + rank, for all models on the screen */

    /* stored captions that contain the words, best first */
    char found_words[MODEL_TEXT];
    uint32_t found[MODEL_FOUND];
    size_t found_count;

    /* why the selected video is where it is, for the current rule */
    uint32_t pulls_video;
    struct pick pulls_pick;
    struct pull pulls[MODEL_PULLS];
    size_t pull_count;

    char message[200]; /* one line for the status bar; "" if none */
    bool message_is_error;
    struct error failure;  /* why a file was not written, or memory was lacking: ends scripts */
    unsigned long changes; /* incremented whenever anything above changes */
    unsigned long results; /* incremented whenever a fit or an analysis arrives or goes, or current or versus change:
                                views cache lists derived from analyses by it */

    /* private to the files of ui/model/ that do the work */
    struct worker *worker;
    struct thumbnails *thumbnails;
    struct texts *texts;
    struct ranks *ranks;
    struct filter *filter;
    struct marks *marks;
    struct narrowing *narrowing;
    char where[SUBSET_NAME]; /* the conditions of the subset wanted, which may not be chosen yet */
    struct differences *differences;
    struct curves *curves;
    struct bank_reports *bank_reports;
    struct learning *learning;
    struct learned *learned;
    struct lexicon *lexicon;                                 /* of the collection, for typed queries */
    char *page_path;                                         /* of the page requested or being made; null if none */
    unsigned long search_wanted, pulls_wanted, found_wanted; /* generations */
    bool follow;                                             /* the next answer selects its first video */
    unsigned long search_answered;                           /* the generation of the last answer */
    unsigned long answers;                                   /* how many searches arrived */
    double waits_since; /* when (clock_seconds) the encoder was asked for the answer still pending; 0: none is */
    bool opening;       /* the user chose nothing yet: the first analyses may still change the query shown */
    bool typing;        /* the query line has the focus */
    bool waiting;       /* for an encoder, for long enough to show it */
    bool settling;      /* work began only just now: what lags is not dimmed yet */
    bool paused;        /* cancelled by the user: no heavy work until the next change that needs some */
};

void model_touch(struct model *model);         /* call after any change */
void model_touch_results(struct model *model); /* call if lists derived from analyses changed too */
/* Notices on the collection and on the first rule's results, as far as these exist; returns how many. */
size_t model_notices(const struct model *model, struct notice notice[NOTICES]);

/* One line for the status bar. */
void model_say(struct model *model, bool error, const char *format, ...) __attribute__((format(printf, 3, 4)));
void model_fail(struct model *model, const struct error *error); /* the same, and notes a failure of the system's */

static inline const struct source *model_source(const struct model *model, struct pick pick)
{
    return model->source[pick.model];
}
static inline const struct model_side *model_side(const struct model *model, enum direction direction, struct pick pick)
{
    return &model->source[pick.model]->side[direction];
}
static inline const struct rule_spec *model_spec(const struct model *model, struct pick pick)
{
    return &model->source[pick.model]->spec[pick.rule];
}

/* The query banks: every model lists the same, though it may have no rows of one. */
size_t model_banks(const struct model *model);
const char *model_bank_name(const struct model *model, size_t bank);

/* The models on the screen: the current rule's, then the compared rule's if that is another one.  Returns how many. */
size_t model_shown(const struct model *model, size_t shown[MODEL_SHOWN]);
bool model_compares_models(const struct model *model); /* whether they are two */

/* "NCL", or "ridge/NCL" while two models are compared. */
struct pick_name {
    char text[64];
};
struct pick_name pick_name(const struct model *model, struct pick pick);
/* "DSL*, transductive": with what must be known about the rule. */
struct pick_name pick_title(const struct model *model, struct pick pick);
/* For narrow columns: "NCL", or "ridge" while two models are compared. */
struct pick_name pick_short_name(const struct model *model, struct pick pick);
/* A model's name alone; the middle of a long one is left out. */
struct pick_name model_name(const struct model *model, size_t of);

/* Rules of a model on the screen that can be shown, in table order: fills indexes and returns how many. */
size_t model_rules(const struct model *model, size_t of, size_t *indexes);
/* The same for all models on the screen, one after the other. */
size_t model_picks(const struct model *model, struct pick picks[PICKS_MAX]);
bool model_can_use(const struct model *model, struct pick pick); /* whether it is one of them */

/* What column `column` of the side-by-side shows. */
struct pick model_column(const struct model *model, unsigned column);

/* Narrowed to the subset of the videos that measures are of, if it is not all (ui/model/where.h). */
const struct analysis *model_analysis(const struct model *model, struct pick pick);       /* t2v; null until ready */
const struct analysis *model_whole_analysis(const struct model *model, struct pick pick); /* the same of all videos */
const struct analysis *model_analysis_of(const struct model *model, enum direction direction, struct pick pick);
/* Of the model itself, not of one that stands in for it; of all videos. */
const struct analysis *model_own_analysis(const struct model *model, enum direction direction, struct pick pick);
/* N_10 >= hub_threshold; false until ready. */
bool model_is_hub(const struct model *model, uint32_t video, struct pick pick);

/* What is shown stays until its successor arrives: a rule's list may be of an earlier query, bank or parameter, or of
 * the model that a new one replaces. */
struct model_found {
    const struct search *search; /* null: there is no list */
    size_t list;                 /* index in search->list */
    bool old;                    /* not the answer to the present query by this model */
};
struct model_found model_found(const struct model *model, struct pick pick);
/* The last answer that contains the rule's list, failing that the last one of its model; null while there is none. */
const struct search *model_search(const struct model *model, struct pick pick);
bool model_answered(const struct model *model); /* whether any model on the screen has one */
/* The list of a rule; null while there is none. */
const struct search_list *model_list(const struct model *model, struct pick pick);
/* Whether the list of a rule is of the present query, and it or the analysis of the present bank and parameters. */
bool model_list_current(const struct model *model, struct pick pick);
bool model_analysis_current(const struct model *model, enum direction direction, struct pick pick);
/* Whether the list or the analysis of a rule waits for its successor, and has for long enough to show it. */
bool model_list_lags(const struct model *model, struct pick pick);
bool model_analysis_lags(const struct model *model, enum direction direction, struct pick pick);
double model_probability(const struct model *model, struct pick pick, uint32_t video); /* NAN if unknown */
/* Whose encoder's account of the typed words is shown: the current rule's model's, or the compared one's if that alone
 * has an encoder. */
const struct source *model_reader(const struct model *model);

uint32_t model_target(const struct model *model); /* the video that the evaluation query belongs to, or NO_VIDEO */

#endif
