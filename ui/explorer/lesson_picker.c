#include "ui/explorer/lesson_picker.h"

#include <stdio.h>

static const struct lessons *offered;
static char wanted[LESSON_TITLE];
static bool wants;

void lesson_offer(const struct lessons *lessons)
{
    offered = lessons;
    wants = false;
}

bool lesson_candidate(const struct model *model, size_t index, char *buffer, size_t size)
{
    (void)model;
    if (!offered || index >= offered->count)
        return false;
    snprintf(buffer, size, "%s", offered->entry[index].name);
    return true;
}

void lesson_want(const char *name)
{
    snprintf(wanted, sizeof wanted, "%s", name);
    wants = true;
}

const char *lesson_wanted(void)
{
    bool did = wants;

    wants = false;
    return did ? wanted : NULL;
}

static void choose(struct model *model, size_t value)
{
    (void)model;
    if (offered && value < offered->count)
        lesson_want(offered->entry[value].name);
}

void lesson_picker_open(struct picker *picker, const struct lessons *lessons)
{
    char minutes[16];

    picker_begin(picker, "lessons: Enter starts one", choose);
    for (size_t i = 0; i < lessons->count; i++) {
        const struct lesson_entry *entry = &lessons->entry[i];
        snprintf(minutes, sizeof minutes, "%d min", entry->minutes);
        picker_add(picker, &(struct picker_line){.value = i,
                                                 .key = "",
                                                 .name = entry->name,
                                                 .title = entry->name,
                                                 .mark = "  ",
                                                 .style = STYLE_STRONG,
                                                 .brief = entry->title,
                                                 .note = picker_text(picker, minutes),
                                                 .detail = {entry->title, NULL}});
    }
    picker_show(picker, 0);
}
