/* The sections of a page, and functions that several of them share.  Internal to engine/page/. */
#ifndef HUBSCOPE_ENGINE_PAGE_PARTS_H
#define HUBSCOPE_ENGINE_PAGE_PARTS_H

#include "engine/glossary/glossary.h"
#include "engine/page/data.h"
#include "engine/page/html.h"
#include "engine/results/measure_table.h"

struct page_section {
    const char *id, *title;
    const char *view; /* of the explorer that shows the same, whose words it lists; null: none */
    bool (*applies)(const struct page *page); /* null: always */
    void (*write)(struct html *html, const struct page *page, struct job *job);
    size_t steps; /* of the job */
};
extern const struct page_section page_sections[];
extern const size_t page_sections_count;

void page_summary(struct html *html, const struct page *page, struct job *job);
void page_metrics(struct html *html, const struct page *page, struct job *job);
void page_hubs(struct html *html, const struct page *page, struct job *job);
void page_mass(struct html *html, const struct page *page, struct job *job);
void page_shifts(struct html *html, const struct page *page, struct job *job);
void page_example(struct html *html, const struct page *page, struct job *job);
void page_banks(struct html *html, const struct page *page, struct job *job);
void page_words(struct html *html, const struct page *page, struct job *job);
void page_method(struct html *html, const struct page *page, struct job *job);

extern const char *const page_style[]; /* lines of CSS, NULL-terminated */

/* script.c: the only script of the page, and the source expression of Content-Security-Policy that permits it. */
void page_script(struct html *html);
void page_script_source(struct html *html);

/* table.c */
/* A table that scrolls sideways if it must, and that the script makes sortable by the first number, text or data-sort
 * of a cell: write the heads (with data-first="1" if the least number is best), call page_table_body, write the rows.
 * `class` is the table's, or "". */
void page_table_open(struct html *html, const char *class);
void page_table_body(struct html *html);
void page_table_close(struct html *html);
/* Content folded under a heading, at first only if it is long and the script runs: write the heading, call
 * page_fold_body, write the content. */
void page_fold_open(struct html *html, bool is_long);
void page_fold_body(struct html *html);
void page_fold_close(struct html *html);

/* words.c: links from a section to the entries of the glossary that its view shows. */
void page_words_of(struct html *html, const char *view);

/* names.c */
enum { PAGE_TEXT = 160, PAGE_TITLE = 60 }; /* the most characters of a caption and of a title */

const char *page_items(const struct page_side *side);     /* "videos" or "captions" */
const char *page_queries(const struct page_side *side);   /* "queries" or "videos" */
const char *page_direction(const struct page_side *side); /* "text to video" */
/* "NCL"; with its parameters, as in "NCL, scale 20, iterations 4 on stills", if the side has the rule twice; " on BANK"
 * unless the bank is the side's. */
void page_rule_title(const struct page_side *side, size_t rule, char *buffer, size_t size);
/* The name of a gallery row, a query or a video, as text. */
void page_item(struct html *html, const struct page_side *side, size_t item);
void page_query(struct html *html, const struct page_side *side, size_t query);
void page_video(struct html *html, const struct collection *collection, size_t video);
/* The video of a gallery row or a query; SIZE_MAX if unknown. */
size_t page_item_video(const struct page_side *side, size_t item);
size_t page_query_video(const struct page_side *side, size_t query);

/* The video's poster as an <img> with its title as the alternative text, or an empty box of its size, for SIZE_MAX
 * too. */
void page_picture(struct html *html, const struct page *page, size_t video);
bool page_has_pictures(const struct page *page); /* any of the first videos has one */

/* numbers.c */
/* A number in a table cell: formatted, with its exact value for programs; a dash for NAN. */
void page_number(struct html *html, double value, int decimals);
void page_measure(struct html *html, const struct measure *measure, const struct measured *measured);
/* "+2.8", "-0.4" with a true minus, "0.0". */
void page_signed(char *buffer, size_t size, double value, int decimals);
void page_difference(struct html *html, double value, int decimals); /* the same in a table cell, as page_number */
/* 1: better beyond chance, -1: worse, 0: neither; `better` is 1 if higher is better, else -1. */
int page_verdict(const struct interval *interval, int better);
const struct measure *page_measure_named(const char *key, enum measure_group group);

#endif
