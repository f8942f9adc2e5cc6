/* Work in progress: the order in which the heavy lane does what is missing, and how far it is. */
#ifndef HUBSCOPE_UI_MODEL_WORK_H
#define HUBSCOPE_UI_MODEL_WORK_H

#include "ui/model/model.h"

/* Applies finished work and starts what is missing; true if anything was applied. */
bool model_collect(struct model *model);
int model_wake_fd(const struct model *model); /* readable when there is something to collect */
bool model_idle(const struct model *model);   /* nothing under way, nothing waiting, nothing to collect */

/* Whether something short is under way: a search, pulls, a picture. */
bool model_answers_soon(const struct model *model);

/* Whether heavy work is under way, how far it is (0..1) and what it is ("fitting NCL"). */
bool model_busy(const struct model *model, double *share, const char **what);
void model_cancel(struct model *model);
void model_resume(struct model *model); /* after model_cancel: work goes on */

/* Call the first before drawing a screen: it forgets requests not yet started, as the screen repeats them; the second
 * after drawing: it starts them. */
void model_forget_asked(struct model *model);
void model_advance(struct model *model);

/* Stops the heavy lane, unless it trains, then starts what is still missing. */
void model_restart(struct model *model);

#endif
