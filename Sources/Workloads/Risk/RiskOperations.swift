public import AssayCore
import CAssayOperations

extension Operation {
  /// Sums of binary64 values and of earlier sums, exact and rounded once; see `kernels/risk/exact_sum.kernel.h`.
  public static let exactSum = Operation(ASSAY_OPERATION_exact_sum)

  /// Rows of a matrix product over 32 columns, the same bits from any BLAS; see `kernels/risk/exact_product.kernel.h`.
  public static let exactProduct = Operation(ASSAY_OPERATION_exact_product)
}
