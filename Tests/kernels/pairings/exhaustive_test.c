// The templates of fields and curves over fields of 7, 11, 31 and 43 elements and two of their quadratic extensions, on
// every pair of elements and every pair of points of curves y^2 = x^3 + b, against arithmetic on plain integers. In groups
// this small every sum meets its exceptional cases: equal, opposite and infinite operands and points of order two.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(DIALECT_AVX2)
#include "dialect/avx2.h"
#else
#include "dialect/portable.h"
#endif
#include "field/limbs.h"

static long checks;

static void expect(int condition, const char *what, long a, long b) {
  checks++;
  if (condition) return;
  fprintf(stderr, "exhaustive_test: %s is wrong for %ld, %ld\n", what, a, b);
  exit(1);
}

/// SplitMix64 (Steele, Lea, Flood 2014).
static uint64_t random_state = 1;
static uint64_t random_limb(void) {
  uint64_t z = random_state += 0x9e3779b97f4a7c15u;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}

/// An element of Fp2 for a small prime; of Fp when the second coordinate is 0.
typedef struct small {
  int c[2];
} small;

static int small_mod(int a, int p) { return (a % p + p) % p; }
static small small_add(small a, small b, int p) { return (small){{(a.c[0] + b.c[0]) % p, (a.c[1] + b.c[1]) % p}}; }
static small small_sub(small a, small b, int p) {
  return (small){{small_mod(a.c[0] - b.c[0], p), small_mod(a.c[1] - b.c[1], p)}};
}
static small small_mul(small a, small b, int p) {
  return (small){{small_mod(a.c[0] * b.c[0] - a.c[1] * b.c[1], p), (a.c[0] * b.c[1] + a.c[1] * b.c[0]) % p}};
}
static int small_equal(small a, small b) { return a.c[0] == b.c[0] && a.c[1] == b.c[1]; }
/// By trying everything: 0 has the inverse 0.
static small small_inverse(small a, int p) {
  for (int i = 0; i < p * p; i++) {
    const small t = {{i / p, i % p}};
    if (small_equal(small_mul(a, t, p), (small){{1, 0}})) return t;
  }
  return (small){{0, 0}};
}

#define PRIME 7
#define LIMBS 4
#define CURVE small7
#define R_MODULO_PRIME 2
#define R2_MODULO_PRIME 4
#define PRIME_K 0x9249249249249249u
#include "exhaustive_field.inc.h"
#define POINT small7_g1
#define COORDINATE small7_fp
#define COORDINATES 1
#include "exhaustive_group.inc.h"
#define POINT small7_g2
#define COORDINATE small7_fp2
#define COORDINATES 2
#include "exhaustive_group.inc.h"
#undef PRIME
#undef LIMBS
#undef CURVE
#undef R_MODULO_PRIME
#undef R2_MODULO_PRIME
#undef PRIME_K

#define PRIME 11
#define LIMBS 6
#define CURVE small11
#define R_MODULO_PRIME 5
#define R2_MODULO_PRIME 3
#define PRIME_K 0xd1745d1745d1745du
#include "exhaustive_field.inc.h"
#define POINT small11_g1
#define COORDINATE small11_fp
#define COORDINATES 1
#include "exhaustive_group.inc.h"
#define POINT small11_g2
#define COORDINATE small11_fp2
#define COORDINATES 2
#include "exhaustive_group.inc.h"
#undef PRIME
#undef LIMBS
#undef CURVE
#undef R_MODULO_PRIME
#undef R2_MODULO_PRIME
#undef PRIME_K

#define PRIME 43
#define LIMBS 4
#define CURVE small43
#define R_MODULO_PRIME 16
#define R2_MODULO_PRIME 41
#define PRIME_K 0x7d05f417d05f417du
#include "exhaustive_field.inc.h"
#define POINT small43_g1
#define COORDINATE small43_fp
#define COORDINATES 1
#include "exhaustive_group.inc.h"
#undef PRIME
#undef LIMBS
#undef CURVE
#undef R_MODULO_PRIME
#undef R2_MODULO_PRIME
#undef PRIME_K

#define PRIME 31
#define LIMBS 6
#define CURVE small31
#define R_MODULO_PRIME 16
#define R2_MODULO_PRIME 8
#define PRIME_K 0x1084210842108421u
#include "exhaustive_field.inc.h"
#define POINT small31_g1
#define COORDINATE small31_fp
#define COORDINATES 1
#include "exhaustive_group.inc.h"
#undef PRIME
#undef LIMBS
#undef CURVE
#undef R_MODULO_PRIME
#undef R2_MODULO_PRIME
#undef PRIME_K

int main(void) {
  small7_field();
  small11_field();
  small43_field();
  small31_field();
  small7_g1_group();
  small7_g2_group();
  small11_g1_group();
  small11_g2_group();
  small43_g1_group();
  small31_g1_group();
  printf("exhaustive_test: %ld checks, 0 failures\n", checks);
  return 0;
}
