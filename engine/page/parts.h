/* The sections of a page, and functions that several of them share.  Internal to engine/page/. */
#ifndef HUBSCOPE_ENGINE_PAGE_PARTS_H
#define HUBSCOPE_ENGINE_PAGE_PARTS_H

#include "engine/page/data.h"
#include "engine/page/html.h"
#include "engine/results/measure_table.h"

struct page_section {
    const char *id, *title;
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
void page_banks(struct html *html, const struct page *page, struct job *job);
void page_words(struct html *html, const struct page *page, struct job *job);
void page_method(struct html *html, const struct page *page, struct job *job);

extern const char *const page_style[]; /* lines of CSS, NULL-terminated */

/* names.c */
enum { PAGE_TEXT = 160, PAGE_TITLE = 60 }; /* the most characters of a caption and of a title */

const char *page_items(const struct page_side *side);     /* "videos" or "captions" */
const char *page_queries(const struct page_side *side);   /* "queries" or "videos" */
const char *page_direction(const struct page_side *side); /* "text to video" */
/* "NCL"; with its parameters, as in "NCL, scale 20, iterations 4 on stills", if the side has the rule twice; " on BANK"
 * unless the bank is the side's. */
void page_rule_title(const struct page_side *side, size_t rule, char *buffer, size_t size);
/* The name of a gallery row or a query, as text. */
void page_item(struct html *html, const struct page_side *side, size_t item);
void page_query(struct html *html, const struct page_side *side, size_t query);
/* The video of a gallery row or a query; SIZE_MAX if unknown. */
size_t page_item_video(const struct page_side *side, size_t item);
size_t page_query_video(const struct page_side *side, size_t query);

/* The video's poster as an <img>, or an empty box of its size, for SIZE_MAX too. */
void page_picture(struct html *html, const struct page *page, size_t video);
bool page_has_pictures(const struct page *page); /* any of the first videos has one */

/* numbers.c */
/* A number in a table cell: formatted, with its exact value for programs; a dash for NAN. */
void page_number(struct html *html, double value, int decimals);
void page_measure(struct html *html, const struct measure *measure, const struct measured *measured);
/* "+2.8", "-0.4" with a true minus, "0.0". */
void page_signed(char *buffer, size_t size, double value, int decimals);
/* 1: better beyond chance, -1: worse, 0: neither; `better` is 1 if higher is better, else -1. */
int page_verdict(const struct interval *interval, int better);
const struct measure *page_measure_named(const char *key, enum measure_group group);

#endif
