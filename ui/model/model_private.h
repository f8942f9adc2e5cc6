/* Shared by model*.c only. */
#ifndef HUBSCOPE_UI_MODEL_MODEL_PRIVATE_H
#define HUBSCOPE_UI_MODEL_MODEL_PRIVATE_H

#include "ui/model/model.h"
#include "ui/model/shared_task.h"
#include "ui/model/worker.h"

enum urgency { URGENCY_SEARCH, URGENCY_FIND, URGENCY_PULLS, URGENCY_PICTURE };

enum {
    CACHE_PICTURES = 256,
    CACHE_TITLES = 1024,
    CACHE_RANKS = 4096,
    CACHE_TITLE = 160,
    CACHE_DIFFERENCES = 128,
    CACHE_CURVES = 8,
    CACHE_BANKS = 32,
    CACHE_BANKS_WANTED = 16
};

struct picture_slot {
    enum { SLOT_FREE, SLOT_ASKED, SLOT_READY, SLOT_NONE } state;
    uint32_t video;
    unsigned long used; /* when it was last asked for */
    struct picture picture;
};

/* Two results compared: which rules with which parameters, on which banks, in which direction. */
struct difference_key {
    enum direction direction;
    struct rule_spec rule[2];
    char bank[2][sizeof((struct fit *)0)->bank];
};

struct difference_slot {
    unsigned long used; /* when it was last asked for; 0: empty */
    bool failed;
    struct difference_key key;
    struct bootstrap result;
};

/* Points of a curve are measured in turns, each twice as dense as the last, so that its shape is soon seen. */
struct curve_slot {
    unsigned long used;   /* when it was last asked for; 0: empty */
    unsigned long number; /* told apart from what was in the slot before */
    struct rule_spec base;
    char bank[sizeof((struct fit *)0)->bank];
    struct model_curve curve;
};

struct bank_slot {
    unsigned long used; /* when it was last asked for; 0: empty */
    struct bank_subset choice;
    struct rule_spec spec[RULES_MAX];
    size_t specs;
    struct bank_report report; /* rows 0: none */
    char failed[160];
};

struct model_cache {
    struct picture_slot picture[CACHE_PICTURES];
    size_t pictures_asked;
    unsigned long clock;
    struct {
        bool filled;
        uint32_t video;
        char text[CACHE_TITLE];
    } title[CACHE_TITLES];
    struct {
        unsigned long answer; /* model->answers at the time; 0: empty */
        size_t rule, rank;
        uint32_t video;
    } rank[CACHE_RANKS];
    struct catalog_video details;
    uint32_t details_video;
    struct difference_slot difference[CACHE_DIFFERENCES];
    unsigned differences_wanted[2]; /* by direction: a bit for each rule whose difference was asked for and is not known */
    struct curve_slot curve[CACHE_CURVES];
    unsigned long curves;       /* made so far */
    struct curve_slot *curve_wanted; /* that which was asked for and is not complete, or null */
    struct bank_slot bank[CACHE_BANKS];
    struct bank_subset bank_wanted[CACHE_BANKS_WANTED]; /* asked for and not known, the first asked for first */
    size_t banks_wanted;
    char page_path[MODEL_TEXT]; /* of the page that is to be made or in the making; "" if none */
};

void model_touch(struct model *model);         /* something changed */
void model_touch_results(struct model *model); /* lists derived from analyses changed too */

/* Asks the quick lane for the answer to the query line, for the pulls of the selected video. */
void model_ask_search(struct model *model);
void model_ask_pulls(struct model *model);
/* Gives the heavy lane the next fit or analysis that is missing, unless it is busy. */
void model_advance(struct model *model);
/* The same for what views asked for; false when there is nothing to do.  The heavy lane is idle. */
bool model_advance_difference(struct model *model);
bool model_advance_curve(struct model *model);
bool model_advance_bank(struct model *model);
bool model_advance_page(struct model *model);
/* The rules that a bank report is about, with the parameters in force; returns how many. */
size_t model_bank_specs(const struct model *model, struct rule_spec *spec);
/* Whether fit and analysis of a rule are those of its parameters in force. */
bool model_current(const struct model *model, enum direction direction, size_t rule);
bool model_same_values(const struct rule_spec *a, const struct rule_spec *b);
/* Asks the heavy lane to stop; what is still missing is then started again. */
void model_restart(struct model *model);

void model_side_clear(struct model_side *side); /* fits and analyses, not the task */
void model_cache_close(struct model_cache *cache);
void model_banks_close(struct model_cache *cache);

#endif
