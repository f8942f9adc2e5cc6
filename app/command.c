#include "app/command.h"
#include <string.h>

#define COMMAND(name) &command_##name,
const struct command *const commands[] = {
#include "app/command.def"
    NULL,
};
#undef COMMAND

const struct command *command_find(const char *name)
{
    size_t i = 0;
    while (commands[i] && strcmp(commands[i]->name, name) != 0)
        i++;
    return commands[i];
}
