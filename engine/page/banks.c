#include "engine/fitting/bank_name.h"
#include "engine/page/parts.h"

#include <stdio.h>

enum { READING = 300 };

static void bank_row(struct html *html, const struct page *page, size_t index, bool rule)
{
    const struct bank_report *bank = &page->bank[index];
    double r1 = page->bank_r1[index];
    char name[128];

    bank_name_print(&bank->subset, name, sizeof name);
    html_print(html, "<tr%s><th scope=\"row\">", index == 0 ? " class=\"focus\"" : "");
    html_text(html, name);
    html_print(html, "</th><td class=\"n\">%zu</td><td class=\"n\">", bank->rows);
    page_number(html, 100 * bank->coverage, 1);
    html_put(html, "</td><td class=\"n\">");
    page_number(html, 100 * bank->gate_rate, 1);
    html_put(html, "</td><td class=\"n\">");
    page_number(html, bank->correlation, 2);
    html_print(html, "</td><td class=\"n\" data-sort=\"%zu\">%zu of %zu</td><td class=\"n\">", bank->shared_hubs,
               bank->shared_hubs, bank->query_hubs);
    page_number(html, bank->distance, 3);
    html_put(html, "</td>");
    if (rule) {
        html_put(html, "<td class=\"n\">");
        page_number(html, r1, 1);
        html_put(html, "</td><td class=\"n\">");
        page_difference(html, r1 - bank->raw.r1, 1);
        html_put(html, "</td><td class=\"n\">");
        page_number(html, page->bank_skewness[index], 2);
        html_put(html, "</td>");
    }
    html_put(html, "</tr>\n");
}

void page_banks(struct html *html, const struct page *page, struct job *job)
{
    const struct page_side *side = page->side[0];
    bool rule = side->focus && (side->study.key[side->focus].spec.rule->needs & RULE_NEEDS_BANK);
    char title[256], reading[READING], name[128];

    (void)job;
    page_rule_title(side, side->focus, title, sizeof title);
    html_open(html, "p", "");
    html_put(html, "From a bank a rule learns how much to take from the hubs, so the bank should retrieve as the "
                   "evaluation queries do. The one used here is marked.");
    html_close(html);
    page_table_open(html, "");
    html_put(html,
             "<th scope=\"col\">bank</th><th scope=\"col\" class=\"n\">rows"
             "</th><th scope=\"col\" class=\"n\" title=\"share of the gallery that some bank query ranks first\">"
             "coverage %</th><th scope=\"col\" class=\"n\" title=\"share of the queries whose first item is covered\">"
             "gate %</th><th scope=\"col\" class=\"n\" title=\"Spearman's rank correlation of N₁₀ over the bank and "
             "over the queries\">rank correlation of N₁₀</th><th scope=\"col\" class=\"n\">hubs known</th>"
             "<th scope=\"col\" class=\"n\" title=\"between the mean embeddings\">distance</th>");
    if (rule) {
        html_put(html, "<th scope=\"col\" class=\"n\">R@1 of ");
        html_text(html, title);
        html_put(html, "</th><th scope=\"col\" class=\"n\">vs raw</th>"
                       "<th scope=\"col\" class=\"n\" title=\"of N₁₀ under the rule; under raw ");
        html_say(html, "%.2f", page->bank[0].raw_skewness);
        html_put(html, "\">skewness</th>");
    }
    page_table_body(html);
    for (size_t i = 0; i < page->banks; i++)
        bank_row(html, page, i, rule);
    page_table_close(html);
    for (size_t i = 0; i < page->banks; i++) {
        bank_report_reading(&page->bank[i], reading, sizeof reading);
        bank_name_print(&page->bank[i].subset, name, sizeof name);
        html_open(html, "p", "class=\"note\"");
        html_element(html, "b", "", name);
        html_say(html, ": %s.", reading);
        html_close(html);
    }
    if (page->banks_left) {
        html_open(html, "p", "class=\"note\"");
        html_say(html, "%zu more banks are not shown.", page->banks_left);
        html_close(html);
    }
}
