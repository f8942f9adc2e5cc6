#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/page/figure.h"
#include "engine/page/parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct change {
    double by; /* rank under raw minus rank under the rule; above 0: helped */
    size_t query;
};

/* Biggest first; ties to the smaller row. */
static int by_size(const void *left, const void *right)
{
    const struct change *a = left, *b = right;
    double x = fabs(a->by), y = fabs(b->by);

    if (x != y)
        return x < y ? 1 : -1;
    return (a->query > b->query) - (a->query < b->query);
}

/* ---- the distribution of changes ---- */

static const double edges[] = {0, 2.5, 5.5, 10.5, 20.5, 50.5, 100.5, INFINITY};
static const char *const sizes[] = {"1\xe2\x80\x93"
                                    "2",
                                    "3\xe2\x80\x93"
                                    "5",
                                    "6\xe2\x80\x93"
                                    "10",
                                    "11\xe2\x80\x93"
                                    "20",
                                    "21\xe2\x80\x93"
                                    "50",
                                    "51\xe2\x80\x93"
                                    "100",
                                    "> 100"};
enum { CLASSES = sizeof sizes / sizeof *sizes, WIDTH = 720, HEIGHT = 230 };

static size_t class_of(double by)
{
    size_t class = 0;

    while (fabs(by) > edges[class + 1])
        class ++;
    return class;
}

/* Draws how many queries got worse (left) and better (right), by how many ranks. */
static void histogram(struct html *html, const struct page_side *side, const struct change *changes, size_t count,
                      const char *title)
{
    double queries[2 * CLASSES + 1] = {0}, most = 1;
    char name[320], number[32], text[96];

    for (size_t i = 0; i < count; i++) {
        size_t class = changes[i].by == 0 ? 0 : class_of(changes[i].by) + 1;
        queries[changes[i].by < 0 ? CLASSES - class : CLASSES + class]++;
    }
    for (size_t i = 0; i < 2 * CLASSES + 1; i++)
        most = fmax(most, queries[i]);
    snprintf(name, sizeof name, "Rank changes from raw to %s", title);
    html_open(html, "figure", "class=\"wide\"");
    struct figure figure = figure_begin(
        html, WIDTH, HEIGHT,
        (struct figure_axis){0, 2 * CLASSES + 1, false, FIGURE_NONE,
                             "worse by this many ranks \xc2\xb7 better by this many ranks"},
        (struct figure_axis){0, most * 1.1, false, FIGURE_WHOLE, page_queries(side)}, name,
        "Histogram of how many ranks each query's own item lost (left) or gained (right); unchanged ones in the "
        "middle.");
    for (size_t i = 0; i < 2 * CLASSES + 1; i++) {
        double x = (double)i;
        double middle = (figure_x(&figure, x) + figure_x(&figure, x + 1)) / 2;
        figure_bar(&figure, i < CLASSES ? "bad" : i > CLASSES ? "good" : "none", x + 0.08, x + 0.92, queries[i]);
        snprintf(number, sizeof number, "%.0f", queries[i]);
        figure_word(&figure, middle, figure_y(&figure, queries[i]) - 4, "middle", number);
        const char *size = i == CLASSES ? "0" : sizes[i < CLASSES ? CLASSES - 1 - i : i - CLASSES - 1];
        figure_word(&figure, middle, figure.bottom + 14, "middle", size);
        if (i == CLASSES)
            snprintf(text, sizeof text, "same rank: %s %s", number, page_queries(side));
        else
            snprintf(text, sizeof text, "%s ranks %s: %s %s", size, i < CLASSES ? "worse" : "better", number,
                     page_queries(side));
        figure_values(&figure, x, x + 1, text);
    }
    figure_end(&figure);
    html_close(html);
}

/* ---- the biggest changes ---- */

static void first_of(struct html *html, const struct page_side *side, const struct analysis *analysis, size_t query,
                     const char *name)
{
    uint32_t item = analysis->top[query * analysis->top_k];

    html_print(html, "<td data-name=\"%s\">", name);
    if (analysis->rank[query] == 1)
        html_put(html, "<span class=\"tag\">its own</span>");
    else
        page_item(html, side, item);
    html_put(html, "</td>");
}

static void rank_number(struct html *html, double rank)
{
    page_number(html, rank, rank == floor(rank) ? 0 : 1);
}

