// Exact sums of binary64 values, rounded once: the same bits for any order, split or machine.
//
// A row is one group: `values` holds binary64 numbers, `accumulators` the exact states of earlier sums to merge, either may be
// empty. Out come the exact state and the sum rounded to nearest, ties to even. A state is a two's-complement fixed-point number
// of 34 little-endian 64-bit limbs whose unit is 2^-1074, then one limb of flags: bit 0 a NaN was added, bit 1 +infinity,
// bit 2 -infinity. States are canonical, so equal sums have equal bytes. An exact zero rounds to +0; infinities of both signs or
// a NaN give the canonical NaN. A message whose length does not fit has the verdict `malformed-row`, a zero state and a NaN sum.
//
// Method: the small superaccumulator of R. M. Neal, "Fast exact summation using small and large superaccumulators" (2015).

#if DIALECT_ROWS

#if defined(__OPENCL_VERSION__)
#define SUM_LEADING_ZEROS(x) ((int)clz(x))
#else
#define SUM_LEADING_ZEROS(x) __builtin_clz(x)
#endif

enum {
  SUM_LIMBS = 34,
  SUM_STATE = 8 * (SUM_LIMBS + 1),
  SUM_DIGITS = 2 * SUM_LIMBS,
  // A digit holds 32 bits of the number and up to this many additions of less than 2^32 before carries must move on.
  SUM_ADDITIONS = 1 << 29,
  SUM_NAN = 1,
  SUM_POSITIVE = 2,
  SUM_NEGATIVE = 4,
};

/// The number while values are added: signed digits of weight 2^(32 i - 1074), carries pending.
typedef struct sum_digits {
  int64_t digit[SUM_DIGITS];
  uint64_t flags;
} sum_digits;

/// Eight little-endian bytes of a message, which starts anywhere.
INLINE uint64_t sum_load(GLOBAL const uint8_t *bytes) {
#if DIALECT_OPENCL
  uint64_t word = 0;
  for (int i = 7; i >= 0; i--) word = word << 8 | bytes[i];
  return word;
#else
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
  return word;
#endif
}

/// Adds the binary64 number of these bits.
INLINE void sum_add(sum_digits *sum, uint64_t bits) {
  const int exponent = (int)(bits >> 52 & 0x7FF);
  uint64_t mantissa = bits & 0xFFFFFFFFFFFFFull;
  if (exponent == 0x7FF) {
    sum->flags |= mantissa ? SUM_NAN : bits >> 63 ? SUM_NEGATIVE : SUM_POSITIVE;
    return;
  }
  if (exponent) mantissa |= 1ull << 52;
  // The value is mantissa * 2^(position - 1074).
  const int position = exponent ? exponent - 1 : 0;
  const int at = position >> 5, shift = position & 31;
  const uint64_t low = mantissa << shift, high = shift ? mantissa >> (64 - shift) : 0;
  const int64_t parts[3] = {(int64_t)(low & 0xFFFFFFFF), (int64_t)(low >> 32), (int64_t)high};
  const int64_t sign = -(int64_t)(bits >> 63);
  for (int i = 0; i < 3; i++) sum->digit[at + i] += (parts[i] ^ sign) - sign;
}

/// Moves carries up, leaving digits of 32 bits below a signed top digit.
INLINE void sum_carry(sum_digits *sum) {
  int64_t carry = 0;
  for (int i = 0; i < SUM_DIGITS - 1; i++) {
    const int64_t value = sum->digit[i] + carry;
    carry = value >> 32;
    sum->digit[i] = value & 0xFFFFFFFF;
  }
  sum->digit[SUM_DIGITS - 1] += carry;
}

/// Adds a state. Its limbs go in as digits; the top one keeps the sign.
INLINE void sum_merge(sum_digits *sum, GLOBAL const uint8_t *state) {
  for (int i = 0; i < SUM_LIMBS; i++) {
    const uint64_t limb = sum_load(state + 8 * i);
    sum->digit[2 * i] += (int64_t)(limb & 0xFFFFFFFF);
    sum->digit[2 * i + 1] += i == SUM_LIMBS - 1 ? (int64_t)limb >> 32 : (int64_t)(limb >> 32);
  }
  sum->flags |= sum_load(state + 8 * SUM_LIMBS) & (SUM_NAN | SUM_POSITIVE | SUM_NEGATIVE);
}

