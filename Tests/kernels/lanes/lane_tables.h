// What the tests of the lane kernels share: a table with its memory, and numbers that are the same everywhere.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "assay_kernels.h"
#include "assay_lanes.h"

static uint64_t random_state = 0x9E3779B97F4A7C15;
static uint64_t random_word(void) {
  random_state ^= random_state << 13, random_state ^= random_state >> 7, random_state ^= random_state << 17;
  return random_state;
}
static void random_bytes(uint8_t *to, int count) {
  for (int i = 0; i < count; i++) to[i] = (uint8_t)(random_word() >> 24);
}

#define MUST(condition)                                                       \
  do {                                                                        \
    if (!(condition)) {                                                       \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);         \
      exit(1);                                                                \
    }                                                                         \
  } while (0)

static void *aligned(int64_t bytes) {
  void *memory = aligned_alloc(64, (size_t)(bytes + 63) / 64 * 64);
  MUST(memory != NULL);
  memset(memory, 0xA7, (size_t)bytes);
  return memory;
}

/// The memory of a scheme, its constants made.
static assay_lane_memory lane_memory(const assay_lane_scheme *scheme) {
  void *constants = aligned(scheme->constant_bytes), *workspace = aligned(scheme->workspace_bytes);
  scheme->prepare(constants, workspace);
  return (assay_lane_memory){.constants = constants, .workspace = workspace};
}
static void free_lane_memory(assay_lane_memory memory) {
  free((void *)memory.constants);
  free(memory.workspace);
}

/// Seconds that this thread has computed: others may run beside it.
static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}
