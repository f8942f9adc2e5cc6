#include "engine/results/tsv.h"
#include "engine/results/rows.h"

/* Tabs and newlines separate fields and rows. */
static void put_text(FILE *out, const char *text)
{
    for (; *text; text++)
        fputc(*text == '\t' || *text == '\n' || *text == '\r' ? ' ' : *text, out);
}

static int put_report(const struct report *report, FILE *out, struct error *error)
{
    static const struct rows_style style = {.separator = "\t", .end = "\n", .digits = 6, .text = put_text};
    return rows_put(&style, report, out, error);
}

const struct format tsv = {.name = "tsv", .report = put_report, .shape = SHAPE_ROWS};
