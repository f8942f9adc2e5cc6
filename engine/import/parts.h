/* What an import consists of: the parts that check what they will take and then write it.  A part is a file of this
 * folder with one struct import_part, and its entry in the table of import.c. */
#ifndef HUBSCOPE_ENGINE_IMPORT_PARTS_H
#define HUBSCOPE_ENGINE_IMPORT_PARTS_H

#include "engine/base/error.h"

struct making;

struct import_part {
    const char *name;
    /* Looks at all that will be written and adds what is wrong to making->findings.  Parts checked
     * before may have found faults: what they know then is absent, and what needs it is left out.
     * -1 only for what nobody can fix in the input (memory, cancelled). */
    int (*check)(struct making *making, struct error *error);
    /* Writes into making->staging.path and making->writer; nothing had faults.  May be null. */
    int (*write)(struct making *making, struct error *error);
    void (*close)(struct making *making); /* releases what check made; may be null */
};

extern const struct import_part import_part_tables, import_part_stored, import_part_matrices,
    import_part_thumbnails, import_part_video_files, import_part_encoder;

#endif
