#include "app/share/markdown.h"

#include "engine/base/text.h"
#include <ctype.h>
#include <string.h>

enum { LINE = 4096, CELLS = 8 };

typedef bool link_name(const char *file, char *name, size_t size);

struct page {
    struct roff *roff;
    link_name *name_of;
    const char *at;  /* the next line */
    char line[LINE]; /* the current one, without its end */
    bool fresh;      /* nothing follows the heading yet: a paragraph needs no macro */
};

static bool next_line(struct page *page)
{
    size_t length = strcspn(page->at, "\n"), kept = length < LINE ? length : LINE - 1;

    if (!*page->at)
        return false;
    memcpy(page->line, page->at, kept);
    page->line[kept] = '\0';
    page->at += length + (page->at[length] == '\n');
    return true;
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* ---- inside of a line ---- */

static const char *put_inline(const struct page *page, const char *text, const char *until);

/* [TEXT](TARGET): the text, then the name of another page or the address. */
static const char *put_link(const struct page *page, const char *text)
{
    char target[256], file[256], name[256];
    const char *close = put_inline(page, text + 1, "]"), *end = strchr(close, ')');

    if (!begins(close, "](") || !end)
        return close;
    snprintf(target, sizeof target, "%.*s", (int)(end - close - 2), close + 2);
    snprintf(file, sizeof file, "%.*s", (int)strcspn(target, "#"), target);
    if (*file && page->name_of(file, name, sizeof name)) {
        roff_text(page->roff, " (see ");
        roff_bold(page->roff, name);
        roff_text(page->roff, ")");
    } else if (begins(target, "http")) {
        roff_text(page->roff, " (");
        roff_text(page->roff, target);
        roff_text(page->roff, ")");
    }
    return end + 1;
}

static const char *put_code(const struct page *page, const char *text)
{
    const char *end = strchr(text + 1, '`');

    roff_font(page->roff, ROFF_BOLD);
    for (const char *at = text + 1; end ? at < end : *at != '\0';)
        roff_point(page->roff, text_next(&at));
    roff_font(page->roff, ROFF_ROMAN);
    return end ? end + 1 : text + strlen(text);
}

/* What stands between two of the marks. */
static const char *put_marked(const struct page *page, const char *text, const char *mark, enum roff_font font)
{
    roff_font(page->roff, font);
    const char *end = put_inline(page, text + strlen(mark), mark);
    roff_font(page->roff, ROFF_ROMAN);
    return begins(end, mark) ? end + strlen(mark) : end;
}

/* Puts text up to `until`, or its end; returns where that is. */
static const char *put_inline(const struct page *page, const char *text, const char *until)
{
    while (*text && !(until && begins(text, until)))
        if (*text == '\\' && text[1])
            roff_point(page->roff, (uint32_t)text[1]), text += 2;
        else if (*text == '`')
            text = put_code(page, text);
        else if (begins(text, "!["))
            text = strchr(text, ')') ? strchr(text, ')') + 1 : text + strlen(text);
        else if (*text == '[' && strstr(text, "]("))
            text = put_link(page, text);
        else if (begins(text, "**"))
            text = put_marked(page, text, "**", ROFF_BOLD);
        else if (*text == '*' && text[1] != ' ' && strchr(text + 1, '*'))
            text = put_marked(page, text, "*", ROFF_ITALIC);
        else
            roff_point(page->roff, text_next(&text));
    return text;
}

/* ---- tables ---- */

struct row {
    char text[LINE];
    char *cell[CELLS];
    size_t cells;
};

static char *trimmed(char *text)
{
    text += strspn(text, " ");
    for (size_t length = strlen(text); length && text[length - 1] == ' ';)
        text[--length] = '\0';
    return text;
}

/* Splits "| a | b \| c |" at the bars that are not escaped. */
static void split(struct row *row, const char *line)
{
    snprintf(row->text, sizeof row->text, "%s", line + 1);
    row->cells = 0;
    for (char *at = row->text; *at && row->cells < CELLS;) {
        char *end = at;
        while (*end && *end != '|')
            end += *end == '\\' && end[1] ? 2 : 1;
        bool last = !*end;
        *end = '\0';
        if (!last)
            row->cell[row->cells++] = trimmed(at);
        at = last ? end : end + 1;
    }
}

static size_t letters_in(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += isalpha((unsigned char)*text) != 0;
    return count;
}

/* The column after the first that says most in words; CELLS if all have numbers. */
static size_t main_column(const struct page *page, size_t cells)
{
    struct page rest = *page;
    struct row row = {.cells = 0};
    size_t letters[CELLS] = {0}, best = CELLS, most = 0;

    while (next_line(&rest) && rest.line[0] == '|') {
        split(&row, rest.line);
        for (size_t i = 0; i < row.cells; i++)
            letters[i] += letters_in(row.cell[i]);
    }
    for (size_t i = 1; i < cells; i++)
        if (letters[i] > most) {
            best = i;
            most = letters[i];
        }
    return best;
}

/* A term, what the main column says, and the other cells with their headings. */
static void put_row(const struct page *page, const struct row *heading, const struct row *row, size_t most)
{
    bool worded = most < row->cells;
    const char *between = worded ? " (" : "";

    roff_macro(page->roff, ".TP", NULL);
    roff_font(page->roff, ROFF_BOLD);
    put_inline(page, *row->cell[0] ? row->cell[0] : "-", NULL);
    roff_end(page->roff);
    if (worded)
        put_inline(page, row->cell[most], NULL);
    for (size_t i = 1; i < row->cells && i < heading->cells; i++) {
        if (i == most || !*row->cell[i])
            continue;
        roff_text(page->roff, between);
        put_inline(page, heading->cell[i], NULL);
        roff_text(page->roff, *heading->cell[i] ? ": " : "");
        put_inline(page, row->cell[i], NULL);
        between = "; ";
    }
    if (worded && *between == ';')
        roff_text(page->roff, ")");
    roff_end(page->roff);
}

/* The current line is the heading of a table. */
static void put_table(struct page *page)
{
    struct row heading = {.cells = 0}, row = {.cells = 0};

    split(&heading, page->line);
    if (!next_line(page)) /* the rule below it */
        return;
    size_t most = main_column(page, heading.cells);
    while (*page->at == '|' && next_line(page)) {
        split(&row, page->line);
        if (row.cells)
            put_row(page, &heading, &row, most);
    }
}

/* ---- the page ---- */

static void put_example(struct page *page, const char *line)
{
    roff_example(page->roff, line, strlen(line));
}

static void begin_example(struct page *page)
{
    if (!page->fresh)
        roff_macro(page->roff, ".PP", NULL);
    roff_macro(page->roff, ".RS 4", NULL);
    roff_macro(page->roff, ".EX", NULL);
}

static void end_example(struct page *page)
{
    fputs(".EE\n.RE\n", page->roff->out);
}

static void put_fenced(struct page *page)
{
    begin_example(page);
    while (next_line(page) && !begins(page->line, "```"))
        put_example(page, page->line);
    end_example(page);
}

/* Lines that begin with four blanks, and empty ones between them. */
static void put_indented(struct page *page)
{
    begin_example(page);
    put_example(page, page->line + 4);
    while (begins(page->at + strspn(page->at, "\n"), "    ") && next_line(page))
        put_example(page, page->line[0] ? page->line + 4 : "");
    end_example(page);
}

static void put_heading(struct page *page)
{
    size_t level = strspn(page->line, "#");
    char *title = page->line + level + 1;

    for (char *at = title; level == 2 && *at; at++)
        *at = (char)toupper((unsigned char)*at);
    roff_macro(page->roff, level == 2 ? ".SH" : ".SS", NULL);
    put_inline(page, title, NULL);
    roff_end(page->roff);
}

/* Whether the text at `at` goes on with the paragraph before it. */
static bool goes_on(const char *at)
{
    static const char *const others[] = {"\n", "- ", "|", "#", "```", "<!--", "    "};

    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (begins(at, others[i]))
            return false;
    return *at;
}

static void put_text(struct page *page)
{
    char text[4 * LINE];
    bool item = begins(page->line, "- ");
    size_t size = (size_t)snprintf(text, sizeof text, "%s", page->line + (item ? 2 : 0));

    while (goes_on(page->at) && next_line(page) && size + strlen(page->line) + 2 < sizeof text)
        size += (size_t)snprintf(text + size, sizeof text - size, " %s", page->line + strspn(page->line, " "));
    if (item || !page->fresh)
        roff_macro(page->roff, item ? ".IP \\(bu 2" : ".PP", NULL);
    put_inline(page, text, NULL);
    roff_end(page->roff);
}

static void put_block(struct page *page)
{
    bool heading = begins(page->line, "##");

    if (!page->line[0] || begins(page->line, "<!--") || begins(page->line, "!["))
        return;
    if (heading)
        put_heading(page);
    else if (begins(page->line, "```"))
        put_fenced(page);
    else if (begins(page->line, "    "))
        put_indented(page);
    else if (page->line[0] == '|')
        put_table(page);
    else
        put_text(page);
    page->fresh = heading;
}

bool markdown_title(const char *page, char title[MARKDOWN_TITLE])
{
    if (!begins(page, "# "))
        return false;
    snprintf(title, MARKDOWN_TITLE, "%.*s", (int)strcspn(page + 2, "\n"), page + 2);
    return true;
}

void markdown_put(struct roff *roff, const char *text, link_name *name_of)
{
    struct page page = {.roff = roff, .name_of = name_of, .at = text, .fresh = true};

    next_line(&page);
    while (next_line(&page))
        put_block(&page);
    roff_end(roff);
}
