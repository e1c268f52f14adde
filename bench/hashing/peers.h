// The libraries that the hash kernels are compared with, each behind one shape: `rows` rows of a batch to their
// digests.
#ifndef BENCH_HASHING_PEERS_H
#define BENCH_HASHING_PEERS_H

#include <stdint.h>

/// Rows: row i is data[offsets[i] ..< offsets[i + 1]]; in a batch of pairs, 64 bytes each.
typedef struct rows {
  const uint8_t *data;
  const int64_t *offsets;
  int64_t count;
} rows;

/// A peer's way of hashing rows; `available` is null where every processor will do. `same` says that the digests are
/// those of the operation (OpenSSL's SHA3-256 does Keccak-256's work with another padding byte).
typedef struct peer {
  const char *operation, *name;
  void (*hash)(rows in, uint8_t *out);
  int (*available)(void);
  int same;
} peer;

extern const peer bench_peers[];

#endif
