// Logarithm, exponential, square root and normal distribution of 18-decimal fixed-point numbers, with the truncations of the
// contracts that settle on chain, so that a margin is equal to the last wei.
//
// ln and exp are the rational approximations of Remco Bloemen ("exp and ln in Solidity", 2022) in fractions of 2^96; the normal
// distribution is Hart's (1968) as W. J. West gives it ("Better approximations to cumulative normal functions", Wilmott, 2005)
// in fractions of 2^64. The order of operations is that of lyra-utils, which Derive's contracts price with: exp(0) is 1e18 - 1.
#ifndef ASSAY_EVM_FUNCTIONS_H
#define ASSAY_EVM_FUNCTIONS_H

#include "number/word256.h"

#define EVM_UNIT 1000000000000000000ull
#define EVM_5_POWER_18 3814697265625ull
#define EVM_HIGH_LOW(high, low) {{low, high, 0, 0}}

/// (a * b) >> 96, floored.
INLINE word256 evm_multiply_96(word256 a, word256 b) { return word_shift_right_signed(word_multiply(a, b), 96); }

/// a * b / 1e18, truncated, where the product is known to fit.
INLINE word256 evm_multiply(word256 a, word256 b) { return word_divide_signed_by_limb(word_multiply(a, b), EVM_UNIT); }

/// ln of a number above 0.
CALLED word256 evm_ln(word256 number) {
  CONSTANT word256 P[7] = {
    EVM_HIGH_LOW(0x29508e4585ull, 0x43d8aa4df2abee78ull),   EVM_HIGH_LOW(0x139601a2efaull, 0xbe717e604cbb4894ull),
    EVM_HIGH_LOW(0x2247f7a7b65ull, 0x94320649aa03aba1ull),  EVM_HIGH_LOW(0x8c3f38e95aull, 0x6b1ff2ab1c3b3437ull),
    EVM_HIGH_LOW(0x2384773bdf1ull, 0xac5676facced6091ull),  EVM_HIGH_LOW(0xb9a025d814ull, 0xb29c212b8b1a07ceull),
    EVM_HIGH_LOW(0xa09507084ull, 0xcc699bb0e71ea86aull)};
  CONSTANT word256 Q[7] = {
    EVM_HIGH_LOW(0x465772b2bbull, 0xbb5f824b15207a30ull),   EVM_HIGH_LOW(0x388eaa27412ull, 0xd5aca026815d636eull),
    EVM_HIGH_LOW(0xdf99ac50203ull, 0x1bf953eff472fdccull),  EVM_HIGH_LOW(0x13cdffb29d51ull, 0xd99322bdff5f2211ull),
    EVM_HIGH_LOW(0xa0f742023deull, 0xf783a307a986912eull),  EVM_HIGH_LOW(0x1920d8043caull, 0x89b5239253284e42ull),
    EVM_HIGH_LOW(0xb7a86d737ull, 0x5468fac667a0a527ull)};
  CONSTANT word256 SCALE = {{0x5cef59f0815a5506ull, 0xdaa0d5f769dba191ull, 0x1340ull, 0}};
  CONSTANT word256 LN_2 = {{0xd803ae7b6687f2b3ull, 0x7614a3f75373f047ull, 0xb3975ab3ee5b203aull, 0x267a36c0c95ull}};
  CONSTANT word256 LN_BASE = {{0xe8028c72b8864284ull, 0x356a1b7863008a5aull, 0x7177eebf7cd370a3ull, 0x57115e47018cull}};

  const int k = 159 - word_leading_zeros(number);
  // To [1, 2) in fractions of 2^96.
  const word256 x = word_shift_right(word_shift_left(number, 159 - k), 159);
  word256 p = word_add(x, P[0]);
  p = word_add(evm_multiply_96(p, x), P[1]);
  p = word_add(evm_multiply_96(p, x), P[2]);
  p = word_subtract(evm_multiply_96(p, x), P[3]);
  p = word_subtract(evm_multiply_96(p, x), P[4]);
  p = word_subtract(evm_multiply_96(p, x), P[5]);
  p = word_subtract(word_multiply(p, x), word_shift_left(P[6], 96));
  word256 q = word_add(x, Q[0]);
  for (int i = 1; i < 7; i++) q = word_add(evm_multiply_96(q, x), Q[i]);
  word256 r = word_multiply(word_divide_signed(p, q), SCALE);
  r = word_add(r, word_multiply(LN_2, word_from_i64(k)));
  return word_shift_right_signed(word_add(r, LN_BASE), 174);
}

