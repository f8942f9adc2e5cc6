/* A video as people know it: picture, title, tags, captions, length, and what the rules in view
 * make of it. */
#ifndef HUBSCOPE_UI_VIEWS_VIDEO_CARD_H
#define HUBSCOPE_UI_VIEWS_VIDEO_CARD_H

#include "ui/draw/draw.h"
#include "ui/model/model.h"

enum { CARD_CAPTIONS = 4, CARD_TEXT = 256 };

/* Cleaned texts of one video, kept so that a playing film strip asks the catalog for nothing.  All
 * zero: no video. */
struct video_card {
    uint32_t video;
    bool filled;
    bool numbered; /* captions are not words but numbers of queries */
    bool plays;    /* its film strip moved on the screen at the last draw */
    char title[CARD_TEXT], tags[CARD_TEXT];
    char length[104]; /* "3.0 s, 72 frames, 640x360", or "" */
    char caption[CARD_CAPTIONS][CARD_TEXT];
    size_t captions, shown; /* how many it has, and how many are in `caption` */
};

/* Makes the card hold `video` (NO_VIDEO empties it); nothing to do when it does already. */
void video_card_fill(struct video_card *card, struct model *model, uint32_t video);

/* Picture and words side by side, or one above the other where the rectangle is narrow. Returns the
 * rows used. */
int video_card_draw(struct rect r, struct video_card *card, struct model *model);

/* The picture alone, in the top left corner, as large as fits; where it ends goes to `shown` (0 x
 * 0: no picture). */
void video_card_picture(struct rect r, struct video_card *card, struct model *model, struct rect *shown);

/* Tags, length and captions, wrapped, as many as fit. Returns the rows used. */
int video_card_words(struct rect r, const struct video_card *card);

/* N_10 and mass under the compared and the current rule against their fair shares: with bars where
 * there are six rows, else one line each. Returns the rows used. */
int video_card_shares(struct rect r, const struct model *model, uint32_t video);

#endif
