// Jaeckel's LetsBeRational (fetched beside the project, never part of it): implied volatility and his Black price.
#include <cmath>

#include "book.h"

extern "C" double implied_volatility_from_a_transformed_rational_guess(double price, double F, double K, double T, double q);
extern "C" double black(double F, double K, double sigma, double T, double q);

int main() {
  const book b = book_make(4096);
  double *answer = static_cast<double *>(book_memory(4096 * 8)), *forward = static_cast<double *>(book_memory(4096 * 8));
  // Undiscounted forwards and prices are what his functions take: prepared outside the timing.
  for (long i = 0; i < b.rows; i++) forward[i] = b.in[0][i] * std::exp((b.in[3][i] - b.in[4][i]) * b.in[2][i]);
  BOOK_TIME("LetsBeRational, Black price", b.rows, for (long i = 0; i < b.rows; i++) {
    b.out[0][i] = black(forward[i], b.in[1][i], b.in[5][i], b.in[2][i], b.type[i] ? -1 : 1);
  });
  BOOK_TIME("LetsBeRational, implied volatility", b.rows, for (long i = 0; i < b.rows; i++) {
    answer[i] = implied_volatility_from_a_transformed_rational_guess(b.out[0][i], forward[i], b.in[1][i], b.in[2][i],
                                                                     b.type[i] ? -1 : 1);
  });
  return 0;
}
