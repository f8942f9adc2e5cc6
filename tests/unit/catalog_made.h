/* A small catalog in a folder of its own, for the tests of catalogs. */
#ifndef HUBSCOPE_TESTS_CATALOG_MADE_H
#define HUBSCOPE_TESTS_CATALOG_MADE_H

#include "engine/catalog/write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { VIDEOS = 40, QUERIES = 2 * VIDEOS, BANK = 7 };

static char folder[64], path[96];

static inline int make(void **state)
{
    struct error error = {0};
    (void)state;

    strcpy(folder, "/tmp/hubscope-catalog-XXXXXX");
    if (!mkdtemp(folder) || chmod(folder, 0755))
        return -1;
    snprintf(path, sizeof path, "%s/catalog.db", folder);
    struct catalog_writer *writer = catalog_create(path, &error);
    if (!writer)
        return -1;
    int failed = catalog_put_meta(writer, "name", "motion", &error);
    failed |= catalog_put_number(writer, "logit_scale", 22.712, &error);
    failed |= catalog_put_number(writer, "dimension", 128, &error);
    for (int row = 0; row < VIDEOS; row++) {
        char key[16], title[32], tags[] = "whiskers", details[64];
        snprintf(key, sizeof key, "k%02d", row);
        snprintf(title, sizeof title, row == 5 ? "" : "cat number%d", row);
        snprintf(details, sizeof details, "group: g%d\nsubgroup: s\n", row);
        struct catalog_video video = {key, title, tags, details, 3000 + row, 72, 0};
        failed |= catalog_put_video(writer, (size_t)row, &video, &error);
    }
    for (int row = 0; row < QUERIES; row++) {
        char caption[64];
        snprintf(caption, sizeof caption, row == 3 ? "Café \"au lait\" — ｄｏｇ's" : "a dog barks at caption%d", row);
        struct catalog_text text = {1 + row, caption, row == 9 ? -1 : row / 2, row};
        failed |= catalog_put_text(writer, "query", &text, &error);
    }
    for (int row = 0; row < BANK; row++) {
        char caption[] = "bank unicorn";
        struct catalog_text text = {1 + QUERIES + row, caption, -1, row};
        failed |= catalog_put_text(writer, "train", &text, &error);
    }
    failed |= catalog_put_thumbnail(writer, 2, "\x89PNG-like", 9, 8, &error);
    failed |= catalog_put_bank(writer, 0, 0, "train", "bank_train.npy", 1 + QUERIES, &error);
    failed |= catalog_put_bank(writer, 1, 0, "train", "video_bank_train.npy", 0, &error);
    return catalog_finish(writer, NULL, &error) || failed ? -1 : 0;
}

static inline int drop(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

#endif
