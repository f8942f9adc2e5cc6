/* A video's card: picture, title, tags, captions, length, and its share of lists and mass under the rules in view. */
#ifndef HUBSCOPE_UI_VIEWS_VIDEO_CARD_H
#define HUBSCOPE_UI_VIEWS_VIDEO_CARD_H

#include "ui/draw/draw.h"
#include "ui/model/model.h"

enum { CARD_CAPTIONS = 4, CARD_TEXT = 256 };

/* Cleaned texts of one video, kept so that a playing film strip does not query the catalog.  All zero: no video. */
struct video_card {
    uint32_t video;
    bool filled;
    bool numbered; /* captions are numbers of queries, not words */
    bool plays;    /* its film strip was playing at the last draw */
    char title[CARD_TEXT], tags[CARD_TEXT];
    char length[104]; /* "3.0 s, 72 frames, 640x360", or "" */
    char caption[CARD_CAPTIONS][CARD_TEXT];
    size_t captions, shown; /* how many it has, and how many are in `caption` */
};

/* Fills the card with `video` (NO_VIDEO empties it), unless it holds it already. */
void video_card_fill(struct video_card *card, struct model *model, uint32_t video);

/* Draws picture and words side by side, or one above the other in a narrow rectangle.  Returns the rows used. */
int video_card_draw(struct rect r, struct video_card *card, struct model *model);

/* Draws the picture alone, in the top left corner, as large as fits; `shown` receives its rectangle (0 x 0: no
 * picture). */
void video_card_picture(struct rect r, struct video_card *card, struct model *model, struct rect *shown);

/* Draws tags, length and captions, wrapped, as many as fit.  Returns the rows used. */
int video_card_words(struct rect r, const struct video_card *card);

/* Draws N_10 and mass under the compared and the current rule against their fair shares: with bars if there are six
 * rows, otherwise one line each.  Returns the rows used. */
int video_card_shares(struct rect r, const struct model *model, uint32_t video);

#endif
