// SLEEF's AVX2 functions (Debian libsleef-dev) in the textbook formula, four options at a time, as a good engineer would.
#include <immintrin.h>
#include <sleef.h>

#include "book.h"

#define V __m256d
static inline V constant(double x) { return _mm256_set1_pd(x); }

__attribute__((target("avx2,fma"))) static void sleef_price(const book *b, int greeks) {
  for (long i = 0; i < b->rows; i += 4) {
    const V S = _mm256_load_pd(b->in[0] + i), K = _mm256_load_pd(b->in[1] + i), T = _mm256_load_pd(b->in[2] + i);
    const V r = _mm256_load_pd(b->in[3] + i), q = _mm256_load_pd(b->in[4] + i), sigma = _mm256_load_pd(b->in[5] + i);
    const V sign = _mm256_set_pd(b->type[i + 3] ? -1 : 1, b->type[i + 2] ? -1 : 1, b->type[i + 1] ? -1 : 1, b->type[i] ? -1 : 1);
    const V root = _mm256_sqrt_pd(T), v = sigma * root;
    const V d1 = (Sleef_logd4_u10avx2(S / K) + (r - q) * T) / v + constant(0.5) * v, d2 = d1 - v;
    const V dq = Sleef_expd4_u10avx2(-q * T), dr = Sleef_expd4_u10avx2(-r * T);
    const V c = constant(-0.70710678118654752);
    const V n1 = constant(0.5) * Sleef_erfcd4_u15avx2(c * sign * d1), n2 = constant(0.5) * Sleef_erfcd4_u15avx2(c * sign * d2);
    const V spot = S * dq, strike = K * dr;
    _mm256_store_pd(b->out[0] + i, sign * (spot * n1 - strike * n2));
    if (!greeks) continue;
    const V density = constant(0.3989422804014327) * Sleef_expd4_u10avx2(constant(-0.5) * d1 * d1);
    _mm256_store_pd(b->out[1] + i, sign * dq * n1);
    _mm256_store_pd(b->out[2] + i, dq * density / (S * v));
    _mm256_store_pd(b->out[3] + i, spot * density * root);
    _mm256_store_pd(b->out[4] + i, -spot * density * sigma / (constant(2) * root) + sign * (q * spot * n1 - r * strike * n2));
    _mm256_store_pd(b->out[5] + i, sign * T * strike * n2);
  }
}

int main(void) {
  const book small = book_make(4096), large = book_make(1000000);
  BOOK_TIME("SLEEF AVX2, 4,096 rows, price", small.rows, sleef_price(&small, 0));
  BOOK_TIME("SLEEF AVX2, 4,096 rows, price + 5 Greeks", small.rows, sleef_price(&small, 1));
  BOOK_TIME("SLEEF AVX2, a million rows, price", large.rows, sleef_price(&large, 0));
  BOOK_TIME("SLEEF AVX2, a million rows, price + 5 Greeks", large.rows, sleef_price(&large, 1));
  return 0;
}
