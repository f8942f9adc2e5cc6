#include "engine/page/page.h"
#include "engine/base/item.h"
#include "engine/collection/collection.h"
#include "engine/evaluation/notices.h"
#include "engine/fitting/bank_name.h"
#include "engine/page/data.h"
#include "engine/page/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool has_hubs(const struct page *page)
{
    return task_items(page_task(page->side[0])) > 1;
}

static bool has_mass(const struct page *page)
{
    return page_raw(page)->mass && has_hubs(page);
}

static bool has_focus(const struct page *page)
{
    return page_focus(page) && page->side[0]->difference[page->side[0]->focus].queries;
}

/* A query has one target, among items that are rows of the gallery. */
static bool has_example(const struct page *page)
{
    return has_focus(page) && !page_task(page->side[0])->videos;
}

static bool has_banks(const struct page *page)
{
    return page->banks > 0;
}

const struct page_section page_sections[] = {
    {"summary", "In short", NULL, NULL, page_summary, 0},
    {"rules", "Every rule against raw", "metrics", NULL, page_metrics, 0},
    {"hubs", "Hubs", "hubs", has_hubs, page_hubs, PAGE_HUBS},
    {"mass", "Probability mass", "mass", has_mass, page_mass, 0},
    {"changes", "Rank changes", "shifts", has_focus, page_shifts, 2 * (PAGE_FIRSTS + PAGE_CHANGES)},
    {"example", "One query worked through", "search", has_example, page_example, 0},
    {"bank", "How good the bank is", "banks", has_banks, page_banks, 0},
    {"words", "What the words mean", NULL, NULL, page_words, 0},
    {"method", "How this page was made", NULL, NULL, page_method, 0},
};
const size_t page_sections_count = sizeof page_sections / sizeof *page_sections;

static void fact(struct html *html, const char *name, const char *value)
{
    if (!*value)
        return;
    html_element(html, "dt", "", name);
    html_open(html, "dd", "");
    html_cut(html, value, 600);
    html_close(html);
}

static void model_facts(struct html *html, const struct collection_model *model, bool named)
{
    char text[256];

    snprintf(text, sizeof text, "%s%s%s", named ? model->name : "", named && *model->description ? ": " : "",
             model->description);
    fact(html, "Model", text);
    if (model->stored)
        snprintf(text, sizeof text, "stored similarities, logit scale %.5g", model->logit_scale);
    else
        snprintf(text, sizeof text, "embeddings of %zu dimensions, logit scale %.5g", model->dimension,
                 model->logit_scale);
    fact(html, "Vectors", text);
    if (*model->folder && *model->provenance) /* the first one's is the collection's */
        fact(html, "Made by", model->provenance);
}

static void facts(struct html *html, const struct page *page)
{
    const struct task *task = page_task(page->side[0]);
    const struct collection_model *model = task->model;
    const struct study *study = &page->side[0]->study;
    char text[256], bank[128];

    html_open(html, "dl", "class=\"facts\"");
    model_facts(html, model, task->collection->models > 1);
    for (size_t i = 0; i < study->entries; i++) {
        const struct collection_model *other = study_task_of(study, i)->model;
        size_t before = 0;
        while (before < i && study_task_of(study, before)->model != other)
            before++;
        if (other != model && before == i)
            model_facts(html, other, true);
    }
    bank_name_print(&task->bank_subset, bank, sizeof bank);
    if (task_bank(task))
        snprintf(text, sizeof text, "%s, %zu %s", bank, task_bank(task),
                 task->direction == T2V ? "queries" : item_text("videos"));
    else
        snprintf(text, sizeof text, "none: rules that need one are omitted");
    fact(html, "Bank", text);
    if (task_second_bank(task)) {
        snprintf(text, sizeof text, "%s, %zu %s", task->gallery_bank_name, task_second_bank(task),
                 task->direction == T2V ? item_text("videos") : "captions");
        fact(html, "Second bank", text);
    }
    fact(html, "Licence", page->request->collection->licence);
    fact(html, "Provenance", page->request->collection->provenance);
    html_close(html);
}

