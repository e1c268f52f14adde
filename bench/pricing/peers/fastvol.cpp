// fastvol's header (fetched beside the project, never part of it): price, then its five Greeks, and implied volatility by Newton's
// method at a tolerance that leaves twelve digits; its default, 1e-3, leaves three.
#include <fastvol/european/bsm.hpp>

#include "book.h"

int main() {
  const book b = book_make(4096);
  const size_t rows = static_cast<size_t>(b.rows);
  char *call = static_cast<char *>(book_memory(rows));
  double *answer = static_cast<double *>(book_memory(rows * 8));
  for (size_t i = 0; i < rows; i++) call[i] = b.type[i] ? 'p' : 'c';
  const double *S = b.in[0], *K = b.in[1], *T = b.in[2], *r = b.in[3], *q = b.in[4], *sigma = b.in[5];
  namespace bsm = fastvol::european::bsm;
  BOOK_TIME("fastvol, price", b.rows, bsm::price_batch<double>(S, K, call, T, sigma, r, q, rows, b.out[0]));
  BOOK_TIME("fastvol, price + 5 Greeks", b.rows, {
    bsm::price_batch<double>(S, K, call, T, sigma, r, q, rows, b.out[0]);
    bsm::greeks_batch<double>(S, K, call, T, sigma, r, q, rows, b.out[1], b.out[2], b.out[4], b.out[3], b.out[5]);
  });
  BOOK_TIME("fastvol, implied volatility", b.rows, bsm::iv_batch<double>(b.out[0], S, K, call, T, r, q, rows, answer, 1e-12));
  return 0;
}
