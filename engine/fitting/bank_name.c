#include "engine/fitting/bank_name.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reads `name` and a whole number at *at and moves past them; false if *at starts with anything else. */
static bool take(const char **at, const char *name, uint64_t *value)
{
    size_t length = strlen(name);
    char *end;

    if (strncmp(*at, name, length) != 0 || (*at)[length] < '0' || (*at)[length] > '9')
        return false;
    errno = 0;
    *value = strtoull(*at + length, &end, 10);
    *at = end;
    return errno == 0;
}

/* The colon before a selection, or the end of the text. */
static const char *selection_of(const char *text)
{
    static const char *const words[] = {"size", "seed", "adversarial"};
    const char *colon = strrchr(text, ':');

    for (size_t i = 0; colon && i < sizeof words / sizeof *words; i++)
        if (strncmp(colon + 1, words[i], strlen(words[i])) == 0)
            return colon;
    return text + strlen(text);
}

int bank_name_parse(const char *text, struct bank_subset *subset, struct error *error)
{
    const char *colon = selection_of(text), *at = colon;
    uint64_t size = 0, adversarial = 0;

    *subset = (struct bank_subset){0};
    if ((size_t)(colon - text) >= sizeof subset->name)
        return error_set(error, ERROR_INPUT, "'%.80s' is too long for a bank's name", text);
    memcpy(subset->name, text, (size_t)(colon - text));
    while (*at) {
        at++; /* the colon or a comma */
        bool seed = subset->size && take(&at, "seed=", &subset->seed);
        if (!seed && !subset->size && !subset->adversarial && take(&at, "size=", &size))
            subset->size = size;
        else if (!seed && !subset->size && !subset->adversarial && take(&at, "adversarial=", &adversarial))
            subset->adversarial = adversarial;
        else if (!seed)
            at = "?";
        if ((*at && *at != ',') || (!subset->size && !subset->adversarial))
            return error_set(error, ERROR_INPUT,
                             "bank '%.80s': write NAME, NAME:size=N, NAME:size=N,seed=S or NAME:adversarial=N", text);
    }
    return 0;
}

void bank_name_print(const struct bank_subset *subset, char *buffer, size_t size)
{
    if (subset->adversarial)
        snprintf(buffer, size, "%s:adversarial=%zu", subset->name, subset->adversarial);
    else if (subset->size)
        snprintf(buffer, size, "%s:size=%zu,seed=%" PRIu64, subset->name, subset->size, subset->seed);
    else
        snprintf(buffer, size, "%s", subset->name);
}
