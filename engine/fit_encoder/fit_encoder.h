/* Learning a text encoder from a collection's own captions and their vectors: evaluation captions and all query banks
 * that have captions. engine/encoders/fitted.c reads the result.  Its quality is measured on evaluation captions that
 * the fit has not seen.  Their videos are dealt to FIT_ENCODER_GROUPS groups; captions without a video are dealt one by
 * one.  The first group chooses the ridge: the one whose fit on all the others comes closest to its true vectors.  Each
 * other group is encoded by a fit on everything but that group, and these captions are measured.  A fit never sees a
 * caption of the group's videos, nor one with the same words in the same order, in any split.  If evaluation captions
 * are at most a twentieth of all, the groups after the first are merged.  The encoder itself is then fitted on
 * everything. */
#ifndef HUBSCOPE_ENGINE_FIT_ENCODER_FIT_ENCODER_H
#define HUBSCOPE_ENGINE_FIT_ENCODER_FIT_ENCODER_H

#include "engine/base/job.h"
#include "engine/collection/collection.h"
#include "engine/fit_encoder/options.h"

/* Null if an encoder can be fitted to the model (null: the first), else one line that says what is missing. */
const char *fit_encoder_unavailable(const struct collection *collection, const struct collection_model *model);

/* Fits and writes config.json, vocab.txt and model.safetensors into the folder `dir`; on failure the caller removes
 * what was written.  Memory: the captions, and some 600 bytes for each n-gram, word and caption. */
int fit_encoder(const struct collection *collection, const struct fit_encoder_options *options, const char *dir,
                struct fit_encoder_report *report, struct job *job, struct error *error);

/* The same, all or nothing: into the collection itself, or with `output` into that folder.  An existing encoder (the
 * collection's, or a fitted one at `output`) is replaced only if `replace`. */
int fit_encoder_install(const struct collection *collection, const struct fit_encoder_options *options,
                        const char *output, bool replace, struct fit_encoder_report *report, struct job *job,
                        struct error *error);

/* Group of each evaluation caption, 0 to FIT_ENCODER_GROUPS - 1, or FIT_ENCODER_GROUPS if it is only learnt from: of
 * very many, not all are measured.  Returns -1 when out of memory. */
int fit_encoder_groups(const struct collection *collection, unsigned char *group);

#endif
