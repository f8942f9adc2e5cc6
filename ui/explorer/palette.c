#include "ui/explorer/palette.h"

#include "engine/base/item.h"
#include "engine/base/nearest.h"
#include "engine/collection/where.h"
#include "engine/results/format.h"
#include "ui/config/config_file.h"
#include "ui/config/settings.h"
#include "ui/explorer/effects.h"
#include "ui/explorer/files.h"
#include "ui/explorer/lesson_picker.h"
#include "ui/model/filter.h"
#include "ui/model/learned.h"
#include "ui/model/learning.h"
#include "ui/model/page_job.h"
#include "ui/model/query.h"
#include "ui/model/selection.h"
#include "ui/model/texts.h"
#include "ui/model/where.h"
#include "ui/terminal/screenshot.h"
#include "ui/terminal/terminal.h"
#include "ui/views/view.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int refuse(struct error *error, const char *what, const char *argument)
{
    return error_set(error, ERROR_INPUT, "%s, not '%.60s'", what, argument);
}

/* Parses a whole number in [least, most]; SIZE_MAX if it is not one. */
static size_t number(const char *text, size_t least, size_t most)
{
    char *end;

    if (*text < '0' || *text > '9')
        return SIZE_MAX;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    return errno || *end || value < least || value > most ? SIZE_MAX : (size_t)value;
}

static int run_view(struct model *model, const char *argument, enum action *action, struct error *error)
{
    (void)model, (void)action;
    for (size_t i = 0; i < VIEWS; i++) {
        if (strcmp(views[i]->name, argument) == 0) {
            view_open(argument);
            return 0;
        }
    }
    return refuse(error, "name a view", argument);
}

static bool candidate_view(const struct model *model, size_t index, char *buffer, size_t size)
{
    (void)model;
    if (index >= VIEWS)
        return false;
    snprintf(buffer, size, "%s", views[index]->name);
    return true;
}

static int run_rule(struct model *model, const char *argument, enum action *action, struct error *error)
{
    (void)action;
    return selection_parse(model, argument, &model->current, model_choose, error);
}

static int run_versus(struct model *model, const char *argument, enum action *action, struct error *error)
{
    (void)action;
    return selection_parse(model, argument, &model->versus, model_compare, error);
}

static bool candidate_rule(const struct model *model, size_t index, char *buffer, size_t size)
{
    size_t list[RULES_MAX];

    if (index >= model_rules(model, model->current.model, list))
        return false;
    snprintf(buffer, size, "%s", rules[list[index]]->name);
    return true;
}

static int choose_model(struct model *model, const char *argument, void (*set)(struct model *model, size_t of),
                        struct error *error)
{
    const struct collection *collection = model->collection;
    const struct collection_model *found = collection_find_model(collection, argument, error);

    for (size_t m = 0; found && m < collection->models; m++)
        if (collection->model[m] == found)
            set(model, m);
    return found ? 0 : -1;
}

static int run_model(struct model *model, const char *argument, enum action *action, struct error *error)
{
    (void)action;
    return choose_model(model, argument, model_set_model, error);
}

static int run_model_versus(struct model *model, const char *argument, enum action *action, struct error *error)
{
    (void)action;
    return choose_model(model, argument, model_set_versus_model, error);
}

static bool candidate_model(const struct model *model, size_t index, char *buffer, size_t size)
{
    if (index >= model->collection->models)
        return false;
    snprintf(buffer, size, "%s", model->collection->model[index]->name);
    return true;
}

static int run_columns(struct model *model, const char *argument, enum action *action, struct error *error)
{
    size_t columns = number(argument, 1, MODEL_COLUMNS);

    (void)action;
    if (columns == SIZE_MAX)
        return refuse(error, "columns takes 1, 2 or 3", argument);
    model_set_columns(model, (unsigned)columns);
    return 0;
}

static bool candidate_columns(const struct model *model, size_t index, char *buffer, size_t size)
{
    (void)model;
    snprintf(buffer, size, "%zu", index + 1);
    return index < MODEL_COLUMNS;
}

