/* Whether the terminal's background is dark. */
#ifndef HUBSCOPE_UI_TERMINAL_BACKGROUND_H
#define HUBSCOPE_UI_TERMINAL_BACKGROUND_H

#include <stdbool.h>

enum background_choice { BACKGROUND_AUTO, BACKGROUND_DARK, BACKGROUND_LIGHT };

/* As the user chose; AUTO: as the terminal answered (RGB, or -1 if it did not), else as COLORFGBG says, else dark. */
bool background_is_dark(enum background_choice choice, int answered);

#endif
