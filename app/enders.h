/* The signals that end the program. */
#ifndef HUBSCOPE_APP_ENDERS_H
#define HUBSCOPE_APP_ENDERS_H

extern const int enders[]; /* ends with 0 */

/* From now on they remove what is unfinished (engine/base/unfinished.h) and then end the process as they would without;
 * those that whoever started the program ignores stay ignored. */
void enders_watch(void);
void enders_end(int number); /* what they do: ends the process once their handler returns; async-signal-safe */

#endif
