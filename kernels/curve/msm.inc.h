// Template: sums of multiples of the points of curve/weierstrass.inc.h, for POINT and COORDINATE.
#define C(name) LIMBS_PASTE(POINT, _##name)
#define K(name) LIMBS_PASTE(COORDINATE, _##name)

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

// Sums of pairs of affine points that share an inversion: five products and a square each, where adding an affine point to
// one in Jacobian coordinates takes seven and four.

/// d = what the slope through p and q, or the tangent at p = q, is divided by; 1 when the sum needs no slope.
LIMBS_FUNCTION void C(pair_divisor)(COORDINATE *d, const C(affine) *p, const C(affine) *q) {
  K(sub)(d, &q->x, &p->x);
  if (K(is_zero)(d) && K(equal)(&p->y, &q->y)) K(dbl)(d, &p->y);
  if (p->infinity || q->infinity || K(is_zero)(d)) K(set_one)(d);
}

/// r = p + q, given the inverse of their divisor. r may be p or q.
LIMBS_FUNCTION void C(add_pair)(C(affine) *r, const C(affine) *p, const C(affine) *q, const COORDINATE *inverse) {
  if (p->infinity || q->infinity) {
    *r = p->infinity ? *q : *p;
    return;
  }
  COORDINATE slope, x, t;
  if (!K(equal)(&p->x, &q->x)) {
    K(sub)(&slope, &q->y, &p->y);
  } else if (K(equal)(&p->y, &q->y) && !K(is_zero)(&p->y)) {
    K(sqr)(&t, &p->x);
    K(dbl)(&slope, &t);
    K(add)(&slope, &slope, &t);
  } else {
    memset(r, 0, sizeof *r);
    r->infinity = 1;
    return;
  }
  K(mul)(&slope, &slope, inverse);
  K(sqr)(&x, &slope);
  K(sub)(&x, &x, &p->x);
  K(sub)(&x, &x, &q->x);
  K(sub)(&t, &p->x, &x);
  K(mul)(&t, &t, &slope);
  K(sub)(&r->y, &t, &p->y);
  r->x = x;
  r->infinity = 0;
}

/// What C(sum_of_multiples) takes at most, and how it goes about it.
enum {
  C(most_multiples) = 256,
  C(windows_at_once) = 2,
  C(most_buckets) = 16,
  // Fewer pairs are not worth an inversion.
  C(worth_inverting) = 24
};

/// Adds up the points in each of n lists pair by pair until few pairs are left: list i holds counts[i] points from
/// points[starts[i]] on.
LIMBS_FUNCTION void C(shorten)(C(affine) *points, const int *starts, int *counts, int n) {
  enum { most = C(windows_at_once) * C(most_multiples) / 2 };
  COORDINATE divisors[most], products[most];
  for (;;) {
    int pairs = 0;
    for (int i = 0; i < n; i++) {
      const C(affine) *list = points + starts[i];
      for (int k = 0; k + 1 < counts[i]; k += 2) C(pair_divisor)(&divisors[pairs++], &list[k], &list[k + 1]);
    }
    if (pairs < C(worth_inverting)) return;
    C(invert_all)(divisors, products, pairs);
    pairs = 0;
    for (int i = 0; i < n; i++) {
      C(affine) *list = points + starts[i];
      int kept = 0;
      for (int k = 0; k + 1 < counts[i]; k += 2) C(add_pair)(&list[kept++], &list[k], &list[k + 1], &divisors[pairs++]);
      if (counts[i] % 2) list[kept++] = list[counts[i] - 1];
      counts[i] = kept;
    }
  }
}

