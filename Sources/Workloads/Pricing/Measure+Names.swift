// Written by scripts/update-operations from kernels/operations/operations.def.

/// The measures of this build's models.
extension Measure {
  /// The value, in currency per unit; in coin for ``PricingModel/inverse``.
  public static let price: Measure = "price"
  /// The first derivative by the spot, or the forward where the model has that.
  public static let delta: Measure = "delta"
  /// The second derivative by the spot or forward.
  public static let gamma: Measure = "gamma"
  /// The first derivative by volatility, per 1.00.
  public static let vega: Measure = "vega"
  /// The change per year as time passes: -dV/dT.
  public static let theta: Measure = "theta"
  /// The derivative by the rate, per 1.00.
  public static let rho: Measure = "rho"
  /// The derivative by the dividend yield, per 1.00; ``PricingModel/blackScholes`` only.
  public static let dividendRho: Measure = "dividendRho"
  /// The derivative of delta by volatility, per 1.00.
  public static let vanna: Measure = "vanna"
  /// The second derivative by volatility, per 1.00.
  public static let volga: Measure = "volga"
  /// The change of delta per year as time passes.
  public static let charm: Measure = "charm"
  /// The third derivative by the spot or forward.
  public static let speed: Measure = "speed"
  /// The derivative of gamma by volatility, per 1.00.
  public static let zomma: Measure = "zomma"
  /// The change of gamma per year as time passes.
  public static let color: Measure = "color"
  /// The change of vega per year as time passes.
  public static let veta: Measure = "veta"
  /// The third derivative by volatility, per 1.00.
  public static let ultima: Measure = "ultima"
  /// The first derivative by the strike.
  public static let dualDelta: Measure = "dualDelta"
  /// The second derivative by the strike.
  public static let dualGamma: Measure = "dualGamma"
  /// Delta less the price in coin: what an account adds up, in coin; ``PricingModel/inverse`` only, as are the coin
  /// measures.
  public static let netDelta: Measure = "netDelta"
  /// The first derivative of the price in coin by the forward.
  public static let coinDelta: Measure = "coinDelta"
  /// The second derivative of the price in coin by the forward.
  public static let coinGamma: Measure = "coinGamma"
  /// The derivative of the price in coin by volatility, per 1.00.
  public static let coinVega: Measure = "coinVega"
  /// The change of the price in coin per year as time passes.
  public static let coinTheta: Measure = "coinTheta"
  /// The spot at which exercise now is best: at or below it for a put, at or above it for a call; 0 or infinity where
  /// there is none; ``PricingModel/american`` only.
  public static let boundary: Measure = "boundary"
  /// The annual volatility at which a model gives a price, per 1.00; see ``Executor/impliedVolatility(_:)``.
  public static let impliedVolatility: Measure = "impliedVolatility"
}
