// Prices of the peers for the accuracy table: rows as accuracy.c reads them; out, a line per row: QuantLib's BlackCalculator and
// Jaeckel's normalised Black function (0 where not built with -DJAECKEL), hexadecimal.
#include <cmath>
#include <cstdio>
#include <ql/pricingengines/blackcalculator.hpp>

#ifdef JAECKEL
extern "C" double black(double F, double K, double sigma, double T, double q);
#else
static double black(double, double, double, double, double) { return 0; }
#endif

int main() {
  double type, S, K, T, r, q, sigma;
  while (std::scanf("%la %la %la %la %la %la %la", &type, &S, &K, &T, &r, &q, &sigma) == 7) {
    const double discount = std::exp(-r * T), forward = S * std::exp((r - q) * T);
    QuantLib::BlackCalculator calculator(type == 0 ? QuantLib::Option::Call : QuantLib::Option::Put, K, forward,
                                         sigma * std::sqrt(T), discount);
    std::printf("%a %a\n", calculator.value(), discount * black(forward, K, sigma, T, type == 0 ? 1 : -1));
  }
  return 0;
}
