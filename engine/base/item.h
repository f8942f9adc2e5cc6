/* What the gallery of the collection at hand holds: a video, unless the collection says image, document, ...
 *
 * Messages are written about videos and pass item_text, which returns them about the item, as gettext returns them in
 * the user's language.  Like the language, the item is the process's: opening a collection chooses it. */
#ifndef HUBSCOPE_ENGINE_BASE_ITEM_H
#define HUBSCOPE_ENGINE_BASE_ITEM_H

#include "engine/base/error.h"

#include <stdbool.h>

enum { ITEM_WORD = 24, ITEM_WORDS = 2 * ITEM_WORD }; /* bytes of a word, and of "WORD,PLURAL" */

struct item_words {
    char one[ITEM_WORD], many[ITEM_WORD]; /* "image", "images" */
};

/* Reads "WORD[,PLURAL]": ASCII letters, in several words if blanks separate them; upper case becomes lower.  Without a
 * plural forms one; "audio" alone is "audio clip". */
int item_read(const char *words, struct item_words *item, struct error *error);

/* Writes "image,images" for a catalog. */
void item_write(const struct item_words *item, char words[ITEM_WORDS]);

/* Chooses the item of what item_text returns from now on; null: videos.  Texts returned earlier stay valid. */
int item_choose(const struct item_words *item, struct error *error);

/* From now on item_choose changes nothing, so that item_text returns texts about videos, which also suit a process with
 * collections of several items. */
void item_keep(void);

/* The text about the item: "a video", "videos", "Video" and so on become "an image", "images", "Image".  Names of
 * files, options and columns (videos.npy, --video-bank, column "video") and the words "video file" stay.  `text` is a
 * literal, which may be a format; the result is valid until the process ends.  Returns `text` itself for videos, and
 * when out of memory. */
const char *item_text(const char *text) __attribute__((format_arg(1), returns_nonnull));
/* Whether a text that item_text returned spoke of videos for lack of memory. */
bool item_text_was_lacking(void);

#endif
