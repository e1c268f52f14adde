// Template: points of y^2 = x^3 + b in Jacobian coordinates (x = X / Z^2, y = Y / Z^3; Z = 0 is infinity). The including file
// defines POINT (the type's name) and COORDINATE (its field's name).
//
// Formulas: dbl-2009-l, add-2007-bl, madd-2007-bl of the Explicit-Formulas Database. Additions are complete: equal,
// opposite and infinite operands give the right point. Results may alias operands.
#define C(name) LIMBS_PASTE(POINT, _##name)
#define K(name) LIMBS_PASTE(COORDINATE, _##name)

typedef struct POINT {
  COORDINATE x, y, z;
} POINT;

typedef struct C(affine) {
  COORDINATE x, y;
  uint64_t infinity;
} C(affine);

INLINE int C(is_infinity)(const POINT *a) { return K(is_zero)(&a->z); }
INLINE void C(set_infinity)(POINT *r) {
  K(set_one)(&r->x);
  K(set_one)(&r->y);
  K(set_zero)(&r->z);
}
INLINE void C(from_affine)(POINT *r, const C(affine) *a) {
  if (a->infinity) {
    C(set_infinity)(r);
    return;
  }
  r->x = a->x;
  r->y = a->y;
  K(set_one)(&r->z);
}
INLINE void C(neg)(POINT *r, const POINT *a) {
  r->x = a->x;
  r->z = a->z;
  K(neg)(&r->y, &a->y);
}
INLINE void C(affine_neg)(C(affine) *r, const C(affine) *a) {
  *r = *a;
  K(neg)(&r->y, &a->y);
}

LIMBS_FUNCTION void C(dbl)(POINT *r, const POINT *p) {
  COORDINATE a, b, c, d, e, f, t;
  K(sqr)(&a, &p->x);
  K(sqr)(&b, &p->y);
  K(sqr)(&c, &b);
  K(add)(&d, &p->x, &b);
  K(sqr)(&d, &d);
  K(sub)(&d, &d, &a);
  K(sub)(&d, &d, &c);
  K(dbl)(&d, &d);
  K(dbl)(&e, &a);
  K(add)(&e, &e, &a);
  K(sqr)(&f, &e);
  K(mul)(&t, &p->y, &p->z);
  K(dbl)(&r->z, &t);
  K(dbl)(&t, &d);
  K(sub)(&r->x, &f, &t);
  K(sub)(&t, &d, &r->x);
  K(mul)(&t, &t, &e);
  K(dbl)(&c, &c);
  K(dbl)(&c, &c);
  K(dbl)(&c, &c);
  K(sub)(&r->y, &t, &c);
}

LIMBS_FUNCTION void C(add)(POINT *r, const POINT *p, const POINT *q) {
  if (C(is_infinity)(p)) {
    *r = *q;
    return;
  }
  if (C(is_infinity)(q)) {
    *r = *p;
    return;
  }
  COORDINATE z1z1, z2z2, u1, u2, s1, s2, h, i, j, v, t, z;
  K(sqr)(&z1z1, &p->z);
  K(sqr)(&z2z2, &q->z);
  K(mul)(&u1, &p->x, &z2z2);
  K(mul)(&u2, &q->x, &z1z1);
  K(mul)(&s1, &p->y, &q->z);
  K(mul)(&s1, &s1, &z2z2);
  K(mul)(&s2, &q->y, &p->z);
  K(mul)(&s2, &s2, &z1z1);
  K(sub)(&h, &u2, &u1);
  K(sub)(&t, &s2, &s1);
  if (K(is_zero)(&h)) {
    if (K(is_zero)(&t)) {
      C(dbl)(r, p);
    } else {
      C(set_infinity)(r);
    }
    return;
  }
  K(add)(&z, &p->z, &q->z);
  K(sqr)(&z, &z);
  K(sub)(&z, &z, &z1z1);
  K(sub)(&z, &z, &z2z2);
  K(mul)(&r->z, &z, &h);
  K(dbl)(&t, &t);
  K(dbl)(&i, &h);
  K(sqr)(&i, &i);
  K(mul)(&j, &h, &i);
  K(mul)(&v, &u1, &i);
  K(sqr)(&r->x, &t);
  K(sub)(&r->x, &r->x, &j);
  K(sub)(&r->x, &r->x, &v);
  K(sub)(&r->x, &r->x, &v);
  K(sub)(&v, &v, &r->x);
  K(mul)(&v, &v, &t);
  K(mul)(&s1, &s1, &j);
  K(dbl)(&s1, &s1);
  K(sub)(&r->y, &v, &s1);
}

