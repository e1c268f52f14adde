// Points of edwards25519 and the sum s B + k A that every verification rule needs. Variable time: inputs are public.
//
// H. Hisil, K. Wong, G. Carter, E. Dawson: Twisted Edwards Curves Revisited (2008), extended coordinates for a = -1: complete
// formulas, so that no input is an exception. J. Solinas: Efficient arithmetic on Koblitz curves (2000), width-w NAF.
#ifndef ASSAY_ED25519_POINT_H
#define ASSAY_ED25519_POINT_H

#include "signature/ed25519_encoding.h"

/// x = X / Z, y = Y / Z, and T = X Y / Z where an addition follows.
typedef struct ed25519_point {
  ed25519_field X, Y, Z, T;
} ed25519_point;

/// A point prepared for additions: Y + X, Y - X, 2 d T and 2 Z.
typedef struct ed25519_prepared {
  ed25519_field sum, difference, product, twice_z;
} ed25519_prepared;

/// The same for a point with Z = 1.
typedef struct ed25519_affine {
  ed25519_field sum, difference, product;
} ed25519_affine;

#include "signature/ed25519_base_table.h"

static const ed25519_field ed25519_2d = {{0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052, 0x6738cc7407977, 0x2406d9dc56dff}};

/// 2 P. The extra product T is left out unless an addition follows.
INLINE void ed25519_double(ed25519_point *p, int with_t) {
  const ed25519_field a = ed25519_square(p->X), b = ed25519_square(p->Y), z2 = ed25519_square(p->Z);
  const ed25519_field h = ed25519_add(a, b);
  const ed25519_field e = ed25519_subtract(ed25519_square(ed25519_add(p->X, p->Y)), h);
  const ed25519_field g = ed25519_subtract(b, a);
  // The usual F and H are negated here, which negates X, Y and Z together.
  const ed25519_field f = ed25519_subtract(ed25519_add(ed25519_add(z2, z2), a), b);
  p->X = ed25519_multiply(e, f);
  p->Y = ed25519_multiply(g, h);
  p->Z = ed25519_multiply(f, g);
  if (with_t) p->T = ed25519_multiply(e, h);
}

/// The end of every addition, from a = (Y1 - X1)(Y2 - X2), b = (Y1 + X1)(Y2 + X2), c = 2 d T1 T2 and d = 2 Z1 Z2.
INLINE void ed25519_finish_addition(ed25519_point *p, ed25519_field a, ed25519_field b, ed25519_field f, ed25519_field g,
                                    int with_t) {
  const ed25519_field e = ed25519_subtract(b, a), h = ed25519_add(b, a);
  p->X = ed25519_multiply(e, f);
  p->Y = ed25519_multiply(g, h);
  p->Z = ed25519_multiply(f, g);
  if (with_t) p->T = ed25519_multiply(e, h);
}

/// P + Q, or P - Q when `negative`: -Q swaps y + x with y - x and negates T.
INLINE void ed25519_add_point(ed25519_point *p, const ed25519_prepared *q, int negative, int with_t) {
  const ed25519_field a = ed25519_multiply(ed25519_subtract(p->Y, p->X), negative ? q->sum : q->difference);
  const ed25519_field b = ed25519_multiply(ed25519_add(p->Y, p->X), negative ? q->difference : q->sum);
  const ed25519_field c = ed25519_multiply(p->T, q->product), d = ed25519_multiply(p->Z, q->twice_z);
  const ed25519_field minus = ed25519_subtract(d, c), plus = ed25519_add(d, c);
  ed25519_finish_addition(p, a, b, negative ? plus : minus, negative ? minus : plus, with_t);
}

INLINE void ed25519_add_affine(ed25519_point *p, const ed25519_affine *q, int negative) {
  const ed25519_field a = ed25519_multiply(ed25519_subtract(p->Y, p->X), negative ? q->sum : q->difference);
  const ed25519_field b = ed25519_multiply(ed25519_add(p->Y, p->X), negative ? q->difference : q->sum);
  const ed25519_field c = ed25519_multiply(p->T, q->product), d = ed25519_add(p->Z, p->Z);
  const ed25519_field minus = ed25519_subtract(d, c), plus = ed25519_add(d, c);
  ed25519_finish_addition(p, a, b, negative ? plus : minus, negative ? minus : plus, 0);
}

INLINE ed25519_prepared ed25519_prepare(const ed25519_point *p) {
  return (ed25519_prepared){ed25519_add(p->Y, p->X), ed25519_subtract(p->Y, p->X), ed25519_multiply(p->T, ed25519_2d),
                            ed25519_add(p->Z, p->Z)};
}

/// The odd multiples 1, 3, ... 15 of a point.
static void ed25519_odd_multiples(const ed25519_point *p, ed25519_prepared table[8]) {
  ed25519_point sum = *p;
  ed25519_double(&sum, 1);
  const ed25519_prepared twice = ed25519_prepare(&sum);
  sum = *p;
  table[0] = ed25519_prepare(&sum);
  for (int i = 1; i < 8; i++) {
    ed25519_add_point(&sum, &twice, 0, 1);
    table[i] = ed25519_prepare(&sum);
  }
}

/// Signed odd digits below 2^(width - 1) in absolute value, the nonzero ones at least `width` places apart, of a scalar below
/// 2^253. Returns the number of places up to the highest nonzero digit.
static int ed25519_digits(const uint8_t scalar[32], int width, int8_t digit[256]) {
  uint64_t word[5] = {0};
  for (int i = 0; i < 32; i++) word[i / 8] |= (uint64_t)scalar[i] << 8 * (i % 8);
  memset(digit, 0, 256);
  int carry = 0, places = 0;
  for (int place = 0; place < 255;) {
    const int bit = (int)(word[place / 64] >> (place % 64)) & 1;
    if (bit == carry) {
      place++;
      continue;
    }
    uint64_t window = word[place / 64] >> (place % 64);
    if (place % 64 + width > 64) window |= word[place / 64 + 1] << (64 - place % 64);
    int value = (int)(window & ((1u << width) - 1)) + carry;
    carry = value >> (width - 1);
    value -= carry << width;
    digit[place] = (int8_t)value;
    places = place + 1;
    place += width;
  }
  return places;
}

/// s B + k P. The result has no T.
static ed25519_point ed25519_combine(const uint8_t s[32], const uint8_t k[32], const ed25519_point *p) {
  ed25519_prepared multiples[8];
  ed25519_odd_multiples(p, multiples);
  int8_t base_digit[256], point_digit[256];
  const int base_places = ed25519_digits(s, 8, base_digit), point_places = ed25519_digits(k, 5, point_digit);
  ed25519_point sum = {ed25519_zero, ed25519_one, ed25519_one, ed25519_zero};
  for (int i = (base_places > point_places ? base_places : point_places) - 1; i >= 0; i--) {
    const int on_base = base_digit[i], on_point = point_digit[i];
    ed25519_double(&sum, on_base != 0 || on_point != 0);
    if (on_point != 0) {
      ed25519_add_point(&sum, &multiples[(on_point < 0 ? -on_point : on_point) >> 1], on_point < 0, on_base != 0);
    }
    if (on_base != 0) {
      ed25519_add_affine(&sum, &ed25519_base_table[(on_base < 0 ? -on_base : on_base) >> 1], on_base < 0);
    }
  }
  return sum;
}

#endif
