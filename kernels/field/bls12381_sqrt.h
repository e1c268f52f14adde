// Square roots in BLS12-381's Fp and Fp2 (p = 3 mod 4).

/// r = sqrt(a), or 0 when a is not a square.
LIMBS_FUNCTION int bls12381_fp_sqrt(bls12381_fp *r, const bls12381_fp *a) {
  static const uint64_t exponent[6] = BLS12381_SQRT_EXPONENT;
  bls12381_fp root, square;
  bls12381_fp_pow(&root, a, exponent, 6);
  bls12381_fp_sqr(&square, &root);
  if (!bls12381_fp_equal(&square, a)) return 0;
  *r = root;
  return 1;
}

/// r = sqrt(a), or 0 when a is not a square: with s = sqrt(norm) and t = (a0 + s) / 2, one power y = t^((p - 3) / 4) gives
/// sqrt(t) = t y and its inverse y, or, when t is not a square, sqrt(-t) = t y and its inverse -y, which is the other root's
/// second coordinate.
LIMBS_FUNCTION int bls12381_fp2_sqrt(bls12381_fp2 *r, const bls12381_fp2 *a) {
  static const uint64_t quarter[6] = BLS12381_QUARTER_EXPONENT;
  bls12381_fp norm, s, t, y, root, square;
  if (bls12381_fp_is_zero(&a->c[1])) {
    if (bls12381_fp_sqrt(&root, &a->c[0])) {
      r->c[0] = root;
      bls12381_fp_set_zero(&r->c[1]);
      return 1;
    }
    // -1 is not a square, so -a0 is one.
    bls12381_fp_neg(&t, &a->c[0]);
    (void)bls12381_fp_sqrt(&root, &t);
    bls12381_fp_set_zero(&r->c[0]);
    r->c[1] = root;
    return 1;
  }
  bls12381_fp_sqr(&norm, &a->c[0]);
  bls12381_fp_sqr(&t, &a->c[1]);
  bls12381_fp_add(&norm, &norm, &t);
  if (!bls12381_fp_sqrt(&s, &norm)) return 0;
  bls12381_fp_add(&t, &a->c[0], &s);
  bls12381_fp_halve(&t, &t);
  bls12381_fp_pow(&y, &t, quarter, 6);
  bls12381_fp_mul(&root, &y, &t);
  bls12381_fp_sqr(&square, &root);
  bls12381_fp other;
  bls12381_fp_mul(&other, &a->c[1], &y);
  bls12381_fp_halve(&other, &other);
  if (bls12381_fp_equal(&square, &t)) {
    r->c[0] = root;
    r->c[1] = other;
  } else {
    bls12381_fp_neg(&r->c[0], &other);
    r->c[1] = root;
  }
  return 1;
}
