// SLEEF's functions (Debian libsleef-dev) in the textbook formula, as a good engineer would: four options at a time with AVX2, eight
// where the file is compiled for AVX-512.
#include <immintrin.h>
#include <sleef.h>

#include "book.h"

#if __AVX512F__
#define ISA "AVX-512"
#define V __m512d
#define LANES 8
#define MM(name) _mm512_##name##_pd
#define SLEEF(name, ulp) Sleef_##name##d8_##ulp##avx512f
#else
#define ISA "AVX2"
#define V __m256d
#define LANES 4
#define MM(name) _mm256_##name##_pd
#define SLEEF(name, ulp) Sleef_##name##d4_##ulp##avx2
#endif
static inline V constant(double x) { return MM(set1)(x); }

static void sleef_price(const book *b, int greeks) {
  for (long i = 0; i < b->rows; i += LANES) {
    const V S = MM(load)(b->in[0] + i), K = MM(load)(b->in[1] + i), T = MM(load)(b->in[2] + i);
    const V r = MM(load)(b->in[3] + i), q = MM(load)(b->in[4] + i), sigma = MM(load)(b->in[5] + i);
    double signs[LANES];
    for (int k = 0; k < LANES; k++) signs[k] = b->type[i + k] ? -1 : 1;
    const V sign = MM(loadu)(signs);
    const V root = MM(sqrt)(T), v = sigma * root;
    const V d1 = (SLEEF(log, u10)(S / K) + (r - q) * T) / v + constant(0.5) * v, d2 = d1 - v;
    const V dq = SLEEF(exp, u10)(-q * T), dr = SLEEF(exp, u10)(-r * T);
    const V c = constant(-0.70710678118654752);
    const V n1 = constant(0.5) * SLEEF(erfc, u15)(c * sign * d1), n2 = constant(0.5) * SLEEF(erfc, u15)(c * sign * d2);
    const V spot = S * dq, strike = K * dr;
    MM(store)(b->out[0] + i, sign * (spot * n1 - strike * n2));
    if (!greeks) continue;
    const V density = constant(0.3989422804014327) * SLEEF(exp, u10)(constant(-0.5) * d1 * d1);
    MM(store)(b->out[1] + i, sign * dq * n1);
    MM(store)(b->out[2] + i, dq * density / (S * v));
    MM(store)(b->out[3] + i, spot * density * root);
    MM(store)(b->out[4] + i, -spot * density * sigma / (constant(2) * root) + sign * (q * spot * n1 - r * strike * n2));
    MM(store)(b->out[5] + i, sign * T * strike * n2);
  }
}

int main(void) {
  const book small = book_make(4096), large = book_make(1000000);
  BOOK_TIME("SLEEF " ISA ", 4,096 rows, price", small.rows, sleef_price(&small, 0));
  BOOK_TIME("SLEEF " ISA ", 4,096 rows, price + 5 Greeks", small.rows, sleef_price(&small, 1));
  BOOK_TIME("SLEEF " ISA ", a million rows, price", large.rows, sleef_price(&large, 0));
  BOOK_TIME("SLEEF " ISA ", a million rows, price + 5 Greeks", large.rows, sleef_price(&large, 1));
  return 0;
}
