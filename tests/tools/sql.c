/* Changes a catalog in ways no import would, for tests that detect this, and prints query results: rows as lines of
 * "a|b|c".  With "hold" it then says "held" and keeps the file open, with its locks, until its input ends.
 *
 * usage: sql FILE STATEMENTS [hold] */
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int show(void *context, int count, char **values, char **names)
{
    (void)context, (void)names;
    for (int i = 0; i < count; i++)
        printf("%s%s", i ? "|" : "", values[i] ? values[i] : "");
    putchar('\n');
    return 0;
}

int main(int argc, char **argv)
{
    sqlite3 *database = NULL;
    char *message = NULL;

    bool hold = argc == 4 && strcmp(argv[3], "hold") == 0;
    if (argc != 3 && !hold) {
        fprintf(stderr, "usage: sql FILE STATEMENTS [hold]\n");
        return 2;
    }
    int code = sqlite3_open_v2(argv[1], &database, SQLITE_OPEN_READWRITE, NULL);
    sqlite3_busy_timeout(database, 10000);
    if (!code)
        code = sqlite3_exec(database, argv[2], show, NULL, &message);
    if (code)
        fprintf(stderr, "sql: %s: %s\n", argv[1], message ? message : sqlite3_errstr(code));
    if (!code && hold) {
        puts("held");
        fflush(stdout);
        while (getchar() != EOF)
            ;
    }
    sqlite3_free(message);
    sqlite3_close(database);
    return code != SQLITE_OK;
}
