#include "engine/kernels/kernels_sets.h"

#ifdef __AVX512F__

#include <immintrin.h>

#define WIDTH 16
typedef __m512 vec;
typedef __m512d dvec;

static inline vec v_set1(float x)
{
    return _mm512_set1_ps(x);
}
static inline vec v_load(const float *p)
{
    return _mm512_loadu_ps(p);
}
static inline vec v_hold(vec a)
{
    return a;
}
static inline void v_store(float *p, vec a)
{
    _mm512_storeu_ps(p, a);
}
static inline __mmask16 lanes(size_t count)
{
    return (__mmask16)((1u << count) - 1);
}
static inline vec v_part(const float *p, size_t count, float fill)
{
    return _mm512_mask_loadu_ps(_mm512_set1_ps(fill), lanes(count), p);
}
static inline void v_store_part(float *p, size_t count, vec a)
{
    _mm512_mask_storeu_ps(p, lanes(count), a);
}
static inline vec v_add(vec a, vec b)
{
    return _mm512_add_ps(a, b);
}
static inline vec v_sub(vec a, vec b)
{
    return _mm512_sub_ps(a, b);
}
static inline vec v_mul(vec a, vec b)
{
    return _mm512_mul_ps(a, b);
}
static inline vec v_fma(vec a, vec b, vec c)
{
    return _mm512_fmadd_ps(a, b, c);
}
static inline vec v_max(vec a, vec b)
{
    return _mm512_max_ps(a, b);
}
static inline uint32_t v_over(vec a, vec b)
{
    return _mm512_cmp_ps_mask(a, b, _CMP_GT_OQ);
}
static inline uint32_t v_reach(vec a, vec b)
{
    return _mm512_cmp_ps_mask(a, b, _CMP_GE_OQ);
}
static inline size_t v_places(uint32_t bits, size_t first, uint32_t *where)
{
    const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    __m512i place = _mm512_add_epi32(lane, _mm512_set1_epi32((int)first));

    _mm512_storeu_si512(where, _mm512_maskz_compress_epi32((__mmask16)bits, place));
    return (size_t)__builtin_popcount(bits);
}
typedef __m512i vcount;
static inline vcount c_zero(void)
{
    return _mm512_setzero_si512();
}
static inline vcount c_over(vcount count, vec a, vec b)
{
    return _mm512_mask_sub_epi32(count, _mm512_cmp_ps_mask(a, b, _CMP_GT_OQ), count, _mm512_set1_epi32(-1));
}
static inline vcount c_same(vcount count, vec a, vec b)
{
    return _mm512_mask_sub_epi32(count, _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ), count, _mm512_set1_epi32(-1));
}
static inline size_t c_total(vcount count)
{
    return (size_t)_mm512_reduce_add_epi32(count);
}
static inline vec v_scale_over(vec x, vec least, vec value, vec n, vec low)
{
    (void)low;
    return _mm512_maskz_scalef_ps(_mm512_cmp_ps_mask(x, least, _CMP_GT_OQ), value, n);
}
static inline vec v_keep_from(vec x, vec least, vec value)
{
    return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(x, least, _CMP_GE_OQ), value);
}
static inline vec v_short(const int16_t *p)
{
    return _mm512_cvtepi32_ps(_mm512_cvtepi16_epi32(_mm256_loadu_si256((const __m256i *)(const void *)p)));
}

static inline vec v_half(const uint16_t *p)
{
    return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(const void *)p));
}

static inline dvec d_set1(double x)
{
    return _mm512_set1_pd(x);
}
static inline dvec d_load(const double *p)
{
    return _mm512_loadu_pd(p);
}
static inline void d_store(double *p, dvec a)
{
    _mm512_storeu_pd(p, a);
}
static inline dvec d_add(dvec a, dvec b)
{
    return _mm512_add_pd(a, b);
}
static inline double d_total(dvec a)
{
    return _mm512_reduce_add_pd(a);
}
static inline dvec v_low(vec a)
{
    return _mm512_cvtps_pd(_mm512_castps512_ps256(a));
}
static inline dvec v_high(vec a)
{
    return _mm512_cvtps_pd(_mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(a), 1)));
}
static inline float v_total(vec a)
{
    return _mm512_reduce_add_ps(a);
}
static inline dvec d_mul(dvec a, dvec b)
{
    return _mm512_mul_pd(a, b);
}
static inline dvec d_sub(dvec a, dvec b)
{
    return _mm512_sub_pd(a, b);
}
static inline dvec d_max(dvec a, dvec b)
{
    return _mm512_max_pd(a, b);
}
static inline dvec d_fma(dvec a, dvec b, dvec c)
{
    return _mm512_fmadd_pd(a, b, c);
}
static inline dvec d_widen(const float *p)
{
    return _mm512_cvtps_pd(_mm256_loadu_ps(p));
}
static inline vec v_narrow(dvec low, dvec high)
{
    __m512d joined = _mm512_castpd256_pd512(_mm256_castps_pd(_mm512_cvtpd_ps(low)));

    return _mm512_castpd_ps(_mm512_insertf64x4(joined, _mm256_castps_pd(_mm512_cvtpd_ps(high)), 1));
}

#include "engine/kernels/kernels_vector.h"

static const struct kernel_set set = VECTOR_SET("avx512");
const struct kernel_set *const kernels_avx512 = &set;

#else

const struct kernel_set *const kernels_avx512 = NULL;

#endif
