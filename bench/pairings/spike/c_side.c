// The C side of the spike: BN254's tower and Miller loop of kernels/, with portable products or, with -DSPIKE_ADX, those of the
// AVX2 table.
#ifdef SPIKE_ADX
#define DIALECT_AVX2 1
#pragma clang attribute push(__attribute__((target("avx2,fma,bmi,bmi2,adx,lzcnt,popcnt"))), apply_to = function)
#include "dialect/avx2.h"
#else
#define DIALECT_PORTABLE 1
#include "dialect/portable.h"
#endif
#include "curve/pairing/bn254.h"

void SPIKE_NAME(_fp12_multiply)(uint64_t *r, const uint64_t *a, const uint64_t *b, int64_t times);
void SPIKE_NAME(_miller)(uint64_t *f, const uint64_t *p, const uint64_t *q);

/// r = r * b, so many times over, starting at a; 48 limbs each.
void SPIKE_NAME(_fp12_multiply)(uint64_t *r, const uint64_t *a, const uint64_t *b, int64_t times) {
  bn254_fp12 x, y;
  memcpy(&x, a, sizeof x);
  memcpy(&y, b, sizeof y);
  for (int64_t i = 0; i < times; i++) bn254_fp12_mul(&x, &x, &y);
  memcpy(r, &x, sizeof x);
}

/// f = the Miller loop of one pair, without the two Frobenius steps; P is 8 limbs, Q is 16.
void SPIKE_NAME(_miller)(uint64_t *f, const uint64_t *p, const uint64_t *q) {
  bn254_g1_affine a = {.infinity = 0};
  bn254_g2_affine b = {.infinity = 0};
  bn254_miller_pair pair;
  bn254_fp12 value;
  memcpy(&a.x, p, 32), memcpy(&a.y, p + 4, 32);
  memcpy(&b.x, q, 64), memcpy(&b.y, q + 8, 64);
  bn254_miller_set(&pair, &a, &b);
  (void)bn254_miller_loop(&value, &pair, 1, NULL, 0);
  memcpy(f, &value, sizeof value);
}
#ifdef SPIKE_ADX
#pragma clang attribute pop
#endif
