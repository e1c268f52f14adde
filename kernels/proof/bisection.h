// Batch verification with a verdict for every row: one equation over random multiples of all rows, halves when it fails.
#ifndef ASSAY_PROOF_BISECTION_H
#define ASSAY_PROOF_BISECTION_H

enum { bisection_most = 128 };

/// 1 when the random combination of the rows' equations holds; for a single row, when its own equation holds. It may give a
/// verdict to rows that it finds unusable and return 0.
typedef int (*bisection_equation)(void *context, const int *rows, int n, uint8_t *verdicts);

/// Gives each of the n <= 128 rows listed in `rows` its verdict: accepted, one that the equation gave, or `reason`.
///
/// A range that fails is halved; once an eighth of the rows has proved bad the rest go one by one, which is then cheaper.
/// Rows alone are verified exactly, so a rejection is never a matter of chance.
LIMBS_FUNCTION void bisect(void *context, bisection_equation holds, int *rows, int n, uint8_t *verdicts, uint8_t reason) {
  struct { int first, end; } ranges[16] = {{0, n}};
  int waiting = n > 0, bad = 0;
  for (int i = 0; i < n; i++) verdicts[rows[i]] = ASSAY_UNWRITTEN;
  while (waiting > 0) {
    const int first = ranges[--waiting].first, end = ranges[waiting].end;
    // With many bad rows, a range is taken row by row: its first row now, the others later.
    const int stop = 8 * bad > n ? first + 1 : end;
    if (stop < end) ranges[waiting].first = stop, ranges[waiting++].end = end;
    if (holds(context, rows + first, stop - first, verdicts)) {
      for (int i = first; i < stop; i++) verdicts[rows[i]] = ASSAY_ACCEPTED;
      continue;
    }
    int kept = 0;
    for (int i = first; i < stop; i++) {
      const int row = rows[i];
      if (verdicts[row] == ASSAY_UNWRITTEN) rows[first + kept++] = row;
    }
    bad += stop - first - kept;
    if (kept == stop - first && kept == 1) {
      verdicts[rows[first]] = reason;
      bad++;
    } else if (kept < stop - first) {
      if (kept > 0) ranges[waiting].first = first, ranges[waiting++].end = first + kept;
    } else {
      const int middle = first + kept / 2;
      ranges[waiting].first = middle, ranges[waiting++].end = first + kept;
      ranges[waiting].first = first, ranges[waiting++].end = middle;
    }
  }
}

/// Two random limbs for each of n rows, from a seed that a hash over all of them gave.
LIMBS_FUNCTION void bisection_factors(uint64_t *low, uint64_t *high, const uint8_t seed[32], int n) {
  sha256_stream stream;
  uint8_t digest[32];
  for (int i = 0; i < n; i++) {
    sha256_stream_begin(&stream);
    sha256_stream_add(&stream, seed, 32);
    sha256_stream_add_u64(&stream, (uint64_t)i);
    sha256_stream_end(&stream, digest);
    memcpy(&low[i], digest, 8);
    memcpy(&high[i], digest + 8, 8);
    low[i] = __builtin_bswap64(low[i]);
    high[i] = __builtin_bswap64(high[i]);
  }
}

#endif
