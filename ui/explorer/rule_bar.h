/* The header's second row: the favourite rules with their keys, the current rule in square brackets and the compared
 * one in round ones, and on the right the bank and the current rule's parameters.  Where the collection has several
 * models, the name of the one whose rules these are comes first; if the current and the compared rule are of two
 * models, each carries its model's name. */
#ifndef HUBSCOPE_UI_EXPLORER_RULE_BAR_H
#define HUBSCOPE_UI_EXPLORER_RULE_BAR_H

#include "ui/explorer/favourite.h"
#include "ui/explorer/zones.h"
#include "ui/model/model.h"

struct rule_bar {
    struct {
        struct pick pick;
        int x;         /* column of its left margin */
        char text[80]; /* "2 NCL", "2 ridge/NCL" */
    } entry[FAVOURITES + 2];
    size_t count;
    char model[24]; /* "motion:", or "" */
    char bank[160], parameters[128];
    bool shows_bank, shows_parameters; /* whether there is room for them */
    int margin;                        /* columns to their right */
};

/* Lays out what fits into a row of that many columns. */
void rule_bar_lay_out(struct rule_bar *bar, const struct model *model, int columns);
void rule_bar_draw(const struct rule_bar *bar, const struct model *model, struct zones *zones, struct rect row);

#endif
