#include "ui/explorer/completion.h"

#include "engine/results/format.h"
#include "engine/results/name.h"
#include "ui/explorer/palette.h"
#include "ui/views/view.h"

#include <stdio.h>
#include <string.h>

static size_t complete_names(const char *line, char (*candidates)[COMPLETION_TEXT], size_t most)
{
    size_t count = 0, length = strlen(line);

    for (size_t i = 0; i < palette_count && count < most; i++)
        if (strncmp(palette[i].name, line, length) == 0)
            snprintf(candidates[count++], COMPLETION_TEXT, "%s%s", palette[i].name, *palette[i].argument ? " " : "");
    for (size_t i = 0; i < VIEWS && count < most; i++)
        if (strncmp(views[i]->name, line, length) == 0)
            snprintf(candidates[count++], COMPLETION_TEXT, "%s", views[i]->name);
    return count;
}

/* Adds the name with each ending that its command supports. */
static size_t complete_endings(const struct palette_entry *command, const char *name,
                               char (*candidates)[COMPLETION_TEXT], size_t most)
{
    const char *typed = name_ending(name);
    size_t length = strlen(name), size = strlen(typed), count = 0;
    bool whole = format_of_path(command->contents, name), pointed = length && name[length - 1] == '.';
    int stem = (int)(length - size - (size || pointed ? 1 : 0));
    const struct format *format;
    char ending[FORMAT_ENDING];

    if (stem <= 0 || length + strlen(command->name) + sizeof(ending) > COMPLETION_TEXT)
        return 0;
    for (size_t i = 0; (format = format_at(command->contents, i)) && count < most; i++)
        if (strncmp(format_ending(format, ending), typed, size) == 0 || whole)
            snprintf(candidates[count++], COMPLETION_TEXT, "%s %.*s.%s", command->name, stem, name, ending);
    return count;
}

size_t completion_find(const struct model *model, const char *line, char (*candidates)[COMPLETION_TEXT], size_t most)
{
    const char *argument = strchr(line, ' ');
    char value[COMPLETION_TEXT];
    size_t count = 0;

    if (!argument)
        return complete_names(line, candidates, most);
    const struct palette_entry *command = palette_entry_of(line);
    if (!command)
        return 0;
    argument += strspn(argument, " ");
    if (command->contents)
        return complete_endings(command, argument, candidates, most);
    if (!command->candidate)
        return 0;
    for (size_t i = 0; count < most && command->candidate(model, i, value, sizeof(value)); i++)
        if (strncmp(value, argument, strlen(argument)) == 0)
            snprintf(candidates[count++], COMPLETION_TEXT, "%.32s %.90s", command->name, value);
    return count;
}

const char *completion_file_help(const char *line)
{
    const struct palette_entry *command = palette_entry_of(line);
    const struct format *format = command ? format_of_path(command->contents, line) : NULL;

    return format ? format->help : "";
}
