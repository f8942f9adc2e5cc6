/* Fits kept in the collection's catalog.  A fit is found again by its rule with parameters, the direction, the bank and
 * the digest of the collection's matrices; without a catalog or a digest nothing is kept. */
#ifndef HUBSCOPE_ENGINE_FITTING_FIT_CACHE_H
#define HUBSCOPE_ENGINE_FITTING_FIT_CACHE_H

#include "engine/fitting/rule.h"

/* Fills a fit whose spec, bank, n and m are set. False, leaving it as it was, when there is no sound entry. */
bool fit_cache_load(const struct task *task, struct fit *fit);
void fit_cache_store(const struct task *task, const struct fit *fit);

#endif
