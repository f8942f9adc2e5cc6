#include "app/display_options.h"

#define FIELD(name) offsetof(struct display_options, name)

static const struct option_entry entries[] = {
    {"color", OPTION_CHOICE, FIELD(colour), "auto|never|8|256|direct", .help = "colours"},
    {"images", OPTION_CHOICE, FIELD(images), "auto|kitty|sixel|iterm|sextants|blocks|ascii|off", .help = "pictures"},
    {"background", OPTION_CHOICE, FIELD(background), "auto|dark|light", .help = "the terminal's background"},
    {"still", OPTION_FLAG, FIELD(still), .help = "film strips do not play"},
    {"ascii", OPTION_FLAG, FIELD(ascii), .help = "no characters beyond ASCII"},
    {"no-mouse", OPTION_FLAG, FIELD(no_mouse), .help = "leave the mouse to the terminal"},
    {"script", OPTION_TEXT, FIELD(script), "FILE", .help = "run these keys and commands, for tests and screenshots"},
    {"no-display", OPTION_FLAG, FIELD(no_display), .help = "discard what is drawn, for tests"},
    {0},
};

static int settle(void *values, struct error *error)
{
    const struct display_options *options = values;
    if (options->no_display && !options->script)
        return usage_error(error, "--no-display draws nothing: give the keys with --script FILE");
    return 0;
}

const struct option_group display_group = {.entries = entries, .settle = settle};

void display_options_apply(const struct display_options *options, struct explorer_options *explorer)
{
    explorer->terminal = (struct terminal_options){
        .colour = (enum colour_choice)options->colour,
        .images = (enum image_choice)options->images,
        .background = (enum background_choice)options->background,
        .ascii = options->ascii,
        .no_mouse = options->no_mouse,
        .no_display = options->no_display,
    };
    explorer->script = options->script;
    explorer->still = options->still;
}
