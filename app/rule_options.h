/* --rule: the rules that a command applies, each with the bank it is fitted on. */
#ifndef HUBSCOPE_APP_RULE_OPTIONS_H
#define HUBSCOPE_APP_RULE_OPTIONS_H

#include "app/options.h"
#include "engine/study/study.h"

struct rule_options {
    struct text_list rule;
};

extern const struct option_group rule_group; /* settling checks that every rule and bank is well-formed */

/* study_key_parse, whose failure is wrong usage. */
int rule_options_parse(const char *text, struct study_key *key, struct error *error);

#endif
