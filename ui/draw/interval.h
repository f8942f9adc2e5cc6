/* How certain a difference between two rules is, in numbers and in words, for every view. */
#ifndef HUBSCOPE_UI_DRAW_INTERVAL_H
#define HUBSCOPE_UI_DRAW_INTERVAL_H

#include "engine/evaluation/bootstrap.h"
#include "engine/results/measure_table.h"
#include "ui/draw/draw.h"

enum { INTERVAL_TEXT = 48, INTERVAL_SENTENCE = 240 };

/* 1: better beyond chance, the 95 % interval lies on the better side of 0; -1: worse; 0: it may be chance. */
int interval_verdict(const struct measure *measure, const struct interval *interval);

/* Draws the up or down glyph of a verdict other than 0; returns the column after it, or x. */
int interval_mark(struct rect r, int y, int x, int emphasis, int verdict);

/* "+2.8 [+0.5 +5.1]" with the measure's decimals. */
void interval_print(const struct measure *measure, const struct interval *interval, char buffer[INTERVAL_TEXT]);

/* "R@1 +2.8 [+0.5 +5.1] ▲ p .015" and the same for R@10 and MnR, side by side if they fit, otherwise one below the
 * other; without p if `p` is false.  Draws nothing outside r. */
void interval_draw_all(struct rect r, const struct bootstrap *difference, bool p);
int interval_rows(int columns, bool p); /* the most rows of that width it takes */

/* "better than raw beyond chance" for those three; names them where they disagree. */
void interval_sentence(const struct bootstrap *difference, const char *reference, char buffer[INTERVAL_SENTENCE]);

/* "better than raw beyond chance in skewness: -0.71 [-0.95 -0.46] p<.001"; reports if the measure is not tested. */
void interval_verdict_sentence(const struct measure *measure, const struct bootstrap *difference, const char *reference,
                               char buffer[INTERVAL_SENTENCE]);

#endif
