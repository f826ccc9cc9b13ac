/* The vector type of the kernels: WebAssembly's v128 and its intrinsics, by their own names. Three sources, the same results:
   the compiler's where the target has them, SIMDe's where EMBEDDING_SIMDE is defined, and otherwise the C below. Only what
   row.h uses is defined here. Never use C operators on v128_t: their lanes differ between the three. */
#ifndef EMBEDDING_V128_H
#define EMBEDDING_V128_H

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>

#elif defined(EMBEDDING_SIMDE)
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/wasm/simd128.h>

#else
#include <stdint.h>

typedef union {
    float f32[4];
    uint32_t u32[4];
    uint64_t u64[2];
} v128_t;

#define V128_LANES(EXPRESSION)                                                                                         \
    v128_t result;                                                                                                     \
    for (int lane = 0; lane < 4; lane++) EXPRESSION;                                                                   \
    return result
#define V128_BINARY(NAME, EXPRESSION)                                                                                  \
    static inline v128_t NAME(v128_t a, v128_t b) { V128_LANES(EXPRESSION); }

V128_BINARY(wasm_f32x4_add, result.f32[lane] = a.f32[lane] + b.f32[lane])
V128_BINARY(wasm_f32x4_sub, result.f32[lane] = a.f32[lane] - b.f32[lane])
V128_BINARY(wasm_f32x4_div, result.f32[lane] = a.f32[lane] / b.f32[lane])
V128_BINARY(wasm_f32x4_gt, result.u32[lane] = a.f32[lane] > b.f32[lane] ? UINT32_MAX : 0)
V128_BINARY(wasm_f32x4_le, result.u32[lane] = a.f32[lane] <= b.f32[lane] ? UINT32_MAX : 0)
V128_BINARY(wasm_f32x4_mul, result.f32[lane] = a.f32[lane] * b.f32[lane])
V128_BINARY(wasm_f32x4_pmax, result.f32[lane] = a.f32[lane] < b.f32[lane] ? b.f32[lane] : a.f32[lane])
V128_BINARY(wasm_f32x4_pmin, result.f32[lane] = b.f32[lane] < a.f32[lane] ? b.f32[lane] : a.f32[lane])
V128_BINARY(wasm_f32x4_ne, result.u32[lane] = a.f32[lane] != b.f32[lane] ? UINT32_MAX : 0)
V128_BINARY(wasm_u32x4_max, result.u32[lane] = a.u32[lane] > b.u32[lane] ? a.u32[lane] : b.u32[lane])
V128_BINARY(wasm_v128_and, result.u32[lane] = a.u32[lane] & b.u32[lane])
V128_BINARY(wasm_v128_or, result.u32[lane] = a.u32[lane] | b.u32[lane])

static inline v128_t wasm_f32x4_abs(v128_t a) { V128_LANES(result.u32[lane] = a.u32[lane] & 0x7fffffff); }
static inline v128_t wasm_f32x4_sqrt(v128_t a) { V128_LANES(result.f32[lane] = __builtin_sqrtf(a.f32[lane])); }
static inline v128_t wasm_v128_bitselect(v128_t a, v128_t b, v128_t mask) {
    V128_LANES(result.u32[lane] = (a.u32[lane] & mask.u32[lane]) | (b.u32[lane] & ~mask.u32[lane]));
}
static inline v128_t wasm_f32x4_splat(float value) { V128_LANES(result.f32[lane] = value); }
static inline v128_t wasm_i32x4_splat(int32_t value) { V128_LANES(result.u32[lane] = (uint32_t)value); }
static inline int wasm_i32x4_all_true(v128_t a) { return a.u32[0] && a.u32[1] && a.u32[2] && a.u32[3]; }
static inline int wasm_v128_any_true(v128_t a) { return (a.u64[0] | a.u64[1]) != 0; }

static inline v128_t wasm_v128_load(const void *memory) {
    v128_t result;
    __builtin_memcpy(&result, memory, 16);
    return result;
}
static inline void wasm_v128_store(void *memory, v128_t a) { __builtin_memcpy(memory, &a, 16); }
static inline v128_t wasm_v128_load32_zero(const void *memory) {
    v128_t result = {.u64 = {0, 0}};
    __builtin_memcpy(&result, memory, 4);
    return result;
}
static inline v128_t wasm_v128_load64_zero(const void *memory) {
    v128_t result = {.u64 = {0, 0}};
    __builtin_memcpy(&result, memory, 8);
    return result;
}
static inline v128_t v128_load32_lane(const void *memory, v128_t a, int lane) {
    __builtin_memcpy(&a.u32[lane], memory, 4);
    return a;
}
static inline v128_t v128_shuffle(v128_t a, v128_t b, int i, int j, int k, int l) {
    const uint32_t lanes[8] = {a.u32[0], a.u32[1], a.u32[2], a.u32[3], b.u32[0], b.u32[1], b.u32[2], b.u32[3]};
    return (v128_t){.u32 = {lanes[i], lanes[j], lanes[k], lanes[l]}};
}
#define wasm_v128_load32_lane(memory, a, lane) v128_load32_lane(memory, a, lane)
#define wasm_f32x4_extract_lane(a, lane) ((a).f32[lane])
#define wasm_i32x4_shuffle(a, b, i, j, k, l) v128_shuffle(a, b, i, j, k, l)
#endif

#endif
