#include "engine/formats/allowance.h"

enum { FREE = 64, FOLD = 256 }; /* MiB that any file may fill, and how many times itself */

uint64_t allowance_of(uint64_t size)
{
    return size < UINT64_MAX / (2 * FOLD) ? ((uint64_t)FREE << 20) + size * FOLD : UINT64_MAX;
}

int allowance_refuse(const char *label, struct error *error)
{
    return error_set(error, ERROR_INPUT,
                     "%s: would unpack to more than %d MiB and %d times its own size; if that is right, store it "
                     "uncompressed",
                     label, FREE, FOLD);
}
