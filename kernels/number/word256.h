// 256-bit words as the Ethereum Virtual Machine has them: four 64-bit limbs, the lowest first, two's complement where signed.
//
// Sums and products wrap, as in a Solidity `unchecked` block; `_checked` forms say whether a signed result fits. Quotients
// truncate toward zero (EVM SDIV), shifts of signed words floor (EVM SAR). In memory a word is 32 bytes, big-endian (Yellow
// Paper, section 9.1).
#ifndef ASSAY_WORD256_H
#define ASSAY_WORD256_H

typedef struct {
  uint64_t limb[4];
} word256;

typedef unsigned __int128 word128;

INLINE word256 word_from_u64(uint64_t x) { return (word256){{x, 0, 0, 0}}; }
INLINE word256 word_from_i64(int64_t x) {
  const uint64_t sign = (uint64_t)(x >> 63);
  return (word256){{(uint64_t)x, sign, sign, sign}};
}

INLINE word256 word_load(const uint8_t *bytes) {
  word256 x;
  for (int i = 0; i < 4; i++) {
    uint64_t limb;
    memcpy(&limb, bytes + 24 - 8 * i, 8);
    x.limb[i] = __builtin_bswap64(limb);
  }
  return x;
}
INLINE void word_store(uint8_t *bytes, word256 x) {
  for (int i = 0; i < 4; i++) {
    const uint64_t limb = __builtin_bswap64(x.limb[i]);
    memcpy(bytes + 24 - 8 * i, &limb, 8);
  }
}

INLINE int word_is_negative(word256 x) { return (int)(x.limb[3] >> 63); }
INLINE int word_is_zero(word256 x) { return (x.limb[0] | x.limb[1] | x.limb[2] | x.limb[3]) == 0; }
/// Whether the word, unsigned, needs more than 128 bits.
INLINE int word_is_wide(word256 x) { return (x.limb[2] | x.limb[3]) != 0; }
/// Whether the word, signed, is in [-2^127, 2^127).
INLINE int word_is_half(word256 x) {
  const uint64_t sign = (uint64_t)((int64_t)x.limb[1] >> 63);
  return x.limb[2] == sign && x.limb[3] == sign;
}

INLINE word256 word_add(word256 a, word256 b) {
  word256 sum;
  word128 carry = 0;
  for (int i = 0; i < 4; i++) {
    carry += (word128)a.limb[i] + b.limb[i];
    sum.limb[i] = (uint64_t)carry;
    carry >>= 64;
  }
  return sum;
}
INLINE word256 word_subtract(word256 a, word256 b) {
  word256 difference;
  uint64_t borrow = 0;
  for (int i = 0; i < 4; i++) {
    const word128 part = (word128)a.limb[i] - b.limb[i] - borrow;
    difference.limb[i] = (uint64_t)part;
    borrow = (uint64_t)(part >> 64) & 1;
  }
  return difference;
}
INLINE word256 word_negate(word256 x) { return word_subtract(word_from_u64(0), x); }
INLINE word256 word_magnitude(word256 x) { return word_is_negative(x) ? word_negate(x) : x; }

/// -1, 0 or 1 as a is below, equal to or above b, unsigned.
INLINE int word_compare(word256 a, word256 b) {
  for (int i = 3; i >= 0; i--) {
    if (a.limb[i] != b.limb[i]) return a.limb[i] < b.limb[i] ? -1 : 1;
  }
  return 0;
}
INLINE int word_compare_signed(word256 a, word256 b) {
  a.limb[3] ^= 1ull << 63;
  b.limb[3] ^= 1ull << 63;
  return word_compare(a, b);
}

/// The product modulo 2^256, which is the same for signed and unsigned words.
INLINE word256 word_multiply(word256 a, word256 b) {
  word256 product = {{0, 0, 0, 0}};
  for (int i = 0; i < 4; i++) {
    uint64_t carry = 0;
    for (int j = 0; i + j < 4; j++) {
      const word128 part = (word128)a.limb[i] * b.limb[j] + product.limb[i + j] + carry;
      product.limb[i + j] = (uint64_t)part;
      carry = (uint64_t)(part >> 64);
    }
  }
  return product;
}

INLINE int word_leading_zeros(word256 x) {
  for (int i = 3; i >= 0; i--) {
    if (x.limb[i]) return 64 * (3 - i) + __builtin_clzll(x.limb[i]);
  }
  return 256;
}