/// r = sum of scalars[i] * points[i] for n <= 256 scalars of `limbs` <= 4 limbs, one after the other in `scalars`: buckets
/// (Pippenger 1976) of signed digits, so that a window's buckets hold the points of both signs.
LIMBS_FUNCTION void C(sum_of_multiples)(POINT *r, const C(affine) *points, const uint64_t *scalars, int limbs, int n) {
  const int width = n < 16 ? 3 : n < 48 ? 4 : 5, half = 1 << (width - 1), windows = 64 * limbs / width + 1;
  // A scalar plus half a window's span in every window but the top one: there a digit is its bits less that half.
  uint64_t raised[C(most_multiples)][6], halves[6] = {0};
  for (int w = 0; w < windows - 1; w++) halves[(width * w + width - 1) / 64] |= (uint64_t)1 << ((width * w + width - 1) % 64);
  for (int i = 0; i < n; i++) {
    unsigned long long carry = 0;
    for (int j = 0; j < 6; j++) {
      raised[i][j] = __builtin_addcll(j < limbs ? scalars[i * limbs + j] : 0, halves[j], carry, &carry);
    }
  }
  C(affine) listed[C(windows_at_once) * C(most_multiples)];
  int8_t digits[C(windows_at_once)][C(most_multiples)];
  int starts[C(windows_at_once) * C(most_buckets)], counts[C(windows_at_once) * C(most_buckets)];
  POINT running, total;
  C(set_infinity)(r);
  for (int top = windows - 1; top >= 0; top -= C(windows_at_once)) {
    const int together = top + 1 < C(windows_at_once) ? top + 1 : C(windows_at_once);
    memset(counts, 0, sizeof counts);
    for (int w = 0; w < together; w++) {
      const int bit = width * (top - w), limb = bit / 64, shift = bit % 64;
      for (int i = 0; i < n; i++) {
        const uint64_t bits = raised[i][limb] >> shift | raised[i][limb + 1] << 1 << (63 - shift);
        const int digit = (int)(bits & (uint64_t)(2 * half - 1)) - (top - w < windows - 1 ? half : 0);
        digits[w][i] = (int8_t)(points[i].infinity ? 0 : digit);
        if (digits[w][i]) counts[w * half + (digit < 0 ? -digit : digit) - 1]++;
      }
    }
    for (int i = 0, start = 0; i < together * half; start += counts[i++]) starts[i] = start;
    int filled[C(windows_at_once) * C(most_buckets)] = {0};
    for (int w = 0; w < together; w++) {
      for (int i = 0; i < n; i++) {
        const int digit = digits[w][i], bucket = w * half + (digit < 0 ? -digit : digit) - 1;
        if (digit == 0) continue;
        C(affine) *place = &listed[starts[bucket] + filled[bucket]++];
        *place = points[i];
        if (digit < 0) K(neg)(&place->y, &place->y);
      }
    }
    C(shorten)(listed, starts, counts, together * half);
    for (int w = 0; w < together; w++) {
      for (int i = 0; i < width; i++) C(dbl)(r, r);
      C(set_infinity)(&running);
      C(set_infinity)(&total);
      for (int i = half - 1; i >= 0; i--) {
        const int bucket = w * half + i;
        for (int k = 0; k < counts[bucket]; k++) C(add_affine)(&running, &running, &listed[starts[bucket] + k]);
        C(add)(&total, &total, &running);
      }
      C(add)(r, r, &total);
    }
  }
}

/// r = sum of scalars[i] * points[i] for n <= 256 scalars of 4 limbs.
LIMBS_FUNCTION void C(msm)(POINT *r, const C(affine) *points, const uint64_t (*scalars)[4], int n) {
  // Buckets pay from about fifty points on.
  enum { worth_buckets = 48, group = 16 };
  if (n >= worth_buckets) {
    C(sum_of_multiples)(r, points, scalars[0], 4, n);
    return;
  }
  POINT part;
  C(set_infinity)(r);
  for (int start = 0; start < n; start += group) {
    C(straus)(&part, points + start, scalars + start, n - start < group ? n - start : group);
    C(add)(r, r, &part);
  }
}

#undef C
#undef K
