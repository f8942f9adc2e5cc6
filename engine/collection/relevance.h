/* Which videos are relevant to which queries, possibly several to one: read from rows of numbers, or from TREC
 * judgements with grades. */
#ifndef HUBSCOPE_ENGINE_COLLECTION_RELEVANCE_H
#define HUBSCOPE_ENGINE_COLLECTION_RELEVANCE_H

#include "engine/base/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct catalog;

/* Judgements of query q: [start[q], start[q + 1]), ascending by video.  Owns its arrays; zeroed: none. */
struct relevance {
    size_t queries;
    size_t *start; /* (queries + 1) */
    uint32_t *video;
    float *grade; /* above 0 */
};

/* Reads a matrix file of integers (Q, R): each query's videos, padded with -1; grades are 1. */
int relevance_read_rows(struct relevance *relevance, size_t queries, size_t videos, const char *spec,
                        struct error *error);

/* How judgements name things: a query by its row, a video by its key (as `hubscope lists` writes it) or, without a
 * catalog, by its row. */
struct relevance_names {
    size_t queries, videos;
    struct catalog *catalog; /* or null */
    bool by_video;           /* lines begin with the video, as in video to text */
};

/* Reads lines "QUERY ITERATION VIDEO GRADE", as trec_eval does.  Grades of 0 and less mean not relevant.  Refuses
 * unknown queries and videos; the error names the line. */
int relevance_read_qrels(struct relevance *relevance, const struct relevance_names *names, const char *path,
                         struct error *error);

/* Keeps only the queries `keep` (count), ascending.  -1 when out of memory, leaving it unchanged. */
int relevance_keep(struct relevance *relevance, const uint32_t *keep, size_t count);

/* Whether any query has more than one relevant video, or a grade other than 1. */
bool relevance_is_plural(const struct relevance *relevance);

/* Fills target (queries) with the most relevant video of each query, ties to the smaller row; UINT32_MAX without
 * any. */
void relevance_targets(const struct relevance *relevance, uint32_t *target);

void relevance_close(struct relevance *relevance);

#endif
