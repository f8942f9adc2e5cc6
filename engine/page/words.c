#include "engine/page/parts.h"
#include "engine/results/describe.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *word, *meaning;
} words[] = {
    {"gallery, query, target",
     "The items searched, what they are searched with, and the item that the query is about."},
    {"bank",
     "Queries from training data, never those evaluated here. A rule looks at what they retrieve to learn which "
     "items are retrieved too often."},
    {"R@k", "Recall: the share of the queries whose target is among the first k. Higher is better."},
    {"MdR, MnR",
     "Median and mean rank of the target; 1 is best. A few lost targets pull the mean far up. Ties count by "
     "averaging."},
    {"N₁₀",
     "How many of all top-10 lists an item appears in. If all items were treated alike, each would appear in 10 times "
     "the queries over the items."},
    {"hub, antihub",
     "A hub appears in at least twice its fair number of lists and crowds others out; an antihub appears in "
     "none, so nobody ever finds it."},
    {"skewness (skew)", "How lopsided N₁₀ is: 0 if the items share the lists evenly, above 1 if a few take many."},
    {"Robin Hood, Gini",
     "Two measures of inequality: the share of the list places that would have to move for all items to have "
     "equally many; and how far two items drawn at random lie apart. 0 is equal."},
    {"probability and mass",
     "A softmax turns one query's scores into probabilities over the gallery. Mass is what an item "
     "gets over all queries; queries over items is its fair share."},
    {"error", "Normalisation error: how far the mass of an item is from its fair share, on average."},
    {"interval", "The queries are drawn with replacement many times; the interval is the middle 95 % of the resulting "
                 "differences. If it excludes 0, the difference is beyond chance."},
    {"coverage, gate", "The items that some bank query ranks first, as a share of the gallery; and the share of the "
                       "evaluation queries whose first item is one of them. QB-Norm acts only on these."},
    {"rank correlation",
     "Whether the bank's hubs are the queries' hubs: 1 is the same order of items by N₁₀, 0 is none."},
};

void page_words(struct html *html, const struct page *page, struct job *job)
{
    const struct page_side *side = page->side[0];

    (void)job;
    html_open(html, "dl", "class=\"words\"");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        html_element(html, "dt", "", words[i].word);
        html_element(html, "dd", "", words[i].meaning);
    }
    html_close(html);
    html_element(html, "h3", "", "The rules");
    html_put(html,
             "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">rule</th><th scope=\"col\">as used here</th>"
             "<th scope=\"col\">what it does</th></tr></thead>\n<tbody>\n");
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
    html_put(html, "</tbody></table></div>\n");
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
