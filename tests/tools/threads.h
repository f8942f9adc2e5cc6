/* What the threads of a process do, by /proc. */
#ifndef HUBSCOPE_TESTS_TOOLS_THREADS_H
#define HUBSCOPE_TESTS_TOOLS_THREADS_H

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

/* Whether a thread other than `except` (0: none) computes, or would if it had a processor. */
static inline bool threads_run(pid_t pid, pid_t except)
{
    char path[300], state = 'S';
    struct dirent *entry;

    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *tasks = opendir(path);
    while (tasks && strchr("SZ", state) && (entry = readdir(tasks))) {
        FILE *file = NULL;
        snprintf(path, sizeof path, "/proc/%d/task/%.20s/stat", (int)pid, entry->d_name);
        if (entry->d_name[0] != '.' && atoi(entry->d_name) != except)
            file = fopen(path, "r");
        if (!file)
            continue;
        if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
            state = 'S';
        fclose(file);
    }
    if (tasks)
        closedir(tasks);
    return !strchr("SZ", state);
}

#endif
