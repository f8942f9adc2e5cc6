/* What the completion scripts of shells ask for: hubscope --complete SHELL KEPT WORD...
 *
 * The words are those that follow the program's name up to the cursor; the last one is being typed, and may be empty.
 * KEPT is its beginning that the shell does not replace.  bash passes both as they are typed, other shells without
 * quotes.  Prints candidates, one a line with what it means after a tab, and a last line that says what the shell adds:
 * files, folders or nothing.  Never fails: what cannot be read or is slow to read offers nothing. */
#ifndef HUBSCOPE_APP_COMPLETE_H
#define HUBSCOPE_APP_COMPLETE_H

#define COMPLETE_OPTION "--complete"

int complete(int argc, char **argv);

#endif
