#include "engine/rules/rules.h"

const struct rule *const rules[] = {&rule_raw, &rule_is, &rule_qbnorm, &rule_ncl};
const size_t rules_count = sizeof rules / sizeof *rules;
