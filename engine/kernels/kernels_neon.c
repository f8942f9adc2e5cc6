#include "engine/kernels/kernels_sets.h"

#if defined __aarch64__ && defined __ARM_NEON

#include <arm_neon.h>

#define WIDTH 4
typedef float32x4_t vec;
typedef float64x2_t dvec;

static inline vec v_set1(float x)
{
    return vdupq_n_f32(x);
}
static inline vec v_load(const float *p)
{
    return vld1q_f32(p);
}
static inline vec v_hold(vec a)
{
    return a;
}
static inline void v_store(float *p, vec a)
{
    vst1q_f32(p, a);
}
static inline vec v_part(const float *p, size_t count, float fill)
{
    float lane[WIDTH] = {fill, fill, fill, fill};

    for (size_t l = 0; l < count && l < WIDTH; l++)
        lane[l] = p[l];
    return vld1q_f32(lane);
}
static inline void v_store_part(float *p, size_t count, vec a)
{
    float lane[WIDTH];

    vst1q_f32(lane, a);
    for (size_t l = 0; l < count && l < WIDTH; l++)
        p[l] = lane[l];
}
static inline vec v_add(vec a, vec b)
{
    return vaddq_f32(a, b);
}
static inline vec v_sub(vec a, vec b)
{
    return vsubq_f32(a, b);
}
static inline vec v_mul(vec a, vec b)
{
    return vmulq_f32(a, b);
}
static inline vec v_fma(vec a, vec b, vec c)
{
    return vfmaq_f32(c, a, b);
}
static inline vec v_max(vec a, vec b)
{
    return vmaxq_f32(a, b);
}
static inline uint32_t bits_of(uint32x4_t lanes)
{
    static const uint32_t bit[WIDTH] = {1, 2, 4, 8};

    return vaddvq_u32(vandq_u32(lanes, vld1q_u32(bit)));
}
static inline uint32_t v_over(vec a, vec b)
{
    return bits_of(vcgtq_f32(a, b));
}
static inline uint32_t v_reach(vec a, vec b)
{
    return bits_of(vcgeq_f32(a, b));
}
static inline size_t v_places(uint32_t bits, size_t first, uint32_t *where)
{
    size_t count = 0;

    for (; bits; bits &= bits - 1)
        where[count++] = (uint32_t)first + (uint32_t)__builtin_ctz(bits);
    return count;
}
typedef uint32x4_t vcount;
static inline vcount c_zero(void)
{
    return vdupq_n_u32(0);
}
static inline vcount c_over(vcount count, vec a, vec b)
{
    return vsubq_u32(count, vcgtq_f32(a, b));
}
static inline vcount c_same(vcount count, vec a, vec b)
{
    return vsubq_u32(count, vceqq_f32(a, b));
}
static inline size_t c_total(vcount count)
{
    return vaddlvq_u32(count);
}
static inline vec keep(uint32x4_t lanes, vec value)
{
    return vreinterpretq_f32_u32(vandq_u32(lanes, vreinterpretq_u32_f32(value)));
}
static inline vec v_scale_over(vec x, vec least, vec value, vec n, vec low)
{
    uint32x4_t biased = vaddq_u32(vreinterpretq_u32_f32(low), vdupq_n_u32(127));
    vec power = vreinterpretq_f32_u32(vshlq_n_u32(biased, 23));

    (void)n;
    return keep(vcgtq_f32(x, least), vmulq_f32(value, power));
}
static inline vec v_keep_from(vec x, vec least, vec value)
{
    return keep(vcgeq_f32(x, least), value);
}
static inline vec v_short(const int16_t *p)
{
    return vcvtq_f32_s32(vmovl_s16(vld1_s16(p)));
}
static inline vec v_half(const uint16_t *p)
{
    return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(p)));
}

static inline dvec d_set1(double x)
{
    return vdupq_n_f64(x);
}
static inline dvec d_load(const double *p)
{
    return vld1q_f64(p);
}
static inline void d_store(double *p, dvec a)
{
    vst1q_f64(p, a);
}
static inline dvec d_add(dvec a, dvec b)
{
    return vaddq_f64(a, b);
}
static inline double d_total(dvec a)
{
    return vaddvq_f64(a);
}
static inline dvec v_low(vec a)
{
    return vcvt_f64_f32(vget_low_f32(a));
}
static inline dvec v_high(vec a)
{
    return vcvt_high_f64_f32(a);
}
static inline float v_total(vec a)
{
    return vaddvq_f32(a);
}
static inline dvec d_mul(dvec a, dvec b)
{
    return vmulq_f64(a, b);
}
static inline dvec d_sub(dvec a, dvec b)
{
    return vsubq_f64(a, b);
}
static inline dvec d_max(dvec a, dvec b)
{
    return vmaxq_f64(a, b);
}
static inline dvec d_fma(dvec a, dvec b, dvec c)
{
    return vfmaq_f64(c, a, b);
}
static inline dvec d_widen(const float *p)
{
    return vcvt_f64_f32(vld1_f32(p));
}
static inline vec v_narrow(dvec low, dvec high)
{
    return vcvt_high_f32_f64(vcvt_f32_f64(low), high);
}

#include "engine/kernels/kernels_vector.h"

static const struct kernel_set set = VECTOR_SET("neon");
const struct kernel_set *const kernels_neon = &set;

#else

const struct kernel_set *const kernels_neon = NULL;

#endif
