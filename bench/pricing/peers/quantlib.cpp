// QuantLib (Debian libquantlib0-dev): BlackCalculator for price and Greeks, blackFormula for the price alone, and its implied
// standard deviation solver. The failures that its solver throws are counted.
#include <cmath>
#include <ql/instruments/payoffs.hpp>
#include <ql/pricingengines/blackcalculator.hpp>
#include <ql/pricingengines/blackformula.hpp>

#include "book.h"

using namespace QuantLib;

static void price(const book &b) {
  for (long i = 0; i < b.rows; i++) {
    const double T = b.in[2][i], discount = std::exp(-b.in[3][i] * T);
    const double forward = b.in[0][i] * std::exp((b.in[3][i] - b.in[4][i]) * T);
    b.out[0][i] = blackFormula(b.type[i] ? Option::Put : Option::Call, b.in[1][i], forward, b.in[5][i] * std::sqrt(T), discount);
  }
}

static void greeks(const book &b) {
  for (long i = 0; i < b.rows; i++) {
    const double T = b.in[2][i], discount = std::exp(-b.in[3][i] * T), S = b.in[0][i];
    const double forward = S * std::exp((b.in[3][i] - b.in[4][i]) * T);
    BlackCalculator c(b.type[i] ? Option::Put : Option::Call, b.in[1][i], forward, b.in[5][i] * std::sqrt(T), discount);
    b.out[0][i] = c.value(), b.out[1][i] = c.delta(S), b.out[2][i] = c.gamma(S), b.out[3][i] = c.vega(T);
    b.out[4][i] = c.theta(S, T), b.out[5][i] = c.rho(T);
  }
}

static long failures;
static void volatility(const book &b, double *answer) {
  failures = 0;
  for (long i = 0; i < b.rows; i++) {
    const double T = b.in[2][i], discount = std::exp(-b.in[3][i] * T);
    const double forward = b.in[0][i] * std::exp((b.in[3][i] - b.in[4][i]) * T);
    try {
      answer[i] = blackFormulaImpliedStdDev(b.type[i] ? Option::Put : Option::Call, b.in[1][i], forward, b.out[0][i], discount,
                                            0.0, Null<Real>(), 1e-14) / std::sqrt(T);
    } catch (const std::exception &) {
      failures++;
    }
  }
}

int main() {
  const book b = book_make(4096);
  double *answer = static_cast<double *>(book_memory(4096 * 8));
  BOOK_TIME("QuantLib blackFormula, price", b.rows, price(b));
  BOOK_TIME("QuantLib BlackCalculator, price + 5 Greeks", b.rows, greeks(b));
  BOOK_TIME("QuantLib blackFormulaImpliedStdDev", b.rows, volatility(b, answer));
  std::printf("QuantLib's implied volatility failed on %ld of %ld rows\n", failures, b.rows);
  return 0;
}
