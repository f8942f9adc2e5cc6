#include "app/mpi/module.h"
#include <limits.h>
#include <mpi.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* MPI counts in int: what is larger goes in pieces. */
enum { PIECE = 1 << 30 };

static int ranks;
static int *counts, *places;                  /* (ranks) of a gather, and of what a swap sends */
static int *got_counts, *got_places;          /* (ranks) of what it takes */
static char (*hosts)[MPI_MAX_PROCESSOR_NAME]; /* (ranks) in process 0, if there are several machines */

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

/* ---- waiting, and small messages meanwhile ---- */

static MPI_Request meeting, sending = MPI_REQUEST_NULL;
static unsigned char sent_message[CREW_MESSAGE];

static int meet(void *context, const void *own, size_t bytes, void *all)
{
    (void)context;
    int status = MPI_Iallgather(own, (int)bytes, MPI_BYTE, all, (int)bytes, MPI_BYTE, MPI_COMM_WORLD, &meeting);
    return status == MPI_SUCCESS ? 0 : -1;
}

static int met(void *context, bool *complete)
{
    int done;
    (void)context;
    if (MPI_Test(&meeting, &done, MPI_STATUS_IGNORE) != MPI_SUCCESS)
        return -1;
    *complete = done;
    return 0;
}

/* Synchronous: complete once it was received, so that no more than one message of a process is ever on its way. */
static void send(void *context, const void *message, size_t bytes)
{
    int done;
    (void)context;
    if (MPI_Test(&sending, &done, MPI_STATUS_IGNORE) != MPI_SUCCESS || !done)
        return;
    memcpy(sent_message, message, bytes);
    MPI_Issend(sent_message, (int)bytes, MPI_BYTE, 0, 0, MPI_COMM_WORLD, &sending);
}

static bool receive(void *context, void *message, size_t bytes, size_t *from)
{
    int arrived;
    MPI_Status status;
    (void)context;
    if (MPI_Iprobe(MPI_ANY_SOURCE, 0, MPI_COMM_WORLD, &arrived, &status) != MPI_SUCCESS || !arrived)
        return false;
    *from = (size_t)status.MPI_SOURCE;
    return MPI_Recv(message, (int)bytes, MPI_BYTE, status.MPI_SOURCE, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE) ==
           MPI_SUCCESS;
}

/* Completes the messages on their way: process 0 takes them until all processes have come here without one. */
static void receive_rest(int rank)
{
    const struct timespec moment = {.tv_nsec = 100000};
    unsigned char message[CREW_MESSAGE];
    size_t from;
    int over = 0;
    MPI_Request all;
    if (rank != 0)
        MPI_Wait(&sending, MPI_STATUS_IGNORE);
    MPI_Ibarrier(MPI_COMM_WORLD, &all);
    while (MPI_Test(&all, &over, MPI_STATUS_IGNORE) == MPI_SUCCESS && !over)
        if (rank != 0 || !receive(NULL, message, sizeof message, &from))
            nanosleep(&moment, NULL);
}

/* ---- beginning and end ---- */

/* Fills in the machine of each process, in process 0. */
static int name_hosts(int rank)
{
    char own[MPI_MAX_PROCESSOR_NAME] = "";
    int length;
    MPI_Get_processor_name(own, &length);
    if (rank == 0 && !(hosts = calloc((size_t)ranks, sizeof *hosts)))
        return -1;
    int status = MPI_Gather(own, sizeof own, MPI_CHAR, hosts, sizeof own, MPI_CHAR, 0, MPI_COMM_WORLD);
    return status == MPI_SUCCESS ? 0 : -1;
}

static const char *host(void *context, size_t rank)
{
    (void)context;
    return hosts ? hosts[rank] : NULL;
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
    *link = (struct crew_link){.rank = (size_t)rank,
                               .size = (size_t)ranks,
                               .gather = gather,
                               .sum = sum,
                               .swap = swap,
                               .meet = meet,
                               .met = met,
                               .send = send,
                               .receive = receive,
                               .host = host};
    *local = (size_t)here;
    if (!counts || !places || !got_counts || !got_places)
        return -1;
    return here < ranks ? name_hosts(rank) : 0;
}

static void end(void)
{
    int rank;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    receive_rest(rank);
    MPI_Finalize();
    free(hosts);
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