/// exp of a number below ln((2^255 - 1) / 1e18); `*fits` becomes 0 above.
CALLED word256 evm_exp(word256 number, int *fits) {
  CONSTANT word256 LEAST = EVM_HIGH_LOW(0x2ull, 0x48ce36a70cb26b3full), MOST = EVM_HIGH_LOW(0x7ull, 0x55bf798b4a1bf1e5ull);
  CONSTANT word256 LN_2 = EVM_HIGH_LOW(0xb17217f7ull, 0xd1cf79abc9e3b398ull);
  CONSTANT word256 P[5] = {
    EVM_HIGH_LOW(0x22fcd1cffaull, 0x6fa000f6e27eeca0ull), EVM_HIGH_LOW(0x22f98fbc368ull, 0x92c79210d196fa0ull),
    EVM_HIGH_LOW(0x13aaae3ba38dull, 0xe06adc25ebfacc09ull), EVM_HIGH_LOW(0x624dcbeb5e25ull, 0xdf590e409325888aull),
    EVM_HIGH_LOW(0xd835ebba824cull, 0x98fb19256146f65cull)};
  CONSTANT word256 Z[2] = {
    EVM_HIGH_LOW(0x9791803c2ull, 0x923d5d9721c3da80ull), EVM_HIGH_LOW(0x19dd9374d43ull, 0x15c8464a395fc098ull)};
  CONSTANT word256 W[2] = {
    EVM_HIGH_LOW(0x1bff318b12ull, 0x6baa436ea9aeaffeull), EVM_HIGH_LOW(0x2c06887d9226ull, 0x2d378b9593af3534ull)};
  CONSTANT word256 Q[2] = {
    EVM_HIGH_LOW(0x3dab46f135dull, 0x57f5a1ef35673b18ull), EVM_HIGH_LOW(0xcf3c27b2e487ull, 0x711b467e90f19320ull)};
  CONSTANT word256 SCALE = {{0xee70ef65f9978af3ull, 0x63c32e5c2f6dc192ull, 0x29d9dc385ull, 0}};

  if (word_compare_signed(number, word_negate(LEAST)) <= 0) return word_from_u64(0);
  if (word_compare_signed(number, MOST) >= 0) {
    *fits = 0;
    return word_from_u64(0);
  }
  word256 x = word_divide_signed_by_limb(word_shift_left(number, 78), EVM_5_POWER_18);
  const word256 half = word_shift_left(word_from_u64(1), 95);
  const word256 k =
    word_shift_right_signed(word_add(word_divide_signed(word_shift_left(x, 96), LN_2), half), 96);
  x = word_subtract(x, word_multiply(k, LN_2));
  word256 p = word_add(x, P[0]);
  for (int i = 1; i < 4; i++) p = word_add(evm_multiply_96(p, x), P[i]);
  p = word_add(word_multiply(p, x), word_shift_left(P[4], 96));
  const word256 z = word_add(evm_multiply_96(word_add(x, Z[0]), x), Z[1]);
  const word256 w = word_add(evm_multiply_96(word_subtract(x, W[0]), z), W[1]);
  word256 q = word_subtract(word_add(z, w), Q[0]);
  q = word_add(evm_multiply_96(q, w), Q[1]);
  return word_shift_right(word_multiply(word_divide_signed(p, q), SCALE), 195 - (int)(int64_t)k.limb[0]);
}

/// sqrt of an unsigned number, floored; `*fits` becomes 0 when x * 1e18 is not below 2^256.
INLINE word256 evm_sqrt(word256 x, int *fits) {
  const word256 most = word_divide_by_limb((word256){{~0ull, ~0ull, ~0ull, ~0ull}}, EVM_UNIT);
  if (word_compare(x, most) > 0) {
    *fits = 0;
    return word_from_u64(0);
  }
  return word_square_root(word_multiply(x, word_from_u64(EVM_UNIT)));
}

/// (n * z >> 64) + c: a step of a polynomial in fractions of 2^64, all terms at least 0.
INLINE word256 evm_step_64(word256 n, word256 z, word256 c) {
  return word_add(word_shift_right(word_multiply(n, z), 64), c);
}

