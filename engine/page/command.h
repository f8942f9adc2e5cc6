/* A shell command line, built word by word. */
#ifndef HUBSCOPE_ENGINE_PAGE_COMMAND_H
#define HUBSCOPE_ENGINE_PAGE_COMMAND_H

#include <stddef.h>

struct page_command {
    char text[8192]; /* truncated if too long */
    size_t used;
};

void page_command_begin(struct page_command *command, const char *text); /* unquoted */
void page_command_word(struct page_command *command, const char *word);  /* quoted if necessary */
/* The last component of a path: pages do not disclose their author's folders. */
void page_command_name(struct page_command *command, const char *path);

#endif
