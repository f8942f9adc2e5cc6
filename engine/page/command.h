/* A command line as a shell reads it, made word by word. */
#ifndef HUBSCOPE_ENGINE_PAGE_COMMAND_H
#define HUBSCOPE_ENGINE_PAGE_COMMAND_H

#include <stddef.h>

struct page_command {
    char text[8192]; /* what is too much is cut off */
    size_t used;
};

void page_command_begin(struct page_command *command, const char *text); /* as it is */
void page_command_word(struct page_command *command, const char *word);  /* quoted where that is needed */
/* The last part of a path: pages tell nobody where their maker keeps things. */
void page_command_name(struct page_command *command, const char *path);

#endif
