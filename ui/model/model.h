/* The explorer's state: the collection, the rules with their parameters and results, and the one selection that all
 * views share.  Owned and changed by the UI thread only.
 *
 * Views read it here and change it through query.h and selection.h; what they request through the other headers is done
 * by the worker (worker.h) and lands in the model when the explorer collects it (work.h). */
#ifndef HUBSCOPE_UI_MODEL_MODEL_H
#define HUBSCOPE_UI_MODEL_MODEL_H

#include "engine/collection/collection.h"
#include "engine/evaluation/notices.h"
#include "engine/evaluation/search.h"
#include "ui/model/side.h"
#include <stdbool.h>

enum { MODEL_COLUMNS = 3, MODEL_TOP = 200, MODEL_PULLS = 5, MODEL_TEXT = 512, MODEL_FOUND = 50 };
#define NO_VIDEO UINT32_MAX
#define NO_QUERY SIZE_MAX

struct query_line;
struct worker;
struct thumbnails;
struct texts;
struct ranks;
struct differences;
struct curves;
struct bank_reports;

struct model {
    struct collection *collection;
    struct query_line *line;          /* the editor of `text`, drawn by query_line_draw; null in tests */
    bool scripted;                    /* nothing shown may depend on time */
    bool pictures;                    /* views leave room for pictures only while this is set */
    size_t bank;                      /* index of the query bank */
    bool left_out[RULES_MAX];         /* rules that are not offered, by index in rules[] */
    struct rule_spec spec[RULES_MAX]; /* parameters in force, likewise */
    const char *gallery_bank;         /* the second bank of text to video; null: the first */
    const char *qrels;                /* the file that judgements were read from, or null */
    struct conventions conventions;   /* of video to text */
    struct model_side side[2];        /* by enum direction; views other than Metrics show side[T2V] */

    /* the selection */
    size_t rule, versus, third; /* current, compared and third rule: indexes in rules[] */
    unsigned columns;           /* 1: rule; 2: versus, rule; 3: versus, third, rule */
    size_t parameter;           /* of the current rule: what [ and ] change */
    uint32_t video;             /* selected video row or NO_VIDEO */
    size_t query;               /* evaluation query in the query line, or NO_QUERY for typed text */
    char text[MODEL_TEXT];      /* the text of the query line */

    /* the answer to the query line; null while there is none */
    struct search *search;
    size_t search_rule[RULES_MAX]; /* index in search->list of each rule, SIZE_MAX if not in it */
    struct encoding encoding;      /* for typed text */
    char search_note[300];         /* "no word is known", an error, ...; "" if none */
    double search_ms;              /* encode + score + rank */

    /* stored captions that contain the words, best first */
    char found_words[MODEL_TEXT];
    uint32_t found[MODEL_FOUND];
    size_t found_count;

    /* why the selected video is where it is, for the current rule */
    uint32_t pulls_video;
    size_t pulls_rule;
    struct pull pulls[MODEL_PULLS];
    size_t pull_count;

    char message[200]; /* one line for the status bar; "" if none */
    bool message_is_error;
    unsigned long changes; /* incremented whenever anything above changes */
    unsigned long results; /* incremented whenever a fit or an analysis arrives or goes, or rule or versus change:
                                views cache lists derived from analyses by it */

    /* private to the files of ui/model/ that do the work */
    struct worker *worker;
    struct thumbnails *thumbnails;
    struct texts *texts;
    struct ranks *ranks;
    struct differences *differences;
    struct curves *curves;
    struct bank_reports *bank_reports;
    char *page_path;                                         /* of the page requested or being made; null if none */
    unsigned long search_wanted, pulls_wanted, found_wanted; /* generations */
    bool follow;           /* the next answer that has the current rule selects its first video */
    unsigned long answers; /* how many searches arrived */
    double waits_since;    /* ms: when the encoder was asked for the answer still pending; 0: none is pending */
    bool opening;          /* the user chose nothing yet: the first analyses may still change the query shown */
    bool paused;           /* cancelled by the user: no heavy work until the next change that needs some */
};

void model_touch(struct model *model);         /* call after any change */
void model_touch_results(struct model *model); /* call if lists derived from analyses changed too */
/* Notices on the collection and on the first rule's results, as far as these exist; returns how many. */
size_t model_notices(const struct model *model, struct notice notice[NOTICES]);

/* One line for the status bar. */
void model_say(struct model *model, bool error, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Rules that can be shown, in table order: fills indexes and returns how many. */
size_t model_rules(const struct model *model, size_t *indexes);
bool model_can_use(const struct model *model, size_t rule); /* whether it is one of them */

/* Column `column` of the side-by-side: the rule index shown in it. */
size_t model_column_rule(const struct model *model, unsigned column);

const struct analysis *model_analysis(const struct model *model, size_t rule); /* t2v; null until ready */
/* N_10 >= hub_threshold; false until ready. */
bool model_is_hub(const struct model *model, uint32_t video, size_t rule);

/* The current answer under a rule; null while there is none. */
const struct search_list *model_list(const struct model *model, size_t rule);
double model_probability(const struct model *model, size_t rule, uint32_t video); /* NAN if unknown */
uint32_t model_target(const struct model *model); /* the video that the evaluation query belongs to, or NO_VIDEO */

#endif
