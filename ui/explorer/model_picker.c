#include "ui/explorer/model_picker.h"

#include "engine/base/item.h"
#include "engine/base/text.h"
#include "ui/model/selection.h"
#include "ui/terminal/theme.h"

#include <stdio.h>

/* The banks that only other models have: "keywords, train of videos". */
static void list_lacking(const struct collection_model *of, char *buffer, size_t size)
{
    buffer[0] = 0;
    for (size_t i = 0; i < of->banks; i++)
        if (!of->bank[i].matrix.rows)
            text_append(buffer, size, *buffer ? ", " : "", of->bank[i].name);
    for (size_t i = 0; i < of->video_banks; i++)
        if (!of->video_bank[i].matrix.rows) {
            text_append(buffer, size, *buffer ? ", " : "", of->video_bank[i].name);
            text_append(buffer, size, " ", item_text("of videos"));
        }
}

static void describe(const struct collection_model *of, char *buffer, size_t size)
{
    char kind[64], lacks[PICKER_TEXT], scale[48];

    if (of->stored)
        snprintf(kind, sizeof kind, "stored similarities");
    else
        snprintf(kind, sizeof kind, "%zu dimensions", of->dimension);
    snprintf(scale, sizeof scale, ", logit scale %.4g", of->logit_scale);
    list_lacking(of, lacks, sizeof lacks);
    snprintf(buffer, size, "%s%s%s%s%s", kind, scale, of->encoder ? "" : ", no text encoder",
             *lacks ? "; without bank " : "", lacks);
}

static void add_model(struct picker *picker, const struct model *model, size_t index)
{
    const struct collection_model *of = model->collection->model[index];
    bool current = index == model->current.model, versus = index == model->versus.model;
    char brief[PICKER_TEXT], about[PICKER_TEXT];

    describe(of, brief, sizeof brief);
    text_clean(about, sizeof about, of->description);
    picker_add(picker, &(struct picker_line){
                           .value = index,
                           .key = "",
                           .name = of->name,
                           .title = of->name,
                           .mark = current  ? "[]"
                                   : versus ? "()"
                                            : "  ",
                           .style = current  ? STYLE_RULE_B
                                    : versus ? STYLE_RULE_A
                                             : STYLE_TEXT,
                           .brief = picker_text(picker, brief),
                           .note = "",
                           .detail = {picker_text(picker, about), picker_text(picker, brief)},
                       });
}

static void open_picker(struct picker *picker, struct model *model, const char *title, size_t selected,
                        void (*choose)(struct model *model, size_t value))
{
    const struct collection *collection = model->collection;
    char about[PICKER_TEXT];

    if (collection->models == 1) {
        describe(collection->model[0], about, sizeof about);
        model_say(model, false, "this collection has one model, %s: %s", collection->model[0]->name, about);
        return;
    }
    picker_begin(picker, title, choose);
    for (size_t i = 0; i < collection->models; i++)
        add_model(picker, model, i);
    picker_show(picker, selected);
}

void model_picker_open(struct picker *picker, struct model *model)
{
    open_picker(picker, model, "model of the current rule", model->current.model, model_set_model);
}

void versus_model_picker_open(struct picker *picker, struct model *model)
{
    open_picker(picker, model, "model of the compared rule", model->versus.model, model_set_versus_model);
}
