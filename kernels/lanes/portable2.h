// Two rows at a time in plain C: the model that the other widths are compared with, on any processor.
#define LANES 2
#include "lanes/vector.h"

typedef U64 FACTOR;
#define FACTOR_OF(limb) (limb)
#define FACTOR_SPLAT(x) SPLAT(x)
#define LOW_BIAS 0ull
#define HIGH_BIAS 0ull

INLINE void lanes_multiply(U64 *low, U64 *high, U64 a, U64 b) {
  for (int lane = 0; lane < LANES; lane++) {
    const unsigned __int128 product = (unsigned __int128)(a[lane] & LANE_MASK52) * (b[lane] & LANE_MASK52);
    (*low)[lane] += (uint64_t)product & LANE_MASK52;
    (*high)[lane] += (uint64_t)(product >> 52);
  }
}
INLINE U64 lanes_byte_swap(U64 words) {
  U64 r = words;
  for (int lane = 0; lane < LANES; lane++) r[lane] = __builtin_bswap64(words[lane]);
  return r;
}
INLINE unsigned lanes_bits(M64 mask) {
  unsigned bits = 0;
  for (int lane = 0; lane < LANES; lane++) bits |= (unsigned)(mask[lane] & 1) << lane;
  return bits;
}
#define MULTIPLY(low, high, a, b) lanes_multiply(&(low), &(high), a, b)
#define MULTIPLY_SMALL(a, c) ((a) * (uint64_t)(c))
#define BYTE_SWAP(words) lanes_byte_swap(words)
#define LANE_BITS(mask) lanes_bits(mask)
#define LANES_ENTER() 0u
#define LANES_LEAVE(mode) ((void)(mode))
