// Error-free slicing of binary64 numbers for exact matrix products, shared by the portable kernel and the OpenBLAS one.
//
// A vector of k numbers is scaled by a power of two to at most 2^b in size, b = (53 - ceil(log2 k)) / 2, and cut into three
// slices of integers of at most b bits. Every sum of k products of two slices is then an integer below 2^53, so binary64 holds
// it exactly in any order, with or without fma, on any BLAS. K. Ozaki, T. Ogita, S. Oishi, S. M. Rump, "Error-free
// transformations of matrix multiplication by using fast routines of matrix multiplication" (2012).
#ifndef ASSAY_RISK_SLICES_H
#define ASSAY_RISK_SLICES_H

#include <stdint.h>
#include <string.h>

enum { SLICES = 3, SLICE_COLUMNS = 32, SLICE_MAX_TERMS = 1 << 20 };

/// Number `index` of a message, which may lie at any address.
static inline double slice_number(const uint8_t *numbers, int64_t index) {
  double number;
  memcpy(&number, numbers + 8 * index, sizeof number);
  return number;
}

/// The number, or the one NaN that results hold.
static inline double slice_canonical(double x) {
  const uint64_t nan = 0x7FF8000000000000ull;
  if (x != x) memcpy(&x, &nan, sizeof x);
  return x;
}

/// The terms of a product by the matrix `right` of `bytes` bytes; 0 where it is empty, too long or not whole rows.
static inline int64_t slice_terms(int64_t bytes) {
  const int64_t terms = bytes / (8 * SLICE_COLUMNS);
  return bytes % (8 * SLICE_COLUMNS) == 0 && terms <= SLICE_MAX_TERMS ? terms : 0;
}

/// Bits of a slice for sums of `terms` products.
static inline int slice_bits(int64_t terms) {
  int log = 0;
  while ((int64_t)1 << log < terms) log++;
  return (53 - log) / 2;
}

/// x * 2^n by two exact steps where the result is in range.
static inline double slice_scale(double x, int n) {
  // Factors stay normal numbers; what is scaled down further is zero either way.
  if (n < -2044) n = -2044;
  const int half = n / 2, rest = n - half;
  const uint64_t bits[2] = {(uint64_t)(half + 1023) << 52, (uint64_t)(rest + 1023) << 52};
  double factor[2];
  memcpy(factor, bits, sizeof factor);
  return x * factor[0] * factor[1];
}

/// The least e with |x| < 2^e, at least -1074; 2000 when x is infinite or NaN, -2000 for zero.
static inline int slice_exponent(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  bits &= 0x7FFFFFFFFFFFFFFFull;
  const int field = (int)(bits >> 52);
  if (field == 0x7FF) return 2000;
  if (field) return field - 1022;
  return bits ? 64 - __builtin_clzll(bits) - 1074 : -2000;
}

/// The scale of every column of `right`.
static inline void slice_column_exponents(const uint8_t *right, int64_t terms, int exponent[SLICE_COLUMNS]) {
  for (int j = 0; j < SLICE_COLUMNS; j++) exponent[j] = -2000;
  for (int64_t l = 0; l < terms; l++) {
    for (int j = 0; j < SLICE_COLUMNS; j++) {
      const int e = slice_exponent(slice_number(right, l * SLICE_COLUMNS + j));
      exponent[j] = exponent[j] > e ? exponent[j] : e;
    }
  }
}

/// The scale of a row.
static inline int slice_row_exponent(const uint8_t *left, int64_t terms) {
  int exponent = -2000;
  for (int64_t l = 0; l < terms; l++) {
    const int e = slice_exponent(slice_number(left, l));
    exponent = exponent > e ? exponent : e;
  }
  return exponent;
}

/// Cuts x, below 2^exponent in size, into integers: x ~ (s0 + s1 2^-b + s2 2^-2b) 2^(exponent - b).
static inline void slice_cut(double x, int exponent, int bits, double slice[SLICES]) {
  // Adding and taking off 1.5 * 2^52 rounds to an integer, ties to even.
  const double magic = 0x1.8p52, step = (double)(1 << bits);
  double rest = exponent < -1500 ? 0 : slice_scale(x, bits - exponent);
  for (int i = 0; i < SLICES; i++) {
    slice[i] = (rest + magic) - magic;
    rest = (rest - slice[i]) * step;
  }
}

/// The sums of products of slices of one element of the result, by weight: 0 x 0; 0 x 1 and 1 x 0; 0 x 2 and 2 x 0; 1 x 1.
typedef struct slice_sums {
  double high, middle, low, square;
} slice_sums;

/// Combines exact sums, largest first with their error kept, and scales back.
static inline double slice_combine(slice_sums sums, int left_exponent, int right_exponent, int bits) {
  if (left_exponent < -1500 || right_exponent < -1500) return 0;
  const double unit = slice_scale(1, -bits);
  const double second = sums.middle * unit;
  const double sum = sums.high + second;
  const double back = sum - sums.high;
  const double error = (sums.high - (sum - back)) + (second - back);
  const double third = (sums.low + sums.square) * unit * unit;
  return slice_scale(sum + (error + third), left_exponent + right_exponent - 2 * bits);
}

/// The element in column `j` in plain order, for rows and columns that cannot be sliced.
static inline double slice_in_order(const uint8_t *left, const uint8_t *right, int64_t terms, int j) {
  double sum = 0;
  for (int64_t l = 0; l < terms; l++) {
    sum = __builtin_fma(slice_number(left, l), slice_number(right, l * SLICE_COLUMNS + j), sum);
  }
  return slice_canonical(sum);
}

#endif
