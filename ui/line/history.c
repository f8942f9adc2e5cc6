#include "ui/line/history.h"

#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/base/unfinished.h"
#include "engine/base/user_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void history_add(struct history *history, const char *line)
{
    char *copy;

    history->at = history->count;
    if (!*line || (history->count && strcmp(history->line[history->count - 1], line) == 0))
        return;
    if (!(copy = memory_text(line))) /* a shorter history is not a failure */
        return;
    if (history->count == HISTORY_LINES) {
        free(history->line[0]);
        memmove(history->line, history->line + 1, (HISTORY_LINES - 1) * sizeof(history->line[0]));
        history->count--;
        history->fresh -= history->fresh > 0;
    }
    history->line[history->count++] = copy;
    history->at = history->count;
}

const char *history_older(struct history *history, const char *text)
{
    if (history->at == 0)
        return NULL;
    if (history->at == history->count) {
        free(history->draft);
        history->draft = memory_text(text);
    }
    return history->line[--history->at];
}

const char *history_newer(struct history *history)
{
    if (history->at == history->count)
        return NULL;
    if (++history->at < history->count)
        return history->line[history->at];
    return history->draft ? history->draft : "";
}

void history_close(struct history *history)
{
    for (size_t i = 0; i < history->count; i++)
        free(history->line[i]);
    free(history->draft);
    *history = (struct history){0};
}

/* Null with errno set, for what is not a regular file, too: a pipe would be waited for. */
static FILE *open_regular(const char *path)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (fd < 0)
        return NULL;
    FILE *file = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) ? fdopen(fd, "r") : NULL;
    if (!file) {
        close(fd);
        errno = EINVAL;
    }
    return file;
}

bool history_load(struct history *history, const char *path)
{
    char line[1024], clean[1024];
    FILE *file = open_regular(path);

    if (!file)
        return errno == ENOENT;
    while (fgets(line, sizeof(line), file)) {
        line[strcspn(line, "\n")] = 0;
        text_clean(clean, sizeof(clean), line);
        history_add(history, clean);
    }
    bool failed = ferror(file) != 0;
    fclose(file);
    history->fresh = history->count;
    return !failed;
}

/* Returns 0 or why not. */
static int write_lines(const struct history *history, int fd)
{
    FILE *file = fdopen(fd, "w");

    if (!file) {
        close(fd);
        return ENOMEM;
    }
    for (size_t i = 0; i < history->count; i++)
        fprintf(file, "%s\n", history->line[i]);
    int reason = fflush(file) ? errno : ferror(file) ? EIO : 0;
    return fclose(file) && !reason ? errno : reason;
}

/* Puts the file `path` in place through `fresh`, a name for mkostemp.  Returns 0 or why not. */
static int replace(const struct history *history, const char *path, char *fresh)
{
    unfinished_hold();
    int fd = mkostemp(fresh, O_CLOEXEC), reason = errno;
    if (fd >= 0) {
        unfinished_add(fresh);
        reason = write_lines(history, fd);
        if (!reason && rename(fresh, path))
            reason = errno;
        if (reason)
            unlink(fresh);
        unfinished_remove(fresh);
    }
    unfinished_let_go();
    return reason;
}

static bool is_of_disk(int reason)
{
    return reason == ENOSPC || reason == EDQUOT || reason == EFBIG || reason == EIO;
}

int history_save(struct history *history, const char *path, struct error *error)
{
    struct history all = {0};
    char fresh[4096];
    int reason = 0;

    if (history->fresh >= history->count || snprintf(fresh, sizeof(fresh), "%s.XXXXXX", path) >= (int)sizeof(fresh))
        return 0;
    bool known = history_load(&all, path); /* with what another program has added meanwhile */
    for (size_t i = history->fresh; i < history->count; i++)
        history_add(&all, history->line[i]);
    user_file_make_parents(path);
    if (known && !(reason = replace(&all, path, fresh)))
        history->fresh = history->count;
    history_close(&all);
    if (!is_of_disk(reason))
        return 0;
    errno = reason;
    return error_system(error, "%s: cannot be written", path);
}

static bool contains_all(const char *line, const char *words)
{
    char word[1024];

    for (words += strspn(words, " "); *words; words += strspn(words, " ")) {
        size_t length = strcspn(words, " ");
        snprintf(word, sizeof(word), "%.*s", (int)length, words);
        if (!strcasestr(line, word))
            return false;
        words += length;
    }
    return true;
}

size_t history_find(const struct history *history, const char *words, size_t found[HISTORY_LINES])
{
    size_t count = 0;

    for (size_t i = history->count; i-- > 0;) {
        bool known = !contains_all(history->line[i], words);
        for (size_t f = 0; f < count && !known; f++)
            known = strcmp(history->line[i], history->line[found[f]]) == 0;
        if (!known)
            found[count++] = i;
    }
    return count;
}
