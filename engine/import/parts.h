/* The parts of an import, each of which checks its input and then writes it.  A part is a file of this folder with one
 * struct import_part, and its entry in the table of import.c. */
#ifndef HUBSCOPE_ENGINE_IMPORT_PARTS_H
#define HUBSCOPE_ENGINE_IMPORT_PARTS_H

#include "engine/base/error.h"

struct making;

struct import_part {
    const char *name;
    /* Checks everything that will be written and adds faults to making->findings.  If an earlier part found faults, its
     * results are missing, and checks that need them are skipped.  Returns -1 only for what cannot be fixed in the
     * input (memory, cancelled). */
    int (*check)(struct making *making, struct error *error);
    /* Writes into making->staging.path and making->writer; called only if there were no faults.  May be null. */
    int (*write)(struct making *making, struct error *error);
    void (*close)(struct making *making); /* releases what check made; may be null */
};

extern const struct import_part import_part_tables, import_part_stored, import_part_matrices, import_part_thumbnails,
    import_part_video_files, import_part_encoder, import_part_index;

#endif
