#include "app/command.h"
#include "app/encoder_choice.h"
#include "app/fail.h"
#include "app/workspace.h"
#include "ui/explorer/explorer.h"
#include <limits.h>

int cmd_explore(const struct options *options)
{
    char path[PATH_MAX];
    struct error error = {0};
    struct rule_spec spec;
    for (size_t i = 0; i < options->rule.count; i++)
        if (rule_parse(options->rule.item[i], 1, &spec, &error))
            return fail_usage(options->command->name, "%s", error.text);
    if (workspace_path(options, path, sizeof path)) {
        return STATUS_FAILURE;
    }
    struct collection *collection = collection_open(path, &error);
    if (!collection) {
        return fail(&error);
    }
    const struct explorer_options explorer = {
        .terminal =
            {
                .colour = (enum colour_choice)options->colour,
                .images = (enum image_choice)options->images,
                .background = (enum background_choice)options->background,
                .ascii = options->ascii,
                .no_mouse = options->no_mouse,
                .no_display = options->no_display,
            },
        .script = options->script,
        .query = options->query,
        .model =
            {
                .bank = list_last(&options->bank),
                .rule = options->rule.item,
                .rules = options->rule.count,
            },
        .view = options->view,
    };
    int failed = encoder_choose(options, collection, &error) || explorer_run(collection, &explorer, &error);
    collection_close(collection);
    return failed ? fail(&error) : STATUS_OK;
}
