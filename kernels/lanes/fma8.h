// Eight rows at a time with AVX-512 but without IFMA (Skylake-SP, Cascade Lake): see fma.h. Rounding toward zero is part of each
// instruction.
#include <immintrin.h>

#define LANES 8
#include "lanes/vector.h"

#define LANES_TOWARD_ZERO (_MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC)
#define FMA_MULTIPLY_ADD(a, b, c) ((FACTOR)_mm512_fmadd_round_pd((__m512d)(a), (__m512d)(b), (__m512d)(c), LANES_TOWARD_ZERO))
#define FMA_SUBTRACT(a, b) ((FACTOR)_mm512_sub_round_pd((__m512d)(a), (__m512d)(b), LANES_TOWARD_ZERO))
#define MULTIPLY_32(a, b) ((U64)_mm512_mul_epu32((__m512i)(a), (__m512i)(b)))
#include "lanes/fma.h"

#define BYTE_SWAP(words)                                                                                             \
  ((U64)_mm512_shuffle_epi8((__m512i)(words), _mm512_set4_epi64(0x08090a0b0c0d0e0f, 0x0001020304050607,              \
                                                                0x08090a0b0c0d0e0f, 0x0001020304050607)))
#define LANE_BITS(mask) ((unsigned)_mm512_movepi64_mask((__m512i)(mask)))
#define LANES_ENTER() 0u
#define LANES_LEAVE(mode) ((void)(mode))
