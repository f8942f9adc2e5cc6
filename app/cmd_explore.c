#include "app/command.h"
#include "app/data_options.h"
#include "app/display_options.h"
#include "app/encoder_options.h"
#include "app/named_collection.h"
#include "app/output.h"
#include "app/rule_options.h"
#include "ui/config/config_file.h"
#include "ui/config/settings.h"
#include "ui/explorer/explorer.h"
#include "ui/views/view.h"
#include <limits.h>
#include <unistd.h>

struct explore_options {
    struct data_options data; /* of it the collection, judgements, second bank and conventions */
    struct words more;        /* surplus arguments: an error */
    const char *query, *bank;
    struct text_list rule; /* the rules to offer; empty: all */
    int view;
    bool print_config, resume, csv_safe;
    struct display_options display;
    struct encoder_options encoder;
};

#define FIELD(name) offsetof(struct explore_options, name)

static const char *view_name(size_t index)
{
    return index < VIEWS ? views[index]->name : NULL;
}

static const struct option_entry entries[] = {
    COLLECTION_OPERAND(explore_options, data.collection),
    {.name = "MORE", .kind = OPTION_WORDS, .offset = FIELD(more)},
    {"query", OPTION_TEXT, FIELD(query), "TEXT", .help = "start with this query"},
    {"bank", OPTION_TEXT, FIELD(bank), "BANK", .help = "start with this query bank"},
    GALLERY_BANK_OPTION(explore_options, data.banks.gallery_bank),
    QRELS_OPTION(explore_options, data.qrels),
    {"rule", OPTION_LIST, FIELD(rule), "[MODEL/]NAME[:p=v,...]", .help = "offer only this rule; repeatable"},
    {"view", OPTION_CHOICE, FIELD(view), .help = "start with this view (search)", .unset = NOT_GIVEN,
     .name_at = view_name},
    INCLUDE_GROUP(explore_options, display, display_group),
    {"resume", OPTION_FLAG, FIELD(resume), .help = "open the collection where it was left"},
    CSV_SAFE_OPTION(explore_options, csv_safe),
    {"print-config", OPTION_FLAG, FIELD(print_config), .help = "print the settings in force and exit"},
    INCLUDE_GROUP(explore_options, data.conventions, convention_group),
    INCLUDE_GROUP(explore_options, encoder, encoder_group),
    {0},
};

static int settle(void *values, struct error *error)
{
    const struct explore_options *options = values;
    struct study_key key;
    const char *collection = options->data.collection;
    if (collection && command_find(collection) && access(collection, F_OK) != 0)
        return usage_error(error, "name the command first: hubscope %s ...", collection);
    if (options->more.count)
        return usage_error(error, "unexpected argument '%s'", options->more.word[0]);
    for (size_t i = 0; i < options->rule.count; i++)
        if (rule_options_parse(options->rule.item[i], &key, error))
            return -1;
    return 0;
}

/* Prints the settings, with those of the command line in place of the file's. */
static int print_config(const struct explore_options *options, struct error *error)
{
    enum { GROUNDS = 3 }; /* auto, dark, light, and the same of the safe theme */
    const char *problem;
    if (options->display.background > 0)
        settings_choose(SETTING_THEME,
                        settings_choice(SETTING_THEME) / GROUNDS * GROUNDS + options->display.background);
    if (options->display.images > 0)
        settings_choose(SETTING_IMAGES, options->display.images);
    if (options->bank && settings_set(SETTING_BANK, options->bank, error))
        return -1;
    settings_print(stdout);
    for (size_t i = 0; (problem = settings_problem(i)); i++)
        fprintf(stderr, "hubscope: %s\n", problem);
    return 0;
}

static int run(const void *given, struct error *error)
{
    const struct explore_options *options = given;
    format_csv_set_safe(options->csv_safe);
    config_file_load();
    if (options->print_config)
        return print_config(options, error);
    struct data_options data = options->data;
    if (!data.collection)
        data.collection = "sample";
    struct collection *collection = data_options_open(&data, T2V, error);
    if (!collection)
        return -1;
    char lessons[PATH_MAX];
    struct explorer_options explorer = {
        .resume = options->resume,
        .query = options->query,
        .model =
            {
                .bank = options->bank,
                .rule = options->rule.item,
                .rules = options->rule.count,
                .gallery_bank = data_options_gallery_bank(&data, collection),
                .conventions = convention_options_of(&data.conventions),
                .qrels = data.qrels,
                .read_only = named_collection_is_sample(data.collection) ? "the built-in sample" : NULL,
            },
        .view = view_name((size_t)options->view),
        .lessons = named_collection_lessons(data.collection, lessons, sizeof lessons),
    };
    display_options_apply(&options->display, &explorer);
    int failed =
        encoder_options_apply(&options->encoder, collection, error) || explorer_run(collection, &explorer, error);
    collection_close(collection);
    return failed ? -1 : 0;
}

const struct command command_explore = {
    .name = "explore",
    .usage = "[COLLECTION] [options]",
    .help = "open the explorer (the default command)",
    .options =
        {
            .entries = entries,
            .details = "COLLECTION is a directory made by import, or `sample` (the default).\n",
            .settle = settle,
        },
    .size = sizeof(struct explore_options),
    .run = run,
};
