// Four rows at a time with AVX2 and FMA: see fma.h. Rounding toward zero is a mode of the thread here, set from LANES_ENTER to
// LANES_LEAVE; what lies between them is a function of its own, so that no product is moved out.
#include <immintrin.h>

#define LANES 4
#include "lanes/vector.h"

#define FMA_MULTIPLY_ADD(a, b, c) ((FACTOR)_mm256_fmadd_pd((__m256d)(a), (__m256d)(b), (__m256d)(c)))
#define FMA_SUBTRACT(a, b) ((FACTOR)_mm256_sub_pd((__m256d)(a), (__m256d)(b)))
#define MULTIPLY_32(a, b) ((U64)_mm256_mul_epu32((__m256i)(a), (__m256i)(b)))
#define FMA_ROUNDS_BY_MODE 1
#include "lanes/fma.h"

#define BYTE_SWAP(words)                                                                                          \
  ((U64)_mm256_shuffle_epi8((__m256i)(words), _mm256_set_epi64x(0x08090a0b0c0d0e0f, 0x0001020304050607,           \
                                                                0x08090a0b0c0d0e0f, 0x0001020304050607)))
#define LANE_BITS(mask) ((unsigned)_mm256_movemask_pd((__m256d)(mask)))

INLINE unsigned lanes_toward_zero(void) {
  const unsigned mode = _mm_getcsr();
  _mm_setcsr(mode | _MM_ROUND_TOWARD_ZERO);
  return mode;
}
#define LANES_ENTER() lanes_toward_zero()
#define LANES_LEAVE(mode) _mm_setcsr(mode)
