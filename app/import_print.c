#include "app/import_print.h"
#include "engine/base/item.h"
#include "engine/base/text.h"
#include "engine/collection/collection_model.h"
#include <stdio.h>
#include <string.h>

void import_put_text(const char *text)
{
    char clean[1024];
    text_clean(clean, sizeof clean, text);
    fputs(clean, stdout);
}

/* "  videos        500  videos.npy"; a question mark for an unknown count. */
static void put_count(const char *what, const char *name, size_t count, const char *source)
{
    char label[80], number[24] = "?";
    snprintf(label, sizeof label, "%s%s%s", what, *name ? " " : "", name);
    if (count)
        snprintf(number, sizeof number, "%zu", count);
    fputs("  ", stdout);
    import_put_text(label);
    printf("%*s %8s  ", (int)(20 - (strlen(label) < 20 ? strlen(label) : 20)), "", number);
    import_put_text(source);
    putchar('\n');
}

void import_put_plan(const struct import *import, const struct import_report *report)
{
    char dimensions[32] = "?";
    if (report->dimension)
        snprintf(dimensions, sizeof dimensions, "%zu", report->dimension);
    import_put_text(import->destination);
    printf(": would be %s, ", import->change ? "changed" : report->replaces ? "replaced" : "new");
    if (report->stored)
        puts("stored similarities");
    else
        printf("vectors of %s dimensions\n", dimensions);
    if (import->change && import->item)
        put_count(item_text("videos"), "", report->videos, "now their name");
    if (import->remove_model)
        put_count("without model", import->remove_model, 0, "");
    if (import->add_model)
        put_count("model", import->model_name, 0, "");
    if (!import->change || import->add_model) {
        put_count(item_text("videos"), "", report->videos, import->sims ? import->sims : import->videos);
        put_count("queries", "", report->queries, import->sims ? import->sims : import->queries);
    }
    for (size_t i = 0; i < report->banks && i < IMPORT_BANKS_MAX; i++)
        put_count("bank", import->banks[i].name, report->bank_row[i], import->banks[i].path);
    for (size_t i = 0; i < report->video_banks && i < IMPORT_BANKS_MAX; i++)
        put_count(item_text("video bank"), import->video_banks[i].name, report->video_bank_row[i],
                  import->video_banks[i].path);
    if (import->thumbnails)
        put_count("thumbnails", "", report->thumbnails, import->thumbnails);
    if (import->video_files)
        put_count("video files", "", report->video_files, import->video_files);
    if (import->index)
        put_count("index", "", report->videos, COLLECTION_INDEX);
    if (import->encoder) {
        printf("  %-20s %8s  ", "encoder", *report->encoder ? report->encoder : "?");
        import_put_text(import->encoder);
        putchar('\n');
    }
}

static void put_left_out(size_t count)
{
    if (count)
        printf(" (%zu left out)", count);
}

/* After the number of thumbnails. */
static void put_video_files(const struct import *import, const struct import_report *report)
{
    put_left_out(report->pictures_left_out);
    if (import->video_files)
        printf(", %zu video files", report->video_files);
    put_left_out(report->videos_left_out);
}

void import_put_done(const struct import *import, const struct import_report *report)
{
    import_put_text(import->destination);
    if (import->change) {
        const char *before = ": now with ";
        if (import->remove_model)
            printf(": now without model %s", import->remove_model);
        if (import->item) {
            printf(item_text("%svideos in its gallery"), before);
            before = ", ";
        }
        if (import->add_model) {
            printf("%smodel %s", before, import->model_name);
            before = ", ";
        }
        for (size_t i = 0; i < report->banks; i++, before = ", ")
            printf("%sbank %s of %zu rows", before, import->banks[i].name, report->bank_row[i]);
        for (size_t i = 0; i < report->video_banks; i++, before = ", ")
            printf(item_text("%svideo bank %s of %zu rows"), before, import->video_banks[i].name,
                   report->video_bank_row[i]);
        if (import->thumbnails || import->video_files) {
            printf("%s%zu thumbnails", before, report->thumbnails);
            before = ", ";
        }
        put_video_files(import, report);
        if (import->encoder) {
            printf("%san encoder (%s)", before, report->encoder);
            before = ", ";
        }
        if (import->index)
            printf(item_text("%san index of %zu videos"), before, report->videos);
        putchar('\n');
        return;
    }
    printf(item_text(": %zu videos, %zu queries"), report->videos, report->queries);
    if (report->queries_without_video)
        printf(item_text(" (%zu without a video)"), report->queries_without_video);
    printf(item_text(", %zu query bank%s and %zu video bank%s with %zu rows, %zu thumbnails"), report->banks,
           report->banks == 1 ? "" : "s", report->video_banks, report->video_banks == 1 ? "" : "s", report->bank_rows,
           report->thumbnails);
    put_video_files(import, report);
    putchar('\n');
}

void import_put_findings(const struct findings *findings)
{
    char line[FINDINGS_LINE];
    bool remark;
    for (size_t i = 0; i < findings->lines; i++) {
        findings_line(findings, i, line, sizeof line, &remark);
        printf("%s%s\n", remark ? "note: " : "wrong: ", line);
    }
    if (findings->hidden)
        printf("wrong: %zu more\n", findings->hidden);
}
