#include "engine/kernels/kernels_sets.h"

#if defined __AVX2__ && defined __FMA__ && defined __F16C__

#include <immintrin.h>

#define WIDTH 8
typedef __m256 vec;
typedef __m256d dvec;

static inline vec v_set1(float x)
{
    return _mm256_set1_ps(x);
}
static inline vec v_load(const float *p)
{
    return _mm256_loadu_ps(p);
}
/* Keeps it in a register: compilers would rather read it again for each use. */
static inline vec v_hold(vec a)
{
    __asm__("" : "+x"(a));
    return a;
}
static inline void v_store(float *p, vec a)
{
    _mm256_storeu_ps(p, a);
}
static inline __m256i lanes(size_t count)
{
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
static inline vec v_part(const float *p, size_t count, float fill)
{
    __m256i present = lanes(count);

    return _mm256_blendv_ps(_mm256_set1_ps(fill), _mm256_maskload_ps(p, present), _mm256_castsi256_ps(present));
}
static inline void v_store_part(float *p, size_t count, vec a)
{
    _mm256_maskstore_ps(p, lanes(count), a);
}
static inline vec v_add(vec a, vec b)
{
    return _mm256_add_ps(a, b);
}
static inline vec v_sub(vec a, vec b)
{
    return _mm256_sub_ps(a, b);
}
static inline vec v_mul(vec a, vec b)
{
    return _mm256_mul_ps(a, b);
}
static inline vec v_fma(vec a, vec b, vec c)
{
    return _mm256_fmadd_ps(a, b, c);
}
static inline vec v_max(vec a, vec b)
{
    return _mm256_max_ps(a, b);
}
static inline uint32_t v_over(vec a, vec b)
{
    return (uint32_t)_mm256_movemask_ps(_mm256_cmp_ps(a, b, _CMP_GT_OQ));
}
static inline uint32_t v_reach(vec a, vec b)
{
    return (uint32_t)_mm256_movemask_ps(_mm256_cmp_ps(a, b, _CMP_GE_OQ));
}
static inline size_t v_places(uint32_t bits, size_t first, uint32_t *where)
{
    size_t count = 0;

    for (; bits; bits &= bits - 1)
        where[count++] = (uint32_t)first + (uint32_t)__builtin_ctz(bits);
    return count;
}
typedef __m256i vcount;
static inline vcount c_zero(void)
{
    return _mm256_setzero_si256();
}
static inline vcount c_over(vcount count, vec a, vec b)
{
    return _mm256_sub_epi32(count, _mm256_castps_si256(_mm256_cmp_ps(a, b, _CMP_GT_OQ)));
}
static inline vcount c_same(vcount count, vec a, vec b)
{
    return _mm256_sub_epi32(count, _mm256_castps_si256(_mm256_cmp_ps(a, b, _CMP_EQ_OQ)));
}
static inline size_t c_total(vcount count)
{
    uint32_t lane[WIDTH];
    size_t total = 0;

    _mm256_storeu_si256((__m256i *)(void *)lane, count);
    for (size_t l = 0; l < WIDTH; l++)
        total += lane[l];
    return total;
}
static inline vec v_scale_over(vec x, vec least, vec value, vec n, vec low)
{
    __m256i biased = _mm256_add_epi32(_mm256_castps_si256(low), _mm256_set1_epi32(127));
    __m256 power = _mm256_castsi256_ps(_mm256_slli_epi32(biased, 23));

    (void)n;
    return _mm256_and_ps(_mm256_cmp_ps(x, least, _CMP_GT_OQ), _mm256_mul_ps(value, power));
}
static inline vec v_keep_from(vec x, vec least, vec value)
{
    return _mm256_and_ps(_mm256_cmp_ps(x, least, _CMP_GE_OQ), value);
}
static inline vec v_short(const int16_t *p)
{
    return _mm256_cvtepi32_ps(_mm256_cvtepi16_epi32(_mm_loadu_si128((const __m128i *)(const void *)p)));
}

static inline vec v_half(const uint16_t *p)
{
    return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(const void *)p));
}

static inline dvec d_set1(double x)
{
    return _mm256_set1_pd(x);
}
static inline dvec d_load(const double *p)
{
    return _mm256_loadu_pd(p);
}
static inline void d_store(double *p, dvec a)
{
    _mm256_storeu_pd(p, a);
}
static inline dvec d_add(dvec a, dvec b)
{
    return _mm256_add_pd(a, b);
}
static inline double d_total(dvec a)
{
    __m128d pair = _mm_add_pd(_mm256_castpd256_pd128(a), _mm256_extractf128_pd(a, 1));

    return _mm_cvtsd_f64(_mm_add_sd(pair, _mm_unpackhi_pd(pair, pair)));
}
static inline dvec v_low(vec a)
{
    return _mm256_cvtps_pd(_mm256_castps256_ps128(a));
}
static inline dvec v_high(vec a)
{
    return _mm256_cvtps_pd(_mm256_extractf128_ps(a, 1));
}
static inline float v_total(vec a)
{
    __m128 sum = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));

    sum = _mm_add_ps(sum, _mm_movehl_ps(sum, sum));
    return _mm_cvtss_f32(_mm_add_ss(sum, _mm_movehdup_ps(sum)));
}
static inline dvec d_mul(dvec a, dvec b)
{
    return _mm256_mul_pd(a, b);
}
static inline dvec d_sub(dvec a, dvec b)
{
    return _mm256_sub_pd(a, b);
}
static inline dvec d_max(dvec a, dvec b)
{
    return _mm256_max_pd(a, b);
}
static inline dvec d_fma(dvec a, dvec b, dvec c)
{
    return _mm256_fmadd_pd(a, b, c);
}
static inline dvec d_widen(const float *p)
{
    return _mm256_cvtps_pd(_mm_loadu_ps(p));
}
static inline vec v_narrow(dvec low, dvec high)
{
    return _mm256_set_m128(_mm256_cvtpd_ps(high), _mm256_cvtpd_ps(low));
}

#include "engine/kernels/kernels_vector.h"

static const struct kernel_set set = VECTOR_SET("avx2");
const struct kernel_set *const kernels_avx2 = &set;

#else

const struct kernel_set *const kernels_avx2 = NULL;

#endif