static int run_bank(struct model *model, const char *argument, enum action *action, struct error *error)
{
    (void)action;
    for (size_t i = 0; i < model_banks(model); i++) {
        if (strcmp(model_bank_name(model, i), argument) == 0) {
            model_set_bank(model, i);
            return 0;
        }
    }
    return refuse(error, "name a query bank of this collection", argument);
}

static bool candidate_bank(const struct model *model, size_t index, char *buffer, size_t size)
{
    if (index >= model_banks(model))
        return false;
    snprintf(buffer, size, "%s", model_bank_name(model, index));
    return true;
}

static int run_query(struct model *model, const char *argument, enum action *action, struct error *error)
{
    (void)action;
    if (!model_can_type(model))
        return error_set(error, ERROR_INPUT, "%s: use caption N", model_cannot_type(model));
    model_set_text(model, argument);
    view_open("search");
    return 0;
}

static int run_caption(struct model *model, const char *argument, enum action *action, struct error *error)
{
    size_t queries = model->collection->queries, query = number(argument, 1, queries);

    (void)action;
    if (query == SIZE_MAX)
        return error_set(error, ERROR_INPUT, "caption takes a number from 1 to %zu, not '%.60s'", queries, argument);
    model_set_query(model, query - 1);
    view_open("search");
    return 0;
}

static uint32_t video_of_words(struct model *model, const char *words)
{
    uint32_t found[MODEL_FOUND];

    return model_find_videos(model, words, found, MODEL_FOUND) ? found[0] : NO_VIDEO;
}

/* Keys are tried first, as one may look like a number. */
static int run_video(struct model *model, const char *argument, enum action *action, struct error *error)
{
    size_t videos = model->collection->videos, row = number(argument, 1, videos);
    uint32_t video = model_find_key(model, argument);

    (void)action;
    if (video == NO_VIDEO)
        video = row != SIZE_MAX ? (uint32_t)(row - 1) : video_of_words(model, argument);
    if (video == NO_VIDEO)
        return error_set(error, ERROR_INPUT, item_text("no video has the number (1 to %zu), key or words '%.60s'"),
                         videos, argument);
    model_set_video(model, video);
    return 0;
}

static int run_images(struct model *model, const char *argument, enum action *action, struct error *error)
{
    bool on = strcmp(argument, "on") == 0;

    (void)action;
    if (!on && strcmp(argument, "off") != 0)
        return refuse(error, "images takes on or off", argument);
    if (on && terminal_images() == IMAGES_OFF)
        return error_set(error, ERROR_INPUT, "pictures are off: ':option images auto' turns them on");
    model->pictures = on;
    return 0;
}

static bool candidate_images(const struct model *model, size_t index, char *buffer, size_t size)
{
    (void)model;
    snprintf(buffer, size, "%s", index ? "off" : "on");
    return index < 2;
}

static int run_set(struct model *model, const char *argument, enum action *action, struct error *error)
{
    const struct rule *rule = rules[model->current.rule];
    const char *value = strchr(argument, ' ');
    char *end;

    (void)action;
    for (size_t p = 0; value && p < rule->parameter_count; p++) {
        const struct rule_parameter *parameter = &rule->parameters[p];
        size_t length = strlen(parameter->name);
        if (length != (size_t)(value - argument) || memcmp(parameter->name, argument, length) != 0)
            continue;
        double wanted = strtod(value + 1, &end);
        if (end == value + 1 || *end || !isfinite(wanted) || wanted < parameter->least || wanted > parameter->most)
            return error_set(error, ERROR_INPUT, "%s takes a number from %g to %g, not '%.40s'", parameter->name,
                             parameter->least, parameter->most, value + 1);
        model->parameter = p;
        model_set_parameter(model, model->current, p, wanted);
        return 0;
    }
    return error_set(error, ERROR_INPUT, "set takes a parameter of %s and a value; ':set ' and Tab list them",
                     rule->title);
}

static bool candidate_set(const struct model *model, size_t index, char *buffer, size_t size)
{
    const struct rule *rule = rules[model->current.rule];

    if (index >= rule->parameter_count)
        return false;
    snprintf(buffer, size, "%s %g", rule->parameters[index].name, model_spec(model, model->current)->value[index]);
    return true;
}