/// Shifts by 0 to 255.
INLINE word256 word_shift_left(word256 x, int count) {
  const int limbs = count >> 6, bits = count & 63;
  word256 result;
  for (int i = 3; i >= 0; i--) {
    const uint64_t high = i - limbs >= 0 ? x.limb[i - limbs] : 0;
    const uint64_t low = i - limbs - 1 >= 0 ? x.limb[i - limbs - 1] : 0;
    result.limb[i] = bits ? high << bits | low >> (64 - bits) : high;
  }
  return result;
}
INLINE word256 word_shift_right_filling(word256 x, int count, uint64_t fill) {
  const int limbs = count >> 6, bits = count & 63;
  word256 result;
  for (int i = 0; i < 4; i++) {
    const uint64_t low = i + limbs < 4 ? x.limb[i + limbs] : fill;
    const uint64_t high = i + limbs + 1 < 4 ? x.limb[i + limbs + 1] : fill;
    result.limb[i] = bits ? low >> bits | high << (64 - bits) : low;
  }
  return result;
}
INLINE word256 word_shift_right(word256 x, int count) { return word_shift_right_filling(x, count, 0); }
INLINE word256 word_shift_right_signed(word256 x, int count) {
  return word_shift_right_filling(x, count, (uint64_t)((int64_t)x.limb[3] >> 63));
}

/// high:low / divisor for a divisor with its top bit set and high < divisor, through the reciprocal
/// floor((2^128 - 1) / divisor) - 2^64 (Moeller and Granlund, "Improved division by invariant integers", algorithm 4).
INLINE uint64_t word_divide_step(uint64_t high, uint64_t low, uint64_t divisor, uint64_t reciprocal, uint64_t *rest) {
  word128 estimate = (word128)reciprocal * high + ((word128)high << 64 | low);
  uint64_t quotient = (uint64_t)(estimate >> 64) + 1;
  uint64_t remainder = low - quotient * divisor;
  if (remainder > (uint64_t)estimate) {
    quotient--;
    remainder += divisor;
  }
  if (remainder >= divisor) {
    quotient++;
    remainder -= divisor;
  }
  *rest = remainder;
  return quotient;
}
INLINE uint64_t word_reciprocal(uint64_t divisor) {
  return (uint64_t)(((word128)~divisor << 64 | ~0ull) / divisor);
}

/// The quotient by one limb that is not zero.
INLINE word256 word_divide_by_limb(word256 x, uint64_t divisor) {
  const int shift = __builtin_clzll(divisor);
  const uint64_t normal = divisor << shift, reciprocal = word_reciprocal(normal);
  uint64_t rest = shift ? x.limb[3] >> (64 - shift) : 0;
  const word256 shifted = word_shift_left(x, shift);
  word256 quotient;
  for (int i = 3; i >= 0; i--) quotient.limb[i] = word_divide_step(rest, shifted.limb[i], normal, reciprocal, &rest);
  return quotient;
}