LIMBS_FUNCTION void C(add_affine)(POINT *r, const POINT *p, const C(affine) *q) {
  if (q->infinity) {
    *r = *p;
    return;
  }
  if (C(is_infinity)(p)) {
    C(from_affine)(r, q);
    return;
  }
  COORDINATE z1z1, u2, s2, h, hh, i, j, v, t, z, y;
  K(sqr)(&z1z1, &p->z);
  K(mul)(&u2, &q->x, &z1z1);
  K(mul)(&s2, &q->y, &p->z);
  K(mul)(&s2, &s2, &z1z1);
  K(sub)(&h, &u2, &p->x);
  K(sub)(&t, &s2, &p->y);
  if (K(is_zero)(&h)) {
    if (K(is_zero)(&t)) {
      C(dbl)(r, p);
    } else {
      C(set_infinity)(r);
    }
    return;
  }
  K(sqr)(&hh, &h);
  K(add)(&z, &p->z, &h);
  K(sqr)(&z, &z);
  K(sub)(&z, &z, &z1z1);
  K(sub)(&r->z, &z, &hh);
  K(dbl)(&t, &t);
  K(dbl)(&i, &hh);
  K(dbl)(&i, &i);
  K(mul)(&j, &h, &i);
  K(mul)(&v, &p->x, &i);
  K(mul)(&y, &p->y, &j);
  K(sqr)(&r->x, &t);
  K(sub)(&r->x, &r->x, &j);
  K(sub)(&r->x, &r->x, &v);
  K(sub)(&r->x, &r->x, &v);
  K(sub)(&v, &v, &r->x);
  K(mul)(&v, &v, &t);
  K(dbl)(&y, &y);
  K(sub)(&r->y, &v, &y);
}

/// r = k p for k = 1 followed by n binary digits.
LIMBS_FUNCTION void C(mul_digits)(POINT *r, const POINT *p, const int8_t *digits, int n) {
  POINT t = *p;
  for (int i = 0; i < n; i++) {
    C(dbl)(&t, &t);
    if (digits[i]) C(add)(&t, &t, p);
  }
  *r = t;
}
LIMBS_FUNCTION void C(mul_digits_affine)(POINT *r, const C(affine) *p, const int8_t *digits, int n) {
  C(from_affine)(r, p);
  for (int i = 0; i < n; i++) {
    C(dbl)(r, r);
    if (digits[i]) C(add_affine)(r, r, p);
  }
}

/// 1 when the two are the same point.
LIMBS_FUNCTION int C(equal)(const POINT *p, const POINT *q) {
  if (C(is_infinity)(p) || C(is_infinity)(q)) return C(is_infinity)(p) && C(is_infinity)(q);
  COORDINATE z1z1, z2z2, s, t;
  K(sqr)(&z1z1, &p->z);
  K(sqr)(&z2z2, &q->z);
  K(mul)(&s, &p->x, &z2z2);
  K(mul)(&t, &q->x, &z1z1);
  if (!K(equal)(&s, &t)) return 0;
  K(mul)(&s, &p->y, &q->z);
  K(mul)(&s, &s, &z2z2);
  K(mul)(&t, &q->y, &p->z);
  K(mul)(&t, &t, &z1z1);
  return K(equal)(&s, &t);
}

/// 1 when (x, y) satisfies the equation; infinity does not count here.
LIMBS_FUNCTION int C(on_curve)(const COORDINATE *x, const COORDINATE *y, const COORDINATE *b) {
  COORDINATE s, t;
  K(sqr)(&s, x);
  K(mul)(&s, &s, x);
  K(add)(&s, &s, b);
  K(sqr)(&t, y);
  return K(equal)(&s, &t);
}