/* What in the data may mislead, of both directions, each line once. */
static void notices(struct html *html, const struct page *page)
{
    struct notice notice[2 * NOTICES];
    size_t count = 0;

    for (size_t s = 0; s < 2 && page->side[s]; s++) {
        const struct study *study = &page->side[s]->study;
        size_t end = count + notices_of(study_task(study), study->analysis, study->entries, notice + count);
        for (size_t i = count; i < end; i++) {
            size_t same = 0;
            while (same < count && strcmp(notice[same].text, notice[i].text) != 0)
                same++;
            if (same == count)
                notice[count++] = notice[i];
        }
    }
    for (size_t i = 0; i < count; i++) {
        html_open(html, "p", "class=\"notice\"");
        html_put(html, "<b>Note:</b> ");
        html_say(html, "%s.", notice[i].text);
        html_close(html);
    }
}

static bool applies(const struct page_section *section, const struct page *page)
{
    return !section->applies || section->applies(page);
}

static void contents(struct html *html, const struct page *page)
{
    html_open(html, "nav", "aria-label=\"Contents\"");
    for (size_t i = 0; i < page_sections_count; i++)
        if (applies(&page_sections[i], page))
            html_print(html, "<a href=\"#%s\">%s</a>\n", page_sections[i].id, page_sections[i].title);
    html_close(html);
}

static void head(struct html *html, const struct page *page)
{
    const struct collection *collection = page->request->collection;
    const struct page_side *side = page->side[0];
    const char *name = *collection->name ? collection->name : "Untitled collection";

    html_put(html, "<!DOCTYPE html>\n");
    html_open(html, "html", "lang=\"en\"");
    html_open(html, "head", "");
    html_put(html, "<meta charset=\"utf-8\"/>\n"
                   "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
                   "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; script-src ");
    page_script_source(html);
    html_put(html, "\"/>\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                   "<meta name=\"generator\" content=\"hubscope ");
    html_put(html, HUBSCOPE_VERSION);
    html_put(html, "\"/>\n<title>");
    html_text(html, name);
    html_put(html, " \xc2\xb7 hubscope</title>\n<style>\n");
    for (size_t i = 0; page_style[i]; i++) {
        html_put(html, page_style[i]);
        html_put(html, "\n");
    }
    html_put(html, "</style>\n");
    html_close(html);
    html_open(html, "body", "");
    html_open(html, "header", "");
    html_element(html, "p", "class=\"mark\"", "hubscope report");
    html_element(html, "h1", "", name);
    html_open(html, "p", "class=\"lead\"");
    html_say(html, "%s: %zu %s, %zu %s", page_direction(side), task_queries(page_task(side)), page_queries(side),
             task_items(page_task(side)), page_items(side));
    html_close(html);
    facts(html, page);
    notices(html, page);
    contents(html, page);
    html_close(html);
}

static void foot(struct html *html)
{
    html_open(html, "footer", "");
    html_put(html, "hubscope " HUBSCOPE_VERSION);
    html_close(html);
    page_script(html);
    html_close(html); /* body */
    html_close(html); /* html */
}

char *page_make(const struct page_request *request, size_t *size, struct job *job, struct error *error)
{
    struct page page;
    struct html html = {0};

    struct catalog *catalog = request->collection->catalog;

    *size = 0;
    if (catalog)
        catalog_check_read(catalog, NULL); /* of earlier queries */
    if (page_gather(&page, request, job, error))
        return NULL;
    for (size_t i = 0; i < page_sections_count; i++)
        if (applies(&page_sections[i], &page))
            job_expect(job, page_sections[i].steps);
    head(&html, &page);
    html_open(&html, "main", "");
    for (size_t i = 0; i < page_sections_count && !job_cancelled(job); i++) {
        const struct page_section *section = &page_sections[i];
        if (!applies(section, &page))
            continue;
        html_print(&html, "<section id=\"%s\">\n", section->id);
        html_element(&html, "h2", "", section->title);
        section->write(&html, &page, job);
        if (section->view)
            page_words_of(&html, section->view);
        html_put(&html, "</section>\n");
    }
    html_close(&html);
    foot(&html);
    page_close(&page);
    if (job_cancelled(job))
        error_set(error, ERROR_CANCELLED, "cancelled");
    else if (html.failed)
        error_memory(error);
    else if (!catalog || !catalog_check_read(catalog, error)) {
        *size = html.used;
        return html.bytes;
    }
    free(html.bytes);
    return NULL;
}
