/* Threads for work that must not block the screen: a quick lane (search, pulls, pictures), a heavy one (fits,
 * analyses), one for what nobody waits for (later fits), which both others overtake, one for searches that wait for an
 * external encoder, and one for writing files.  Work is a struct that its
 * creator embeds in a larger one; the worker owns it from worker_post until worker_take returns it finished. */
#ifndef HUBSCOPE_UI_MODEL_WORKER_H
#define HUBSCOPE_UI_MODEL_WORKER_H

#include "engine/base/error.h"
#include "engine/base/job.h"
#include <stdbool.h>

enum { WORK_WHAT = 120 };
enum urgency { URGENCY_SEARCH, URGENCY_FIND, URGENCY_INDEX, URGENCY_PULLS, URGENCY_PICTURE }; /* of the quick lane */
enum lane { LANE_QUICK, LANE_HEAVY, LANE_LATER, LANE_ENCODER, LANE_FILE, LANES };

struct model;
struct work;

/* What the model sends the worker for. */
struct errand {
    /* The next piece of it that is missing, or null.  Null: it is posted when the user asks for it. */
    struct work *(*next)(struct model *model);
    void (*forget)(struct model *model);                  /* drops requests that the screen will repeat; may be null */
    void (*run)(struct work *work);                       /* on the lane's thread */
    void (*land)(struct work *work, struct model *model); /* on the UI thread, when finished */
    void (*free)(struct work *work);                      /* on any thread, landed or not; null: free() will do */
    int urgency; /* of what waits in a lane the smallest is next; of equals, the one posted last */
};

struct work {
    const struct errand *errand;
    char what[WORK_WHAT]; /* "fitting NCL", shown as progress */
    double from, part;    /* it is `part` of a whole of which `from` was done before; part 0: it is the whole */
    struct job job;
    struct work *next; /* this and the lane are the worker's */
    enum lane lane;
};

void work_free(struct work *work);

struct worker;

struct worker *worker_new(struct error *error);
/* Cancels, waits for the threads, frees all work; null is fine. */
void worker_free(struct worker *worker);

void worker_post(struct worker *worker, enum lane lane, struct work *work);
/* Frees the waiting work of that urgency. */
void worker_drop(struct worker *worker, enum lane lane, int urgency);
/* Asks work of that urgency to stop if it is under way. */
void worker_stop(struct worker *worker, enum lane lane, int urgency);
/* Drops all waiting work of a lane and asks the work under way to stop; worker_take still returns that. */
void worker_cancel(struct worker *worker, enum lane lane);

/* One finished piece of work or null; the caller frees it. */
struct work *worker_take(struct worker *worker);
int worker_fd(const struct worker *worker); /* readable when there may be something to take */

/* Whether nothing waits, runs or is still to be taken. */
bool worker_lane_idle(struct worker *worker, enum lane lane);
/* What was posted last, and how far the work under way is, 0..1. */
const char *worker_what(const struct worker *worker, enum lane lane);
double worker_share(struct worker *worker, enum lane lane);

#endif