static int run_option(struct model *model, const char *argument, enum action *action, struct error *error)
{
    char name[64];
    int length = 0;

    (void)action;
    sscanf(argument, "%63s%n", name, &length);
    enum setting_id id = settings_find(name, error);
    if (id == SETTINGS)
        return -1;
    const char *value = argument + length + strspn(argument + length, " ");
    if (*value)
        return effects_set(model, id, value, error);
    model_say(model, false, "%s %s: %s", name, *settings_get(id) ? settings_get(id) : "as usual",
              settings_table[id].help);
    return 0;
}

/* Every value of every choice, and the present one of other options. */
static bool candidate_option(const struct model *model, size_t index, char *buffer, size_t size)
{
    (void)model;
    for (int i = 0; i < SETTINGS; i++) {
        const char *values = settings_table[i].values;
        bool choice = islower((unsigned char)*values);
        size_t count = 1;
        for (const char *at = values; choice && (at = strchr(at, '|')); at++)
            count++;
        if (index >= count) {
            index -= count;
            continue;
        }
        for (; choice && index; index--)
            values = strchr(values, '|') + 1;
        if (choice)
            snprintf(buffer, size, "%s %.*s", settings_table[i].name, (int)strcspn(values, "|"), values);
        else
            snprintf(buffer, size, "%s %s", settings_table[i].name, settings_get((enum setting_id)i));
        return true;
    }
    return false;
}

static int run_bind(struct model *model, const char *argument, enum action *action, struct error *error)
{
    int status = settings_bind(argument, 0, error);

    (void)action;
    if (status > 0)
        model_say(model, true, "%s", error->text);
    return status < 0 ? -1 : 0;
}

/* The keys in force. */
static bool candidate_bind(const struct model *model, size_t index, char *buffer, size_t size)
{
    char key[BINDING_KEY], word[64];
    enum action action = (enum action)(index + 1);

    (void)model;
    if (action >= ACTIONS)
        return false;
    action_first_key(action, key, sizeof key);
    action_word(action, word, sizeof word);
    snprintf(buffer, size, "%s %s", key, word);
    return true;
}

static int run_save_config(struct model *model, const char *argument, enum action *action, struct error *error)
{
    const char *path = config_file_save(error);

    (void)argument, (void)action;
    if (!path)
        return -1;
    model_say(model, false, "settings written to %s", path);
    return 0;
}

static int run_filter(struct model *model, const char *argument, enum action *action, struct error *error)
{
    (void)action, (void)error;
    model_set_filter(model, argument);
    return 0;
}

static int run_where(struct model *model, const char *argument, enum action *action, struct error *error)
{
    (void)action, (void)error;
    model_set_where(model, argument);
    return 0;
}

static bool candidate_where(const struct model *model, size_t index, char *buffer, size_t size)
{
    char column[64];

    if (index == 0)
        snprintf(buffer, size, WHERE_MARKED);
    else if (where_column(model->collection, index - 1, column, sizeof column))
        snprintf(buffer, size, "%s=", column);
    else
        return false;
    return true;
}

static int run_save(struct model *model, const char *argument, enum action *action, struct error *error)
{
    (void)action;
    if (!*argument)
        return error_set(error, ERROR_INPUT, "save-display takes a file name");
    if (screenshot_save(argument, error) != 0)
        return -1;
    model_say(model, false, "screen written to %s", argument);
    return 0;
}

static int run_report(struct model *model, const char *argument, enum action *action, struct error *error)
{
    (void)action;
    return format_choose_path(FORMAT_PAGE, "report", argument, error) ? model_write_page(model, argument, error) : -1;
}

static int run_export(struct model *model, const char *argument, enum action *action, struct error *error)
{
    (void)model, (void)action, (void)error;
    files_want(FILE_TABLE, argument);
    return 0;
}

static int run_export_marked(struct model *model, const char *argument, enum action *action, struct error *error)
{
    (void)model, (void)action, (void)error;
    files_want(FILE_MARKED, argument);
    return 0;
}

