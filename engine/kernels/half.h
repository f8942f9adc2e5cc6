/* IEEE 754 binary16, one number at a time; kernel_set()->half converts arrays. */
#ifndef HUBSCOPE_ENGINE_KERNELS_HALF_H
#define HUBSCOPE_ENGINE_KERNELS_HALF_H

#include <stdint.h>
#include <string.h>

static inline float half_to_float(uint16_t half)
{
    uint32_t sign = (uint32_t)(half & 0x8000) << 16;
    uint32_t exponent = half >> 10 & 0x1f, fraction = half & 0x3ff;
    uint32_t bits;

    if (exponent == 0x1f) { /* infinity, NaN */
        bits = sign | 0x7f800000 | fraction << 13;
    } else if (exponent) {
        bits = sign | (exponent + 112) << 23 | fraction << 13;
    } else { /* zero and subnormals: fraction * 2^-24, exact in float */
        float value = (float)fraction * 0x1p-24f;
        memcpy(&bits, &value, sizeof bits);
        bits |= sign;
    }
    float result;
    memcpy(&result, &bits, sizeof result);
    return result;
}

#endif
