#include "engine/base/item.h"
#include "engine/rules/rules.h"

const struct rule *const rules[] = {
#define RULE(name) &rule_##name,
#include "engine/rules/rules.def"
#undef RULE
};
const size_t rules_count = sizeof rules / sizeof *rules;

const char *item_name(const struct asker *asker)
{
    return asker->task->direction == T2V ? item_text("video") : "caption";
}

_Static_assert(sizeof rules / sizeof *rules <= RULES_MAX, "RULES_MAX is too small");
