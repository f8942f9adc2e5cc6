#include "engine/rules/rules.h"

const struct rule *const rules[] = {&rule_raw, &rule_is,     &rule_qbnorm,  &rule_ncl,    &rule_csls, &rule_nnn,
                                    &rule_gc,  &rule_dualis, &rule_dualdis, &rule_center, &rule_dsl};
const size_t rules_count = sizeof rules / sizeof *rules;
