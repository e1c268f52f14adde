// Template: Miller loops of the optimal ate pairing over many pairs at once. The including file defines CURVE, LIMBS, the
// tower, CURVE_g1_affine, CURVE_g2_affine, and
//
//   MILLER_DIGITS     signed digits of the loop's scalar after the leading one, most significant first
//   MILLER_TWIST_D    1 for y^2 = x^3 + b / xi (lines 1, w, vw), 0 for y^2 = x^3 + b xi (lines 1, v, vw)
//   CURVE_twist_b     the twist's b
//
// The accumulator is squared once a digit whatever the number of pairs. Homogeneous projective steps: Costello, Lange,
// Naehrig (https://eprint.iacr.org/2009/615); Aranha et al. (https://eprint.iacr.org/2010/526).
//
// A point of a small subgroup can make T meet Q or infinity inside the loop. The incomplete steps then leave Z = 0, which
// no later step undoes, so a caller that checks Z != 0 at the end (the subgroup checks do) has seen every such case.
#define T(name) LIMBS_PASTE(CURVE, _##name)
#define FP T(fp)
#define FP2 T(fp2)
#define FP12 T(fp12)

/// One pair (P, Q), both affine and finite, and the running multiple of Q.
typedef struct T(miller_pair) {
  FP px, py;
  FP2 qx, qy;
  FP2 x, y, z;
} T(miller_pair);

/// A line through points of the twist, before it is evaluated at P: constant, factor of x(P), factor of y(P).
typedef struct T(line) {
  FP2 constant, of_x, of_y;
} T(line);

/// One pair (P, Q) whose Q is fixed: Q's lines were kept by miller_lines, so only their evaluation at P is left.
typedef struct T(fixed_pair) {
  FP px, py;
  const T(line) *lines;
} T(fixed_pair);

INLINE void T(miller_set)(T(miller_pair) *pair, const T(g1_affine) *p, const T(g2_affine) *q) {
  pair->px = p->x;
  pair->py = p->y;
  pair->qx = pair->x = q->x;
  pair->qy = pair->y = q->y;
  T(fp2_set_one)(&pair->z);
}

/// T = 2 T and the tangent at T.
LIMBS_FUNCTION void T(miller_double)(T(miller_pair) *t, T(line) *line) {
  FP2 a, b, c, e, f, g, h, j;
  T(fp2_mul)(&a, &t->x, &t->y);
  T(fp2_halve)(&a, &a);
  T(fp2_sqr)(&b, &t->y);
  T(fp2_sqr)(&c, &t->z);
  T(fp2_dbl)(&e, &c);
  T(fp2_add)(&e, &e, &c);
  T(twist_mul_b)(&e, &e);
  T(fp2_dbl)(&f, &e);
  T(fp2_add)(&f, &f, &e);
  T(fp2_add)(&g, &b, &f);
  T(fp2_halve)(&g, &g);
  T(fp2_add)(&h, &t->y, &t->z);
  T(fp2_sqr)(&h, &h);
  T(fp2_sub)(&h, &h, &b);
  T(fp2_sub)(&h, &h, &c);
  T(fp2_sub)(&line->constant, &e, &b);
  T(fp2_sqr)(&j, &t->x);
  T(fp2_dbl)(&line->of_x, &j);
  T(fp2_add)(&line->of_x, &line->of_x, &j);
  T(fp2_neg)(&line->of_y, &h);
  T(fp2_sqr)(&e, &e);
  T(fp2_sub)(&t->x, &b, &f);
  T(fp2_mul)(&t->x, &t->x, &a);
  T(fp2_dbl)(&f, &e);
  T(fp2_add)(&e, &f, &e);
  T(fp2_sqr)(&g, &g);
  T(fp2_sub)(&t->y, &g, &e);
  T(fp2_mul)(&t->z, &b, &h);
}

/// T = T + Q and the line through both.
LIMBS_FUNCTION void T(miller_add)(T(miller_pair) *t, const FP2 *qx, const FP2 *qy, T(line) *line) {
  FP2 theta, lambda, c, d, e, f, g, h;
  T(fp2_mul)(&theta, qy, &t->z);
  T(fp2_sub)(&theta, &t->y, &theta);
  T(fp2_mul)(&lambda, qx, &t->z);
  T(fp2_sub)(&lambda, &t->x, &lambda);
  T(fp2_sqr)(&c, &theta);
  T(fp2_sqr)(&d, &lambda);
  T(fp2_mul)(&e, &lambda, &d);
  T(fp2_mul)(&f, &t->z, &c);
  T(fp2_mul)(&g, &t->x, &d);
  T(fp2_add)(&h, &e, &f);
  T(fp2_sub)(&h, &h, &g);
  T(fp2_sub)(&h, &h, &g);
  T(fp2_mul)(&t->x, &lambda, &h);
  T(fp2_sub)(&g, &g, &h);
  T(fp2_mul)(&g, &g, &theta);
  T(fp2_mul)(&h, &e, &t->y);
  T(fp2_sub)(&t->y, &g, &h);
  T(fp2_mul)(&t->z, &t->z, &e);
  T(fp2_mul)(&g, &theta, qx);
  T(fp2_mul)(&h, &lambda, qy);
  T(fp2_sub)(&line->constant, &g, &h);
  T(fp2_neg)(&line->of_x, &theta);
  line->of_y = lambda;
}

