#include "engine/base/item.h"
#include "engine/page/parts.h"
#include "engine/results/describe.h"

#include <stdio.h>
#include <string.h>

/* "word-k-occurrence-n-k" */
static void put_id(struct html *html, const struct glossary_entry *entry)
{
    bool gap = true;

    html_put(html, "word");
    for (const char *at = item_text(entry->word); *at; at++) {
        bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9');
        if (plain)
            html_print(html, gap ? "-%c" : "%c", *at);
        gap = !plain;
    }
}

void page_words_of(struct html *html, const char *view)
{
    const char *before = "";

    html_open(html, "p", "class=\"terms\"");
    html_put(html, "Words: ");
    for (size_t i = 0; i < glossary_count; i++) {
        if (!glossary_shown(&glossary[i], view))
            continue;
        html_print(html, "%s<a href=\"#", before);
        put_id(html, &glossary[i]);
        html_put(html, "\">");
        html_text(html, item_text(glossary[i].word));
        html_put(html, "</a>");
        before = " \xc2\xb7 ";
    }
    html_close(html);
}

static void entry(struct html *html, const struct glossary_entry *entry)
{
    html_put(html, "<div><dt id=\"");
    put_id(html, entry);
    html_put(html, "\">");
    html_text(html, item_text(entry->word));
    if (*entry->headings && strcmp(entry->headings, entry->word) != 0) {
        html_put(html, " <span class=\"tag\">");
        for (const char *at = item_text(entry->headings); *at;) {
            size_t length = strcspn(at, "|");
            html_say(html, "%.*s%s", (int)length, at, at[length] ? ", " : "");
            at += length + (at[length] == '|');
        }
        html_put(html, "</span>");
    }
    html_put(html, "</dt>");
    html_element(html, "dd", "", item_text(entry->text));
    html_put(html, "</div>\n");
}

void page_words(struct html *html, const struct page *page, struct job *job)
{
    const struct page_side *side = page->side[0];

    (void)job;
    page_fold_open(html, true);
    html_text(html, "Glossary");
    page_fold_body(html);
    html_open(html, "dl", "class=\"words\"");
    for (size_t i = 0; i < glossary_count; i++)
        if (strcmp(glossary[i].views, "learning") != 0)
            entry(html, &glossary[i]);
    html_close(html);
    page_fold_close(html);
    html_element(html, "h3", "", "The rules");
    page_table_open(html, "texts");
    html_put(html, "<th scope=\"col\">rule</th><th scope=\"col\">as used here</th><th scope=\"col\">what it does</th>");
    page_table_body(html);
    for (size_t i = 0; i < side->study.entries; i++) {
        char spec[512], title[256];
        fit_name(page_task(side), side->study.fit[i], spec, sizeof spec);
        page_rule_title(side, i, title, sizeof title);
        html_put(html, "<tr><th scope=\"row\">");
        html_text(html, title);
        html_put(html, "</th><td>");
        html_text(html, spec);
        html_put(html, "<br/><span class=\"tag\">");
        html_text(html, side->study.key[i].spec.rule->formula);
        html_put(html, "</span></td><td>");
        html_text(html, side->study.key[i].spec.rule->about);
        html_put(html, "</td></tr>\n");
    }
    page_table_close(html);
}

void page_method(struct html *html, const struct page *page, struct job *job)
{
    const struct page_request *request = page->request;

    (void)job;
    html_open(html, "p", "");
    html_say(html,
             "hubscope %s computed every number from the collection's own vectors, exactly and over all queries; "
             "only the bootstrap samples (%zu samples, seed %llu). This command reproduces the page, byte for byte:",
             HUBSCOPE_VERSION, request->samples, (unsigned long long)request->seed);
    html_close(html);
    html_element(html, "pre", "", request->command);
}
