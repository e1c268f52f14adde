public import AssayCore
import CAssayOperations

/// The operations of margin rules. 18-decimal numbers are 32-byte big-endian words; `kernels/margin` has the arithmetic.
extension Operation {
  /// exp in binary64.
  public static let exponential = Operation(ASSAY_OPERATION_exponential)
  /// The natural logarithm in binary64.
  public static let logarithm = Operation(ASSAY_OPERATION_logarithm)
  /// The natural logarithm of 18-decimal numbers, as lyra-utils computes it on chain.
  public static let evm18Logarithm = Operation(ASSAY_OPERATION_evm18_ln)
  /// exp of 18-decimal numbers, as lyra-utils computes it on chain.
  public static let evm18Exponential = Operation(ASSAY_OPERATION_evm18_exp)
  /// The square root of 18-decimal numbers, floored.
  public static let evm18SquareRoot = Operation(ASSAY_OPERATION_evm18_sqrt)
  /// The standard normal distribution's cumulative function of 18-decimal numbers.
  public static let evm18NormalCDF = Operation(ASSAY_OPERATION_evm18_normal_cdf)
  /// The standard normal distribution's density of 18-decimal numbers.
  public static let evm18NormalDensity = Operation(ASSAY_OPERATION_evm18_normal_density)
  /// Powers of 18-decimal numbers, as exp(ln(base) exponent).
  public static let evm18Power = Operation(ASSAY_OPERATION_evm18_power)
  /// Black-76 prices of a call and a put in 18-decimal numbers.
  public static let evm18Black76 = Operation(ASSAY_OPERATION_evm18_black_76)
  /// The volatility of a strike from an SVI slice in 18-decimal numbers.
  public static let evm18SVIVolatility = Operation(ASSAY_OPERATION_evm18_svi_volatility)
}
