// Rows for a board, and what the portable kernels make of them.
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "assay_kernels.h"

extern const assay_kernel_table assay_table_portable;

// The operation of this build that the board names; null when there is none.
static const assay_operation_description *find(const assay_fpga_operation_info *operation) {
  for (int id = 0; id < ASSAY_OPERATION_COUNT; id++) {
    if (strncmp(assay_operations()[id].name, operation->name, sizeof operation->name) == 0) return &assay_operations()[id];
  }
  return NULL;
}

const char *mismatch(const assay_fpga_operation_info *operation) {
  EXPECT(memchr(operation->name, 0, sizeof operation->name), "the name of operation %u does not end", operation->code);
  const assay_operation_description *known = find(operation);
  EXPECT(known, "%s is not an operation of operations.def", operation->name);
  EXPECT((int32_t)operation->semantics_version == known->version, "%s is at version %d here, not %u", known->name, known->version,
         operation->semantics_version);
  uint32_t in = 0, out = 0;
  for (int i = 0; i < known->column_count; i++) {
    const assay_column_description *column = &known->columns[i];
    EXPECT(column->width > 0 && (column->role == ASSAY_ROLE_IN || column->role == ASSAY_ROLE_OUT),
           "%s has a message, shared or optional column, which the interface does not carry", known->name);
    *(column->role == ASSAY_ROLE_IN ? &in : &out) += (uint32_t)column->width;
  }
  EXPECT(operation->input_stride == in && operation->output_stride == out, "%s has rows of %u and %u bytes, not %u and %u",
         known->name, in, out, operation->input_stride, operation->output_stride);
  EXPECT(operation->code != 0, "%s has code 0", known->name);
  EXPECT(operation->max_rows > 0, "%s takes no rows", known->name);
  return NULL;
}

static uint64_t random_word(uint64_t *state) {  // SplitMix64, Steele, Lea and Flood 2014
  uint64_t z = *state += 0x9E3779B97F4A7C15u;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
  z = (z ^ z >> 27) * 0x94D049BB133111EBu;
  return z ^ z >> 31;
}

void fill(const assay_fpga_operation_info *operation, uint8_t *input, uint32_t rows, uint64_t seed) {
  const assay_operation_description *known = find(operation);
  const uint32_t stride = operation->input_stride;
  const int64_t seeds = known && known->seeds && known->seed_bytes % stride == 0 ? known->seed_bytes / stride : 0;
  for (uint32_t row = 0; row < rows; row++) {
    uint8_t *bytes = input + (size_t)row * stride;
    if (seeds == 0) {
      for (uint32_t i = 0; i < stride; i++) bytes[i] = (uint8_t)random_word(&seed);
      continue;
    }
    memcpy(bytes, known->seeds + random_word(&seed) % (uint64_t)seeds * stride, stride);
    if (row % 4) bytes[random_word(&seed) % stride] ^= (uint8_t)(1u << random_word(&seed) % 8);
  }
}

// Copies `width` bytes of every row between rows of different length.
static void move(const uint8_t *from, size_t from_step, uint8_t *to, size_t to_step, size_t width, uint32_t rows) {
  for (uint32_t row = 0; row < rows; row++) memcpy(to + row * to_step, from + row * from_step, width);
}

// Why the board's row is not the portable kernel's; null when it is, or when the board leaves it to that kernel.
static const char *row_difference(const assay_operation_description *known, const uint8_t *expected, const uint8_t *given,
                                  uint32_t row) {
  size_t at = 0;
  for (int i = 0; i < known->column_count; i++) {
    const assay_column_description *column = &known->columns[i];
    if (column->role == ASSAY_ROLE_IN) continue;
    if (column->kind == ASSAY_KIND_VERDICT && (given[at] == ASSAY_FPGA_VERDICT_REJECTED || given[at] == ASSAY_FPGA_VERDICT_MALFORMED)) {
      EXPECT(expected[at] != ASSAY_ACCEPTED, "row %u of %s is accepted, and the board says that it is not", row, known->name);
      return NULL;
    }
    at += (size_t)column->width;
  }
  EXPECT(memcmp(expected, given, at) == 0, "row %u of %s is not the portable kernel's", row, known->name);
  return NULL;
}

const char *difference(const assay_fpga_operation_info *operation, const uint8_t *input, const uint8_t *output, uint32_t rows) {
  const assay_operation_description *known = find(operation);
  const assay_kernel kernel = known ? assay_table_portable.kernels[known - assay_operations()] : NULL;
  EXPECT(kernel, "%.64s has no portable kernel", operation->name);
  uint8_t *expected = calloc(rows, operation->output_stride);
  assay_column columns[16] = {0};
  EXPECT(expected && known->column_count <= 16, "there is no memory");
  size_t in = 0, out = 0;
  for (int i = 0; i < known->column_count; i++) {
    const size_t width = (size_t)known->columns[i].width;
    columns[i].data = calloc(rows, width);
    EXPECT(columns[i].data, "there is no memory");
    if (known->columns[i].role != ASSAY_ROLE_IN) continue;
    move(input + in, operation->input_stride, columns[i].data, width, width, rows);
    in += width;
  }
  kernel(columns, 0, rows);
  for (int i = 0; i < known->column_count; i++) {
    const size_t width = (size_t)known->columns[i].width;
    if (known->columns[i].role == ASSAY_ROLE_OUT) {
      move(columns[i].data, width, expected + out, operation->output_stride, width, rows);
      out += width;
    }
    free(columns[i].data);
  }
  const char *problem = NULL;
  for (uint32_t row = 0; row < rows && !problem; row++) {
    const size_t at = (size_t)row * operation->output_stride;
    problem = row_difference(known, expected + at, output + at, row);
  }
  free(expected);
  return problem;
}
