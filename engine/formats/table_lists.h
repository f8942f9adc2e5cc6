/* Tables with several values in a row: a row becomes as many rows, which share its other cells and its line. */
#ifndef HUBSCOPE_ENGINE_FORMATS_TABLE_LISTS_H
#define HUBSCOPE_ENGINE_FORMATS_TABLE_LISTS_H

#include "engine/base/error.h"
#include <stddef.h>

struct table;

struct table_spread {
    size_t rows, values; /* that held lists, and their values */
    size_t empty;        /* rows dropped as their list is empty */
};

/* Spreads the cells of a column that hold a list of texts: a JSON list, which in other files than JSON is a text like
 * ["a", "b"].  Refuses lists of anything else, and lists as Python prints them; `found` may be null. */
int table_spread_lists(struct table *table, size_t column, struct table_spread *found, struct error *error);

/* Spreads the columns NAME_1, NAME_2, ..., of which the first is renamed to NAME.  Empty cells are left out.  Does
 * nothing if a column NAME exists or NAME_2 does not. */
int table_spread_columns(struct table *table, const char *name, struct table_spread *found, struct error *error);

/* Joins the texts of `column`, with a blank between, of all rows that have the same `key`; the first of them stays. */
int table_join(struct table *table, size_t key, size_t column, struct error *error);

#endif
