#include "engine/page/command.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static void put(struct page_command *command, const char *bytes, size_t size)
{
    size_t room = sizeof command->text - 1 - command->used;

    size = size < room ? size : room;
    memcpy(command->text + command->used, bytes, size);
    command->used += size;
    command->text[command->used] = 0;
}

void page_command_begin(struct page_command *command, const char *text)
{
    command->used = 0;
    put(command, text, strlen(text));
}

static void put_word(struct page_command *command, const char *word, size_t size)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@%+=:,./_-";
    bool quoted = size == 0 || strspn(word, plain) < size;

    put(command, quoted ? " '" : " ", quoted ? 2 : 1);
    for (size_t i = 0; i < size; i++)
        put(command, word[i] == '\'' ? "'\\''" : word + i, word[i] == '\'' ? 4 : 1);
    put(command, "'", quoted);
}

void page_command_word(struct page_command *command, const char *word)
{
    put_word(command, word, strlen(word));
}

void page_command_name(struct page_command *command, const char *path)
{
    size_t length = strlen(path);

    while (length > 1 && path[length - 1] == '/')
        length--;
    const char *start = path + length;
    while (start > path && start[-1] != '/')
        start--;
    put_word(command, start, (size_t)(path + length - start));
}
