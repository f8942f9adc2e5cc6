#include "ui/views/keeper.h"

#include <string.h>

void keep_number(struct keeper *keeper, const char *name, size_t *number, size_t limit)
{
    if (keeper->out)
        fprintf(keeper->out, "%s: %s %zu\n", keeper->view, name, *number);
    else if (strcmp(keeper->name, name) == 0 && keeper->value < limit)
        *number = keeper->value;
}

void keep_flag(struct keeper *keeper, const char *name, bool *flag)
{
    size_t number = *flag;

    keep_number(keeper, name, &number, 2);
    *flag = number;
}

void keep_sort(struct keeper *keeper, const char *name, struct sort *sort, size_t columns)
{
    char reversed[32];

    snprintf(reversed, sizeof reversed, "%s-reversed", name);
    keep_number(keeper, name, &sort->column, columns);
    keep_flag(keeper, reversed, &sort->reverse);
}