/// The quotient, unsigned, by a divisor that is not zero (Knuth, volume 2, algorithm 4.3.1 D).
INLINE word256 word_divide(word256 x, word256 divisor) {
  if (word_compare(x, divisor) < 0) return word_from_u64(0);
  int limbs = 4;
  while (divisor.limb[limbs - 1] == 0) limbs--;
  if (limbs == 1) return word_divide_by_limb(x, divisor.limb[0]);
  const int shift = __builtin_clzll(divisor.limb[limbs - 1]);
  const word256 d = word_shift_left(divisor, shift);
  const word256 body = word_shift_left(x, shift);
  uint64_t rest[5] = {body.limb[0], body.limb[1], body.limb[2], body.limb[3], shift ? x.limb[3] >> (64 - shift) : 0};
  const uint64_t top = d.limb[limbs - 1], next = d.limb[limbs - 2], reciprocal = word_reciprocal(top);
  word256 quotient = {{0, 0, 0, 0}};
  for (int i = 4 - limbs; i >= 0; i--) {
    // The estimate from the two highest limbs is at most 2 too large; the third corrects it to at most 1.
    uint64_t estimate, left;
    word128 remainder;
    if (rest[i + limbs] >= top) {
      estimate = ~0ull;
      remainder = (word128)rest[i + limbs - 1] + top + ((word128)(rest[i + limbs] - top) << 64);
    } else {
      estimate = word_divide_step(rest[i + limbs], rest[i + limbs - 1], top, reciprocal, &left);
      remainder = left;
    }
    while (remainder >> 64 == 0 && (word128)estimate * next > (remainder << 64 | rest[i + limbs - 2])) {
      estimate--;
      remainder += top;
    }
    uint64_t borrow = 0, carry = 0;
    for (int j = 0; j < limbs; j++) {
      const word128 product = (word128)estimate * d.limb[j] + carry;
      carry = (uint64_t)(product >> 64);
      const word128 part = (word128)rest[i + j] - (uint64_t)product - borrow;
      rest[i + j] = (uint64_t)part;
      borrow = (uint64_t)(part >> 64) & 1;
    }
    const word128 part = (word128)rest[i + limbs] - carry - borrow;
    rest[i + limbs] = (uint64_t)part;
    if (part >> 64 & 1) {
      estimate--;
      word128 sum = 0;
      for (int j = 0; j < limbs; j++) {
        sum += (word128)rest[i + j] + d.limb[j];
        rest[i + j] = (uint64_t)sum;
        sum >>= 64;
      }
      rest[i + limbs] += (uint64_t)sum;
    }
    quotient.limb[i] = estimate;
  }
  return quotient;
}

/// The signed quotient, truncated toward zero.
INLINE word256 word_divide_signed(word256 x, word256 divisor) {
  const word256 quotient = word_divide(word_magnitude(x), word_magnitude(divisor));
  return word_is_negative(x) != word_is_negative(divisor) ? word_negate(quotient) : quotient;
}
INLINE word256 word_divide_signed_by_limb(word256 x, uint64_t divisor) {
  const word256 quotient = word_divide_by_limb(word_magnitude(x), divisor);
  return word_is_negative(x) ? word_negate(quotient) : quotient;
}

/// The signed sum; `*fits` becomes 0 when it is outside int256.
INLINE word256 word_add_checked(word256 a, word256 b, int *fits) {
  const word256 sum = word_add(a, b);
  if (word_is_negative(a) == word_is_negative(b) && word_is_negative(sum) != word_is_negative(a)) *fits = 0;
  return sum;
}
/// The signed product; `*fits` becomes 0 when it is outside int256.
INLINE word256 word_multiply_checked(word256 a, word256 b, int *fits) {
  const word256 x = word_magnitude(a), y = word_magnitude(b);
  uint64_t wide[8] = {0};
  for (int i = 0; i < 4; i++) {
    uint64_t carry = 0;
    for (int j = 0; j < 4; j++) {
      const word128 part = (word128)x.limb[i] * y.limb[j] + wide[i + j] + carry;
      wide[i + j] = (uint64_t)part;
      carry = (uint64_t)(part >> 64);
    }
    wide[i + 4] = carry;
  }
  const word256 magnitude = {{wide[0], wide[1], wide[2], wide[3]}};
  const int negative = word_is_negative(a) != word_is_negative(b) && !word_is_zero(magnitude);
  const word256 product = negative ? word_negate(magnitude) : magnitude;
  if (wide[4] | wide[5] | wide[6] | wide[7] || (!word_is_zero(product) && word_is_negative(product) != negative)) *fits = 0;
  return product;
}

/// floor(sqrt(x)), unsigned.
INLINE word256 word_square_root(word256 x) {
  if (word_is_zero(x)) return x;
  // A start above the root from the highest bits, Newton's steps from above, each about doubling the digits that are right.
  const int bits = 256 - word_leading_zeros(x), even = (bits + 1) & ~1;
  const uint64_t head = even > 62 ? word_shift_right(x, even - 62).limb[0] : x.limb[0] << (62 - even);
  const uint64_t start = (uint64_t)__builtin_elementwise_sqrt((double)head) + 2;
  word256 root = even > 62 ? word_shift_left(word_from_u64(start), (even - 62) / 2)
                           : word_from_u64((start >> ((62 - even) / 2)) + 1);
  for (;;) {
    const word256 next = word_shift_right(word_add(root, word_divide(x, root)), 1);
    if (word_compare(next, root) >= 0) return root;
    root = next;
  }
}

#endif
