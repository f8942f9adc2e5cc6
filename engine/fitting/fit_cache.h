/* Fits cached in the collection's catalog, keyed by the rule with its parameters, the direction, the bank and the
 * digest of the collection's matrices.  Without a catalog or a digest nothing is cached. */
#ifndef HUBSCOPE_ENGINE_FITTING_FIT_CACHE_H
#define HUBSCOPE_ENGINE_FITTING_FIT_CACHE_H

#include "engine/fitting/rule.h"

/* Fills a fit whose spec, bank, n and m are set.  False, leaving it unchanged, if there is no valid entry. */
bool fit_cache_load(const struct task *task, struct fit *fit);
void fit_cache_store(const struct task *task, const struct fit *fit);

#endif
