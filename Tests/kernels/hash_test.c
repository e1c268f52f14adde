// The hash kernels: every table against the portable one, byte for byte, and the portable one against OpenSSL (unless
// WITHOUT_OPENSSL, for cross builds) and, for Keccak-256, digests made by PyCryptodome (keccak_oracle.py). Prints one
// line a table and operation; exits 1 on a mismatch.
#ifndef WITHOUT_OPENSSL
#include <openssl/sha.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assay_kernels.h"
#include "keccak_oracle.h"

enum { GUARD = 64, MOST_ROWS = 700 };

static uint64_t random_state = 0x243f6a8885a308d3;
static uint64_t random_word(void) {  // SplitMix64 (Steele, Lea, Flood 2014)
  uint64_t z = random_state += 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

static void *memory(size_t bytes) {
  uint8_t *p = malloc(bytes ? bytes : 1);
  if (!p) abort();
  for (size_t i = 0; i < bytes; i++) p[i] = (uint8_t)random_word();
  return p;
}

static int failures;
static void fail(const char *table, const char *operation, const char *what, long long row) {
  fprintf(stderr, "FAIL %s %s: %s, row %lld\n", table, operation, what, row);
  failures++;
}

// Rows of one operation in memory of exactly their size, so that AddressSanitizer sees any byte read outside.
typedef struct batch {
  int64_t rows;
  uint8_t *data;
  int64_t *offsets;  // null for pairs
} batch;

static batch pairs(int64_t rows) { return (batch){rows, memory((size_t)rows * 64), NULL}; }

static batch messages(int64_t rows, int64_t (*length)(int64_t row)) {
  batch b = {rows, NULL, malloc(sizeof(int64_t) * (size_t)(rows + 1))};
  if (!b.offsets) abort();
  b.offsets[0] = 0;
  for (int64_t i = 0; i < rows; i++) b.offsets[i + 1] = b.offsets[i] + length(i);
  b.data = memory((size_t)b.offsets[rows]);
  return b;
}

static void release(batch b) {
  free(b.data);
  free(b.offsets);
}

// Digests of rows [first, end) with `kernel`, and a check that it wrote nothing else.
static void digests(assay_kernel kernel, batch b, int64_t first, int64_t end, uint8_t *out, const char *table,
                    const char *operation) {
  const size_t bytes = (size_t)b.rows * 32;
  uint8_t *guarded = malloc(bytes + 2 * GUARD);
  if (!guarded) abort();
  memset(guarded, 0x5c, bytes + 2 * GUARD);
  const assay_column columns[2] = {{b.data, b.offsets}, {guarded + GUARD, NULL}};
  kernel(columns, first, end);
  for (size_t i = 0; i < bytes + 2 * GUARD; i++) {
    const int inside = i >= GUARD + (size_t)first * 32 && i < GUARD + (size_t)end * 32;
    if (!inside && guarded[i] != 0x5c) fail(table, operation, "wrote outside its rows", ((long long)i - GUARD) / 32);
  }
  memcpy(out, guarded + GUARD, bytes);
  free(guarded);
}

static void compare(const assay_kernel_table *table, int operation, batch b) {
  const char *name = assay_operations()[operation].name;
  const assay_kernel kernel = table->kernels[operation], portable = assay_kernel_tables()[0]->kernels[operation];
  uint8_t *expected = memory((size_t)b.rows * 32), *got = memory((size_t)b.rows * 32);
  digests(portable, b, 0, b.rows, expected, "portable", name);
  for (int cut = 0; cut < 3; cut++) {
    const int64_t first = cut == 0 ? 0 : b.rows / 3, end = cut == 2 ? b.rows - b.rows / 5 : b.rows;
    digests(kernel, b, first, end, got, table->name, name);
    for (int64_t row = first; row < end; row++) {
      if (memcmp(got + 32 * row, expected + 32 * row, 32)) fail(table->name, name, "differs from portable", row);
    }
  }
  free(expected);
  free(got);
}

// message lengths

static int64_t every_length(int64_t row) { return row; }
static int64_t short_length(int64_t row) { return (void)row, (int64_t)(random_word() % 300); }
static int64_t ragged_length(int64_t row) {
  return row % 17 == 0 ? (int64_t)(random_word() % 20000) : (int64_t)(random_word() % 200);
}
static int64_t one_block(int64_t row) { return (void)row, 40; }
static int64_t empty(int64_t row) { return (void)row, 0; }
static int64_t edge_length(int64_t row) {
  static const int64_t edges[] = {0, 1, 31, 32, 33, 54, 55, 56, 63, 64, 65, 118, 119, 120, 127, 128, 134, 135, 136, 137,
                                  183, 184, 191, 192, 271, 272, 273, 407, 408, 409, 4096};
  return edges[(row + (int64_t)(random_word() % 5)) % (int64_t)(sizeof edges / sizeof edges[0])];
}

// oracles

#ifndef WITHOUT_OPENSSL
enum { ONCE, TWICE, NODE };
static void sha256_oracle(const uint8_t *p, size_t bytes, uint8_t *out, int what) {
  uint8_t node[65] = {0x01};
  if (what == NODE) memcpy(node + 1, p, bytes), p = node, bytes = sizeof node;
  SHA256(p, bytes, out);
  if (what == TWICE) SHA256(out, 32, out);
}

static void against_openssl(int operation, batch b, int what) {
  const char *name = assay_operations()[operation].name;
  uint8_t *got = memory((size_t)b.rows * 32), expected[32];
  digests(assay_kernel_tables()[0]->kernels[operation], b, 0, b.rows, got, "portable", name);
  for (int64_t row = 0; row < b.rows; row++) {
    const int64_t at = b.offsets ? b.offsets[row] : 64 * row, end = b.offsets ? b.offsets[row + 1] : at + 64;
    sha256_oracle(b.data + at, (size_t)(end - at), expected, what);
    if (memcmp(got + 32 * row, expected, 32)) fail("portable", name, "differs from OpenSSL", row);
  }
  free(got);
}
#endif

// Message of length n: bytes (7 i + n) mod 256; the oracle is the SHA-256 of all digests one after the other.
static int64_t oracle_length(int64_t row) { return row < 701 ? row : 100000; }
static void keccak_against_oracle(void) {
  batch b = messages(702, oracle_length);
  uint8_t *got = memory((size_t)b.rows * 32), all[32];
  char hex[65];
  for (int64_t row = 0; row < b.rows; row++) {
    for (int64_t i = b.offsets[row]; i < b.offsets[row + 1]; i++) {
      b.data[i] = (uint8_t)(7 * (i - b.offsets[row]) + (b.offsets[row + 1] - b.offsets[row]));
    }
  }
  const int operations[] = {ASSAY_OPERATION_keccak256_message, ASSAY_OPERATION_keccak256_pair};
  for (int i = 0; i < 2; i++) {
    const batch rows = i == 0 ? b : (batch){1, b.data + b.offsets[64], NULL};
    digests(assay_kernel_tables()[0]->kernels[operations[i]], rows, 0, rows.rows, got, "portable", "keccak");
    const int64_t whole[] = {0, rows.rows * 32};
    const assay_column columns[2] = {{got, whole}, {all, NULL}};
    assay_kernel_tables()[0]->kernels[ASSAY_OPERATION_sha256_message](columns, 0, 1);
    for (int k = 0; k < 32; k++) snprintf(hex + 2 * k, 3, "%02x", all[k]);
    const char *oracle = i == 0 ? keccak_oracle_messages : keccak_oracle_pair;
    if (strcmp(hex, oracle)) fail("portable", "keccak", "differs from oracle", i);
  }
  free(got);
  release(b);
}

static void conform(const assay_kernel_table *table, int operation, int pair) {
  static int64_t (*const lengths[])(int64_t) = {every_length, short_length, ragged_length,
                                                one_block,    empty,        edge_length};
  const int64_t counts[] = {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 100, 301, 700};
  for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
    if (pair) {
      batch b = pairs(counts[i]);
      compare(table, operation, b);
      release(b);
      continue;
    }
    for (size_t k = 0; k < sizeof lengths / sizeof lengths[0]; k++) {
      batch b = messages(counts[i], lengths[k]);
      compare(table, operation, b);
      release(b);
    }
  }
}

