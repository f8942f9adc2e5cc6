/* Prints a CSV table in another form, for tests of import: table_to FORM FILE.csv [SPLIT] with only the rows of SPLIT,
 * if given.  FORMs: tsv, json, jsonl; for texts also msrvtt (CSV), videodatainfo, msvd, flickr. */
#include "engine/formats/table.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct table *table;

static const char *field(size_t row, const char *name)
{
    return table_field(table, row, table_column(table, name));
}

static void put_json(const char *name, const char *text, const char *end)
{
    json_t *pair = json_pack("{s:s}", name, text);
    char *object = json_dumps(pair, JSON_COMPACT);
    printf("%.*s%s", (int)strlen(object) - 2, object + 1, end);
    free(object);
    json_decref(pair);
}

static void put_object(size_t row)
{
    putchar('{');
    for (size_t i = 0; i < table_columns(table); i++)
        put_json(table_name(table, i), table_field(table, row, i), i + 1 < table_columns(table) ? ", " : "}");
}

static void put_row(const char *form, size_t row, bool first)
{
    if (strcmp(form, "tsv") == 0) {
        for (size_t i = 0; i < table_columns(table); i++)
            printf("%s%c", table_field(table, row, i), i + 1 < table_columns(table) ? '\t' : '\n');
    } else if (strcmp(form, "json") == 0) {
        fputs(first ? "[" : ",\n", stdout);
        put_object(row);
    } else if (strcmp(form, "jsonl") == 0) {
        put_object(row);
        putchar('\n');
    } else if (strcmp(form, "videodatainfo") == 0) {
        printf("%s{", first ? "" : ",");
        put_json("caption", field(row, "caption"), ",");
        put_json("video_id", field(row, "video"), "}");
    } else if (strcmp(form, "msrvtt") == 0) {
        printf("ret%zu,msr%zu,%s,\"", row, row, field(row, "video"));
        for (const char *at = field(row, "caption"); *at; at++)
            printf("%s%c", *at == '"' ? "\"" : "", *at);
        puts("\"");
    } else if (strcmp(form, "msvd") == 0) {
        printf("%s %s\n", field(row, "video"), field(row, "caption"));
    } else if (strcmp(form, "flickr") == 0) {
        printf("%s.jpg#%zu\t%s\n", field(row, "video"), row, field(row, "caption"));
    }
}

/* The videos of the texts, each once; all but the first have the split "test". */
static void put_videos(void)
{
    const char *last = "";
    const char *split = "train";

    for (size_t row = 0; row < table_rows(table); row++) {
        if (strcmp(field(row, "video"), last) == 0)
            continue;
        last = field(row, "video");
        printf("%s{", row ? "," : "");
        put_json("video_id", last, ",");
        put_json("split", split, "}");
        split = "test";
    }
}

int main(int argc, char **argv)
{
    struct error error = {0};
    bool first = true;

    table = argc >= 3 ? table_open(argv[2], &error) : NULL;
    if (!table) {
        fprintf(stderr, "table_to: %s\n", argc >= 3 ? error.text : "FORM FILE.csv [SPLIT]");
        return 1;
    }
    if (strcmp(argv[1], "tsv") == 0)
        for (size_t i = 0; i < table_columns(table); i++)
            printf("%s%c", table_name(table, i), i + 1 < table_columns(table) ? '\t' : '\n');
    else if (strcmp(argv[1], "msrvtt") == 0)
        puts("key,vid_key,video_id,sentence");
    else if (strcmp(argv[1], "videodatainfo") == 0) {
        fputs("{\"info\":{\"year\":\"2016\"},\"videos\":[", stdout);
        put_videos();
        fputs("],\"sentences\":[", stdout);
    }
    for (size_t row = 0; row < table_rows(table); row++) {
        if (argc > 3 && strcmp(field(row, "split"), argv[3]) != 0)
            continue;
        put_row(argv[1], row, first);
        first = false;
    }
    puts(strcmp(argv[1], "json") == 0 ? "]" : strcmp(argv[1], "videodatainfo") == 0 ? "]}" : "");
    table_close((struct table *)table);
    return 0;
}
