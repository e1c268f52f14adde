public import AssayCore

/// How an option is priced: one closed-form model, with the operations that compute it.
///
/// ```swift
/// let model = PricingModel.bachelier
/// print(model.measures.map(\.name))  // price, delta, gamma, ...
/// print(PricingModel(named: "black-76")?.impliedVolatility != nil)
/// ```
/// The models of the command line are found by name among the operations of this build.
public struct PricingModel: Sendable, Hashable {
  /// The name as the command line and files spell it, such as `black-scholes`.
  public let name: String
  /// Prices and Greeks.
  public let operation: Operation
  /// Implied volatility from a price; nil where the model has none.
  public let impliedVolatility: Operation?

  /// The model called `name`, or nil when there is none of that name.
  public init?(named name: String) {
    guard let model = Self.all.first(where: { $0.name == name }) else { return nil }
    self = model
  }

  private init(name: String, operation: Operation) {
    self.name = name
    self.operation = operation
    impliedVolatility = Operation.named(operation.name + "_implied_volatility")
  }

  /// Black, Scholes and Merton with a continuous dividend yield; reads `spot`.
  public static let blackScholes = PricingModel(
    name: "black-scholes", operation: .blackScholes)
  /// Black 1976, lognormal in the forward; reads `forward`.
  public static let black76 = PricingModel(name: "black-76", operation: .black76)
  /// Bachelier, normal in the forward: forward and strike may be negative, and volatility is in units of the forward.
  public static let bachelier = PricingModel(name: "bachelier", operation: .bachelier)
  /// Settled in the coin that it is written on, as Deribit's options: Black-76 at rate 0, divided by the forward.
  public static let inverse = PricingModel(name: "inverse", operation: .inverse)

  /// American exercise under Black, Scholes and Merton with a continuous dividend yield; reads `spot`. In ``Accuracy/standard``
  /// accuracy; see ``at(_:)``.
  ///
  /// Andersen, Lake and Offengenden, "High-performance American option pricing", Journal of Computational Finance 20 (2016).
  public static let american = PricingModel(name: "american", operation: .american)

  /// Spots, futures, perpetuals and cash, which are worth their price: what a book holds beside options. Reads `spot`; the type of cash
  /// is 1, that of others 0.
  public static let linear = PricingModel(name: "linear", operation: .linear)
  /// Futures and perpetuals settled in the coin that they are written on, in coin. Reads `forward` and `entry`, the forward at which
  /// the value is one coin.
  public static let linearInverse = PricingModel(name: "linear-inverse", operation: .linearInverse)

  /// The models of positions that are not options; a book's types choose them, no option has them.
  public static let positions: [PricingModel] = [linear, linearInverse]

  /// Every option model of this build.
  public static let all: [PricingModel] = [blackScholes, black76, bachelier, inverse, american]

  /// How closely a model without a closed form is computed. The errors of each, and their speeds, are in docs/american.md.
  public enum Accuracy: String, Sendable, Hashable, CaseIterable {
    /// Within 1e-4 of strikes of 100 in nearly every row.
    case fast
    /// Within 1e-5 of strikes of 100 in nearly every row.
    case standard
    /// Within 1e-8 of strikes of 100 in nearly every row.
    case high
  }

  /// The model at an accuracy: another operation where the model has several, itself where it has a closed form.
  ///
  /// ```swift
  /// let book = try OptionBook(
  ///   .american.at(.high), types: [.put],
  ///   columns: [
  ///     "spot": [100], "strike": [100], "years": [1], "rate": [0.05], "dividendYield": [0.05], "volatility": [0.25],
  ///   ])
  /// print(try engine.price(book, measures: [.price]).column(.price)[0])  // 9.56944529...
  /// ```
  public func at(_ accuracy: Accuracy) -> PricingModel {
    guard hasAccuracies, accuracy != .standard,
      let other = Operation.named("\(Self.american.operation.name)_\(accuracy)")
    else { return hasAccuracies ? Self.american : self }
    return PricingModel(name: name, operation: other)
  }

  /// Whether ``at(_:)`` makes a difference.
  public var hasAccuracies: Bool { name == Self.american.name }

  /// What the model computes, in the order of operations.def: `price`, `delta`, ...
  public var measures: [Measure] {
    operation.outputs.filter { $0.role == .optional }.map { Measure($0.name) }
  }
}
