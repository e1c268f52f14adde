// Our hash kernels and the peers' in one run on one core: nanoseconds and clock cycles a row, and how many times as
// fast as the fastest peer. Every digest is compared before it is timed. The best of many short samples is reported,
// each contestant taking its turn, so that a noisy neighbour spoils samples and not a contestant; and each first runs
// untimed until the processor has settled on its clock, which 512-bit instructions lower for about a millisecond.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "assay_kernels.h"
#include "peers.h"

enum { ROWS = 1024, TURNS = 30, MOST = 32, SETTLE = 2000000 /* ns */ };

static double nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

// The clock now, in GHz, from a chain of additions that take a cycle each.
static double gigahertz(void) {
  uint64_t x = 1;
  const double start = nanoseconds();
  for (int i = 0; i < 2000; i++) {
#if defined(__x86_64__)
    __asm__ volatile(
      "add $1, %0\n add $1, %0\n add $1, %0\n add $1, %0\n add $1, %0\n"
      "add $1, %0\n add $1, %0\n add $1, %0\n add $1, %0\n add $1, %0" : "+r"(x));
#else
    __asm__ volatile(
      "add %0, %0, 1\n add %0, %0, 1\n add %0, %0, 1\n add %0, %0, 1\n add %0, %0, 1\n"
      "add %0, %0, 1\n add %0, %0, 1\n add %0, %0, 1\n add %0, %0, 1\n add %0, %0, 1" : "+r"(x));
#endif
  }
  return 20000 / (nanoseconds() - start);
}

typedef struct contestant {
  char name[64];
  assay_kernel kernel;
  const peer *peer;
  double best, clock;
} contestant;

static void run(const contestant *c, rows in, int64_t count, uint8_t *out, int pair) {
  if (c->kernel) {
    const assay_column columns[2] = {{(void *)in.data, pair ? NULL : in.offsets}, {out, NULL}};
    c->kernel(columns, 0, count);
  } else {
    c->peer->hash((rows){in.data, in.offsets, count}, out);
  }
  __asm__ volatile("" : : "r"(out) : "memory");
}

static int contest(const char *title, int operation, rows in) {
  const char *name = assay_operations()[operation].name;
  const int pair = assay_operations()[operation].columns[0].kind == ASSAY_KIND_BYTES;
  contestant all[MOST];
  int count = 0;
  for (const assay_kernel_table *const *t = assay_kernel_tables(); *t; t++) {
    if (!(*t)->available() || !(*t)->kernels[operation]) continue;
    contestant *c = &all[count++];
    *c = (contestant){.kernel = (*t)->kernels[operation], .best = 1e18};
    snprintf(c->name, sizeof c->name, "Assay %s", (*t)->name);
  }
  for (const peer *p = bench_peers; p->operation; p++) {
    if (strcmp(p->operation, name) || (p->available && !p->available())) continue;
    contestant *c = &all[count++];
    *c = (contestant){.peer = p, .best = 1e18};
    snprintf(c->name, sizeof c->name, "%s", p->name);
  }

  uint8_t *expected = malloc(32 * ROWS), *got = malloc(32 * ROWS);
  run(&all[0], in, ROWS, expected, pair);
  for (int i = 1; i < count; i++) {
    if (all[i].peer && !all[i].peer->same) continue;
    memset(got, 0, 32 * ROWS);
    run(&all[i], in, ROWS, got, pair);
    if (memcmp(got, expected, 32 * ROWS)) {
      fprintf(stderr, "%s: %s gives other digests\n", name, all[i].name);
      return 1;
    }
  }
  for (int turn = 0; turn < TURNS; turn++) {
    for (int i = 0; i < count; i++) {
      for (const double start = nanoseconds(); nanoseconds() - start < SETTLE;) run(&all[i], in, ROWS, got, pair);
      for (int sample = 0; sample < 5; sample++) {
        const double start = nanoseconds();
        run(&all[i], in, ROWS, got, pair);
        const double time = nanoseconds() - start;
        if (time < all[i].best) all[i].best = time;
      }
      const double clock = gigahertz();
      if (clock > all[i].clock) all[i].clock = clock;
    }
  }

  double best_peer = 1e18;
  for (int i = 0; i < count; i++) {
    if (all[i].peer && all[i].best < best_peer) best_peer = all[i].best;
  }
  printf("\n%s (%s)\n", title, name);
  printf("%-28s %10s %10s %8s %14s\n", "", "ns a row", "cycles", "GHz", "x best peer");
  for (int i = 0; i < count; i++) {
    const double row = all[i].best / ROWS;
    printf("%-28s %10.1f %10.0f %8.2f", all[i].name, row, row * all[i].clock, all[i].clock);
    if (best_peer < 1e18) printf(" %14.2f", best_peer / all[i].best);
    printf("\n");
  }
  free(expected);
  free(got);
  return 0;
}

static rows make_rows(int64_t shortest, int64_t longest) {
  static uint64_t state = 1;
  int64_t *offsets = malloc(sizeof(int64_t) * (ROWS + 1));
  offsets[0] = 0;
  for (int i = 0; i < ROWS; i++) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    offsets[i + 1] = offsets[i] + shortest + (int64_t)((state >> 33) % (uint64_t)(longest - shortest + 1));
  }
  uint8_t *data = malloc((size_t)offsets[ROWS]);
  for (int64_t i = 0; i < offsets[ROWS]; i++) {
    state = state * 6364136223846793005u + 1;
    data[i] = (uint8_t)(state >> 56);
  }
  return (rows){data, offsets, ROWS};
}

int main(void) {
  const rows pairs = make_rows(64, 64), leaves = make_rows(33, 33);
  const rows mixed = make_rows(0, 300), nodes = make_rows(32, 600);
  return contest("SHA-256 of 64-byte pairs", ASSAY_OPERATION_sha256_pair, pairs) ||
         contest("Double SHA-256 of 64-byte pairs", ASSAY_OPERATION_sha256d_pair, pairs) ||
         contest("Nodes of RFC 6962 (65 bytes)", ASSAY_OPERATION_sha256_rfc6962_node, pairs) ||
         contest("SHA-256 of 33-byte leaves", ASSAY_OPERATION_sha256_message, leaves) ||
         contest("SHA-256 of 0 to 300 bytes", ASSAY_OPERATION_sha256_message, mixed) ||
         contest("Double SHA-256 of 0 to 300 bytes", ASSAY_OPERATION_sha256d_message, mixed) ||
         contest("Keccak-256 of 64-byte pairs", ASSAY_OPERATION_keccak256_pair, pairs) ||
         contest("Keccak-256 of 32 to 600 bytes (trie nodes)", ASSAY_OPERATION_keccak256_message, nodes);
}
