/* PyTorch's files, for those who want more than one array of them. */
#ifndef HUBSCOPE_ENGINE_FORMATS_TORCH_H
#define HUBSCOPE_ENGINE_FORMATS_TORCH_H

#include "engine/formats/pickle_file.h"

bool torch_matches(const unsigned char *bytes, size_t size);

pickle_loader torch_load; /* of both formats */

#endif
