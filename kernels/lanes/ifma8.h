// Eight rows at a time with AVX-512 IFMA: its two instructions are the two halves of MULTIPLY.
#include <immintrin.h>

#define LANES 8
#include "lanes/vector.h"

typedef U64 FACTOR;
#define FACTOR_OF(limb) (limb)
#define FACTOR_SPLAT(x) SPLAT(x)
#define LOW_BIAS 0ull
#define HIGH_BIAS 0ull
#define MULTIPLY(low, high, a, b)                                                       \
  do {                                                                                  \
    (low) = (U64)_mm512_madd52lo_epu64((__m512i)(low), (__m512i)(a), (__m512i)(b));     \
    (high) = (U64)_mm512_madd52hi_epu64((__m512i)(high), (__m512i)(a), (__m512i)(b));   \
  } while (0)
#define MULTIPLY_SMALL(a, c) ((U64)_mm512_mullo_epi64((__m512i)(a), (__m512i)SPLAT(c)))
#define BYTE_SWAP(words)                                                                                             \
  ((U64)_mm512_shuffle_epi8((__m512i)(words), _mm512_set4_epi64(0x08090a0b0c0d0e0f, 0x0001020304050607,              \
                                                                0x08090a0b0c0d0e0f, 0x0001020304050607)))
#define LANE_BITS(mask) ((unsigned)_mm512_movepi64_mask((__m512i)(mask)))
// No mode of the processor matters to integer products.
#define LANES_ENTER() 0u
#define LANES_LEAVE(mode) ((void)(mode))
