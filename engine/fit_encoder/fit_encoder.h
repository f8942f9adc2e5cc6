/* Learning a text encoder from a collection's own captions and their vectors: evaluation captions
 * and all query banks that have captions.  What it makes is read by engine/encoders/fitted.c.
 *
 * How good it is is measured on evaluation captions that the fit has not seen.  The videos that
 * have some are dealt to FIT_ENCODER_GROUPS groups; captions without a video are dealt one by one.
 * The first group chooses the ridge: the one whose fit on all the others comes nearest to its true
 * vectors.  Each other group is encoded by a fit on everything but that group, and these captions
 * are what is measured.  A fit never sees a caption of the group's videos, nor one that says the
 * same in the same words, wherever it stands.  Where evaluation captions are at most a twentieth of
 * all, the groups after the first are one.  The encoder itself is then fitted on everything. */
#ifndef HUBSCOPE_ENGINE_FIT_ENCODER_FIT_ENCODER_H
#define HUBSCOPE_ENGINE_FIT_ENCODER_FIT_ENCODER_H

#include "engine/base/job.h"
#include "engine/collection/collection.h"
#include "engine/fit_encoder/options.h"

/* Null if an encoder can be fitted, else one line that says what is missing. */
const char *fit_encoder_unavailable(const struct collection *collection);

/* Fits and writes config.json, vocab.txt and model.safetensors into the folder `dir`; what was
 * written is the caller's to remove on failure.  Memory: the captions, and some 600 bytes for each
 * n-gram, word and caption. */
int fit_encoder(const struct collection *collection, const struct fit_encoder_options *options,
                const char *dir, struct fit_encoder_report *report, struct job *job,
                struct error *error);

/* The same, all or nothing: into the collection itself, or with `output` into that folder.  What
 * stands there (an encoder of the collection; a fitted encoder at `output`) is replaced only when
 * `replace`. */
int fit_encoder_install(const struct collection *collection,
                        const struct fit_encoder_options *options, const char *output, bool replace,
                        struct fit_encoder_report *report, struct job *job, struct error *error);

/* Group of each evaluation caption, 0 to FIT_ENCODER_GROUPS - 1, or FIT_ENCODER_GROUPS where it is
 * only learnt from: of very many not all are measured.  -1 when out of memory. */
int fit_encoder_groups(const struct collection *collection, unsigned char *group);

#endif
