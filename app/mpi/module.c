#include "app/mpi/module.h"
#include <limits.h>
#include <mpi.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* MPI counts in int: what is larger goes in pieces. */
enum { PIECE = 1 << 30 };

static int ranks;
static int *counts, *places;         /* (ranks) of a gather, and of what a swap sends */
static int *got_counts, *got_places; /* (ranks) of what it takes */

static size_t gathered_before(const size_t *bytes, size_t rank)
{
    size_t before = 0;
    for (size_t r = 0; r < rank; r++)
        before += bytes[r];
    return before;
}

/* Every process in turn gives its block to all, piece by piece. */
static int gather_pieces(const void *own, const size_t *bytes, char *all, int rank)
{
    size_t before = 0;
    for (int r = 0; r < ranks; before += bytes[r++]) {
        if (r == rank && own != all + before)
            memcpy(all + before, own, bytes[r]);
        for (size_t done = 0; done < bytes[r]; done += PIECE) {
            size_t count = bytes[r] - done < PIECE ? bytes[r] - done : PIECE;
            if (MPI_Bcast(all + before + done, (int)count, MPI_BYTE, r, MPI_COMM_WORLD) != MPI_SUCCESS)
                return -1;
        }
    }
    return 0;
}

/* Counts and places of blocks that follow each other; -1 if they are too large for int. */
static int lay_out(const size_t *bytes, int *count, int *place)
{
    if (gathered_before(bytes, (size_t)ranks) > INT_MAX)
        return -1;
    for (int r = 0, at = 0; r < ranks; at += count[r++]) {
        count[r] = (int)bytes[r];
        place[r] = at;
    }
    return 0;
}

static int gather(void *context, const void *own, const size_t *bytes, void *all)
{
    int rank;
    (void)context;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    if (gathered_before(bytes, (size_t)ranks) > PIECE)
        return gather_pieces(own, bytes, all, rank);
    lay_out(bytes, counts, places);
    bool in_place = own == (char *)all + places[rank];
    int status = MPI_Allgatherv(in_place ? MPI_IN_PLACE : own, counts[rank], MPI_BYTE, all, counts, places, MPI_BYTE,
                                MPI_COMM_WORLD);
    return status == MPI_SUCCESS ? 0 : -1;
}

static int sum(void *context, double *x, size_t count)
{
    enum { AT_ONCE = PIECE / sizeof(double) };
    (void)context;
    for (size_t done = 0; done < count; done += AT_ONCE) {
        int part = (int)(count - done < AT_ONCE ? count - done : AT_ONCE);
        if (MPI_Allreduce(MPI_IN_PLACE, x + done, part, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD) != MPI_SUCCESS)
            return -1;
    }
    return 0;
}

static int swap(void *context, const void *own, const size_t *sent, void *all, const size_t *got)
{
    (void)context;
    if (lay_out(sent, counts, places) || lay_out(got, got_counts, got_places))
        return -1;
    int status = MPI_Alltoallv(own, counts, places, MPI_BYTE, all, got_counts, got_places, MPI_BYTE, MPI_COMM_WORLD);
    return status == MPI_SUCCESS ? 0 : -1;
}

static int begin(struct crew_link *link, size_t *local)
{
    int provided, rank, here;
    MPI_Comm node;
    if (MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS || provided < MPI_THREAD_FUNNELED)
        return -1;
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node);
    MPI_Comm_size(node, &here);
    MPI_Comm_free(&node);
    counts = calloc((size_t)ranks, sizeof *counts);
    places = calloc((size_t)ranks, sizeof *places);
    got_counts = calloc((size_t)ranks, sizeof *got_counts);
    got_places = calloc((size_t)ranks, sizeof *got_places);
    *link = (struct crew_link){.rank = (size_t)rank, .size = (size_t)ranks, .gather = gather, .sum = sum, .swap = swap};
    *local = (size_t)here;
    return counts && places && got_counts && got_places ? 0 : -1;
}

static void end(void)
{
    MPI_Finalize();
    free(counts);
    free(places);
    free(got_counts);
    free(got_places);
}

static void name(char *buffer, size_t size)
{
    char text[MPI_MAX_LIBRARY_VERSION_STRING];
    int length;
    MPI_Get_library_version(text, &length);
    snprintf(buffer, size, "%.*s", (int)strcspn(text, ",\n"), text);
}

const struct mpi_module hubscope_mpi = {.version = HUBSCOPE_VERSION, .begin = begin, .end = end, .name = name};
