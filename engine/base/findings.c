#include "engine/base/findings.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct finding {
    char *text; /* the line; the file in a counting line */
    char *file; /* set for a fault with a kind */
    const char *kind;
    size_t more; /* above 0: the line counts this many faults */
    bool remark;
};

static struct finding *append(struct findings *findings, const char *text)
{
    char clean[FINDINGS_LINE];

    if (findings->lines == FINDINGS_LINES)
        return NULL;
    text_clean(clean, sizeof clean, text);
    struct finding *grown = memory_grow(findings->line, findings->lines + 1, sizeof *findings->line);
    if (grown)
        findings->line = grown;
    char *copy = grown ? memory_text(clean) : NULL;
    if (!copy) {
        findings->memory = true;
        return NULL;
    }
    grown[findings->lines] = (struct finding){.text = copy};
    return &grown[findings->lines++];
}

static bool is_alike(const struct finding *finding, const char *file, const char *kind)
{
    return finding->kind && strcmp(finding->kind, kind) == 0 && strcmp(finding->file, file) == 0;
}

/* Returns the number of lines of a kind; *counting becomes the one that counts the rest, or null. */
static size_t find_alike(const struct findings *findings, const char *file, const char *kind, struct finding **counting)
{
    size_t named = 0;

    *counting = NULL;
    for (size_t i = 0; kind && i < findings->lines; i++) {
        if (!is_alike(&findings->line[i], file, kind))
            continue;
        named++;
        if (findings->line[i].more)
            *counting = &findings->line[i];
    }
    return named;
}

static void add_fault(struct findings *findings, const char *file, const char *kind, const char *text)
{
    struct finding *counting;
    size_t named = find_alike(findings, file, kind, &counting);

    findings->faults++;
    if (counting) {
        counting->more++;
        return;
    }
    struct finding *finding = append(findings, named == FINDINGS_NAMED ? file : text);
    if (!finding) {
        findings->hidden++;
        return;
    }
    finding->more = named == FINDINGS_NAMED;
    finding->file = kind ? memory_text(file) : NULL;
    finding->kind = finding->file ? kind : NULL;
    findings->memory = findings->memory || (kind && !finding->file);
}

void findings_fault(struct findings *findings, const char *file, const char *kind, const char *format, ...)
{
    char text[FINDINGS_LINE];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    add_fault(findings, file, kind, text);
}

void findings_remark(struct findings *findings, const char *format, ...)
{
    char text[FINDINGS_LINE];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    struct finding *finding = append(findings, text);
    if (finding)
        finding->remark = true;
}

int findings_take(struct findings *findings, const char *file, const char *kind, const struct error *reason,
                  struct error *error)
{
    if (reason->kind == ERROR_MEMORY || reason->kind == ERROR_CANCELLED) {
        if (error)
            *error = *reason;
        return -1;
    }
    add_fault(findings, file, kind, reason->text);
    return 0;
}

void findings_line(const struct findings *findings, size_t index, char *buffer, size_t size, bool *remark)
{
    const struct finding *finding = &findings->line[index];

    *remark = finding->remark;
    if (finding->more)
        snprintf(buffer, size, "%s: %zu more %s", finding->text, finding->more, finding->kind);
    else
        snprintf(buffer, size, "%s", finding->text);
}

int findings_verdict(const struct findings *findings, const char *lister, struct error *error)
{
    char first[FINDINGS_LINE], cut[FINDINGS_LINE], rest[96] = "";
    bool remark = true;

    if (findings->memory)
        return error_memory(error);
    if (!findings->faults)
        return 0;
    for (size_t i = 0; remark && i < findings->lines; i++)
        findings_line(findings, i, first, sizeof first, &remark);
    if (findings->faults > 1)
        snprintf(rest, sizeof rest, " (and %zu more: %s lists them)", findings->faults - 1, lister);
    text_clean(cut, sizeof cut - strlen(rest), first);
    return error_set(error, ERROR_INPUT, "%s%s", cut, rest);
}

void findings_close(struct findings *findings)
{
    for (size_t i = 0; i < findings->lines; i++) {
        free(findings->line[i].text);
        free(findings->line[i].file);
    }
    free(findings->line);
    *findings = (struct findings){0};
}
