// MULTIPLY from binary64 fused multiply-adds that round toward zero, for widths without integer products of 52 bits. For factors a
// and b below 2^52 as binary64 values, h = fma(a, b, 2^104) has bits 52 ..< 104 of a b as its mantissa, and
// fma(a, b, (2^104 + 2^52) - h) has bits 0 ..< 52: both exact, both as integers under a constant exponent, which is the bias.
//
// N. Emmart, J. Luitjens, C. Weems, C. Woolley: Optimizing Modular Multiplication for NVIDIA's Maxwell GPUs (2016); N. Emmart, F.
// Zheng, C. Weems: Faster Modular Exponentiation using Double Precision Floating Point Arithmetic on the GPU (2018).
//
// The width's header defines FMA_MULTIPLY_ADD, FMA_SUBTRACT (both toward zero) and MULTIPLY_32.
typedef double FACTOR __attribute__((vector_size(8 * LANES)));

#define LOW_BIAS 0x4330000000000000ull  // the bits of 2^52
#define HIGH_BIAS 0x4670000000000000ull  // the bits of 2^104

#define FMA_SPLAT(x) ((FACTOR){0} + (x))
#define FACTOR_SPLAT(x) FMA_SPLAT((double)(x))
INLINE FACTOR fma_factor(U64 limb) {
  FACTOR factor = FMA_SUBTRACT((FACTOR)((limb & SPLAT(LANE_MASK52)) | SPLAT(LOW_BIAS)), FMA_SPLAT(0x1p52));
#ifdef FMA_ROUNDS_BY_MODE
  // A compiler knows no mode: it would round products of constants to nearest, so no factor is a constant to it.
  __asm__("" : "+x"(factor));
#endif
  return factor;
}
#define FACTOR_OF(limb) fma_factor(limb)
#define MULTIPLY(low, high, a, b)                                                                                  \
  do {                                                                                                             \
    const FACTOR high_ = FMA_MULTIPLY_ADD(a, b, FMA_SPLAT(0x1p104));                                               \
    (high) += (U64)high_;                                                                                          \
    (low) += (U64)FMA_MULTIPLY_ADD(a, b, FMA_SUBTRACT(FMA_SPLAT(0x1p104 + 0x1p52), high_));                        \
  } while (0)
#define MULTIPLY_SMALL(a, c) (MULTIPLY_32(a, SPLAT(c)) + (MULTIPLY_32((a) >> 32, SPLAT(c)) << 32))
