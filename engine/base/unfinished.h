/* Files and folders that are not complete yet: a signal that ends the process removes them first.  Changes that must be
 * seen all at once, such as renaming several files, are made between unfinished_hold and unfinished_let_go, for which
 * such a signal waits. */
#ifndef HUBSCOPE_ENGINE_BASE_UNFINISHED_H
#define HUBSCOPE_ENGINE_BASE_UNFINISHED_H

/* Blocks the calling thread's signals, and those that would end the process in others; nests.  Keep it short: no disk
 * is waited for in between. */
void unfinished_hold(void);
void unfinished_let_go(void);

/* Between these two: notes a path, which its owner keeps, or an empty folder, until it is in place or removed.  Of more
 * than some hundred at once the others stay behind. */
void unfinished_add(const char *path);
void unfinished_remove(const char *path); /* one that was not added is fine */

/* From a signal's handler of a process that ends: waits for who holds, and removes all that was noted. */
void unfinished_end(void);

#endif