/// Rounds carried digits to nearest, ties to even: the bits of the number.
CALLED uint64_t sum_round(const sum_digits *sum) {
  uint64_t bits;
  if (sum->flags & SUM_NAN || (sum->flags & SUM_POSITIVE && sum->flags & SUM_NEGATIVE)) {
    bits = 0x7FF8000000000000ull;
  } else if (sum->flags) {
    bits = sum->flags & SUM_POSITIVE ? 0x7FF0000000000000ull : 0xFFF0000000000000ull;
  } else {
    // The magnitude in 32-bit digits.
    const int negative = sum->digit[SUM_DIGITS - 1] < 0;
    uint32_t digit[SUM_DIGITS + 2] = {0};
    uint64_t carry = (uint64_t)negative;
    for (int i = 0; i < SUM_DIGITS; i++) {
      carry += (uint32_t)sum->digit[i] ^ (negative ? 0xFFFFFFFFu : 0);
      digit[i] = (uint32_t)carry;
      carry >>= 32;
    }
    int top = SUM_DIGITS - 1;
    while (top >= 0 && digit[top] == 0) top--;
    if (top < 0) {
      bits = 0;
    } else {
      const int length = 32 * top + 32 - SUM_LEADING_ZEROS(digit[top]);
      // Below 53 bits everything is exact and, as a number of units of 2^-1074, already the bit pattern.
      const int drop = length > 53 ? length - 53 : 0;
      const int at = drop >> 5, shift = drop & 31;
      uint64_t mantissa = ((uint64_t)digit[at + 1] << 32 | digit[at]) >> shift;
      if (shift) mantissa |= (uint64_t)digit[at + 2] << (64 - shift);
      mantissa &= 0x1FFFFFFFFFFFFFull;
      if (drop) {
        const int highest = drop - 1;
        const int is_half = digit[highest >> 5] >> (highest & 31) & 1;
        uint32_t below = digit[highest >> 5] & ((1u << (highest & 31)) - 1);
        for (int i = 0; i < highest >> 5; i++) below |= digit[i];
        mantissa += (uint64_t)(is_half && (below || mantissa & 1));
      }
      // A mantissa that rounded up to 2^53 carries into the exponent by itself.
      bits = mantissa + ((uint64_t)drop << 52);
      if (bits > 0x7FF0000000000000ull) bits = 0x7FF0000000000000ull;
      bits |= (uint64_t)negative << 63;
    }
  }
  return bits;
}

/// Stores eight little-endian bytes.
INLINE void sum_store_word(GLOBAL uint8_t *bytes, uint64_t word) {
#if DIALECT_OPENCL
  for (int i = 0; i < 8; i++) bytes[i] = (uint8_t)(word >> 8 * i);
#else
  memcpy(bytes, &word, sizeof word);
#endif
}

INLINE void sum_store(const sum_digits *sum, GLOBAL uint8_t *state) {
  for (int i = 0; i < SUM_LIMBS; i++) {
    sum_store_word(state + 8 * i, (uint64_t)sum->digit[2 * i] | (uint64_t)sum->digit[2 * i + 1] << 32);
  }
  sum_store_word(state + 8 * SUM_LIMBS, sum->flags);
}

#define ASSAY_PROVIDES_exact_sum ASSAY_YES
KERNEL(exact_sum) {
  const assay_exact_sum_columns *c = COLUMNS(exact_sum);
  for (int64_t row = first; row < end; row++) {
    GLOBAL const uint8_t *values = (GLOBAL const uint8_t *)c->values.data + c->values.offsets[row];
    GLOBAL const uint8_t *states = (GLOBAL const uint8_t *)c->accumulators.data + c->accumulators.offsets[row];
    const int64_t value_bytes = c->values.offsets[row + 1] - c->values.offsets[row];
    const int64_t state_bytes = c->accumulators.offsets[row + 1] - c->accumulators.offsets[row];
    sum_digits sum = {{0}, 0};
    const int malformed = value_bytes % 8 != 0 || state_bytes % SUM_STATE != 0;
    if (malformed) {
      sum.flags = SUM_NAN;
    } else {
      int64_t additions = 0;
      for (int64_t at = 0; at < state_bytes; at += SUM_STATE) {
        sum_merge(&sum, states + at);
        sum_carry(&sum);
      }
      for (int64_t at = 0; at < value_bytes; at += 8) {
        sum_add(&sum, sum_load(values + at));
        if (++additions % SUM_ADDITIONS == 0) sum_carry(&sum);
      }
      sum_carry(&sum);
    }
    sum_store_word((GLOBAL uint8_t *)c->sum.data + 8 * row, sum_round(&sum));
    if (malformed) sum.flags = 0;
    sum_store(&sum, (GLOBAL uint8_t *)c->accumulator.data + SUM_STATE * row);
    ((GLOBAL uint8_t *)c->verdict.data)[row] = malformed ? ASSAY_REASON_malformedRow : ASSAY_ACCEPTED;
  }
}

#endif
