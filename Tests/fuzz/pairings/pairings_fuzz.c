// libFuzzer over the decoders of the pairing operations: any bytes, or a valid row of the operation's seeds with a few bytes
// changed, through every table that has the operation, into memory of exactly the columns' size. Every table must give the
// same bytes and every verdict must be in the closed list.
//
// Input: operation | cut, top bit for a damaged seed | the rest. A damaged seed's rest is three bytes a change: where, where,
// what to flip.
//
//   Tests/fuzz/pairings/run.sh SECONDS
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assay_kernels.h"

enum { MOST_COLUMNS = 8 };

static const int operations[] = {
  ASSAY_OPERATION_groth16_bn254, ASSAY_OPERATION_groth16_bn254_prepare, ASSAY_OPERATION_bn254_add,
  ASSAY_OPERATION_bn254_mul, ASSAY_OPERATION_bn254_pairing,
  ASSAY_OPERATION_kzg_proof, ASSAY_OPERATION_kzg_blob, ASSAY_OPERATION_kzg_cell, ASSAY_OPERATION_kzg_point_evaluation,
  ASSAY_OPERATION_bls12381_min_pk_fast_aggregate, ASSAY_OPERATION_bls12381_min_pk_aggregate,
  ASSAY_OPERATION_bls12381_g1_add, ASSAY_OPERATION_bls12381_g1_msm, ASSAY_OPERATION_bls12381_g2_add,
  ASSAY_OPERATION_bls12381_g2_msm, ASSAY_OPERATION_bls12381_pairing, ASSAY_OPERATION_bls12381_map_fp_to_g1,
  ASSAY_OPERATION_bls12381_map_fp2_to_g2};

static void *take(const uint8_t **data, size_t *left, size_t wanted) {
  uint8_t *memory = calloc(wanted ? wanted : 1, 1);
  if (!memory) abort();
  const size_t count = *left < wanted ? *left : wanted;
  memcpy(memory, *data, count);
  *data += count, *left -= count;
  return memory;
}

/// A column's values of seed row `row`, copied to memory of their own; 0 when there is no such row.
static int take_seed(const assay_operation_description *operation, int row, assay_column *columns, int64_t (*offsets)[2]) {
  const uint8_t *p = operation->seeds, *const end = operation->seeds + operation->seed_bytes;
  for (; row >= 0; row--) {
    for (int i = 0; i < operation->column_count; i++) {
      const assay_column_description *column = &operation->columns[i];
      if (column->role > ASSAY_ROLE_SHARED) continue;
      size_t length = (size_t)column->width;
      if (column->kind == ASSAY_KIND_MESSAGE) {
        if (end - p < 4) return 0;
        length = (size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24;
        p += 4;
      }
      if ((size_t)(end - p) < length) return 0;
      if (row == 0) {
        size_t left = length;
        const uint8_t *from = p;
        columns[i].data = take(&from, &left, length);
        offsets[i][0] = 0, offsets[i][1] = (int64_t)length;
        columns[i].offsets = column->kind == ASSAY_KIND_MESSAGE ? offsets[i] : NULL;
      }
      p += length;
    }
  }
  return 1;
}

/// Flips bits of the input columns' bytes, taken end to end.
static void damage(const assay_operation_description *operation, assay_column *columns, const uint8_t *data, size_t size) {
  for (; size >= 3; data += 3, size -= 3) {
    size_t total = 0, where = (size_t)data[0] | (size_t)data[1] << 8;
    for (int pass = 0; pass < 2; pass++) {
      if (pass == 1) where = total ? where % total : 0;
      for (int i = 0; i < operation->column_count; i++) {
        const assay_column_description *column = &operation->columns[i];
        if (column->role > ASSAY_ROLE_SHARED) continue;
        const size_t length = columns[i].offsets ? (size_t)columns[i].offsets[1] : (size_t)column->width;
        if (pass == 0) {
          total += length;
        } else if (where < length) {
          ((uint8_t *)columns[i].data)[where] ^= data[2];
          break;
        } else {
          where -= length;
        }
      }
    }
  }
}

static int is_verdict(uint8_t byte) {
  int32_t count;
  const assay_reason_description *reasons = assay_reasons(&count);
  for (int i = 0; i < count; i++) {
    if (reasons[i].code == byte) return 1;
  }
  return byte == ASSAY_ACCEPTED;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 2) return 0;
  const int id = operations[data[0] % (sizeof operations / sizeof operations[0])];
  const size_t cut = data[1] & 0x7f;
  const int is_seeded = data[1] >> 7;
  data += 2, size -= 2;
  const assay_operation_description *operation = &assay_operations()[id];
  assay_column columns[MOST_COLUMNS];
  int64_t offsets[MOST_COLUMNS][2];
  uint8_t *expected[MOST_COLUMNS] = {0};
  if (operation->column_count > MOST_COLUMNS) abort();
  if (is_seeded && !take_seed(operation, (int)(cut % 8), columns, offsets)) return 0;
  if (is_seeded) damage(operation, columns, data, size);
  // A message takes the rest when it is the last input, else up to 48 * cut bytes.
  int last_message = -1;
  for (int i = 0; i < operation->column_count; i++) {
    if (operation->columns[i].kind == ASSAY_KIND_MESSAGE) last_message = i;
  }
  size_t fixed_after = 0;
  for (int i = last_message + 1; i < operation->column_count; i++) {
    if (operation->columns[i].role <= ASSAY_ROLE_SHARED) fixed_after += (size_t)operation->columns[i].width;
  }
  for (int i = 0; i < operation->column_count; i++) {
    const assay_column_description *column = &operation->columns[i];
    if (is_seeded && column->role <= ASSAY_ROLE_SHARED) continue;
    columns[i].offsets = NULL;
    if (column->role > ASSAY_ROLE_SHARED) {
      columns[i].data = calloc((size_t)column->width, 1);
      expected[i] = calloc((size_t)column->width, 1);
    } else if (column->kind == ASSAY_KIND_MESSAGE) {
      size_t length = i == last_message ? (size > fixed_after ? size - fixed_after : 0) : 48 * cut;
      if (length > size) length = size;
      offsets[i][0] = 0, offsets[i][1] = (int64_t)length;
      columns[i].offsets = offsets[i];
      columns[i].data = take(&data, &size, length);
    } else {
      columns[i].data = take(&data, &size, (size_t)column->width);
    }
  }
  int tables = 0;
  for (const assay_kernel_table *const *table = assay_kernel_tables(); *table; table++) {
    if (!(*table)->available() || !(*table)->kernels[id]) continue;
    (*table)->kernels[id](columns, 0, 1);
    for (int i = 0; i < operation->column_count; i++) {
      const assay_column_description *column = &operation->columns[i];
      if (column->role <= ASSAY_ROLE_SHARED) continue;
      if (column->kind == ASSAY_KIND_VERDICT && !is_verdict(*(uint8_t *)columns[i].data)) abort();
      if (tables > 0 && memcmp(expected[i], columns[i].data, (size_t)column->width) != 0) {
        fprintf(stderr, "%s: %s differs in table %s\n", operation->name, column->name, (*table)->name);
        abort();
      }
      memcpy(expected[i], columns[i].data, (size_t)column->width);
      memset(columns[i].data, 0, (size_t)column->width);
    }
    tables++;
  }
  for (int i = 0; i < operation->column_count; i++) {
    free(columns[i].data);
    free(expected[i]);
  }
  return 0;
}
