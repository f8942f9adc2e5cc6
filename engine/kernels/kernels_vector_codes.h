/* Products of rows of 8-bit codes: included by kernels_vector.h.  AVX-512 without its extensions for bytes has nothing
 * better than the instructions of AVX2. */
enum { CODES = 16, CODES_LINE = 64, CODES_AHEAD = 4096 }; /* codes in a step, in a cache line, and prefetched */

#ifdef __aarch64__

typedef int32x4_t codes;
static inline codes codes_zero(void)
{
    return vdupq_n_s32(0);
}
static inline codes codes_add(codes sum, const int8_t *x, const int16_t *y)
{
    int8x16_t narrow = vld1q_s8(x);
    int16x8_t low = vmovl_s8(vget_low_s8(narrow)), high = vmovl_high_s8(narrow);
    int16x8_t first = vld1q_s16(y), second = vld1q_s16(y + CODES / 2);

    sum = vmlal_high_s16(vmlal_s16(sum, vget_low_s16(low), vget_low_s16(first)), low, first);
    return vmlal_high_s16(vmlal_s16(sum, vget_low_s16(high), vget_low_s16(second)), high, second);
}
static inline int32_t codes_total(codes sum)
{
    return vaddvq_s32(sum);
}

#else

#include <immintrin.h>

typedef __m256i codes;
static inline codes codes_zero(void)
{
    return _mm256_setzero_si256();
}
static inline codes codes_add(codes sum, const int8_t *x, const int16_t *y)
{
    __m256i wide = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(const void *)x));

    return _mm256_add_epi32(sum, _mm256_madd_epi16(wide, _mm256_loadu_si256((const __m256i *)(const void *)y)));
}
static inline int32_t codes_total(codes sums)
{
    __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));

    sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4e));
    return _mm_cvtsi128_si32(_mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xb1)));
}

#endif

/* One row after another: several at once would read as many streams, which memory serves more slowly. */
static void vector_code_dots(const int8_t *x, size_t rows, size_t n, const int16_t *y, int32_t *out)
{
    for (size_t r = 0; r < rows; r++, x += n) {
        codes sum = codes_zero();
        size_t i = 0;
        for (; i + CODES_LINE <= n; i += CODES_LINE) {
            __builtin_prefetch(x + i + CODES_AHEAD);
            for (size_t j = 0; j < CODES_LINE; j += CODES)
                sum = codes_add(sum, x + i + j, y + i + j);
        }
        for (; i + CODES <= n; i += CODES)
            sum = codes_add(sum, x + i, y + i);
        out[r] = codes_total(sum);
        for (; i < n; i++)
            out[r] += x[i] * y[i];
    }
}
