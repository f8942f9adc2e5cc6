/* What an option's value or an operand can be, for completion: by the words that the help shows for it, such as FILE,
 * BANK or "text|json", so that an option that uses known words is completed without a further line. */
#ifndef HUBSCOPE_APP_VALUES_H
#define HUBSCOPE_APP_VALUES_H

#include "app/candidates.h"

struct values {
    struct candidates candidates;
    const char *collection; /* as the line names it, whose banks, models and columns are offered; or null */
    const char *rule;       /* of the last --rule, whose parameters are offered; or null */
    bool first;             /* the word can be a command as well: fewer folders are offered */
    bool files, folders;    /* out: the shell's own completion of files, or of folders, applies too */
};

/* Whether the argument consists of known words. */
bool values_known(const char *argument);

/* Offers the values of an argument of which the candidates' word holds a beginning, from its byte `at` on. */
void values_offer(struct values *values, const char *argument, size_t at);

#endif
