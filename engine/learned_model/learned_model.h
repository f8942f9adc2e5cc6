/* A model whose embeddings are those of another one after heads: queries and query banks went through the text head,
 * videos and video banks through the video head.  It is made in memory, to be shown, or as files, to be imported; the
 * embeddings are the same. */
#ifndef HUBSCOPE_ENGINE_LEARNED_MODEL_LEARNED_MODEL_H
#define HUBSCOPE_ENGINE_LEARNED_MODEL_LEARNED_MODEL_H

#include "engine/base/job.h"
#include "engine/collection/collection.h"
#include "engine/heads/head.h"

/* What it is made of; everything is borrowed. */
struct learned_model {
    const struct collection *collection;
    const struct collection_model *from;
    const struct head *text, *video;
    double scale;          /* its logit scale */
    const char *name;      /* what it is called */
    char description[128]; /* "linear heads over base, learned by NCL" */
    char provenance[512];
};

/* Fills a zeroed model, which the caller releases with collection_model_close, on failure too.  It borrows nothing, has
 * the encoder that `from` has in its folder with the text head applied, and no digest, so its fits are not cached. */
int learned_model_make(const struct learned_model *learned, struct collection_model *model, struct job *job,
                       struct error *error);

/* Checks, touching nothing, whether the collection, or with `output` that directory, can be written. */
int learned_model_writable(const struct collection *collection, const char *output, bool replace, struct error *error);

/* Adds the model to the collection on disk, all or nothing, with `output` to a copy of the collection there, which
 * replaces an existing collection only if `replace`. */
int learned_model_install(const struct learned_model *learned, const char *output, bool replace, struct job *job,
                          struct error *error);

#endif
