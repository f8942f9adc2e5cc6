/* The tensors of a CLIP text transformer, by the names of Hugging Face's transformers or of open_clip. */
#ifndef HUBSCOPE_ENGINE_ENCODERS_CLIP_TENSORS_H
#define HUBSCOPE_ENGINE_ENCODERS_CLIP_TENSORS_H

#include "engine/base/error.h"

struct clip_text;

/* Takes all weights from text->files, in the shapes that the settings give; text->dimension is the projection's. */
int clip_tensors_take(struct clip_text *text, struct error *error);

#endif