int main(void) {
  static const struct { int operation, pair, sha, what; } operations[] = {
    {ASSAY_OPERATION_sha256_pair, 1, 1, 0},   {ASSAY_OPERATION_sha256d_pair, 1, 1, 1},
    {ASSAY_OPERATION_sha256_message, 0, 1, 0}, {ASSAY_OPERATION_sha256d_message, 0, 1, 1},
    {ASSAY_OPERATION_sha256_rfc6962_node, 1, 1, 2},
    {ASSAY_OPERATION_keccak256_pair, 1, 0, 0}, {ASSAY_OPERATION_keccak256_message, 0, 0, 0}};
  enum { OPERATIONS = sizeof operations / sizeof operations[0] };
#ifndef WITHOUT_OPENSSL
  for (int i = 0; i < OPERATIONS; i++) {
    if (!operations[i].sha) continue;
    batch b = operations[i].pair ? pairs(MOST_ROWS) : messages(MOST_ROWS, every_length);
    against_openssl(operations[i].operation, b, operations[i].what);
    release(b);
    if (operations[i].pair) continue;
    b = messages(40, ragged_length);
    against_openssl(operations[i].operation, b, operations[i].what);
    release(b);
  }
#endif
  keccak_against_oracle();
  for (const assay_kernel_table *const *table = assay_kernel_tables() + 1; *table; table++) {
    if (!(*table)->available()) {
      printf("skipped  %-10s this processor is not %s\n", (*table)->name, (*table)->requires);
      continue;
    }
    for (int i = 0; i < OPERATIONS; i++) {
      const char *name = assay_operations()[operations[i].operation].name;
      if (!(*table)->kernels[operations[i].operation]) {
        printf("none     %-10s %s\n", (*table)->name, name);
        continue;
      }
      conform(*table, operations[i].operation, operations[i].pair);
      printf("compared %-10s %s\n", (*table)->name, name);
    }
  }
  printf("%s\n", failures ? "FAILED" : "hash kernels: all equal");
  return failures ? 1 : 0;
}
