#include "engine/layouts/beginning.h"

#include "engine/formats/table_line.h"

#include <stdio.h>
#include <string.h>

void beginning_read(const char *file, char head[BEGINNING_MOST + 1])
{
    FILE *stream = fopen(file, "rb");
    size_t size = stream ? fread(head, 1, BEGINNING_MOST, stream) : 0, mark = table_skip_mark(head, size);

    if (stream)
        fclose(stream);
    memmove(head, head + mark, size - mark);
    head[size - mark] = '\0';
    for (size_t i = 0; i < size - mark; i++)
        head[i] = head[i] ? head[i] : ' ';
}

bool beginning_has(const char *head, const char *text)
{
    return strstr(head, text) != NULL;
}

bool beginning_is(const char *head, const char *start)
{
    return strncmp(head, start, strlen(start)) == 0;
}