static void change_row(struct html *html, const struct page *page, const struct change *change, bool pictures)
{
    const struct page_side *side = page->side[0];
    const struct analysis *raw = page_raw(page), *rule = page_focus(page);
    const struct task *task = page_task(side);
    size_t query = change->query, video = page_query_video(side, query), count;
    const uint32_t *asked = task_asked(task, query, &count);

    html_put(html, "<tr><td class=\"whole\"><div class=\"with-picture\">");
    if (pictures)
        page_picture(html, page, video);
    html_put(html, "<span>");
    page_query(html, side, query);
    if (!task->videos) { /* otherwise a video is its own target */
        html_put(html, task->direction == T2V ? "<br/><span class=\"tag\">"
                                              : "<br/><span class=\"tag\">one of its captions: ");
        page_item(html, side, *asked);
        html_put(html, "</span>");
    }
    html_put(html, "</span></div></td><td class=\"n\" data-name=\"rank\">");
    rank_number(html, raw->rank[query]);
    html_put(html, " \xe2\x86\x92 ");
    rank_number(html, rule->rank[query]);
    html_put(html, "</td>");
    html_print(html, "<td class=\"n %s\">", change->by > 0 ? "good" : "bad");
    page_difference(html, change->by, change->by == floor(change->by) ? 0 : 1);
    html_put(html, "</td>");
    first_of(html, side, raw, query, "first was");
    first_of(html, side, rule, query, "first is");
    html_put(html, "</tr>\n");
}

enum kind { WON, LOST, HELPED, HURT };

static bool is_kind(const struct page *page, const struct change *change, enum kind kind)
{
    double from = page_raw(page)->rank[change->query], to = page_focus(page)->rank[change->query];

    switch (kind) {
    case WON:
        return from != 1 && to == 1;
    case LOST:
        return from == 1 && to != 1;
    case HELPED:
        return change->by > 0;
    default:
        return change->by < 0;
    }
}

/* Lists the biggest changes of a kind, at most `most`; nothing if there are none. */
static void changes_table(struct html *html, const struct page *page, const struct change *changes, size_t count,
                          enum kind kind, size_t most, struct job *job)
{
    static const char *const titles[] = {"Into first place, from furthest below", "Out of first place, furthest down",
                                         "Helped by the most ranks", "Hurt by the most ranks"};
    const struct page_side *side = page->side[0];
    size_t shown = 0, of = 0;
    bool pictures = page_has_pictures(page);
    char title[256];

    for (size_t i = 0; i < count; i++)
        of += is_kind(page, &changes[i], kind);
    if (!of)
        return;
    page_rule_title(side, side->focus, title, sizeof title);
    page_fold_open(html, kind >= HELPED);
    html_say(html, "%s: ", titles[kind]);
    if (of > most)
        html_say(html, "%zu of %zu", most, of);
    else
        html_say(html, "%zu", of);
    page_fold_body(html);
    page_table_open(html, "rows");
    html_put(html, "<th scope=\"col\">");
    html_text(html, page_task(side)->direction == T2V ? item_text("query, and its own video") : item_text("video"));
    html_put(html, "</th><th scope=\"col\" class=\"n\">rank</th><th scope=\"col\" class=\"n\">by</th>"
                   "<th scope=\"col\">first under raw</th><th scope=\"col\">first under ");
    html_text(html, title);
    html_put(html, "</th>");
    page_table_body(html);
    for (size_t i = 0; i < count && shown < most && !job_cancelled(job); i++)
        if (is_kind(page, &changes[i], kind)) {
            change_row(html, page, &changes[i], pictures);
            shown++;
            job_step(job);
        }
    page_table_close(html);
    page_fold_close(html);
}

void page_shifts(struct html *html, const struct page *page, struct job *job)
{
    const struct page_side *side = page->side[0];
    const struct analysis *raw = page_raw(page), *rule = page_focus(page);
    const struct bootstrap *difference = &side->difference[side->focus];
    struct change *changes = memory_array(raw->queries, sizeof *changes);
    size_t count = 0;
    char title[256];

    if (!changes) {
        html->failed = true;
        return;
    }
    for (size_t q = 0; q < raw->queries; q++) {
        double by = rank_change(rule->rank[q], raw->rank[q]);
        if (!isnan(by))
            changes[count++] = (struct change){by, q};
    }
    qsort(changes, count, sizeof *changes, by_size);
    page_rule_title(side, side->focus, title, sizeof title);
    html_open(html, "p", "class=\"lead-in\"");
    html_say(html, "From raw to %s the target ranks better for %zu %s, worse for %zu and the same for %zu.", title,
             difference->helped, page_queries(side), difference->hurt, difference->unchanged);
    html_close(html);
    histogram(html, side, changes, count, title);
    changes_table(html, page, changes, count, WON, PAGE_FIRSTS, job);
    changes_table(html, page, changes, count, LOST, PAGE_FIRSTS, job);
    changes_table(html, page, changes, count, HELPED, PAGE_CHANGES, job);
    changes_table(html, page, changes, count, HURT, PAGE_CHANGES, job);
    free(changes);
}
