/* The time since some moment in the past, which never goes back: for waits and durations. */
#ifndef HUBSCOPE_ENGINE_BASE_CLOCK_H
#define HUBSCOPE_ENGINE_BASE_CLOCK_H

#include <time.h>

double clock_seconds(void);
long clock_ms(void);

/* `seconds` (0 or more) from now, for waits of pthread on CLOCK_MONOTONIC. */
struct timespec clock_after(double seconds);

#endif
