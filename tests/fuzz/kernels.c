/* Fuzzing takes the plain kernels: what is under test are readers, and clang 14 cannot ask for all the processor's
 * features that engine/kernels.c chooses by. */
#include "engine/kernels_sets.h"

const struct kernel_set *kernel_set(void)
{
    return &kernels_plain;
}
