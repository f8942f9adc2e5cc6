#include "ui/explorer/copy.h"

#include "ui/model/export_job.h"
#include "ui/model/texts.h"
#include "ui/terminal/clipboard.h"

#include <stdlib.h>
#include <string.h>

void copy_row(struct model *model, const struct view *view, void *state)
{
    char text[4096] = "";
    bool found = view->copies ? view->copies(state, model, text, sizeof text) : model->video != NO_VIDEO;

    if (found && !view->copies)
        model_video_key(model, model->video, text, sizeof text);
    if (!found || !*text)
        model_say(model, true, "no row is selected");
    else if (clipboard_put(text, strlen(text)))
        model_say(model, false, "copied, if the terminal allows it: %s", text);
    else
        model_say(model, true, "there is no terminal to copy through");
}

void copy_table(struct model *model, const struct view *view, void *state)
{
    struct exhibit exhibit = {.direction = T2V};
    struct error error;

    if (!view->exhibit || !view->exhibit(state, model, &exhibit)) {
        free(exhibit.order);
        model_say(model, true, "this view has no table to copy now");
    } else if (!exhibit_keep_marked(model, &exhibit)) {
        free(exhibit.order);
        model_say(model, true, "none of the rows listed here is marked");
    } else if (model_copy(model, &exhibit, &error)) {
        model_say(model, true, "%s", error.text);
    }
}
