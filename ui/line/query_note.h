/* The note at the right of the query line: what the encoder made of the words, and the time it took. */
#ifndef HUBSCOPE_UI_LINE_QUERY_NOTE_H
#define HUBSCOPE_UI_LINE_QUERY_NOTE_H

#include "ui/model/model.h"

enum { QUERY_NOTE = sizeof(((struct model *)0)->search_note) };

/* Writes the note, in at most `room` columns if possible. */
void query_note(const struct model *model, int room, char info[QUERY_NOTE]);

#endif
