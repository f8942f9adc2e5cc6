/* What the terminal says of itself when asked, before curses takes it over.  Private to ui/terminal. */
#ifndef HUBSCOPE_UI_TERMINAL_ANSWERS_H
#define HUBSCOPE_UI_TERMINAL_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>

enum { ANSWERS_NAME = 64, ANSWERS_TYPED = 64 };

struct answers {
    bool complete;           /* the last question was answered: what is missing below was not understood */
    char name[ANSWERS_NAME]; /* with its version, as XTVERSION gives it: "XTerm(379)", "kitty(0.35.2)"; "" if unknown */
    int background;          /* 0xRRGGBB; -1 if unknown */
    bool sixel;              /* it shows sixel pictures */
    bool synchronized;       /* it can hold back drawing until a frame is complete (DEC 2026) */
    int cell_rows, cell_columns; /* pixels of a cell; 0 if unknown */
    char typed[ANSWERS_TYPED];   /* keys pressed meanwhile, in the order they came */
    size_t typed_size;
};

/* Asks all questions at once on descriptor `out` and waits for the answers on `in`, a terminal in raw mode: 200 ms at
 * most, over ssh a second. */
void answers_ask(int in, int out, struct answers *answers);

/* Asks once more for the background with that question, and adds what is answered meanwhile. */
void answers_ask_background(int in, int out, const char *question, struct answers *answers);

/* Takes the replies at the start of `bytes`, at most READER_INPUT, into *answers, and what is not a reply as typed
 * keys; returns how many bytes it used: the rest is an unfinished reply. */
size_t answers_take(struct answers *answers, const char *bytes, size_t size);

/* Takes a reply that comes later, as ui/terminal/reply.h has it; false if it is another. */
bool answers_take_late(struct answers *answers, char kind, const char *text);

#endif
