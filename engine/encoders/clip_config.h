/* The settings of a CLIP text transformer: Hugging Face's config.json, or open_clip's open_clip_config.json. */
#ifndef HUBSCOPE_ENGINE_ENCODERS_CLIP_CONFIG_H
#define HUBSCOPE_ENGINE_ENCODERS_CLIP_CONFIG_H

#include "engine/base/error.h"
#include <jansson.h>
#include <stdbool.h>

struct clip_text;

#define CLIP_OPEN_CONFIG "open_clip_config.json"

/* Whether it is open_clip's. */
bool clip_config_is_open(const json_t *config);
/* The name of the file it came from, for errors. */
const char *clip_config_name(const json_t *config);

/* Fills in the settings; refuses those of other text models.  `dir` names the folder in errors. */
int clip_config_read(struct clip_text *text, const char *dir, const json_t *config, struct error *error);

#endif
