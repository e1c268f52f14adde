// Template: sums of multiples of the points of curve/weierstrass.inc.h, for POINT.
#define C(name) LIMBS_PASTE(POINT, _##name)

/// r = sum of scalars[i] * points[i] for n <= 16 scalars of 4 limbs: one run of doublings shared by all (Straus 1964).
LIMBS_FUNCTION void C(straus)(POINT *r, const C(affine) *points, const uint64_t (*scalars)[4], int n) {
  POINT tables[16][8];
  int8_t digits[16][64 * 4 + 2];
  int lengths[16], longest = 0;
  for (int i = 0; i < n; i++) {
    lengths[i] = C(naf)(digits[i], scalars[i], 4, 5);
    if (lengths[i] > longest) longest = lengths[i];
    POINT p;
    C(from_affine)(&p, &points[i]);
    if (lengths[i] > 0) C(odd_multiples)(tables[i], &p, 8);
  }
  C(set_infinity)(r);
  for (int bit = longest - 1; bit >= 0; bit--) {
    C(dbl)(r, r);
    for (int i = 0; i < n; i++) {
      if (bit < lengths[i]) C(add_digit)(r, tables[i], digits[i][bit]);
    }
  }
}

/// r = sum of factors[i] * points[i] for one-limb factors: buckets of four bits (Pippenger 1976).
LIMBS_FUNCTION void C(sum_of_multiples)(POINT *r, const C(affine) *points, const uint64_t *factors, int64_t n) {
  POINT buckets[15], running, total;
  C(set_infinity)(r);
  for (int window = 15; window >= 0; window--) {
    for (int i = 0; i < 4; i++) C(dbl)(r, r);
    for (int i = 0; i < 15; i++) C(set_infinity)(&buckets[i]);
    for (int64_t i = 0; i < n; i++) {
      const int digit = (int)(factors[i] >> (4 * window) & 15);
      if (digit) C(add_affine)(&buckets[digit - 1], &buckets[digit - 1], &points[i]);
    }
    C(set_infinity)(&running);
    C(set_infinity)(&total);
    for (int i = 14; i >= 0; i--) {
      C(add)(&running, &running, &buckets[i]);
      C(add)(&total, &total, &running);
    }
    C(add)(r, r, &total);
  }
}

#undef C
