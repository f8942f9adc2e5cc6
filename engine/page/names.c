#include "engine/base/item.h"
#include "engine/collection/collection.h"
#include "engine/fitting/bank_name.h"
#include "engine/page/parts.h"

#include <stdio.h>
#include <string.h>

const char *page_items(const struct page_side *side)
{
    return task_items_are_videos(page_task(side)) ? item_text("videos") : "captions";
}

const char *page_queries(const struct page_side *side)
{
    return page_task(side)->direction == T2V ? "queries" : item_text("videos");
}

const char *page_direction(const struct page_side *side)
{
    return page_task(side)->direction == T2V ? item_text("text to video") : item_text("video to text");
}

/* Whether the entry is of the same model as the page's bank. */
static bool is_own(const struct page_side *side, size_t rule)
{
    return study_task_of(&side->study, rule)->model == page_task(side)->model;
}

/* The rule, after its model where that is another, with parameters and bank where they tell it from others. */
void page_rule_title(const struct page_side *side, size_t rule, char *buffer, size_t size)
{
    const struct study *study = &side->study;
    const struct rule_spec *spec = &study->key[rule].spec;
    const char *bank = study->fit[rule]->bank, *model = study_task_of(study, rule)->model->name;
    bool alone = true, own = is_own(side, rule);
    char page_bank[128];
    size_t used;

    for (size_t i = 0; i < study->entries; i++)
        alone = alone && (i == rule || study->key[i].spec.rule != spec->rule ||
                          study_task_of(study, i)->model != study_task_of(study, rule)->model);
    snprintf(buffer, size, "%s%s%s", own ? "" : model, own ? "" : "/", spec->rule->title);
    for (size_t i = 0; i < spec->rule->parameter_count && !alone; i++) {
        used = strlen(buffer);
        snprintf(buffer + used, size - used, ", %s %.5g", spec->rule->parameters[i].name, spec->value[i]);
    }
    used = strlen(buffer);
    bank_name_print(&page_task(side)->bank_subset, page_bank, sizeof page_bank);
    if (*bank && strcmp(bank, page_bank) != 0)
        snprintf(buffer + used, size - used, " on %s", bank);
}

void page_video(struct html *html, const struct collection *collection, size_t video)
{
    char title[512];

    if (!collection->catalog) {
        html_say(html, item_text("video %zu"), video);
        return;
    }
    catalog_title(collection->catalog, video, title, sizeof title);
    html_cut(html, title, PAGE_TITLE);
}

static void caption(struct html *html, const struct collection *collection, size_t row)
{
    struct catalog_text text;

    if (!collection->catalog || catalog_text(collection->catalog, "query", row, &text, NULL)) {
        html_say(html, "query %zu", row);
        return;
    }
    if (*text.caption)
        html_cut(html, text.caption, PAGE_TEXT);
    else
        html_say(html, "query %zu", row);
    catalog_text_close(&text);
}

void page_item(struct html *html, const struct page_side *side, size_t item)
{
    html_put(html, "<bdi>");
    (task_items_are_videos(page_task(side)) ? page_video : caption)(html, page_task(side)->collection, item);
    html_put(html, "</bdi>");
}

void page_query(struct html *html, const struct page_side *side, size_t query)
{
    size_t row = page_task(side)->query_row ? page_task(side)->query_row[query] : query;

    html_put(html, "<bdi>");
    (page_task(side)->direction == T2V ? caption : page_video)(html, page_task(side)->collection, row);
    html_put(html, "</bdi>");
}

size_t page_item_video(const struct page_side *side, size_t item)
{
    const struct task *task = page_task(side);

    if (task_items_are_videos(task))
        return item;
    return task->collection->target[item] == UINT32_MAX ? SIZE_MAX : task->collection->target[item];
}

size_t page_query_video(const struct page_side *side, size_t query)
{
    const struct task *task = page_task(side);

    if (task->direction == V2T)
        return task->query_row ? task->query_row[query] : query;
    return task->target_start[query] < task->target_start[query + 1] ? task->target[task->target_start[query]]
                                                                     : SIZE_MAX;
}