/// f = f * (constant + of_x x + of_y y), the line's three terms already multiplied out.
LIMBS_FUNCTION void T(fp12_mul_by_line)(FP12 *f, const T(line) *line) {
  T(fp6) a, b, s;
#if MILLER_TWIST_D
  // of_y + (of_x + constant v) w
  T(fp6_mul_by_0)(&a, &f->c[0], &line->of_y);
  T(fp6_mul_by_01)(&b, &f->c[1], &line->of_x, &line->constant);
  FP2 sum;
  T(fp2_add)(&sum, &line->of_y, &line->of_x);
  T(fp6_add)(&s, &f->c[0], &f->c[1]);
  T(fp6_mul_by_01)(&s, &s, &sum, &line->constant);
#else
  // (constant + of_x v) + of_y v w
  T(fp6_mul_by_01)(&a, &f->c[0], &line->constant, &line->of_x);
  T(fp6_mul_by_1)(&b, &f->c[1], &line->of_y);
  FP2 sum;
  T(fp2_add)(&sum, &line->of_x, &line->of_y);
  T(fp6_add)(&s, &f->c[0], &f->c[1]);
  T(fp6_mul_by_01)(&s, &s, &line->constant, &sum);
#endif
  T(fp6_sub)(&s, &s, &a);
  T(fp6_sub)(&f->c[1], &s, &b);
  T(fp6_mul_v)(&b, &b);
  T(fp6_add)(&f->c[0], &a, &b);
}

/// f = f * the line's value at the point (x, y).
INLINE void T(miller_evaluate)(FP12 *f, const T(line) *line, const FP *x, const FP *y) {
  T(line) value;
  value.constant = line->constant;
  T(fp2_mul_fp)(&value.of_x, &line->of_x, x);
  T(fp2_mul_fp)(&value.of_y, &line->of_y, y);
  T(fp12_mul_by_line)(f, &value);
}

/// f = f * the values of every fixed pair's line number `index`.
LIMBS_FUNCTION void T(miller_evaluate_fixed)(FP12 *f, const T(fixed_pair) *fixed, int64_t n, int index) {
  for (int64_t i = 0; i < n; i++) T(miller_evaluate)(f, &fixed[i].lines[index], &fixed[i].px, &fixed[i].py);
}

LIMBS_FUNCTION void T(miller_double_all)(FP12 *f, T(miller_pair) *pairs, int64_t n) {
  T(line) line;
  for (int64_t i = 0; i < n; i++) {
    T(miller_double)(&pairs[i], &line);
    T(miller_evaluate)(f, &line, &pairs[i].px, &pairs[i].py);
  }
}

/// T = T + Q, or T - Q for a negative digit, and the line.
INLINE void T(miller_add_digit)(T(miller_pair) *pair, int digit, T(line) *line) {
  FP2 y = pair->qy;
  if (digit < 0) T(fp2_neg)(&y, &y);
  T(miller_add)(pair, &pair->qx, &y, line);
}

/// The loop proper: f = product of f_{s,Q}(P) over all pairs, and every pair's T = s Q for the scalar s that MILLER_DIGITS
/// spell. Returns how many lines a Q has had.
LIMBS_FUNCTION int T(miller_loop)(FP12 *f, T(miller_pair) *pairs, int64_t n, const T(fixed_pair) *fixed, int64_t fixed_count) {
  static const int8_t digits[] = MILLER_DIGITS;
  T(line) line;
  int index = 0;
  T(fp12_set_one)(f);
  for (int k = 0; k < (int)sizeof digits; k++) {
    if (k > 0) T(fp12_sqr)(f, f);
    T(miller_double_all)(f, pairs, n);
    T(miller_evaluate_fixed)(f, fixed, fixed_count, index++);
    if (digits[k] == 0) continue;
    for (int64_t i = 0; i < n; i++) {
      T(miller_add_digit)(&pairs[i], digits[k], &line);
      T(miller_evaluate)(f, &line, &pairs[i].px, &pairs[i].py);
    }
    T(miller_evaluate_fixed)(f, fixed, fixed_count, index++);
  }
  return index;
}

/// r = a^|x| for a in the cyclotomic subgroup, x the curve's parameter, by the digits of CYCLOTOMIC_DIGITS.
LIMBS_FUNCTION void T(fp12_pow_x)(FP12 *r, const FP12 *a) {
  static const int8_t digits[] = CYCLOTOMIC_DIGITS;
  FP12 base = *a, inverse, t = *a;
  T(fp12_conjugate)(&inverse, &base);
  for (int k = 0; k < (int)sizeof digits; k++) {
    T(fp12_cyclotomic_sqr)(&t, &t);
    if (digits[k]) T(fp12_mul)(&t, &t, digits[k] > 0 ? &base : &inverse);
  }
  *r = t;
}

/// f^((p^6 - 1)(p^2 + 1)), the easy part of the final exponentiation.
LIMBS_FUNCTION void T(easy_part)(FP12 *r, const FP12 *f) {
  FP12 t, u;
  T(fp12_inv)(&t, f);
  T(fp12_conjugate)(&u, f);
  T(fp12_mul)(&t, &t, &u);
  T(fp12_frobenius)(&u, &t, 2);
  T(fp12_mul)(r, &t, &u);
}

#undef T
#undef FP
#undef FP2
#undef FP12
