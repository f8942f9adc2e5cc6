/* Sanitizers look for crashes, where others compare: there, fewer repetitions of the same do. */
#ifndef HUBSCOPE_TESTS_UNIT_SANITIZED_H
#define HUBSCOPE_TESTS_UNIT_SANITIZED_H

#ifdef __SANITIZE_ADDRESS__
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

#endif
