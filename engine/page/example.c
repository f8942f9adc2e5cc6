/* One query worked through: the lines that lead under every rule from its target's similarity to score and rank. */
#include "engine/collection/collection.h"
#include "engine/evaluation/search.h"
#include "engine/page/command.h"
#include "engine/page/parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The query whose target the rule brings into first place from furthest below, else the one that it moves furthest. */
static size_t choose_query(const struct page *page)
{
    const struct analysis *raw = page_raw(page), *rule = page_focus(page);
    size_t chosen = 0;
    double most = -1;

    for (size_t q = 0; q < raw->queries; q++) {
        double by = rank_change(rule->rank[q], raw->rank[q]);
        if (isnan(by))
            continue;
        double weight = by > 0 && rule->rank[q] == 1 ? 1 + by : by / (1 + fabs(by)); /* the second below 1 */
        if (fabs(weight) > most) {
            most = fabs(weight);
            chosen = q;
        }
    }
    return chosen;
}

static void line(struct html *html, const struct term *term)
{
    const char *sign = term_operator(term);

    if (strcmp(sign, "x") == 0)
        sign = "\xc3\x97";
    else if (strcmp(sign, "-") == 0)
        sign = "\xe2\x88\x92";
    html_put(html, term->kind == TERM_EQUALS ? "<b>" : "");
    html_say(html, "%s%s%s ", sign, *sign ? " " : "", term->label);
    html_print(html, "<data value=\"%.10g\">%s%.*f</data>", term_shown(term),
               term_shown(term) < 0 ? "\xe2\x88\x92" : "", term->decimals, fabs(term_shown(term)));
    html_put(html, term->kind == TERM_EQUALS ? "</b>" : "");
    if (*term->note) {
        html_put(html, " <span class=\"tag\">");
        html_text(html, term->note);
        html_put(html, "</span>");
    }
}

static void row(struct html *html, const struct page_side *side, size_t entry, size_t query, uint32_t item)
{
    struct fit *fit = side->study.analysis[entry].fit;
    const struct task *task = study_task_of(&side->study, entry);
    struct search *search = search_run(task, NULL, query, &fit, 1, 1, NULL);
    struct arithmetic arithmetic = {0};
    char title[256];

    if (!search) {
        html->failed = true;
        return;
    }
    search_explain(task, search, 0, item, &arithmetic);
    page_rule_title(side, entry, title, sizeof title);
    html_print(html, "<tr%s><th scope=\"row\">",
               entry == 0             ? " class=\"raw\""
               : entry == side->focus ? " class=\"focus\""
                                      : "");
    html_text(html, title);
    html_put(html, "</th><td class=\"lines\">");
    for (size_t i = 0; i < arithmetic.count; i++) {
        html_put(html, i ? "<br/>" : "");
        line(html, &arithmetic.term[i]);
    }
    html_put(html, "</td><td class=\"n\">");
    page_number(html, (double)search_rank(search, 0, item), 0);
    html_put(html, "</td></tr>\n");
    search_free(search);
}

/* How to get the same from the command line. */
static void command_line(struct html *html, const struct page_side *side, size_t query, uint32_t item)
{
    const struct collection *collection = page_task(side)->collection;
    struct page_command command;
    struct catalog_video video;
    char words[96];

    if (page_task(side)->direction != T2V || !collection->catalog ||
        catalog_video(collection->catalog, item, &video, NULL))
        return;
    if (*video.key) {
        snprintf(words, sizeof words, "hubscope search COLLECTION --caption %zu --why", query);
        page_command_begin(&command, words);
        page_command_word(&command, video.key);
        html_open(html, "p", "class=\"note\"");
        html_put(html, "The same from the command line: ");
        html_element(html, "code", "", command.text);
        html_close(html);
    }
    catalog_video_close(&video);
}

void page_example(struct html *html, const struct page *page, struct job *job)
{
    const struct page_side *side = page->side[0];
    size_t query = choose_query(page), count;
    const uint32_t item = *task_asked(page_task(side), query, &count);

    html_open(html, "p", "class=\"lead-in\"");
    html_put(html, "The query \xe2\x80\x9c");
    page_query(html, side, query);
    html_put(html, "\xe2\x80\x9d and its target \xe2\x80\x9c");
    page_item(html, side, item);
    html_put(html,
             "\xe2\x80\x9d: every rule starts from their similarity and leads line by line to a score; the scores "
             "of the whole gallery make the rank.");
    html_close(html);
    page_table_open(html, "");
    html_put(html, "<th scope=\"col\">rule</th><th scope=\"col\">from similarity to score</th>"
                   "<th scope=\"col\" class=\"n\" data-first=\"1\">rank</th>");
    page_table_body(html);
    for (size_t i = 0; i < side->study.entries && !job_cancelled(job) && !html->failed; i++)
        row(html, side, i, query, item);
    page_table_close(html);
    command_line(html, side, query, item);
}
