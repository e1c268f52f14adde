#include "assay_openblas.h"

#include <dlfcn.h>
#include <fenv.h>
#include <stddef.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF
#include "risk/slices.h"

enum { ROW_MAJOR = 101, NO_TRANSPOSE = 111, BLOCK_ROWS = 128 };

// Threads inherit the floating-point mode of whoever starts them, and a caller may have changed its own: the library is opened,
// given threads and called in the default mode.
static fenv_t enter_default_mode(void) {
  fenv_t caller;
  fegetenv(&caller);
  fesetenv(FE_DFL_ENV);
  return caller;
}

static void *open_library(const char *path) {
  static const char *const names[] = {"libopenblas.so.0", "libopenblas.so", "libopenblas.dylib"};
  void *handle = NULL;
  const fenv_t caller = enter_default_mode();
  if (path) {
    handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  } else {
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !handle; i++) handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
  }
  fesetenv(&caller);
  return handle;
}

const char *assay_openblas_open(const char *path, assay_openblas *library) {
  void *handle = open_library(path);
  if (!handle) return dlerror();
  // POSIX lets dlsym's pointer be a function; ISO C only lets its bytes be copied.
  void *symbols[] = {
    dlsym(handle, "cblas_dgemm"),
    dlsym(handle, "openblas_set_num_threads"),
    dlsym(handle, "openblas_get_num_threads"),
    dlsym(handle, "openblas_get_config"),
    dlsym(handle, "openblas_get_corename"),
  };
  for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++) {
    if (!symbols[i]) return "the library lacks a function that OpenBLAS has";
  }
  memcpy(library, symbols, sizeof symbols);
  return NULL;
}

int64_t assay_openblas_workspace(int64_t terms) {
  return SLICES * terms * (BLOCK_ROWS + SLICE_COLUMNS) + 4 * BLOCK_ROWS * SLICE_COLUMNS;
}

int64_t assay_openblas_terms(const assay_column *columns) {
  const assay_exact_product_columns *c = (const assay_exact_product_columns *)columns;
  return slice_terms(c->right.offsets[1] - c->right.offsets[0]);
}

__attribute__((noinline)) static int exact_product(const assay_openblas *library, const assay_column *columns,
                                                   int64_t first, int64_t end, double *workspace) {
  const assay_exact_product_columns *c = (const assay_exact_product_columns *)columns;
  const int64_t terms = assay_openblas_terms(columns);
  if (terms == 0) return -1;
  const int bits = slice_bits(terms), k = (int)terms;
  const uint8_t *right = (const uint8_t *)c->right.data + c->right.offsets[0];
  double *b[SLICES], *a[SLICES], *sums = workspace + SLICES * terms * (BLOCK_ROWS + SLICE_COLUMNS);
  for (int s = 0; s < SLICES; s++) {
    b[s] = workspace + s * terms * SLICE_COLUMNS;
    a[s] = workspace + SLICES * terms * SLICE_COLUMNS + s * terms * BLOCK_ROWS;
  }
  double *high = sums, *middle = high + BLOCK_ROWS * SLICE_COLUMNS, *low = middle + BLOCK_ROWS * SLICE_COLUMNS;
  double *square = low + BLOCK_ROWS * SLICE_COLUMNS;

  int right_exponent[SLICE_COLUMNS];
  slice_column_exponents(right, terms, right_exponent);
  for (int64_t i = 0; i < terms * SLICE_COLUMNS; i++) {
    const int e = right_exponent[i % SLICE_COLUMNS];
    double slice[SLICES];
    slice_cut(e < 2000 ? slice_number(right, i) : 0, e < 2000 ? e : 0, bits, slice);
    for (int s = 0; s < SLICES; s++) b[s][i] = slice[s];
  }

  for (int64_t start = first; start < end; start += BLOCK_ROWS) {
    const int rows = end - start < BLOCK_ROWS ? (int)(end - start) : BLOCK_ROWS;
    int left_exponent[BLOCK_ROWS], fits[BLOCK_ROWS];
    for (int i = 0; i < rows; i++) {
      const int64_t at = c->left.offsets[start + i];
      const uint8_t *left = (const uint8_t *)c->left.data + at;
      fits[i] = c->left.offsets[start + i + 1] - at == terms * 8;
      left_exponent[i] = fits[i] ? slice_row_exponent(left, terms) : -2000;
      const int usable = fits[i] && left_exponent[i] < 2000;
      for (int64_t l = 0; l < terms; l++) {
        double slice[SLICES];
        slice_cut(usable ? slice_number(left, l) : 0, usable ? left_exponent[i] : 0, bits, slice);
        for (int s = 0; s < SLICES; s++) a[s][i * terms + l] = slice[s];
      }
    }
    // Every sum is an integer below 2^53, so beta = 1 adds exactly too.
    const struct { double *to; int left, right; double beta; } products[] = {
      {high, 0, 0, 0}, {middle, 0, 1, 0}, {middle, 1, 0, 1}, {low, 0, 2, 0}, {low, 2, 0, 1}, {square, 1, 1, 0},
    };
    for (size_t p = 0; p < sizeof products / sizeof products[0]; p++) {
      library->dgemm(ROW_MAJOR, NO_TRANSPOSE, NO_TRANSPOSE, rows, SLICE_COLUMNS, k, 1, a[products[p].left], k,
                     b[products[p].right], SLICE_COLUMNS, products[p].beta, products[p].to, SLICE_COLUMNS);
    }
    for (int i = 0; i < rows; i++) {
      const int64_t row = start + i;
      const uint8_t *left = (const uint8_t *)c->left.data + c->left.offsets[row];
      uint8_t *product = (uint8_t *)c->product.data + row * SLICE_COLUMNS * 8;
      for (int j = 0; j < SLICE_COLUMNS; j++) {
        const int at = i * SLICE_COLUMNS + j;
        const slice_sums combined = {high[at], middle[at], low[at], square[at]};
        double value = 0;
        if (!fits[i]) {
          value = slice_canonical(__builtin_nan(""));
        } else if (left_exponent[i] == 2000 || right_exponent[j] == 2000) {
          value = slice_in_order(left, right, terms, j);
        } else {
          value = slice_canonical(slice_combine(combined, left_exponent[i], right_exponent[j], bits));
        }
        memcpy(product + 8 * j, &value, sizeof value);
      }
      ((uint8_t *)c->verdict.data)[row] = fits[i] ? ASSAY_ACCEPTED : ASSAY_REASON_malformedRow;
    }
  }
  return 0;
}

int assay_openblas_exact_product(const assay_openblas *library, int threads, const assay_column *columns, int64_t first,
                                 int64_t end, double *workspace) {
  const fenv_t caller = enter_default_mode();
  const int before = library->get_threads();
  const int changes = threads > 0 && threads != before;
  if (changes) library->set_threads(threads);
  const int status = exact_product(library, columns, first, end, workspace);
  if (changes) library->set_threads(before);
  fesetenv(&caller);
  return status;
}