static int run_dump(struct model *model, const char *argument, enum action *action, struct error *error)
{
    (void)model, (void)action, (void)error;
    files_want(FILE_VECTORS, argument);
    return 0;
}

static int run_screenshot(struct model *model, const char *argument, enum action *action, struct error *error)
{
    char endings[FORMAT_LIST];

    (void)model, (void)action;
    if (!format_of_path(FORMAT_SCREEN, argument))
        return error_set(error, ERROR_INPUT, "screenshot takes a file%s, not '%.60s'",
                         format_endings(FORMAT_SCREEN, endings), argument);
    files_want(FILE_SCREEN, argument);
    return 0;
}

static int run_save_model(struct model *model, const char *argument, enum action *action, struct error *error)
{
    char where[MODEL_TEXT];

    (void)action;
    files_expand(argument, where, sizeof where);
    return model_save_learned(model, where, error);
}

static int run_resize(struct model *model, const char *argument, enum action *action, struct error *error)
{
    int rows, columns, end = 0;

    (void)model;
    (void)action;
    if (sscanf(argument, "%4dx%4d%n", &rows, &columns, &end) != 2 || argument[end] || rows < 1 || columns < 1 ||
        rows > 1000 || columns > 1000)
        return refuse(error, "resize takes ROWSxCOLUMNS, such as 36x120", argument);
    terminal_resize(rows, columns);
    return 0;
}

static int run_train(struct model *model, const char *argument, enum action *action, struct error *error)
{
    const struct learning_choice choice = learning_defaults(model);
    const struct learning_record *record = model_learning(model, choice.loss);

    (void)argument, (void)action, (void)error;
    if (!record || record->state != LEARNING_DONE || !learning_same(&record->choice, &choice))
        model_learn(model, &choice);
    view_open("learning");
    return 0;
}

static int run_lesson(struct model *model, const char *argument, enum action *action, struct error *error)
{
    (void)model, (void)action, (void)error;
    lesson_want(argument);
    return 0;
}

static int run_quit(struct model *model, const char *argument, enum action *action, struct error *error)
{
    (void)model, (void)argument, (void)error;
    *action = ACTION_QUIT;
    return 0;
}

static int run_help(struct model *model, const char *argument, enum action *action, struct error *error)
{
    (void)model, (void)argument, (void)error;
    *action = ACTION_HELP;
    return 0;
}

const struct palette_entry palette[] = {
    {"view", "NAME", "show a view; NAME alone works too", run_view, candidate_view, 0},
    {"query", "TEXT", "search for a text", run_query, NULL, 0},
    {"caption", "N", "select evaluation query N", run_caption, NULL, 0},
    {"video", "NUMBER|KEY|WORDS", "select a video", run_video, NULL, 0},
    {"rule", "[MODEL/]NAME[:PARAMETER=VALUE,...]", "set the current rule", run_rule, candidate_rule, 0},
    {"versus", "[MODEL/]NAME[:PARAMETER=VALUE,...]", "set the rule to compare with", run_versus, candidate_rule, 0},
    {"model", "NAME", "set the model of the current rule", run_model, candidate_model, 0},
    {"model-versus", "NAME", "set the model of the compared rule", run_model_versus, candidate_model, 0},
    {"set", "PARAMETER VALUE", "change a parameter of the current rule", run_set, candidate_set, 0},
    {"columns", "1|2|3", "show 1 to 3 rules side by side", run_columns, candidate_columns, 0},
    {"bank", "NAME", "fit the rules to another query bank", run_bank, candidate_bank, 0},
    {"train", "", "train heads by NCL's loss, unless that was done", run_train, NULL, 0},
    {"lesson", "[NAME]", "begin a lesson, without a name list all", run_lesson, lesson_candidate, 0},
    {"images", "on|off", "turn pictures on or off", run_images, candidate_images, 0},
    {"filter", "[WORDS]", "list only what has these words, without words everything", run_filter, NULL, 0},
    {"where", "[COLUMN=VALUE|marked]", "measures of these videos alone, without a condition of all", run_where,
     candidate_where, 0},
    {"option", "NAME [VALUE]", "set an option, or show its value", run_option, candidate_option, 0},
    {"bind", "KEY ACTION", "give a key to an action", run_bind, candidate_bind, 0},
    {"save-config", "", "keep options and keys for the next start", run_save_config, NULL, 0},
    {"export", "FILE", "write what the view shows:", run_export, NULL, FORMAT_EXPORT},
    {"export-marked", "FILE", "write the marked videos:", run_export_marked, NULL, FORMAT_REPORT},
    {"dump", "DIR", "write bias, mass, n10, rank, gate of rules as .npy", run_dump, NULL, 0},
    {"screenshot", "FILE", "write a picture of the screen:", run_screenshot, NULL, FORMAT_SCREEN},
    {"report", "FILE", "write everything as one HTML page", run_report, NULL, FORMAT_PAGE},
    {"save-model", "[NAME|DIR/NAME]", "save a learned model, or a copy with it in DIR", run_save_model, NULL, 0},
    {"save-display", "FILE", "write the screen to a file; NAME.ansi with colours", run_save, NULL, 0},
    {"resize", "ROWSxCOLUMNS", "resize the screen, for scripts", run_resize, NULL, 0},
    {"help", "", "list all keys", run_help, NULL, 0},
    {"quit", "", "leave", run_quit, NULL, 0},
};
const size_t palette_count = sizeof(palette) / sizeof(palette[0]);

