// 1 / x modulo an odd number of up to 256 bits, in variable time: the divsteps of D. J. Bernstein and B.-Y. Yang, Fast constant-time gcd
// computation and modular inversion (2019/266), 62 at a time on the low words and then on the whole numbers, several zeros a step
// as P. Wuille describes for libsecp256k1 (doc/safegcd_implementation.md). About 1 us. One inversion serves a chunk of rows.
#ifndef ASSAY_INVERSE62_H
#define ASSAY_INVERSE62_H

#include <stdint.h>
#include <string.h>

/// A signed number in five limbs of 62 bits, the top one with the sign.
typedef struct inverse62_number {
  int64_t limb[5];
} inverse62_number;

typedef struct inverse62_modulus {
  inverse62_number m;
  /// 1 / m modulo 2^62.
  uint64_t inverse;
} inverse62_modulus;

/// The product of 62 divsteps, 2^62 times: f' = (u f + v g), g' = (q f + r g).
typedef struct inverse62_matrix {
  int64_t u, v, q, r;
} inverse62_matrix;

static const uint64_t inverse62_mask = UINT64_MAX >> 2;

static inverse62_number inverse62_from_words(const uint64_t w[4]) {
  return (inverse62_number){{(int64_t)(w[0] & inverse62_mask), (int64_t)((w[0] >> 62 | w[1] << 2) & inverse62_mask),
                             (int64_t)((w[1] >> 60 | w[2] << 4) & inverse62_mask),
                             (int64_t)((w[2] >> 58 | w[3] << 6) & inverse62_mask), (int64_t)(w[3] >> 56)}};
}
static void inverse62_to_words(const inverse62_number *a, uint64_t w[4]) {
  const int64_t *l = a->limb;
  w[0] = (uint64_t)l[0] | (uint64_t)l[1] << 62, w[1] = (uint64_t)l[1] >> 2 | (uint64_t)l[2] << 60;
  w[2] = (uint64_t)l[2] >> 4 | (uint64_t)l[3] << 58, w[3] = (uint64_t)l[3] >> 6 | (uint64_t)l[4] << 56;
}

__attribute__((unused)) static inverse62_modulus inverse62_prepare(const uint64_t m[4]) {
  // Newton's iteration doubles the right bits: m itself is right to 3.
  uint64_t inverse = m[0];
  for (int bits = 3; bits < 62; bits *= 2) inverse *= 2 - m[0] * inverse;
  return (inverse62_modulus){inverse62_from_words(m), inverse & inverse62_mask};
}

/// 62 divsteps of the low words of f and g. `eta` is minus the papers' delta.
static int64_t inverse62_steps(int64_t eta, uint64_t f, uint64_t g, inverse62_matrix *matrix) {
  uint64_t u = 1, v = 0, q = 0, r = 1;
  int left = 62;
  for (;;) {
    // Halvings of g, all that are in a row.
    const int zeros = __builtin_ctzll(g | UINT64_MAX << left);
    g >>= zeros, u <<= zeros, v <<= zeros;
    eta -= zeros, left -= zeros;
    if (left == 0) break;
    const int swaps = eta < 0;
    if (swaps) {
      uint64_t t = f;
      eta = -eta;
      f = g, g = 0 - t;
      t = u, u = q, q = 0 - t;
      t = v, v = r, r = 0 - t;
    }
    // A multiple of f that makes the low bits of g zero: as many as no swap can come between, no more than 6 or 4.
    const int limit = (int)eta + 1 < left ? (int)eta + 1 : left;
    const uint64_t low = UINT64_MAX >> (64 - limit);
    const uint64_t multiple = swaps ? f * g * (f * f - 2) & low & 63 : (0 - (f + ((f + 1 & 4) << 1))) * g & low & 15;
    g += f * multiple, q += u * multiple, r += v * multiple;
  }
  *matrix = (inverse62_matrix){(int64_t)u, (int64_t)v, (int64_t)q, (int64_t)r};
  return eta;
}

/// (a, b) = ((u a + v b), (q a + r b)) / 2^62, exactly; modulo m, by adding multiples of it, when `m` is not null.
static void inverse62_apply(inverse62_number *a, inverse62_number *b, const inverse62_matrix *t, const inverse62_modulus *m) {
  typedef __int128 wide;
  int64_t ma = 0, mb = 0;
  wide x = (wide)t->u * a->limb[0] + (wide)t->v * b->limb[0], y = (wide)t->q * a->limb[0] + (wide)t->r * b->limb[0];
  if (m != NULL) {
    // m itself for negative numbers, then what makes the low 62 bits zero.
    const int64_t sa = a->limb[4] >> 63, sb = b->limb[4] >> 63;
    ma = (t->u & sa) + (t->v & sb), mb = (t->q & sa) + (t->r & sb);
    ma -= (int64_t)((m->inverse * (uint64_t)x + (uint64_t)ma) & inverse62_mask);
    mb -= (int64_t)((m->inverse * (uint64_t)y + (uint64_t)mb) & inverse62_mask);
    x += (wide)m->m.limb[0] * ma, y += (wide)m->m.limb[0] * mb;
  }
  x >>= 62, y >>= 62;
  for (int i = 1; i < 5; i++) {
    x += (wide)t->u * a->limb[i] + (wide)t->v * b->limb[i], y += (wide)t->q * a->limb[i] + (wide)t->r * b->limb[i];
    if (m != NULL) x += (wide)m->m.limb[i] * ma, y += (wide)m->m.limb[i] * mb;
    a->limb[i - 1] = (int64_t)((uint64_t)x & inverse62_mask), b->limb[i - 1] = (int64_t)((uint64_t)y & inverse62_mask);
    x >>= 62, y >>= 62;
  }
  a->limb[4] = (int64_t)x, b->limb[4] = (int64_t)y;
}

/// Adds m to a negative number, then negates when `negate` is not 0.
static void inverse62_normalize(inverse62_number *a, int negate, const inverse62_modulus *m) {
  const int64_t sign = a->limb[4] >> 63;
  for (int i = 0; i < 5; i++) {
    a->limb[i] += m->m.limb[i] & sign;
    if (negate) a->limb[i] = -a->limb[i];
  }
  for (int i = 0; i < 4; i++) a->limb[i + 1] += a->limb[i] >> 62, a->limb[i] &= (int64_t)inverse62_mask;
}

/// `x` is below m; 0 gives 0.
__attribute__((unused)) static void inverse62(const inverse62_modulus *m, const uint64_t x[4], uint64_t inverse[4]) {
  inverse62_number d = {{0}}, e = {{1}}, f = m->m, g = inverse62_from_words(x);
  int64_t eta = -1;
  while ((g.limb[0] | g.limb[1] | g.limb[2] | g.limb[3] | g.limb[4]) != 0) {
    inverse62_matrix t;
    eta = inverse62_steps(eta, (uint64_t)f.limb[0] | (uint64_t)f.limb[1] << 62, (uint64_t)g.limb[0] | (uint64_t)g.limb[1] << 62, &t);
    inverse62_apply(&d, &e, &t, m);
    inverse62_apply(&f, &g, &t, NULL);
  }
  // f is 1 or -1, and d is between -2 m and m.
  inverse62_normalize(&d, f.limb[4] < 0, m);
  inverse62_normalize(&d, 0, m);
  inverse62_to_words(&d, inverse);
}
#endif
