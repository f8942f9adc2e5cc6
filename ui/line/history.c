#include "ui/line/history.h"

#include "engine/base/memory.h"
#include "engine/base/text.h"

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

void history_load(struct history *history, const char *path)
{
    char line[1024], clean[1024];
    FILE *file = fopen(path, "re");

    if (!file)
        return;
    while (fgets(line, sizeof(line), file)) {
        line[strcspn(line, "\n")] = 0;
        text_clean(clean, sizeof(clean), line);
        history_add(history, clean);
    }
    fclose(file);
}

static void make_parents(const char *path)
{
    char part[4096];

    for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        if ((size_t)(slash - path) >= sizeof(part))
            return;
        snprintf(part, sizeof(part), "%.*s", (int)(slash - path), path);
        mkdir(part, 0700);
    }
}

void history_save(const struct history *history, const char *path)
{
    char fresh[4096];
    int fd;

    if (!history->count || snprintf(fresh, sizeof(fresh), "%s.new", path) >= (int)sizeof(fresh))
        return;
    make_parents(path);
    if ((fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) < 0)
        return;
    FILE *file = fdopen(fd, "w");
    if (!file) {
        close(fd);
        return;
    }
    for (size_t i = 0; i < history->count; i++)
        fprintf(file, "%s\n", history->line[i]);
    bool failed = ferror(file) != 0;
    failed |= fclose(file) != 0;
    if (failed || rename(fresh, path) != 0)
        unlink(fresh);
}

bool history_path(char *buffer, size_t size)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

    if (state && *state == '/')
        return snprintf(buffer, size, "%s/hubscope/history", state) < (int)size;
    if (home && *home == '/')
        return snprintf(buffer, size, "%s/.local/state/hubscope/history", home) < (int)size;
    return false;
}
