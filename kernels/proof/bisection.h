// Batch verification with a verdict for every row: one equation over random multiples of all rows, halves when it fails.
#ifndef ASSAY_PROOF_BISECTION_H
#define ASSAY_PROOF_BISECTION_H

enum {
  bisection_most = 128,
  /// How many ranges can wait at once, each with its value: a level of halves leaves one behind.
  bisection_ranges = 10,
  /// From so many bad rows on, when no fewer were bad than good so far, the rest is taken row by row.
  bisection_many = 4,
};

/// What a batch of equations is halved by. An equation's value is an element of a group of prime order, one when it holds; that of a
/// range is the product of its rows' values, each to the power of the row's factor, which is not zero.
typedef struct bisection {
  void *context;
  /// Computes the value of a range into `value`; 1 when it is one. May give a verdict to rows that it finds unusable; then it returns 0
  /// and leaves no value.
  int (*evaluate)(void *context, const int *rows, int n, uint8_t *verdicts, void *value);
  /// whole = whole / part; 1 when it is one now.
  int (*divide)(void *whole, const void *part);
  /// Room for bisection_ranges + 1 values of `value_size` bytes.
  uint8_t *values;
  int64_t value_size;
  /// The rows' factors; evaluate reads them.
  uint64_t *low, *high;
} bisection;

INLINE void bisection_accept(const int *rows, int n, uint8_t *verdicts) {
  for (int i = 0; i < n; i++) verdicts[rows[i]] = ASSAY_ACCEPTED;
}

/// Gives each of n rows its verdict by an evaluation of its own, with the factor one, which costs least.
LIMBS_FUNCTION void bisection_one_by_one(const bisection *b, const int *rows, int n, uint8_t *verdicts, uint8_t reason, void *value) {
  for (int i = 0; i < n; i++) {
    b->low[rows[i]] = 1, b->high[rows[i]] = 0;
    verdicts[rows[i]] = b->evaluate(b->context, rows + i, 1, verdicts, value) ? ASSAY_ACCEPTED : reason;
  }
}

/// Gives each of the n <= 128 rows listed in `rows` its verdict: accepted, one that the evaluation gave, or `reason`.
///
/// A range whose value is not one is halved: the left half's value is computed, the right half's is the whole by the left. So n rows, all
/// bad, cost n evaluations at most. Once half of the decided rows were bad, each row that is left is evaluated alone: one row with the
/// factor one costs less than the range that halving would evaluate for it. A row alone is bad exactly when its value is not one, since
/// its factor is not zero and the group's order is prime: a rejection is never a matter of chance.
LIMBS_FUNCTION void bisect(const bisection *b, int *rows, int n, uint8_t *verdicts, uint8_t reason) {
  struct { int first, end; } ranges[bisection_ranges];
  for (int i = 0; i < n; i++) verdicts[rows[i]] = ASSAY_UNWRITTEN;
  while (n > 0) {
    if (b->evaluate(b->context, rows, n, verdicts, b->values)) return bisection_accept(rows, n, verdicts);
    int kept = 0;
    for (int i = 0; i < n; i++) {
      if (verdicts[rows[i]] == ASSAY_UNWRITTEN) rows[kept++] = rows[i];
    }
    if (kept == n) break;
    n = kept;
  }
  int waiting = 0, bad = 0, good = 0;
  if (n > 0) ranges[0].first = 0, ranges[0].end = n, waiting = 1;
  while (waiting > 0) {
    const int first = ranges[waiting - 1].first, end = ranges[waiting - 1].end, middle = first + (end - first) / 2;
    uint8_t *const value = b->values + b->value_size * (waiting - 1), *const part = value + b->value_size;
    waiting--;
    if (end - first == 1) {
      verdicts[rows[first]] = reason;
      bad++;
      continue;
    }
    if (bad >= bisection_many && bad >= good) {
      bisection_one_by_one(b, rows + first, end - first, verdicts, reason, part);
      continue;
    }
    const int left_holds = b->evaluate(b->context, rows + first, middle - first, verdicts, part);
    const int right_holds = left_holds ? 0 : b->divide(value, part);
    if (left_holds) bisection_accept(rows + first, middle - first, verdicts);
    good += (left_holds ? middle - first : 0) + (right_holds ? end - middle : 0);
    if (right_holds) {
      bisection_accept(rows + middle, end - middle, verdicts);
      memcpy(value, part, (size_t)b->value_size);
    } else {
      ranges[waiting].first = middle, ranges[waiting++].end = end;
    }
    if (!left_holds) ranges[waiting].first = first, ranges[waiting++].end = middle;
  }
}

/// Two random limbs, not both zero, for each of the n listed rows, from a seed that a hash over all of them gave.
LIMBS_FUNCTION void bisection_factors(uint64_t *low, uint64_t *high, const uint8_t seed[32], const int *rows, int n) {
  sha256_stream stream;
  uint8_t digest[32];
  for (int i = 0; i < n; i++) {
    uint64_t *const l = &low[rows[i]], *const h = &high[rows[i]];
    sha256_stream_begin(&stream);
    sha256_stream_add(&stream, seed, 32);
    sha256_stream_add_u64(&stream, (uint64_t)i);
    sha256_stream_end(&stream, digest);
    memcpy(l, digest, 8);
    memcpy(h, digest + 8, 8);
    *l = __builtin_bswap64(*l);
    *h = __builtin_bswap64(*h);
    if ((*l | *h) == 0) *l = 1;
  }
}

#endif