/// The standard normal distribution's cumulative function.
CALLED word256 evm_normal_cdf(word256 number) {
  CONSTANT word256 N[7] = {
    EVM_HIGH_LOW(0xdcull, 0x34f54ba63f28a048ull), EVM_HIGH_LOW(0xddull, 0x36ae3d14678d8be0ull),
    EVM_HIGH_LOW(0x70ull, 0x144c729634f0c13bull), EVM_HIGH_LOW(0x21ull, 0xe9b197604862ccb3ull),
    EVM_HIGH_LOW(0x6ull, 0x5fbbfcaa1bc8c85full),  EVM_HIGH_LOW(0, 0xb34c4df47538f5cfull),
    EVM_HIGH_LOW(0, 0x906f685abfdef0aull)};
  CONSTANT word256 M[8] = {
    EVM_HIGH_LOW(0x1b8ull, 0x69ea974c7e514091ull), EVM_HIGH_LOW(0x319ull, 0xd3965312e944e712ull),
    EVM_HIGH_LOW(0x27dull, 0x5568ff42eee1320dull), EVM_HIGH_LOW(0x128ull, 0x90729ba781fb37f5ull),
    EVM_HIGH_LOW(0x56ull, 0xc7de10ce9668a6b5ull),  EVM_HIGH_LOW(0x10ull, 0x106df11bd49c9b13ull),
    EVM_HIGH_LOW(0x1ull, 0xc173673887d114c5ull),   EVM_HIGH_LOW(0, 0x16a09e667f3bc9a4ull)};
  CONSTANT word256 FARTHEST = EVM_HIGH_LOW(0x2ull, 0x17a67f731740000ull);
  CONSTANT word256 HART_ENDS = EVM_HIGH_LOW(0x7ull, 0x12318007c2ae734cull);
  CONSTANT word256 SQRT_2_PI = EVM_HIGH_LOW(0x2ull, 0x81b263fec4e0b2c3ull);

  const int is_lower = word_is_negative(number) || word_is_zero(number);
  word256 z = word_magnitude(number), c = word_from_u64(0);
  if (word_compare(z, FARTHEST) <= 0) {
    int fits = 1;
    const word256 square = word_divide_by_limb(word_multiply(word_shift_right(z, 1), z), EVM_UNIT);
    word256 e = evm_exp(word_negate(square), &fits);
    z = word_divide_by_limb(word_shift_left(z, 46), EVM_5_POWER_18);
    e = word_divide_by_limb(word_shift_left(e, 46), EVM_5_POWER_18);
    if (word_compare(z, HART_ENDS) < 0) {
      word256 n = N[6], d = M[7];
      for (int i = 5; i >= 0; i--) n = evm_step_64(n, z, N[i]);
      for (int i = 6; i >= 0; i--) d = evm_step_64(d, z, M[i]);
      c = word_divide(word_multiply(n, e), d);
    } else {
      word256 f = word_from_u64(0xa666666666666666ull);
      for (uint64_t i = 4; i >= 1; i--) f = word_divide((word256){{0, 0, i, 0}}, word_add(z, f));
      f = word_shift_right(word_multiply(word_add(f, z), SQRT_2_PI), 64);
      c = word_divide(word_shift_left(e, 64), f);
    }
  }
  c = word_shift_right(word_multiply(c, word_from_u64(EVM_5_POWER_18)), 46);
  return is_lower ? c : word_subtract(word_from_u64(EVM_UNIT), c);
}

/// The standard normal distribution's density; `*fits` becomes 0 where x^2 overflows.
INLINE word256 evm_normal_density(word256 x, int *fits) {
  const word256 half = word_shift_right_signed(x, 1);
  const word256 square = word_divide_signed_by_limb(word_multiply_checked(half, x, fits), EVM_UNIT);
  const word256 e = evm_exp(word_negate(square), fits);
  return word_divide_by_limb(word_multiply(e, word_from_u64(EVM_UNIT)), 2506628274631000502ull);
}

/// base ^ exponent as exp(ln(base) * exponent); `*fits` becomes 0 where either is not defined.
INLINE word256 evm_power(word256 base, word256 exponent, int *fits) {
  if (word_is_negative(base) || word_is_zero(base)) {
    *fits = 0;
    return word_from_u64(0);
  }
  const word256 product = word_multiply_checked(evm_ln(base), exponent, fits);
  return *fits ? evm_exp(word_divide_signed_by_limb(product, EVM_UNIT), fits) : word_from_u64(0);
}

#endif
