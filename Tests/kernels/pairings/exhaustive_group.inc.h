// Template: the points of a dozen curves y^2 = x^3 + b over COORDINATE, a field with the elements of COORDINATES coordinates
// modulo PRIME, with a test of every pair of points and of sums of multiples.
#include "curve/weierstrass.inc.h"
#include "curve/msm.inc.h"

#define C(name) LIMBS_PASTE(POINT, _##name)
#define K(name) LIMBS_PASTE(COORDINATE, _##name)

enum { C(elements) = COORDINATES == 1 ? PRIME : PRIME * PRIME, C(most_points) = 2 * C(elements) + 1 };

/// A curve: its points on plain integers, infinity first, and the table of their sums.
typedef struct C(curve) {
  int n;
  small x[C(most_points)], y[C(most_points)];
  int sum[C(most_points)][C(most_points)];
} C(curve);

static small C(element)(int i) { return (small){{i % PRIME, i / PRIME}}; }

static int C(find)(const C(curve) *curve, small x, small y) {
  for (int i = 1; i < curve->n; i++) {
    if (small_equal(curve->x[i], x) && small_equal(curve->y[i], y)) return i;
  }
  return -1;
}

/// Adds two points by the chord and the tangent, division being the search for an inverse.
static int C(plain_sum)(const C(curve) *curve, const small *inverses, int i, int j) {
  if (i == 0 || j == 0) return i + j;
  const small x1 = curve->x[i], y1 = curve->y[i], x2 = curve->x[j], y2 = curve->y[j];
  small rise, run;
  if (!small_equal(x1, x2)) {
    rise = small_sub(y2, y1, PRIME);
    run = small_sub(x2, x1, PRIME);
  } else if (small_equal(small_add(y1, y2, PRIME), (small){{0, 0}})) {
    return 0;
  } else {
    const small square = small_mul(x1, x1, PRIME);
    rise = small_add(square, small_add(square, square, PRIME), PRIME);
    run = small_add(y1, y1, PRIME);
  }
  const small slope = small_mul(rise, inverses[run.c[0] + PRIME * run.c[1]], PRIME);
  const small x = small_sub(small_mul(slope, slope, PRIME), small_add(x1, x2, PRIME), PRIME);
  return C(find)(curve, x, small_sub(small_mul(slope, small_sub(x1, x, PRIME), PRIME), y1, PRIME));
}

static void C(make)(C(curve) *curve, const small *inverses, small b) {
  curve->n = 1;
  for (int i = 0; i < C(elements); i++) {
    const small x = C(element)(i), right = small_add(small_mul(small_mul(x, x, PRIME), x, PRIME), b, PRIME);
    for (int j = 0; j < C(elements); j++) {
      const small y = C(element)(j);
      if (!small_equal(small_mul(y, y, PRIME), right)) continue;
      curve->x[curve->n] = x;
      curve->y[curve->n++] = y;
    }
  }
  for (int i = 0; i < curve->n; i++) {
    for (int j = 0; j < curve->n; j++) curve->sum[i][j] = C(plain_sum)(curve, inverses, i, j);
  }
}

/// A scalar times a point, by doublings in the table of sums.
static int C(plain_multiple)(const C(curve) *curve, int point, const uint64_t *scalar, int limbs) {
  int r = 0;
  for (int bit = 64 * limbs - 1; bit >= 0; bit--) {
    r = curve->sum[r][r];
    if (scalar[bit / 64] >> (bit % 64) & 1) r = curve->sum[r][point];
  }
  return r;
}

static C(affine) C(affine_of)(const C(curve) *curve, int i) {
  C(affine) r;
  memset(&r, 0, sizeof r);
  r.infinity = i == 0;
  if (i > 0) r.x = K(of)(curve->x[i]), r.y = K(of)(curve->y[i]);
  return r;
}

/// A point in Jacobian coordinates with a random Z.
static POINT C(jacobian_of)(const C(curve) *curve, int i) {
  POINT r;
  if (i == 0) {
    C(set_infinity)(&r);
    return r;
  }
  small z;
  do z = C(element)((int)(random_limb() % C(elements)));
  while (small_equal(z, (small){{0, 0}}));
  const small square = small_mul(z, z, PRIME);
  r.x = K(of)(small_mul(curve->x[i], square, PRIME));
  r.y = K(of)(small_mul(curve->y[i], small_mul(square, z, PRIME), PRIME));
  r.z = K(of)(z);
  return r;
}

static int C(is)(const C(curve) *curve, const POINT *p, int i) {
  C(affine) a;
  C(to_affine)(&a, p, 1);
  if (a.infinity || i <= 0) return a.infinity && i == 0;
  return K(is)(&a.x, curve->x[i]) && K(is)(&a.y, curve->y[i]);
}

