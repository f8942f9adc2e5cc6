/** @file
 * Everything: rules of text-video retrieval, fitted and measured.  See hubscope/study.h for the order of calls.
 *
 * The library keeps no state between calls but the objects that the caller holds and its pool of threads.
 */
#ifndef HUBSCOPE_HUBSCOPE_H
#define HUBSCOPE_HUBSCOPE_H

#include <hubscope/collection.h>
#include <hubscope/error.h>
#include <hubscope/results.h>
#include <hubscope/rules.h>
#include <hubscope/study.h>

#endif
