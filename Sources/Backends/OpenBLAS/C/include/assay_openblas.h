// OpenBLAS, opened at run time, and the exact matrix product through its dgemm.
#ifndef ASSAY_OPENBLAS_H
#define ASSAY_OPENBLAS_H

#include "assay_operations.h"

/// The functions of an opened OpenBLAS; its interface is declared here because the library is only needed at run time.
typedef struct assay_openblas {
  void (*dgemm)(int order, int trans_a, int trans_b, int m, int n, int k, double alpha, const double *a, int lda,
                const double *b, int ldb, double beta, double *c, int ldc);
  void (*set_threads)(int threads);
  int (*get_threads)(void);
  const char *(*configuration)(void);
  const char *(*core)(void);
} assay_openblas;

/// The kind of the probe that opens OpenBLAS; its first argument is the path, or null. See assay_outside.h.
const char *assay_openblas_probe(void);

/// Opens the library at `path`, or the system's when null. Returns null on success, else why not; valid until the next call on
/// the same thread.
const char *assay_openblas_open(const char *path, assay_openblas *library);

/// Doubles of working memory that assay_openblas_exact_product needs for products of `terms` terms.
int64_t assay_openblas_workspace(int64_t terms);

/// Rows [first, end) of the operation exact_product, slices multiplied by dgemm. 0, or -1 when the shared matrix does not fit
/// the operation and nothing was written. It uses `threads` threads, as many as OpenBLAS is set to when 0; other users of the
/// library in this process find it set as before.
int assay_openblas_exact_product(const assay_openblas *library, int threads, const assay_column *columns, int64_t first,
                                 int64_t end, double *workspace);

/// The number of terms of the batch's shared matrix; 0 when it does not fit the operation.
int64_t assay_openblas_terms(const assay_column *columns);

#endif