static void C(pairs)(const C(curve) *curve) {
  POINT r;
  for (int i = 0; i < curve->n; i++) {
    const POINT p = C(jacobian_of)(curve, i);
    C(dbl)(&r, &p);
    expect(C(is)(curve, &r, curve->sum[i][i]), "dbl", i, curve->n);
    C(neg)(&r, &p);
    C(add)(&r, &r, &p);
    expect(C(is)(curve, &r, 0), "neg", i, curve->n);
    for (int j = 0; j < curve->n; j++) {
      const POINT q = C(jacobian_of)(curve, j);
      const C(affine) a = C(affine_of)(curve, i), b = C(affine_of)(curve, j);
      C(add)(&r, &p, &q);
      expect(C(is)(curve, &r, curve->sum[i][j]), "add", i, j);
      C(add_affine)(&r, &p, &b);
      expect(C(is)(curve, &r, curve->sum[i][j]), "add_affine", i, j);
      expect(C(equal)(&p, &q) == (i == j), "equal", i, j);
      COORDINATE divisor, product;
      C(affine) sum;
      C(pair_divisor)(&divisor, &a, &b);
      C(invert_all)(&divisor, &product, 1);
      C(add_pair)(&sum, &a, &b, &divisor);
      C(from_affine)(&r, &sum);
      expect(C(is)(curve, &r, curve->sum[i][j]), "add_pair", i, j);
    }
  }
}

static void C(multiples)(const C(curve) *curve) {
  for (int i = 0; i < curve->n; i++) {
    const POINT p = C(jacobian_of)(curve, i);
    for (int k = 0; k < curve->n + 32; k++) {
      POINT r;
      uint64_t scalar[4] = {(uint64_t)k};
      const int limbs = 1 + k % 4;
      // Some scalars are large.
      if ((k + i) % 32 == 0) for (int j = 0; j < limbs; j++) scalar[j] = k % 3 ? random_limb() : UINT64_MAX;
      C(mul)(&r, &p, scalar, limbs);
      expect(C(is)(curve, &r, C(plain_multiple)(curve, i, scalar, limbs)), "mul", i, k);
    }
  }
}

/// Sums of n multiples by every way that there is; scalars of all ones and of zero among random ones.
static void C(sums)(const C(curve) *curve, int n) {
  static C(affine) points[256];
  static uint64_t scalars[256][4];
  POINT r;
  for (int limbs = 1; limbs <= 4; limbs++) {
    uint64_t *packed = scalars[0];
    int expected = 0;
    for (int i = 0; i < n; i++) {
      const int point = (int)(random_limb() % (uint64_t)curve->n);
      const uint64_t kind = random_limb() % 8;
      points[i] = C(affine_of)(curve, point);
      for (int j = 0; j < limbs; j++) {
        packed[i * limbs + j] = kind == 0 ? 0 : kind == 1 ? UINT64_MAX : kind == 2 ? (uint64_t)(j == 0) : random_limb();
      }
      expected = curve->sum[expected][C(plain_multiple)(curve, point, packed + i * limbs, limbs)];
    }
    C(sum_of_multiples)(&r, points, packed, limbs, n);
    expect(C(is)(curve, &r, expected), "sum_of_multiples", limbs, n);
    if (limbs < 4) continue;
    C(msm)(&r, points, (const uint64_t (*)[4])scalars, n);
    expect(C(is)(curve, &r, expected), "msm", limbs, n);
    if (n > 16) continue;
    C(straus)(&r, points, (const uint64_t (*)[4])scalars, n);
    expect(C(is)(curve, &r, expected), "straus", limbs, n);
  }
}

/// Many points to affine at once, infinities among them.
static void C(affines)(const C(curve) *curve, int n) {
  POINT points[192];
  C(affine) affine[192];
  int expected[192];
  for (int i = 0; i < n; i++) {
    expected[i] = (int)(random_limb() % (uint64_t)curve->n);
    points[i] = C(jacobian_of)(curve, expected[i]);
  }
  C(to_affine)(affine, points, n);
  for (int i = 0; i < n; i++) {
    const C(affine) a = C(affine_of)(curve, expected[i]);
    expect(memcmp(&a, &affine[i], sizeof a) == 0, "to_affine", i, n);
  }
}

static void C(group)(void) {
  static C(curve) curve;
  static small inverses[PRIME * PRIME];
  for (int i = 0; i < PRIME * PRIME; i++) inverses[i] = small_inverse((small){{i % PRIME, i / PRIME}}, PRIME);
  // The orders depend on b's class modulo sixth powers alone.
  for (int b = 1; b < C(elements) && b <= 12; b++) {
    C(make)(&curve, inverses, C(element)(b));
    C(pairs)(&curve);
    C(affines)(&curve, 1 + b % 192);
    C(multiples)(&curve);
    for (int n = 0; n <= 256; n += n < 18 ? 1 : 61) C(sums)(&curve, n);
    C(sums)(&curve, 256);
  }
}

#undef C
#undef K
#undef POINT
#undef COORDINATE
#undef COORDINATES
