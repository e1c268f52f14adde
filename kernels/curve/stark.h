// The STARK curve: y^2 = x^3 + x + beta over the field of 2^251 + 17 2^192 + 1, and curves that become it over a larger field.
#ifndef ASSAY_CURVE_STARK_H
#define ASSAY_CURVE_STARK_H

#include "field/limbs.h"
#include "field/stark.constants.h"

#define LIMBS 4
#define FIELD stark_fp
#include "field/prime_field.inc.h"
#undef FIELD
#define FIELD stark_fr
#include "field/prime_field.inc.h"
#undef FIELD
#undef LIMBS

#include "curve/stark.constants.h"

/// Jacobian coordinates: x = X / Z^2, y = Y / Z^3; Z = 0 is infinity.
typedef struct stark_point {
  stark_fp x, y, z;
} stark_point;

typedef struct stark_affine {
  stark_fp x, y;
} stark_affine;

INLINE int stark_is_infinity(const stark_point *p) { return stark_fp_is_zero(&p->z); }

INLINE void stark_set_infinity(stark_point *r) {
  stark_fp_set_one(&r->x);
  stark_fp_set_one(&r->y);
  stark_fp_set_zero(&r->z);
}

INLINE void stark_from_affine(stark_point *r, const stark_affine *p) {
  r->x = p->x;
  r->y = p->y;
  stark_fp_set_one(&r->z);
}

/// r = 2 p on y^2 = x^3 + a x + b (dbl-2007-bl of the Explicit-Formulas Database).
LIMBS_FUNCTION void stark_dbl(stark_point *r, const stark_point *p, const stark_fp *a) {
  stark_fp xx, yy, yyyy, zz, s, m, t;
  stark_fp_sqr(&xx, &p->x);
  stark_fp_sqr(&yy, &p->y);
  stark_fp_sqr(&yyyy, &yy);
  stark_fp_sqr(&zz, &p->z);
  stark_fp_add(&s, &p->x, &yy);
  stark_fp_sqr(&s, &s);
  stark_fp_sub(&s, &s, &xx);
  stark_fp_sub(&s, &s, &yyyy);
  stark_fp_dbl(&s, &s);
  stark_fp_sqr(&m, &zz);
  stark_fp_mul(&m, &m, a);
  stark_fp_dbl(&t, &xx);
  stark_fp_add(&t, &t, &xx);
  stark_fp_add(&m, &m, &t);
  // Z3 before the others: r may be p.
  stark_fp_add(&t, &p->y, &p->z);
  stark_fp_sqr(&t, &t);
  stark_fp_sub(&t, &t, &yy);
  stark_fp_sub(&r->z, &t, &zz);
  stark_fp_sqr(&t, &m);
  stark_fp_sub(&t, &t, &s);
  stark_fp_sub(&r->x, &t, &s);
  stark_fp_sub(&t, &s, &r->x);
  stark_fp_mul(&t, &t, &m);
  stark_fp_dbl(&yyyy, &yyyy);
  stark_fp_dbl(&yyyy, &yyyy);
  stark_fp_dbl(&yyyy, &yyyy);
  stark_fp_sub(&r->y, &t, &yyyy);
}

/// r = p + q, complete (add-2007-bl).
LIMBS_FUNCTION void stark_add(stark_point *r, const stark_point *p, const stark_point *q, const stark_fp *a) {
  if (stark_is_infinity(p)) {
    *r = *q;
    return;
  }
  if (stark_is_infinity(q)) {
    *r = *p;
    return;
  }
  stark_fp z1, z2, u1, u2, s1, s2, h, i, j, v, t, z;
  stark_fp_sqr(&z1, &p->z);
  stark_fp_sqr(&z2, &q->z);
  stark_fp_mul(&u1, &p->x, &z2);
  stark_fp_mul(&u2, &q->x, &z1);
  stark_fp_mul(&s1, &p->y, &q->z);
  stark_fp_mul(&s1, &s1, &z2);
  stark_fp_mul(&s2, &q->y, &p->z);
  stark_fp_mul(&s2, &s2, &z1);
  stark_fp_sub(&h, &u2, &u1);
  stark_fp_sub(&t, &s2, &s1);
  if (stark_fp_is_zero(&h)) {
    if (stark_fp_is_zero(&t)) {
      stark_dbl(r, p, a);
    } else {
      stark_set_infinity(r);
    }
    return;
  }
  stark_fp_mul(&z, &p->z, &q->z);
  stark_fp_dbl(&z, &z);
  stark_fp_mul(&z, &z, &h);
  stark_fp_dbl(&i, &h);
  stark_fp_sqr(&i, &i);
  stark_fp_mul(&j, &h, &i);
  stark_fp_dbl(&t, &t);
  stark_fp_mul(&v, &u1, &i);
  stark_fp_sqr(&r->x, &t);
  stark_fp_sub(&r->x, &r->x, &j);
  stark_fp_sub(&r->x, &r->x, &v);
  stark_fp_sub(&r->x, &r->x, &v);
  stark_fp_sub(&v, &v, &r->x);
  stark_fp_mul(&v, &v, &t);
  stark_fp_mul(&s1, &s1, &j);
  stark_fp_dbl(&s1, &s1);
  stark_fp_sub(&r->y, &v, &s1);
  r->z = z;
}

/// x and y of a point that is not infinity.
LIMBS_FUNCTION void stark_to_affine(stark_affine *r, const stark_point *p) {
  stark_fp inverse, square;
  stark_fp_inv(&inverse, &p->z);
  stark_fp_sqr(&square, &inverse);
  stark_fp_mul(&r->x, &p->x, &square);
  stark_fp_mul(&square, &square, &inverse);
  stark_fp_mul(&r->y, &p->y, &square);
}

/// r = k p for k of 252 bits, four bits at a time, on y^2 = x^3 + a x + b.
LIMBS_FUNCTION void stark_mul(stark_point *r, const stark_affine *p, const uint64_t k[4], const stark_fp *a) {
  stark_point table[15];
  stark_from_affine(&table[0], p);
  for (int i = 1; i < 15; i++) {
    if (i & 1) {
      stark_dbl(&table[i], &table[i / 2], a);
    } else {
      stark_add(&table[i], &table[i - 1], &table[0], a);
    }
  }
  stark_set_infinity(r);
  for (int shift = 248; shift >= 0; shift -= 4) {
    for (int i = 0; i < 4; i++) stark_dbl(r, r, a);
    const int digit = (int)(k[shift / 64] >> (shift % 64) & 15);
    if (digit) stark_add(r, r, &table[digit - 1], a);
  }
}

/// c = x^3 + x + beta.
LIMBS_FUNCTION void stark_square_of_y(stark_fp *c, const stark_fp *x) {
  static const stark_fp beta = STARK_BETA;
  stark_fp_sqr(c, x);
  stark_fp_mul(c, c, x);
  stark_fp_add(c, c, x);
  stark_fp_add(c, c, &beta);
}

/// Whether a is the square of something but zero.
LIMBS_FUNCTION int stark_is_square(const stark_fp *a) {
  // (p - 1) / 2 = 2^250 + 17 2^191
  static const uint64_t half[4] = {0, 0, (uint64_t)1 << 63, ((uint64_t)1 << 58) + 8};
  stark_fp t;
  stark_fp_pow(&t, a, half, 4);
  return stark_fp_is_one(&t);
}

#endif
