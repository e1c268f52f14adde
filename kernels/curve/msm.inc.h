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

/// r = sum of factors[i] * points[i] for n <= 128 one-limb factors: buckets (Pippenger 1976) of signed digits of five bits, so
/// that sixteen buckets a window hold the points of both signs.
LIMBS_FUNCTION void C(sum_of_multiples)(POINT *r, const C(affine) *points, const uint64_t *factors, int n) {
  enum { width = 5, windows = 13, half = 1 << (width - 1) };
  int8_t digits[windows][128];
  POINT buckets[half], running, total;
  C(affine) negative;
  for (int i = 0; i < n; i++) {
    int carry = 0;
    for (int w = 0; w < windows; w++) {
      int digit = (int)(factors[i] >> (width * w) & (2 * half - 1)) + carry;
      carry = digit > half;
      digits[w][i] = (int8_t)(digit - (carry ? 2 * half : 0));
    }
  }
  C(set_infinity)(r);
  for (int w = windows - 1; w >= 0; w--) {
    for (int i = 0; i < width; i++) C(dbl)(r, r);
    for (int i = 0; i < half; i++) C(set_infinity)(&buckets[i]);
    for (int i = 0; i < n; i++) {
      const int digit = digits[w][i];
      if (digit > 0) {
        C(add_affine)(&buckets[digit - 1], &buckets[digit - 1], &points[i]);
      } else if (digit < 0) {
        C(affine_neg)(&negative, &points[i]);
        C(add_affine)(&buckets[-digit - 1], &buckets[-digit - 1], &negative);
      }
    }
    C(set_infinity)(&running);
    C(set_infinity)(&total);
    for (int i = half - 1; i >= 0; i--) {
      C(add)(&running, &running, &buckets[i]);
      C(add)(&total, &total, &running);
    }
    C(add)(r, r, &total);
  }
}

#undef C
