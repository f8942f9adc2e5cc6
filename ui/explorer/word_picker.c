#include "ui/explorer/word_picker.h"

#include "engine/base/item.h"
#include "engine/glossary/glossary.h"

#include <stdio.h>
#include <string.h>

/* Leaves the meaning in the message line: a small screen has no room for it below the list. */
static void say_word(struct model *model, size_t value)
{
    model_say(model, false, "%s: %s", item_text(glossary[value].word), item_text(glossary[value].text));
}

static void add_words(struct picker *picker, const struct view *view, bool shown)
{
    char headings[PICKER_TEXT];

    for (size_t i = 0; i < glossary_count; i++) {
        if (glossary_shown(&glossary[i], view->name) != shown)
            continue;
        bool itself = strcmp(glossary[i].headings, glossary[i].word) == 0;
        snprintf(headings, sizeof headings, "%s", itself ? "" : glossary[i].headings);
        for (char *bar = headings; *bar; bar++)
            *bar = *bar == '|' ? ' ' : *bar;
        picker_add(picker, &(struct picker_line){.value = i,
                                                 .key = "",
                                                 .name = picker_text(picker, headings),
                                                 .title = item_text(glossary[i].word),
                                                 .mark = "  ",
                                                 .style = shown ? STYLE_TEXT : STYLE_DIM,
                                                 .brief = picker_text(picker, headings),
                                                 .note = shown ? view->title : "",
                                                 .detail = {item_text(glossary[i].text), NULL}});
    }
}

void word_picker_open(struct picker *picker, const struct model *model, const struct view *view, const void *state)
{
    const char *heading = view->heading ? view->heading(state, model) : NULL;
    const struct glossary_entry *entry = heading ? glossary_find(heading, view->name) : NULL;

    picker_begin(picker, "what the words mean", say_word);
    add_words(picker, view, true);
    add_words(picker, view, false);
    picker_show(picker, entry ? (size_t)(entry - glossary) : picker->line[0].value);
}
