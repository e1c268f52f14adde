// The book that every C and C++ peer prices, and the clock that measures them.
#ifndef BENCH_PRICING_BOOK_H
#define BENCH_PRICING_BOOK_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BOOK_COLUMNS = 6, BOOK_OUTPUTS = 6 };

/// Options as columns: spot, strike, years, rate, yield, volatility; outputs price, delta, gamma, vega, theta, rho.
typedef struct book {
  long rows;
  uint8_t *type;
  double *in[BOOK_COLUMNS], *out[BOOK_OUTPUTS];
} book;

static inline uint64_t book_random(uint64_t *state) {
  uint64_t z = *state += 0x9E3779B97F4A7C15u;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
  z = (z ^ z >> 27) * 0x94D049BB133111EBu;
  return z ^ z >> 31;
}

static inline double book_unit(uint64_t *state) { return (double)(book_random(state) >> 11) * 0x1p-53; }

static inline void *book_memory(size_t bytes) {
  void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
  if (!memory) abort();
  memset(memory, 0, bytes);
  return memory;
}

static inline book book_make(long rows) {
  book b;
  uint64_t state = 42;
  b.rows = rows;
  b.type = (uint8_t *)book_memory((size_t)rows);
  for (int i = 0; i < BOOK_COLUMNS; i++) b.in[i] = (double *)book_memory((size_t)rows * 8);
  for (int i = 0; i < BOOK_OUTPUTS; i++) b.out[i] = (double *)book_memory((size_t)rows * 8);
  for (long i = 0; i < rows; i++) {
    b.type[i] = (uint8_t)(book_random(&state) & 1);
    b.in[0][i] = 50 + 100 * book_unit(&state);
    b.in[1][i] = b.in[0][i] * (0.6 + 0.9 * book_unit(&state));
    b.in[2][i] = 0.01 + 2.5 * book_unit(&state);
    b.in[3][i] = -0.01 + 0.07 * book_unit(&state);
    b.in[4][i] = 0.04 * book_unit(&state);
    b.in[5][i] = 0.05 + 0.75 * book_unit(&state);
  }
  return b;
}

/// The book's rows as chains: 128 strikes of one spot, expiry, rate and yield side by side.
static inline book book_make_chains(long rows) {
  book b = book_make(rows);
  for (long i = 0; i < rows; i++) {
    const long head = i / 128 * 128;
    b.in[0][i] = b.in[0][head], b.in[2][i] = b.in[2][head], b.in[3][i] = b.in[3][head], b.in[4][i] = b.in[4][head];
    b.in[1][i] = b.in[0][i] * (0.6 + 0.9 * (double)(i - head) / 128);
  }
  return b;
}

/// Processor time of this thread: on a busy machine the others' time does not count.
static inline double book_clock(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static inline int book_order(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/// The best and the median of 21 timings of `statement`, each long enough to time, as millions of rows per second.
#define BOOK_TIME(name, rows, statement)                                                       \
  do {                                                                                         \
    double took_[21], once_ = book_clock();                                                    \
    statement;                                                                                 \
    once_ = book_clock() - once_;                                                              \
    const int repeats_ = once_ > 5e-3 ? 1 : (int)(5e-3 / (once_ + 1e-9)) + 1;                  \
    for (int k_ = 0; k_ < 21; k_++) {                                                          \
      const double start_ = book_clock();                                                      \
      for (int j_ = 0; j_ < repeats_; j_++) statement;                                         \
      took_[k_] = (book_clock() - start_) / repeats_;                                          \
    }                                                                                          \
    qsort(took_, 21, sizeof took_[0], book_order);                                             \
    const double million_ = 1e-6 * (double)(rows);                                             \
    printf("%-58s %9.3f M/s, median %9.3f\n", name, million_ / took_[0], million_ / took_[10]); \
    fflush(stdout);                                                                            \
  } while (0)

#endif
