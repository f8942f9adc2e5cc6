#include "engine/base/clock.h"

enum { MS = 1000, NS = 1000000000 }; /* in a second */

static struct timespec now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time;
}

double clock_seconds(void)
{
    struct timespec time = now();

    return (double)time.tv_sec + (double)time.tv_nsec / NS;
}

long clock_ms(void)
{
    struct timespec time = now();

    return (long)time.tv_sec * MS + time.tv_nsec / (NS / MS);
}

struct timespec clock_after(double seconds)
{
    struct timespec time = now();
    time_t whole = (time_t)seconds;

    time.tv_sec += whole;
    time.tv_nsec += (long)((seconds - (double)whole) * NS);
    time.tv_sec += time.tv_nsec / NS;
    time.tv_nsec %= NS;
    return time;
}
