// A row of a matrix product, with the same bits from any BLAS, any order of terms and any number of threads.
//
// `left` is a row of k binary64 numbers, `right` the k x 32 matrix, row after row; `product` is the 32 binary64 numbers of
// left * right. Each number is the sum of products of three slices a side (slices.h): its error is about 2^-70 of
// max|left| * max|right column| for k up to 8, 2^-53 for k of 2^10; elements far smaller than the largest of their row or
// column lose low bits. A row or column that holds an infinity or NaN is summed in order with fma instead, NaN canonical.
// k = 0, more than 2^20 terms, or lengths that do not fit: `malformed-row` and NaN.

#if DIALECT_SLICES

#include "risk/slices.h"

enum { PRODUCT_ROWS = 8 };

/// `rows` rows at once, so that a slice of `right` is cut once for all of them.
static void product_block(
  const uint8_t *const left[PRODUCT_ROWS], const uint8_t *right, int64_t terms, const int right_exponent[SLICE_COLUMNS],
  int rows, uint8_t *product) {
  const int bits = slice_bits(terms);
  int left_exponent[PRODUCT_ROWS];
  double high[PRODUCT_ROWS][SLICE_COLUMNS] = {{0}}, middle[PRODUCT_ROWS][SLICE_COLUMNS] = {{0}};
  double low[PRODUCT_ROWS][SLICE_COLUMNS] = {{0}}, square[PRODUCT_ROWS][SLICE_COLUMNS] = {{0}};
  for (int i = 0; i < rows; i++) left_exponent[i] = slice_row_exponent(left[i], terms);
  for (int64_t l = 0; l < terms; l++) {
    double b[SLICES][SLICE_COLUMNS];
    for (int j = 0; j < SLICE_COLUMNS; j++) {
      double slice[SLICES];
      const int usable = right_exponent[j] < 2000;
      slice_cut(usable ? slice_number(right, l * SLICE_COLUMNS + j) : 0, usable ? right_exponent[j] : 0, bits, slice);
      for (int s = 0; s < SLICES; s++) b[s][j] = slice[s];
    }
    for (int i = 0; i < rows; i++) {
      if (left_exponent[i] == 2000) continue;
      double a[SLICES];
      slice_cut(slice_number(left[i], l), left_exponent[i], bits, a);
      // Products and sums are integers below 2^53: exact however they are added.
      for (int j = 0; j < SLICE_COLUMNS; j++) high[i][j] += a[0] * b[0][j];
      for (int j = 0; j < SLICE_COLUMNS; j++) middle[i][j] += a[0] * b[1][j] + a[1] * b[0][j];
      for (int j = 0; j < SLICE_COLUMNS; j++) low[i][j] += a[0] * b[2][j] + a[2] * b[0][j];
      for (int j = 0; j < SLICE_COLUMNS; j++) square[i][j] += a[1] * b[1][j];
    }
  }
  for (int i = 0; i < rows; i++) {
    for (int j = 0; j < SLICE_COLUMNS; j++) {
      const slice_sums sums = {high[i][j], middle[i][j], low[i][j], square[i][j]};
      const double value = left_exponent[i] == 2000 || right_exponent[j] == 2000
                             ? slice_in_order(left[i], right, terms, j)
                             : slice_canonical(slice_combine(sums, left_exponent[i], right_exponent[j], bits));
      memcpy(product + (i * SLICE_COLUMNS + j) * (int)sizeof value, &value, sizeof value);
    }
  }
}

#define ASSAY_PROVIDES_exact_product ASSAY_YES
KERNEL(exact_product) {
  const assay_exact_product_columns *c = COLUMNS(exact_product);
  const uint8_t *right = (const uint8_t *)c->right.data + c->right.offsets[0];
  const int64_t right_bytes = c->right.offsets[1] - c->right.offsets[0];
  const int64_t terms = slice_terms(right_bytes);
  int right_exponent[SLICE_COLUMNS];
  if (terms > 0) slice_column_exponents(right, terms, right_exponent);
  uint8_t *verdict = c->verdict.data, *product = c->product.data;
  for (int64_t row = first; row < end;) {
    // Rows of the right length that follow each other make a block.
    const uint8_t *left[PRODUCT_ROWS];
    int rows = 0;
    while (row + rows < end && rows < PRODUCT_ROWS) {
      const int64_t start = c->left.offsets[row + rows], bytes = c->left.offsets[row + rows + 1] - start;
      if (terms == 0 || bytes != terms * 8) break;
      left[rows++] = (const uint8_t *)c->left.data + start;
    }
    if (rows == 0) {
      const uint64_t nan = 0x7FF8000000000000ull;
      for (int j = 0; j < SLICE_COLUMNS; j++) memcpy(product + (row * SLICE_COLUMNS + j) * 8, &nan, sizeof nan);
      verdict[row++] = ASSAY_REASON_malformedRow;
      continue;
    }
    product_block(left, right, terms, right_exponent, rows, product + row * SLICE_COLUMNS * 8);
    memset(verdict + row, ASSAY_ACCEPTED, (size_t)rows);
    row += rows;
  }
}

#endif