const struct palette_entry *palette_entry_of(const char *line)
{
    size_t length = strcspn(line, " ");
    const struct palette_entry *found = NULL;

    for (size_t i = 0; i < palette_count && length; i++) {
        if (strncmp(palette[i].name, line, length) != 0)
            continue;
        if (!palette[i].name[length])
            return &palette[i];
        if (found) /* ambiguous */
            return NULL;
        found = &palette[i];
    }
    return found;
}

/* "[NAME]", but not "[MODEL/]NAME". */
static bool is_optional(const char *argument)
{
    return *argument == '[' && !argument[strcspn(argument, "]") + 1];
}

static int command_unknown(const char *text, struct error *error)
{
    struct nearest nearest = nearest_to(text, strcspn(text, " "));
    char advice[NEAREST_BYTES + 24];

    for (size_t i = 0; i < palette_count; i++)
        nearest_offer(&nearest, palette[i].name);
    for (size_t i = 0; i < VIEWS; i++)
        nearest_offer(&nearest, views[i]->name);
    return error_set(error, ERROR_INPUT, "there is no command '%.40s'%s", text,
                     nearest.best[0] ? nearest_advice(&nearest, advice) : "; Tab lists all");
}

int palette_run(struct model *model, const char *line, enum action *action, struct error *error)
{
    char text[MODEL_TEXT];

    *action = ACTION_NONE;
    line += strspn(line, " ");
    snprintf(text, sizeof(text), "%s", line);
    for (size_t end = strlen(text); end && text[end - 1] == ' ';)
        text[--end] = 0;
    if (!*text)
        return 0;
    for (size_t i = 0; i < VIEWS; i++)
        if (strcmp(views[i]->name, text) == 0)
            return run_view(model, text, action, error);
    const struct palette_entry *command = palette_entry_of(text);
    if (!command)
        return command_unknown(text, error);
    const char *argument = text + strcspn(text, " ");
    argument += strspn(argument, " ");
    if (!*argument && *command->argument && !is_optional(command->argument))
        return error_set(error, ERROR_INPUT, "%s takes %s", command->name, command->argument);
    return command->run(model, argument, action, error);
}

const char *palette_help(const struct palette_entry *command, char buffer[PALETTE_TEXT])
{
    size_t used = (size_t)snprintf(buffer, PALETTE_TEXT, "%s", item_text(command->help));
    const struct format *format;
    char ending[FORMAT_ENDING];

    if (used && command->help[used - 1] == ':')
        for (size_t i = 0; (format = format_at(command->contents, i)) && used < PALETTE_TEXT; i++)
            used += (size_t)snprintf(buffer + used, PALETTE_TEXT - used, " .%s", format_ending(format, ending));
    return buffer;
}