/// values[i] = 1 / values[i] for n values other than 0, with one inversion (Montgomery's trick); `products` has room for n.
LIMBS_FUNCTION void C(invert_all)(COORDINATE *values, COORDINATE *products, int n) {
  COORDINATE inverse, t;
  K(set_one)(&inverse);
  for (int i = 0; i < n; i++) {
    products[i] = inverse;
    K(mul)(&inverse, &inverse, &values[i]);
  }
  K(inv)(&inverse, &inverse);
  for (int i = n - 1; i >= 0; i--) {
    K(mul)(&t, &inverse, &products[i]);
    K(mul)(&inverse, &inverse, &values[i]);
    values[i] = t;
  }
}

/// n <= 192 points to affine with one inversion; infinities stay infinities.
LIMBS_FUNCTION void C(to_affine)(C(affine) *r, const POINT *p, int n) {
  COORDINATE inverses[192], products[192], square;
  for (int i = 0; i < n; i++) {
    if (C(is_infinity)(&p[i])) {
      K(set_one)(&inverses[i]);
    } else {
      inverses[i] = p[i].z;
    }
  }
  C(invert_all)(inverses, products, n);
  for (int i = 0; i < n; i++) {
    if (C(is_infinity)(&p[i])) {
      memset(&r[i], 0, sizeof r[i]);
      r[i].infinity = 1;
      continue;
    }
    K(sqr)(&square, &inverses[i]);
    K(mul)(&r[i].x, &p[i].x, &square);
    K(mul)(&square, &square, &inverses[i]);
    K(mul)(&r[i].y, &p[i].y, &square);
    r[i].infinity = 0;
  }
}

/// Signed digits of a scalar of `limbs` limbs, least significant first: odd or 0, below 2^(width - 1) in size, at most one
/// in `width` non-zero. Returns how many; `digits` has room for 64 limbs + 1.
LIMBS_FUNCTION int C(naf)(int8_t *digits, const uint64_t *scalar, int limbs, int width) {
  uint64_t k[8] = {0};
  memcpy(k, scalar, 8 * (size_t)limbs);
  const int total = 64 * limbs + 1;
  int carry = 0, length = 0;
  for (int bit = 0; bit < total;) {
    const int value = bit < 64 * limbs ? (int)(k[bit / 64] >> (bit % 64) & 1) : 0;
    if (value == carry) {
      digits[bit++] = 0;
      continue;
    }
    int window = 0;
    for (int i = 0; i < width && bit + i < 64 * limbs; i++) {
      window |= (int)(k[(bit + i) / 64] >> ((bit + i) % 64) & 1) << i;
    }
    window += carry;
    carry = window >> (width - 1) & 1;
    digits[bit] = (int8_t)(window - (carry << width));
    length = ++bit;
    for (int i = 1; i < width && bit < total; i++) digits[bit++] = 0;
  }
  return length;
}

/// The odd multiples 1, 3, ..., 2 n - 1 of a point.
LIMBS_FUNCTION void C(odd_multiples)(POINT *table, const POINT *p, int n) {
  POINT twice;
  table[0] = *p;
  if (n > 1) C(dbl)(&twice, p);
  for (int i = 1; i < n; i++) C(add)(&table[i], &table[i - 1], &twice);
}

/// r += the table's multiple for a digit of C(naf).
INLINE void C(add_digit)(POINT *r, const POINT *table, int digit) {
  if (digit > 0) {
    C(add)(r, r, &table[digit / 2]);
  } else if (digit < 0) {
    POINT t;
    C(neg)(&t, &table[-digit / 2]);
    C(add)(r, r, &t);
  }
}

/// r = scalar * p for a scalar of at most 4 limbs (any value, not reduced by the order).
LIMBS_FUNCTION void C(mul)(POINT *r, const POINT *p, const uint64_t *scalar, int limbs) {
  POINT table[8];
  int8_t digits[64 * 4 + 2];
  const int n = C(naf)(digits, scalar, limbs, 5);
  C(odd_multiples)(table, p, 8);
  POINT t;
  C(set_infinity)(&t);
  for (int i = n - 1; i >= 0; i--) {
    C(dbl)(&t, &t);
    C(add_digit)(&t, table, digits[i]);
  }
  *r = t;
}

#undef C
#undef K
