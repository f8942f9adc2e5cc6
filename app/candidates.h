/* Candidates for the word that is being typed in a shell, printed one a line: the word, a tab and what it means. */
#ifndef HUBSCOPE_APP_CANDIDATES_H
#define HUBSCOPE_APP_CANDIDATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct candidates {
    FILE *out;
    const char *word; /* what is typed of it, without quotes */
    size_t kept;      /* bytes of it that the shell keeps and the lines leave out */
    bool home;        /* its path begins with a tilde that stands for the home directory */
    bool escaped;     /* the lines go to bash as they are, so special characters are escaped */
    char quote;       /* that the word begins with and does not end with yet, or 0 */
};

/* Takes the quotes and backslashes of bash out of a word, in place; returns the quote that is open at its end, or 0. */
char candidates_unquote(char *word);

/* Offers the word's first `at` bytes followed by `text`, if the word begins so; `help` is one line, or null.  Text that
 * a line cannot hold or a terminal not show is left out. */
void candidates_offer(const struct candidates *candidates, size_t at, const char *text, const char *help);

/* The same for everything in the folder that the word's path from `at` on leads to; folders end with a slash. */
void candidates_offer_files(const struct candidates *candidates, size_t at);
/* The same for the folders that `wanted` chooses by their paths, without a slash, and, to lead to others, for every
 * folder with one, unless the path is empty and `here` is set. */
void candidates_offer_folders(const struct candidates *candidates, size_t at, bool (*wanted)(const char *path),
                              bool here);

#endif
