/* Products of rows of 8-bit codes: included by kernels_vector.h.  AVX-512 without its extensions for bytes has nothing
 * better than the instructions of AVX2. */
#include <immintrin.h>

enum { CODES = 16, CODES_LINE = 64, CODES_AHEAD = 4096 }; /* codes in a step, in a cache line, and prefetched */

static inline __m256i code_products(const int8_t *x, const int16_t *y)
{
    __m256i wide = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(const void *)x));

    return _mm256_madd_epi16(wide, _mm256_loadu_si256((const __m256i *)(const void *)y));
}

static inline int32_t code_total(__m256i sums)
{
    __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));

    sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4e));
    return _mm_cvtsi128_si32(_mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xb1)));
}

/* One row after another: several at once would read as many streams, which memory serves more slowly. */
static void vector_code_dots(const int8_t *x, size_t rows, size_t n, const int16_t *y, int32_t *out)
{
    for (size_t r = 0; r < rows; r++, x += n) {
        __m256i sum = _mm256_setzero_si256();
        size_t i = 0;
        for (; i + CODES_LINE <= n; i += CODES_LINE) {
            __builtin_prefetch(x + i + CODES_AHEAD);
            for (size_t j = 0; j < CODES_LINE; j += CODES)
                sum = _mm256_add_epi32(sum, code_products(x + i + j, y + i + j));
        }
        for (; i + CODES <= n; i += CODES)
            sum = _mm256_add_epi32(sum, code_products(x + i, y + i));
        out[r] = code_total(sum);
        for (; i < n; i++)
            out[r] += x[i] * y[i];
    }
}
