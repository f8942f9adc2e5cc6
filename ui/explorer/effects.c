#include "ui/explorer/effects.h"

#include "ui/explorer/favourite.h"
#include "ui/model/selection.h"
#include "ui/terminal/theme.h"

#include <stdio.h>
#include <string.h>

enum { GROUNDS = 3 }; /* theme's values: three grounds, then the same with the colours of `safe` */

static enum background_choice ground(void)
{
    return (enum background_choice)(settings_choice(SETTING_THEME) % GROUNDS);
}

static void choose_theme(void)
{
    theme_choose(settings_choice(SETTING_THEME) >= GROUNDS ? THEME_SAFE : THEME_USUAL);
}

static size_t find_bank(const struct collection *collection, const char *name)
{
    const struct collection_model *first = collection->model[0];

    for (size_t i = 0; i < first->banks; i++)
        if (strcmp(first->bank[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}

void effects_on_terminal(struct terminal_options *options)
{
    if (options->background == BACKGROUND_AUTO)
        options->background = ground();
    if (options->images == IMAGES_AUTO)
        options->images = (enum image_choice)settings_choice(SETTING_IMAGES);
}

void effects_on_model(const struct collection *collection, struct model_options *options)
{
    const char *bank = settings_get(SETTING_BANK);

    if (!options->bank && *bank && find_bank(collection, bank) != SIZE_MAX)
        options->bank = bank;
}

/* ---- one function an option ---- */

static int show_theme(struct model *model, struct error *error)
{
    (void)model, (void)error;
    choose_theme();
    terminal_set_background(ground());
    theme_start();
    terminal_redraw();
    return 0;
}

static int show_rule(struct model *model, struct error *error)
{
    const char *rule = settings_get(SETTING_RULE);

    return *rule ? selection_parse(model, rule, &model->current, model_choose, error) : 0;
}

static int show_versus(struct model *model, struct error *error)
{
    const char *rule = settings_get(SETTING_VERSUS);

    return *rule ? selection_parse(model, rule, &model->versus, model_compare, error) : 0;
}

static int show_favourites(struct model *model, struct error *error)
{
    (void)model, (void)error;
    favourites_set(settings_get(SETTING_FAVOURITES));
    return 0;
}

static int show_bank(struct model *model, struct error *error)
{
    const char *name = settings_get(SETTING_BANK);
    size_t bank = find_bank(model->collection, name);

    if (*name && bank == SIZE_MAX)
        return error_set(error, ERROR_INPUT, "this collection has no query bank '%.60s'", name);
    if (*name)
        model_set_bank(model, bank);
    return 0;
}

static int show_images(struct model *model, struct error *error)
{
    static const char *const names[] = {
        [IMAGES_KITTY] = "pixels by kitty's placeholders",
        [IMAGES_SIXEL] = "pixels by sixels",
        [IMAGES_ITERM] = "pixels by iTerm2's protocol",
        [IMAGES_SEXTANTS] = "sextants",
        [IMAGES_BLOCKS] = "half blocks",
        [IMAGES_ASCII] = "ASCII",
        [IMAGES_OFF] = "off",
    };

    if (terminal_set_images((enum image_choice)settings_choice(SETTING_IMAGES), error))
        return -1;
    model->pictures = terminal_images() != IMAGES_OFF;
    model_say(model, false, "pictures: %s", names[terminal_images()]);
    return 0;
}

static int (*const show[SETTINGS])(struct model *model, struct error *error) = {
    [SETTING_THEME] = show_theme,           [SETTING_RULE] = show_rule, [SETTING_VERSUS] = show_versus,
    [SETTING_FAVOURITES] = show_favourites, [SETTING_BANK] = show_bank, [SETTING_IMAGES] = show_images,
};

int effects_set(struct model *model, enum setting_id id, const char *value, struct error *error)
{
    char before[SETTING_VALUE];

    snprintf(before, sizeof before, "%s", settings_get(id));
    if (settings_set(id, value, error))
        return -1;
    if (!show[id](model, error))
        return 0;
    settings_set(id, before, NULL);
    return -1;
}

void effects_begin(struct model *model)
{
    static const enum setting_id first[] = {SETTING_FAVOURITES, SETTING_VERSUS, SETTING_RULE};
    const bool opening = model->opening;
    struct error error;

    choose_theme();
    for (size_t i = 0; i < sizeof first / sizeof *first; i++)
        if (show[first[i]](model, &error))
            settings_add_problem(error.text);
    model->opening = opening; /* this was not the user's choice of the moment */
    model->message[0] = 0;
    if (settings_problems() > 1)
        model_say(model, true, "%s (and %zu more: hubscope --print-config lists them)", settings_problem(0),
                  settings_problems() - 1);
    else if (settings_problems())
        model_say(model, true, "%s", settings_problem(0));
}
