#include "app/candidates.h"

#include "engine/base/text.h"
#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { CANDIDATE = 4096 }; /* bytes of the longest */

char candidates_unquote(char *word)
{
    char *to = word, quote = 0;

    for (const char *from = word; *from; from++) {
        bool special = quote != '\'' && *from == '\\' && from[1];
        if (special && quote == '"')
            special = strchr("\"\\$`", from[1]);
        if (special)
            *to++ = *++from;
        else if (quote ? *from == quote : *from == '\'' || *from == '"')
            quote = quote ? 0 : *from;
        else
            *to++ = *from;
    }
    *to = '\0';
    return quote;
}

/* Whether the shell takes the byte for itself where that quote, or none, is open. */
static bool is_special(char byte, char quote)
{
    if (quote == '\'')
        return false;
    return strchr(quote ? "\"\\$`" : " \"'\\$`<>;|&()#*?[]{}!", byte);
}

void candidates_offer(const struct candidates *candidates, size_t at, const char *text, const char *help)
{
    char line[CANDIDATE], clean[CANDIDATE];
    int length = snprintf(line, sizeof line, "%.*s%s", (int)at, candidates->word, text);

    if (length < 0 || (size_t)length >= sizeof line || strncmp(line, candidates->word, strlen(candidates->word)) != 0)
        return;
    text_clean(clean, sizeof clean, line);
    if (strcmp(line, clean) != 0 || (candidates->escaped && candidates->quote == '\'' && strchr(text, '\'')))
        return;
    if (candidates->escaped && !candidates->quote && line[0] == '~' && !candidates->home)
        fputc('\\', candidates->out); /* a name, not somebody's home */
    for (const char *byte = line + candidates->kept; *byte; byte++) {
        if (candidates->escaped && is_special(*byte, candidates->quote))
            fputc('\\', candidates->out);
        fputc(*byte, candidates->out);
    }
    text_clean(clean, sizeof clean, help ? help : "");
    fprintf(candidates->out, "\t%s\n", clean);
}

/* The folder that a path lies in, with the home directory in place of a tilde; -1 if it is too long. */
static int folder_of(const struct candidates *candidates, const char *path, size_t length, char *buffer, size_t size)
{
    bool tilde = strncmp(path, "~/", 2) == 0 && (candidates->home || path != candidates->word);
    const char *home = tilde ? getenv("HOME") : NULL;
    int written = home     ? snprintf(buffer, size, "%s%.*s", home, (int)length - 1, path + 1)
                  : length ? snprintf(buffer, size, "%.*s", (int)length, path)
                           : snprintf(buffer, size, "./");

    return written < 0 || (size_t)written >= size ? -1 : 0;
}

struct choice {
    bool (*wanted)(const char *path); /* null: files too */
    bool leads;                       /* every other folder is offered as well */
};

static void offer_file(const struct candidates *candidates, size_t at, const char *folder, const char *name,
                       const struct choice *choice)
{
    char path[PATH_MAX + NAME_MAX + 1], text[NAME_MAX + 2];
    struct stat status;

    snprintf(path, sizeof path, "%s%s", folder, name);
    bool enters = stat(path, &status) == 0 && S_ISDIR(status.st_mode);
    bool wanted = choice->wanted ? enters && choice->wanted(path) : !enters;
    snprintf(text, sizeof text, "%s%s", name, wanted ? "" : "/");
    if (wanted || (enters && choice->leads))
        candidates_offer(candidates, at, text, NULL);
}

/* Whether the name begins as typed; hidden ones only if the dot is typed. */
static bool is_meant(const char *name, const char *typed)
{
    if (name[0] == '.' && (typed[0] != '.' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0))
        return false;
    return strncmp(name, typed, strlen(typed)) == 0;
}

static void offer_entries(const struct candidates *candidates, size_t at, const struct choice *choice)
{
    char folder[PATH_MAX];
    const char *path = candidates->word + at, *slash = strrchr(path, '/');
    const char *typed = slash ? slash + 1 : path;
    DIR *directory =
        folder_of(candidates, path, (size_t)(typed - path), folder, sizeof folder) ? NULL : opendir(folder);
    const struct dirent *entry;

    while (directory && (entry = readdir(directory)))
        if (is_meant(entry->d_name, typed))
            offer_file(candidates, (size_t)(typed - candidates->word), folder, entry->d_name, choice);
    if (directory)
        closedir(directory);
}

void candidates_offer_files(const struct candidates *candidates, size_t at)
{
    offer_entries(candidates, at, &(struct choice){.leads = true});
}

void candidates_offer_folders(const struct candidates *candidates, size_t at, bool (*wanted)(const char *path),
                              bool here)
{
    offer_entries(candidates, at, &(struct choice){wanted, !here || candidates->word[at]});
}
