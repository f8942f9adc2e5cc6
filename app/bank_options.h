/* Which banks rules are fitted on, whole or subsets of them. */
#ifndef HUBSCOPE_APP_BANK_OPTIONS_H
#define HUBSCOPE_APP_BANK_OPTIONS_H

#include "app/options.h"
#include "engine/fitting/bank_name.h"

struct bank_options {
    struct text_list bank, video_bank; /* names in a collection, else files */
    const char *gallery_bank;          /* the second bank: a name in a collection, else a file; or null */
    const char *gallery_bank_sims, *bank_gallery_sims; /* files of its similarities, or null */
    size_t size, seed, adversarial;                    /* NOT_GIVEN */
};

#define GALLERY_BANK_OPTION(type, field)                                                                               \
    {                                                                                                                  \
        "gallery-bank", OPTION_TEXT, offsetof(struct type, field), "BANK|FILE",                                        \
            .help = "second bank, of the gallery's modality, for dualis, dualdis and dbsn (the first)"                 \
    }

extern const struct option_group bank_group;
extern const struct option_group collection_bank_group; /* the same for a command without matrices and directions */

/* The subset to take of every bank given by name alone. */
struct bank_subset bank_options_rows(const struct bank_options *options);

#endif
